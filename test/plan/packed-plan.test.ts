/** What is sent to other threads and processes is the whole plan, and short where tasks are alike. */
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packPlan, unpackPlan } from '../../engine/plan/packed-plan.ts';
import type { Plan, Task } from '../../engine/plan/plan.ts';
import { makePlan } from '../plan-builder.ts';
import { planOf } from './planned.ts';

function sent(plan: Plan): Plan {
  return unpackPlan(deserialize(serialize(packPlan(plan))));
}

test('replicas of threads are one entry', () => {
  const plan = planOf('tasks: { t: { count: 10000, steps: [] }, u: { steps: [] } }');
  expect(packPlan(plan).tasks.map(({ count }) => count)).toEqual([1, 10_000, 1]);
  expect(sent(plan)).toStrictEqual(plan);
});

test('replicas that differ in more than their number stand for themselves', () => {
  const plan = planOf(`
pools: { p: { kind: process, size: 3 } }
tasks:
  e: { each: [a, b, b], steps: [] }
  process: { kind: process, count: 2, steps: [] }
  pooled: { pool: p, count: 3, steps: [ { submit: p, do: [] } ] }
`);
  expect(packPlan(plan).tasks.map(({ first, count }) => [first.name, count])).toEqual([
    ['main', 1],
    ['e[0]', 1],
    ['e[1]', 2],
    ['process[0]', 1],
    ['process[1]', 1],
    ['pooled[0]', 3],
    ['p.worker[0]', 1],
    ['p.worker[1]', 1],
    ['p.worker[2]', 1],
    ['p.work[0]', 3],
  ]);
  expect(sent(plan)).toStrictEqual(plan);
});

const few = fc.nat({ max: 1 });
const task: fc.Arbitrary<Task> = fc
  .record(
    {
      group: few,
      index: fc.nat({ max: 3 }),
      named: few,
      item: few,
      daemon: few,
      program: few,
      pool: few,
      process: few,
    },
    { requiredKeys: ['group', 'index', 'named', 'item', 'program'] },
  )
  .map(({ group, index, named, item, daemon, program, pool, process }) => ({
    name: named === 0 ? `g${group}[${index}]` : `g${group}`,
    group,
    index,
    item: item === 0 ? null : 'x',
    kind: 'thread',
    program,
    ...(daemon === undefined ? {} : { daemon: daemon === 1 }),
    ...(pool === undefined ? {} : { pool }),
    ...(process === undefined ? {} : { process }),
  }));

test('nothing is lost of any tasks', () => {
  const plan = makePlan({});
  const group = plan.groups[0] as Plan['groups'][number];
  const groups = [0, 1].map((id) => ({ ...group, name: `g${id}` }));
  // Mostly a task and the next one after it, so that some are alike.
  const runs = fc.tuple(task, fc.nat({ max: 3 })).map(([first, more]) =>
    Array.from({ length: more + 1 }, (_, step) => {
      const index = first.index + step;
      return { ...first, index, name: first.name.replace(/\[.*/, `[${index}]`) };
    }),
  );
  fc.assert(
    fc.property(fc.array(runs, { maxLength: 6 }), (tasks) => {
      const random = { ...plan, groups, tasks: tasks.flat() };
      expect(sent(random)).toStrictEqual(random);
    }),
  );
});
