/** Nobody can go on any more: whether that is a deadlock, or whether a task that awaits something was not told of it. */
import { describe, expect, test } from 'vitest';
import type { Expression, Read } from '../../engine/expression/expression.ts';
import type { Kernel } from '../../engine/kernel/kernel.ts';
import { cellAt } from '../../engine/kernel/primitives/variable.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { inlineWord } from '../../engine/log/inline-value.ts';
import { Machine } from '../../engine/machine/machine.ts';
import { lostWake } from '../../engine/simulate/lost-wake.ts';
import { createScene, type Scene } from '../kernel/scene.ts';
import {
  assign,
  cel,
  end,
  event,
  makePlan,
  readLocal,
  readResource,
  readTask,
  readVariable,
  variable,
} from '../plan-builder.ts';

const identity = { pidOf: () => 7, carrier: 1, isVirtual: false, env: { MODE: 'on' } };
const n = readVariable('n', 0);
const readNow: Read = { from: 'now', name: 'now' };
const readEnv: Read = { from: 'env', name: 'env', attributes: ['MODE'] };

/** Main awaits that, and has looked once. */
function awaiting(condition: Expression): Scene {
  const scene = createScene(
    makePlan({
      variables: [variable('n', 0n, { shared: true })],
      resources: [event('opened')],
      main: { slots: 1, program: [assign(0, 1n), { op: 'await', condition }, end] },
    }),
  );
  const machine = new Machine(scene.k, identity);
  const main = scene.inside(() => takeReady(scene.k, 0));
  expect(machine.run(main, 1000, Number.POSITIVE_INFINITY)).toBe('parked');
  return scene;
}

const found = ({ k, inside }: Scene): string | undefined => inside(() => lostWake(k));
const LOST = '`main` waits for what it could have: a wake was lost';

/** As if whoever wrote it had told nobody. */
function secretly(k: Kernel, value: bigint): void {
  k.words[cellAt(k, 0, 0)] = inlineWord(value) as number;
}

describe('a task that awaits what is not true', () => {
  test.each([
    ['a var', cel('n == 1', n)],
    ['a resource', cel('opened.set', readResource('opened', 0, 'set'))],
    ['something at random', cel('n == 1 && random(1, 6) > 0', n)],
  ])('waits for ever: %s', (_, condition) => {
    expect(found(awaiting(condition))).toBe(undefined);
  });

  test('waits for ever, though it was true once', () => {
    const scene = awaiting(cel('now < 1.0 && n == 1', readNow, n));
    scene.clock.now = 2e6;
    secretly(scene.k, 1n);
    expect(found(scene)).toBe(undefined);
  });
});

describe('a task that awaits what is true by now', () => {
  test.each([
    ['a var', cel('n == 1', n)],
    ['a var, by a name of its own', cel('n == x', n, readLocal('x', 0))],
    ['something of itself', cel('n == 1 && task.name == "main"', n, readTask('name'))],
    ['what is an error by now', cel('n == 1 && [true][n]', n)],
  ])('was not woken: %s', (_, condition) => {
    const scene = awaiting(condition);
    secretly(scene.k, 1n);
    expect(found(scene)).toBe(LOST);
    expect(scene.events().map(({ type }) => type)).not.toContain('passed');
  });

  test('was not woken: a resource', () => {
    const scene = awaiting(cel('opened.set', readResource('opened', 0, 'set')));
    scene.k.words[scene.layout.resourceAt[0] as number] = 1;
    expect(found(scene)).toBe(LOST);
  });
});

test.each([
  ['its environment', cel('env.MODE == "on" && n == 1', readEnv, n)],
  ['its process', cel('task.pid == 7 && n == 1', readTask('pid'), n)],
])('what a task sees of %s is not looked at by others', (_, condition) => {
  const scene = awaiting(condition);
  secretly(scene.k, 1n);
  expect(found(scene)).toBe(undefined);
});
