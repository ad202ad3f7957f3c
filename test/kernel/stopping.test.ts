/**
 * Tasks that were told to end while they have something outside of the kernel: what they keep until it is gone, who waits for
 * them, and in which order they are told.
 */
import { describe, expect, test } from 'vitest';
import { endTask, gone, hurry } from '../../engine/kernel/end.ts';
import { CONTROL, LEFT, RUN, STATE, STOP, TASK, WAIT } from '../../engine/kernel/memory/layout.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import { NO, YES } from '../../engine/kernel/outcome.ts';
import { tryEndProcess } from '../../engine/kernel/primitives/process.ts';
import { answer, ask } from '../../engine/kernel/runtime/service.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { takeRequest } from '../../engine/kernel/waiting/external.ts';
import { perform, waitFor } from '../../engine/kernel/waiting/perform.ts';
import { OPERATION } from '../../engine/log/record.ts';
import { services } from '../../engine/plan/instruction.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { makePlan } from '../plan-builder.ts';
import { createScene, type Scene } from './scene.ts';

const [HOLDER, OTHER] = [1, 2];
const LOCK = 0;
const RUNS = services.indexOf('run');

const base = makePlan({
  resources: [
    {
      ...{ kind: 'lock', name: 'lock', span: { start: 0, end: 0 } },
      ...{ fair: false, enabled: true, onHolderExit: 'release' },
    },
  ],
  tasks: [
    { name: 'holder', program: [], daemon: true },
    { name: 'other', program: [], daemon: true },
  ],
  main: { program: [] },
});

function act(scene: Scene, task: number, operation: keyof typeof OPERATION, target: number): number {
  return scene.inside(() =>
    perform(scene.k, { task, step: 0, operation: OPERATION[operation], target, a: 1, b: 0 }),
  );
}

/** Both tasks run commands. */
function running(plan: Plan = base): Scene {
  const scene = createScene(plan, { isReal: true });
  for (const task of [HOLDER, OTHER]) act(scene, 0, 'task.start', task);
  act(scene, HOLDER, 'lock.acquire', LOCK);
  scene.inside(() => {
    while (takeReady(scene.k, 0) !== -1) {}
    for (const task of [HOLDER, OTHER]) ask(scene.k, task, 0, RUNS, 0, Number.POSITIVE_INFINITY, 5_000_000);
    while (takeRequest(scene.k) !== undefined) {}
  });
  scene.events();
  return scene;
}

const asked = (scene: Scene, task: number) => ({
  task,
  step: 0,
  ticket: scene.k.words[(scene.layout.waitAt[task] as number) + WAIT.ticket] as number,
});

describe('a task that is told to end while it runs a command', () => {
  test('keeps what it holds, and is waited for, until that is gone', () => {
    const scene = running();
    const { k } = scene;
    const active = k.words[CONTROL.active];
    scene.clock.now = 7;
    act(scene, 0, 'task.terminate', HOLDER);
    expect(stateOf(k, HOLDER)).toBe(STATE.stopping);
    expect(k.words[CONTROL.active]).toBe(active);
    expect(act(scene, OTHER, 'lock.acquire', LOCK)).toBe(NO);
    expect(act(scene, 0, 'task.join', HOLDER)).toBe(NO);
    expect(scene.events()).toMatchObject([
      { type: 'operated', operation: 'task.terminate' },
      { type: 'stopping', target: HOLDER, task: 0, cause: 'terminate', untilUs: 5_000_007 },
    ]);
    act(scene, 0, 'task.terminate', HOLDER);
    scene.inside(() => answer(k, asked(scene, HOLDER), '{"value":null}'));
    expect(stateOf(k, HOLDER)).toBe(STATE.terminated);
    expect(act(scene, 0, 'task.join', HOLDER)).toBe(YES);
    expect(act(scene, OTHER, 'lock.acquire', LOCK)).toBe(YES);
    const ends = scene.events().filter(({ type }) => type === 'ended');
    expect(ends).toMatchObject([{ target: HOLDER, task: 0, cause: 'terminate', exitCode: -15 }]);
  });

  test('wakes who waits for its end only then', () => {
    const scene = running();
    const { k } = scene;
    act(scene, 0, 'task.terminate', HOLDER);
    const operation = OPERATION['task.join'];
    const join = { task: 0, step: 0, operation, target: HOLDER, a: 0, b: 0 };
    scene.inside(() => waitFor(k, join, Number.POSITIVE_INFINITY));
    const main = scene.layout.waitAt[0] as number;
    expect(k.words[main + WAIT.state]).toBe(RUN.parked);
    scene.inside(() => gone(k, HOLDER, LEFT.process));
    expect(k.words[main + WAIT.state]).toBe(RUN.parked);
    scene.inside(() => gone(k, HOLDER, LEFT.work));
    expect(k.words[main + WAIT.state]).toBe(RUN.ready);
  });

  test('is killed by `kill`, whatever it was told before', () => {
    const scene = running();
    const { k } = scene;
    act(scene, 0, 'task.terminate', HOLDER);
    act(scene, 0, 'task.kill', HOLDER);
    expect(k.words[(scene.layout.taskAt[HOLDER] as number) + TASK.exitCode]).toBe(-9);
    scene.inside(() => gone(k, HOLDER, LEFT.work));
    expect(scene.events().at(-1)).toMatchObject({ type: 'ended', target: HOLDER, exitCode: -9 });
    scene.inside(() => hurry(k, HOLDER));
    expect(scene.events()).toEqual([]);
  });

  test('leaves nothing in its frame', () => {
    const scene = running();
    const { k } = scene;
    act(scene, 0, 'task.terminate', HOLDER);
    scene.inside(() => gone(k, HOLDER, LEFT.work));
    const at = scene.layout.taskAt[HOLDER] as number;
    for (const word of Object.values(STOP)) expect(k.words[at + word]).toBe(0);
  });

  test('keeps its program from ending, and its main task with it', () => {
    const scene = running();
    const { k } = scene;
    const end = { state: 'failed', cause: 'exit', error: null, exitCode: 3 } as const;
    scene.inside(() => {
      endTask(k, 0, 0, HOLDER, { state: 'terminated', cause: 'exit', error: null, exitCode: -15 });
      endTask(k, 0, 0, OTHER, { state: 'terminated', cause: 'exit', error: null, exitCode: -15 });
      endTask(k, 0, 0, 0, end);
      gone(k, HOLDER, LEFT.work);
    });
    expect(stateOf(k, 0)).toBe(STATE.stopping);
    scene.inside(() => gone(k, OTHER, LEFT.work));
    expect(stateOf(k, 0)).toBe(STATE.failed);
    expect(scene.events().at(-1)).toMatchObject({ type: 'ended', target: 0, cause: 'exit', exitCode: 3 });
  });
});

test('a task that another one needs is told to end when that one is gone', () => {
  const groups = base.groups.map((group) => (group.name === 'other' ? { ...group, needs: [HOLDER] } : group));
  const scene = running({ ...base, groups });
  const { k } = scene;
  expect(scene.inside(() => tryEndProcess(k, 0, -1))).toBe(false);
  expect([stateOf(k, HOLDER), stateOf(k, OTHER)]).toEqual([STATE.live, STATE.stopping]);
  scene.inside(() => gone(k, OTHER, LEFT.work));
  expect(scene.inside(() => tryEndProcess(k, 0, -1))).toBe(false);
  expect(stateOf(k, HOLDER)).toBe(STATE.stopping);
  scene.inside(() => gone(k, HOLDER, LEFT.work));
  expect(scene.inside(() => tryEndProcess(k, 0, -1))).toBe(true);
});
