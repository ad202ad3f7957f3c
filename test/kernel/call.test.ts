/** Calls of user functions: until when one may go on is known however late the supervisor hears of it. */
import { expect, test } from 'vitest';
import { callOf, handBackLate, takeOver } from '../../engine/kernel/runtime/call.ts';
import { ask, askedBy, limitOf, setLimit } from '../../engine/kernel/runtime/service.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { perform } from '../../engine/kernel/waiting/perform.ts';
import { addTimer, removeTimer } from '../../engine/kernel/waiting/timers.ts';
import { OPERATION } from '../../engine/log/record.ts';
import { makePlan } from '../plan-builder.ts';
import { createScene } from './scene.ts';

const CALLER = 1;

function calling(deadlineUs: number) {
  const plan = makePlan({ resources: [], tasks: [{ name: 'caller', program: [] }], main: { program: [] } });
  const scene = createScene(plan);
  const { k } = scene;
  scene.inside(() => {
    perform(k, { task: 0, step: 0, operation: OPERATION['task.start'], target: CALLER, a: 1, b: 0 });
    while (takeReady(k, 0) !== -1) {}
    ask(k, CALLER, 0, 3, 0, deadlineUs);
  });
  return { scene, k, asked: askedBy(k, CALLER) };
}

test('a call that has begun, and waits in one of its verbs, keeps the limit of its step', () => {
  const { scene, k, asked } = calling(5_000_000_000);
  expect(callOf(k, CALLER)).toBeUndefined();
  if (asked === undefined) throw new Error('nothing was asked for');
  expect(scene.inside(() => takeOver(k, asked))).toMatchObject({ deadlineUs: 5_000_000_000 });
  // A wait of its own, with a timeout of its own, comes and goes.
  scene.inside(() => addTimer(k, CALLER, 7));
  scene.inside(() => removeTimer(k, CALLER));
  const call = callOf(k, CALLER);
  expect(call).toEqual({ task: CALLER, ticket: asked.ticket });
  expect(limitOf(k, CALLER)).toBe(5_000_000_000);
  scene.inside(() => handBackLate(k, asked));
  expect(callOf(k, CALLER)).toEqual(call);
  scene.clock.now = 5_000_000_000;
  k.refreshClock();
  scene.inside(() => handBackLate(k, asked));
  expect(callOf(k, CALLER)).toBeUndefined();
});

test('a call that does something without a limit is not over when its own is', () => {
  const { scene, k, asked } = calling(5_000);
  if (asked === undefined) throw new Error('nothing was asked for');
  scene.inside(() => takeOver(k, asked));
  scene.inside(() => setLimit(k, CALLER, Number.POSITIVE_INFINITY));
  scene.clock.now = 6_000;
  k.refreshClock();
  scene.inside(() => handBackLate(k, asked));
  expect(callOf(k, CALLER)).toMatchObject({ ticket: asked.ticket });
  scene.inside(() => setLimit(k, CALLER, 5_000));
  scene.inside(() => handBackLate(k, asked));
  expect(callOf(k, CALLER)).toBeUndefined();
});

test('a call without a timeout has no limit', () => {
  expect(limitOf(calling(Number.POSITIVE_INFINITY).k, CALLER)).toBe(Number.POSITIVE_INFINITY);
});
