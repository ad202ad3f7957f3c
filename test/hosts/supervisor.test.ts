/** What the supervisor finds when it looks at a run that came to its end, and to something else, since it looked before. */
import { expect, test } from 'vitest';
import { Supervisor } from '../../engine/hosts/real/supervisor.ts';
import { endTask } from '../../engine/kernel/end.ts';
import { EXHAUSTED, Exhausted } from '../../engine/log/exhausted.ts';
import { createScene } from '../kernel/scene.ts';
import { makePlan } from '../plan-builder.ts';

function supervised() {
  const plan = makePlan({});
  const { k, inside } = createScene(plan);
  const nothing = (): void => {};
  const supervisor = new Supervisor({
    ...{ k, plan, onTurn: nothing },
    sink: { handle: nothing },
    meter: { spent: 0 },
    processes: { spawn: nothing, signal: nothing },
    services: { take: () => nothing, cancel: nothing, hurry: nothing, feed: nothing },
  });
  const endMain = (): void =>
    inside(() => endTask(k, 0, -1, 0, { state: 'finished', cause: null, error: null, exitCode: 0 }));
  return { k, supervisor, endMain };
}

test('main has ended', async () => {
  const { supervisor, endMain } = supervised();
  endMain();
  expect(await supervisor.supervise()).toEqual({ reason: null, cause: null });
});

test('main has ended, and the machine had refused something', async () => {
  const { supervisor, endMain } = supervised();
  supervisor.stop('inconclusive', 'the system refused a process');
  endMain();
  expect(await supervisor.supervise()).toEqual({
    reason: 'inconclusive',
    cause: 'the system refused a process',
  });
});

test('something ran out, and main has ended', async () => {
  const { k, supervisor, endMain } = supervised();
  k.refreshClock();
  k.enter();
  k.runOut(new Exhausted(EXHAUSTED.text, 1_000_100), 0, 3);
  endMain();
  expect(await supervisor.supervise()).toEqual({
    reason: 'inconclusive',
    cause: 'a value is too long: 4.1 MB, and 4 MB is the most',
    place: { task: 0, step: 3 },
  });
});

test('something runs out while the supervisor does what it was asked for: what was done before stands', async () => {
  const { k, supervisor } = supervised();
  const done: string[] = [];
  supervisor.errand(() => void done.push('before'));
  supervisor.errand(() => {
    throw new Exhausted(EXHAUSTED.values, 100, 0, 5);
  });
  supervisor.errand(() => void done.push('after'));
  const stop = await supervisor.supervise();
  expect(stop).toMatchObject({ reason: 'inconclusive', place: { task: 0, step: 5 } });
  expect(done).toEqual(['before']);
  expect(k.enter()).toBe(true);
});
