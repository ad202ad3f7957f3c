/**
 * The end of a pool: what becomes of the work in its line, of the work that is done, and of its workers.
 */
import { describe, expect, test } from 'vitest';
import { footprintOf } from '../../engine/kernel/footprint.ts';
import { STATE } from '../../engine/kernel/memory/layout.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import { ERROR, YES } from '../../engine/kernel/outcome.ts';
import { ask } from '../../engine/kernel/runtime/service.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { takeRequest } from '../../engine/kernel/waiting/external.ts';
import { perform } from '../../engine/kernel/waiting/perform.ts';
import type { Event } from '../../engine/log/event.ts';
import { OPERATION } from '../../engine/log/record.ts';
import { services } from '../../engine/plan/instruction.ts';
import { planOf } from '../plan/planned.ts';
import { createScene, type Scene } from './scene.ts';

const POOL = 0;

const textOf = (kind: string): string => `
pools: { p: { kind: ${kind}, size: 1 } }
tasks: { job: { count: 3, pool: p, steps: [ { run: x } ] }, last: { pool: p, steps: [ { run: x } ] } }
main: [ { start: [job, last] } ]
`;

function taskNamed({ k }: Scene, name: string): number {
  return k.plan.tasks.findIndex((task) => task.name === name);
}

function act(scene: Scene, name: string, operation: keyof typeof OPERATION, target: number, a = 1): number {
  const task = taskNamed(scene, name);
  return scene.inside(() =>
    perform(scene.k, { task, step: 0, operation: OPERATION[operation], target, a, b: 0 }),
  );
}

/** `job[0]` runs a command on the only worker, the two others are in line. */
function working(kind: 'thread' | 'process', isReal: boolean): Scene {
  const scene = createScene(planOf(textOf(kind)), { isReal });
  for (const name of ['p.worker[0]', 'job[0]', 'job[1]', 'job[2]'])
    expect(act(scene, 'main', 'task.start', taskNamed(scene, name))).toBe(YES);
  expect(act(scene, 'p.worker[0]', 'pool.adopt', POOL)).toBe(YES);
  scene.inside(() => {
    for (let process = 0; process < scene.k.plan.processes; process++)
      while (takeReady(scene.k, process) !== -1) {}
    const task = taskNamed(scene, 'job[0]');
    ask(scene.k, task, 0, services.indexOf('run'), 0, Number.POSITIVE_INFINITY, 5_000_000);
    while (takeRequest(scene.k) !== undefined) {}
  });
  scene.events();
  return scene;
}

function told(scene: Scene): readonly string[] {
  const name = (task: number) => scene.k.plan.tasks[task]?.name;
  return scene.events().flatMap((event: Event) => {
    if (event.type === 'operated') return [event.operation];
    if (event.type === 'stopping') return [`${name(event.target)} stopping`];
    return event.type === 'ended' ? [`${name(event.target)} ${event.state} ${event.error?.name}`] : [];
  });
}

describe('a pool that is closed', () => {
  test('keeps its work, and takes no more', () => {
    const scene = working('thread', false);
    expect(act(scene, 'main', 'pool.close', POOL, 0)).toBe(YES);
    expect(told(scene)).toEqual(['pool.close']);
    expect(act(scene, 'main', 'task.start', taskNamed(scene, 'last'))).toBe(ERROR.poolNotRunning);
    expect(stateOf(scene.k, taskNamed(scene, 'last'))).toBe(STATE.notStarted);
  });

  test('drops what is in line, where that is said', () => {
    const scene = working('thread', false);
    act(scene, 'main', 'pool.close', POOL, 1);
    expect(told(scene)).toEqual([
      'pool.close',
      'job[1] skipped CancelledError',
      'job[2] skipped CancelledError',
    ]);
  });
});

describe('a pool that is terminated', () => {
  test('ends its work and its worker at once, where they have nothing outside', () => {
    const scene = working('process', false);
    expect(act(scene, 'main', 'pool.terminate', POOL)).toBe(YES);
    expect(told(scene)).toEqual([
      'pool.terminate',
      'job[1] skipped CancelledError',
      'job[2] skipped CancelledError',
      'job[0] terminated CancelledError',
      'p.worker[0] terminated CancelledError',
    ]);
    expect(act(scene, 'main', 'task.start', taskNamed(scene, 'last'))).toBe(ERROR.poolNotRunning);
  });

  test.each(['thread', 'process'] as const)('lets a command on a %s stop', (kind) => {
    const scene = working(kind, true);
    act(scene, 'main', 'pool.terminate', POOL);
    const worker = kind === 'process' ? 'p.worker[0] stopping' : 'p.worker[0] terminated CancelledError';
    expect(told(scene).slice(3)).toEqual(['job[0] stopping', worker]);
    act(scene, 'main', 'pool.terminate', POOL);
    expect(told(scene)).toEqual(['pool.terminate']);
  });

  test.each(['pool.terminate', 'pool.kill', 'pool.close'] as const)(
    '%s writes nothing beside its footprint',
    (operation) => {
      for (const kind of ['thread', 'process'] as const) {
        const scene = working(kind, false);
        const { words, layout } = scene.k;
        const regions = footprintOf(scene.k, operation, 0, POOL);
        const before = words.slice();
        act(scene, 'main', operation, POOL);
        const beside = [...words.keys()].filter(
          (at) =>
            at >= layout.coreStart &&
            at < layout.coreEnd &&
            words[at] !== before[at] &&
            !regions.some(({ start, end }) => start <= at && at < end),
        );
        expect(beside).toEqual([]);
      }
    },
  );
});
