import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockTree, createClockTrees } from '../../engine/verdict/order/clock-tree.ts';
import { createTaskClocks } from '../../engine/verdict/order/task-clocks.ts';
import type { Clock } from '../../engine/verdict/order/vector-clock.ts';

/** Few tasks, so that ways cross; their numbers are spread over all of the tree. */
const sizes = [1, 3, 8, 9, 64, 1024, 40_000];
const FEW = 6;

describe.each(sizes)('clocks of %i tasks', (size) => {
  const numbers = [
    ...new Set(Array.from({ length: FEW }, (_, index) => Math.floor((index * (size - 1)) / (FEW - 1)))),
  ];
  const choice = fc.nat({ max: FEW - 1 });

  test('know in their trees what was put in and joined, like arrays do', () => {
    const { timeOf, withTimes, join } = createClockTrees(size);
    const deed = fc.record({
      left: choice,
      right: choice,
      task: choice,
      time: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60, size: 'max' }), (deeds) => {
        const trees: ClockTree[] = new Array(FEW).fill(null);
        const plain = Array.from({ length: FEW }, () => numbers.map(() => 0));
        for (const { left, right, task, time } of deeds) {
          const place = task % numbers.length;
          if (left === right) {
            const other = right % numbers.length;
            const before = { teller: numbers[place] as number, toldAt: time + 1 };
            const second = { teller: numbers[other] as number, toldAt: time };
            const last = { ...before, toldAt: time };
            trees[left] = withTimes(trees[left] as ClockTree, [before, second, last]);
            (plain[left] as number[])[place] = time;
            (plain[left] as number[])[other] = time;
          } else {
            const [mine, other] = [trees[left] as ClockTree, trees[right] as ClockTree];
            const joined = join(mine, other);
            const values = numbers.map((_, index) =>
              Math.max(plain[left]?.[index] ?? 0, plain[right]?.[index] ?? 0),
            );
            // What another knows already is not made anew: that keeps joins cheap.
            if (values.every((value, index) => value === plain[left]?.[index])) expect(joined).toBe(mine);
            trees[left] = joined;
            plain[left] = values;
          }
        }
        expect(trees.map((tree) => numbers.map((task) => timeOf(tree, task)))).toEqual(plain);
      }),
    );
  });

  test('of tasks tell what happened before what, like whole histories do', () => {
    const deed = fc.record({
      task: choice,
      kind: fc.constantFrom('touch', 'publish', 'learn'),
      place: choice,
    });
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 80, size: 'max' }), (deeds) => {
        const clocks = createTaskClocks(size);
        const published: Clock[] = new Array(FEW).fill(null);
        const told: Set<number>[] = Array.from({ length: FEW }, () => new Set());
        const known = numbers.map(() => new Set<number>());
        const touches: { task: number; time: number }[] = [];
        for (const { task: chosen, kind, place } of deeds) {
          const index = chosen % numbers.length;
          const task = numbers[index] as number;
          const mine = known[index] as Set<number>;
          if (kind === 'touch') {
            for (const [id, { task: other, time }] of touches.entries()) {
              expect(clocks.knows(task, other, time)).toBe(other === task || mine.has(id));
            }
            mine.add(touches.length);
            touches.push({ task, time: clocks.tick(task) });
          } else if (kind === 'publish') {
            published[place] = clocks.join(published[place] as Clock, clocks.publish(task));
            for (const id of mine) told[place]?.add(id);
          } else {
            clocks.learn(task, published[place] as Clock);
            for (const id of told[place] ?? []) mine.add(id);
          }
        }
      }),
    );
  });

  test('know all that a long row of others told each other, and nothing after it', () => {
    const clocks = createTaskClocks(size + 1);
    const touches: { task: number; time: number }[] = [];
    const batons: Clock[] = [];
    for (let turn = 0; turn < 600; turn++) {
      const task = numbers[turn % numbers.length] as number;
      clocks.learn(task, batons.at(-1) ?? null);
      touches.push({ task, time: clocks.tick(task) });
      batons.push(clocks.publish(task));
    }
    for (const heard of [599, 300, 31, 5]) {
      const outsider = createTaskClocks(size + 1);
      outsider.learn(size, batons[heard] as Clock);
      const known = touches.map(({ task, time }) => outsider.knows(size, task, time));
      expect(known).toEqual(touches.map((_, turn) => turn <= heard));
    }
  });
});
