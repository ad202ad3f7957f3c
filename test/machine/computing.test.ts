/** Telling tasks that compute from those that meet others: the former have use for one more carrier. */
import { describe, expect, it } from 'vitest';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { Machine } from '../../engine/machine/machine.ts';
import { createScene } from '../kernel/scene.ts';
import { assign, type Bit, cel, end, evaluate, lock, makePlan, operate, readLocal } from '../plan-builder.ts';

function computes(program: readonly Bit[]): boolean {
  const plan = makePlan({ resources: [lock('lock')], main: { slots: 2, program: [...program, end] } });
  const { k, inside } = createScene(plan, { shared: true, canonical: false });
  const machine = new Machine(k, { pidOf: () => 1, carrier: 1, isVirtual: true, env: {} });
  const task = inside(() => takeReady(k, 0));
  expect(machine.run(task, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe('ended');
  return machine.hasComputed;
}

const many = (count: number, bits: readonly Bit[]): Bit[] => Array.from({ length: count }, () => bits).flat();
const addOne = evaluate(0, cel('x + 1', readLocal('x', 0)));
const take = operate('lock.acquire', 0);
const give = operate('lock.release', 0);

describe('a task computes', () => {
  it.each<[string, boolean, readonly Bit[]]>([
    ['if it evaluates for long', true, [assign(0, 0n), ...many(100, [addOne])]],
    ['if it seldom meets others', true, [assign(0, 0n), take, ...many(100, [addOne]), give]],
    ['not if it is over soon', false, [assign(0, 0n), ...many(50, [addOne])]],
    ['not if it meets others all the time', false, [assign(0, 0n), ...many(100, [take, addOne, give])]],
  ])('%s: %s', (_what, expected, program) => {
    expect(computes(program)).toBe(expected);
  });
});
