/** The stepper: whoever decides what a run leaves open, and where files are. */
import { describe, expect, test } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import { stateOf } from '../../engine/kernel/memory/task-block.ts';
import type { Plan, Resource } from '../../engine/plan/plan.ts';
import { type Chooser, NOBODY } from '../../engine/simulate/chooser.ts';
import { contentsOf, type FileContents } from '../../engine/simulate/files.ts';
import { Stepper } from '../../engine/simulate/stepper.ts';
import { passTime } from '../../engine/simulate/time.ts';
import { end, lock, makePlan, operate, sleep } from '../plan-builder.ts';

const makeRoom = (): never => {
  throw new Error('the log is full');
};

function begin(plan: Plan, chooser: Chooser, files?: FileContents): Stepper {
  return new Stepper(plan, { chooser, makeRoom, meter: { spent: 0 }, files });
}

/** Goes on with the one that `index` says, until the run is over. */
function always(index: (ready: number) => number): Chooser {
  return {
    turn(steps) {
      return steps.isIdle() ? NOBODY : steps.doMoment(index(steps.ready.length));
    },
  };
}

function toEnd(stepper: Stepper): readonly number[] {
  const turns: number[] = [];
  for (;;) {
    if (stepper.isOver() !== undefined) return turns;
    const task = stepper.turn();
    if (task !== NOBODY) turns.push(task);
    const stop = task === NOBODY ? passTime(stepper, () => false) : stepper.serve();
    if (stop !== undefined) return turns;
  }
}

describe('a chooser', () => {
  const plan = makePlan({
    main: {
      slots: 1,
      program: [
        operate('task.start', 1),
        operate('task.start', 2),
        operate('task.join', 1),
        operate('task.join', 2),
        end,
      ],
    },
    tasks: [
      { name: 'a', slots: 1, program: [sleep(10), sleep(10), end] },
      { name: 'b', slots: 1, program: [sleep(10), sleep(10), end] },
    ],
  });

  test('decides whose turn it is, and the same choices give the same turns', () => {
    const first = toEnd(
      begin(
        plan,
        always(() => 0),
      ),
    );
    expect(
      toEnd(
        begin(
          plan,
          always(() => 0),
        ),
      ),
    ).toEqual(first);
    expect(
      toEnd(
        begin(
          plan,
          always((ready) => ready - 1),
        ),
      ),
    ).not.toEqual(first);
  });

  test('nobody has a turn while all sleep; the clock then goes on to the first who wakes', () => {
    const stepper = begin(
      plan,
      always(() => 0),
    );
    const times = new Set<number>();
    while (stepper.isOver() === undefined) {
      if (stepper.turn() === NOBODY) passTime(stepper, () => false);
      times.add(stepper.now);
    }
    expect([...times]).toEqual([0, 10_000, 20_000]);
    expect([0, 1, 2].map((task) => stateOf(stepper.k, task))).not.toContain(0);
  });
});

describe('files are words of core', () => {
  const file = (content?: Value, format: 'text' | 'json' = 'json'): Resource => ({
    ...lock('f'),
    ...{ kind: 'file', path: 'f', format, ...(content === undefined ? {} : { content }) },
  });
  const holding = (resource: Resource, left?: FileContents): readonly (readonly [number, Value])[] => [
    ...contentsOf(
      begin(
        makePlan({ main: { slots: 1, program: [end] }, resources: [resource] }),
        always(() => 0),
        left,
      ).k,
    ),
  ];

  test.each<Value>([0n, 1n, -1n, null, true, false, '', 'text', 2n ** 80n, [], [0n]])(
    'that hold any value: %s',
    (value) => {
      expect(holding(file(value))).toEqual([[0, value]]);
      expect(holding(file(), new Map([[0, value]]))).toEqual([[0, value]]);
    },
  );

  test('one that is not there is not empty', () => {
    expect(holding(file())).toEqual([]);
    expect(holding(file('first'), new Map())).toEqual([]);
  });

  test('one may hold more than a value of the run', () => {
    const long = 'x'.repeat(2_000_000);
    expect(holding(file(long))).toEqual([[0, long]]);
  });

  test('one of text holds the text of a value', () => {
    expect(holding(file(7n, 'text'))).toEqual([[0, '7']]);
  });
});
