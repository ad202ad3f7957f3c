/**
 * A task may be ended by another carrier at any moment at which it is not in the critical section: its frame is cleared
 * under it. It must come back quietly, whatever it reads then, and write nothing more.
 */
import { describe, expect, test } from 'vitest';
import { endTask } from '../../engine/kernel/end.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { STATE } from '../../engine/kernel/memory/layout.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import { takeReady } from '../../engine/kernel/waiting/channel.ts';
import { Machine } from '../../engine/machine/machine.ts';
import { createScene } from '../kernel/scene.ts';
import { blocksInUse, ownedReferences } from '../kernel/value-blocks.ts';
import {
  assign,
  type Bit,
  cel,
  end,
  evaluate,
  lock,
  makePlan,
  operate,
  print,
  readLocal,
  sleep,
} from '../plan-builder.ts';

const terminated = { state: 'terminated', cause: 'terminate', error: null, exitCode: -15 } as const;
const long = 'a text that needs a block of its own';

/** Runs main; somebody else ends it when the clock is read, or a value looked at, for the so-many-th time. */
function runUntilEnded(program: readonly Bit[], { reading = 0, looking = 0 }) {
  const plan = makePlan({ resources: [lock('lock')], main: { slots: 4, program: [...program, end] } });
  const scene = createScene(plan, { shared: true, canonical: false });
  const { k, layout, clock } = scene;
  let readings = 0;
  let looks = 0;
  const endMain = (): void => endTask(k, 0, -1, 0, terminated);
  const host = {
    ...k.host,
    clock: () => {
      if (++readings === reading) scene.inside(endMain);
      return clock.now;
    },
  };
  const values = {
    ...k.values,
    text: (word: number) => {
      if (++looks === looking) scene.inside(endMain);
      return k.values.text(word);
    },
  };
  const carrier = new Kernel(k.words, layout, values, host);
  const machine = new Machine(carrier, { pidOf: () => 1, carrier: 1, isVirtual: true, env: {} });
  const task = scene.inside(() => takeReady(carrier, 0));
  const exit = machine.run(task, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return { scene, exit, events: scene.events() };
}

/** The clock is read when the task begins, and then every 64 instructions. */
const filler = (count: number): Bit[] => Array.from({ length: count }, () => assign(3, 1n));

const then: readonly [string, Bit][] = [
  ['raises again what a slot held', { op: 'reraise', slot: 0 }],
  ['computes with a text', evaluate(1, cel('x + x', readLocal('x', 0)))],
  ['copies a text', { op: 'copy', from: 0, to: 1 }],
  ['overwrites a text', assign(0, 1n)],
  ['writes a new text', assign(1, long)],
  ['goes through a list', { op: 'each', list: 0, counter: 2, as: 1, exit: 65 }],
  ['counts', { op: 'next', counter: 2, limit: 3, exit: 65 }],
  ['prints', print(cel('x', readLocal('x', 0)))],
  ['takes a lock', operate('lock.acquire', 0)],
  ['sleeps', sleep(1)],
  ['fails', { op: 'assert', condition: cel('false') }],
  ['ends', end],
];

describe('ended between two instructions', () => {
  test.each(then)('it %s', (_, bit) => {
    const { scene, exit, events } = runUntilEnded([assign(0, long), ...filler(63), bit, print('more')], {
      reading: 2,
    });
    expect(exit).toBe('stopped');
    expect(stateOf(scene.k, 0)).toBe(STATE.terminated);
    expect(events.map(({ type }) => type)).toEqual(['began', 'ended']);
    expect(blocksInUse(scene)).toEqual(ownedReferences(scene));
  });
});

describe('ended within an instruction', () => {
  test('while it looks at the clock for a timeout: the item it would put is dropped', () => {
    const put = operate('lock.acquire', 0, {
      timeout: { after: { kind: 'fixed', minUs: 5, maxUs: 5 }, raises: true },
    });
    const { exit, events } = runUntilEnded([put], { reading: 2 });
    expect(exit).toBe('stopped');
    expect(events.map(({ type }) => type)).toEqual(['began', 'ended']);
  });

  test('while it reads a text, which is overwritten', () => {
    const looks = [
      assign(0, long),
      assign(1, 'another'),
      evaluate(2, cel('x', readLocal('x', 0))),
      print('more'),
    ];
    const { exit, events } = runUntilEnded(looks, { looking: 1 });
    expect(exit).toBe('stopped');
    expect(events.map(({ type }) => type)).toEqual(['began', 'ended']);
  });
});

test('a real bug is told, not swallowed', () => {
  const plan = makePlan({ main: { slots: 1, program: [{ op: 'reraise', slot: 0 }, end] } });
  const scene = createScene(plan);
  const machine = new Machine(scene.k, { pidOf: () => 1, carrier: 1, isVirtual: true, env: {} });
  const task = scene.inside(() => takeReady(scene.k, 0));
  expect(() => machine.run(task, 100, 100)).toThrow('bug in concur: a slot for an error holds none');
});
