/**
 * Pool: `[waiting, task + 1 in order of arrival …, 1 if it takes no more work]`. A task with a pool is started into its line;
 * a worker adopts the next one, which then runs in the worker's process.
 */

import type { Kernel } from '../kernel.ts';
import { TASK } from '../memory/layout.ts';
import { NO, YES } from '../outcome.ts';
import { names, numbers, type Primitive } from '../primitive.ts';
import { wakeTask } from '../waiting/channel.ts';
import { standInLine, stepOutOfLine } from '../waiting/line.ts';

function adopt(k: Kernel, worker: number, pool: number): number {
  const at = k.layout.resourceAt[pool] as number;
  const first = (k.words[at + 1] as number) - 1;
  if (first < 0) return NO;
  leavePool(k, first, pool);
  const process = k.words[(k.layout.taskAt[worker] as number) + TASK.process] as number;
  k.words[(k.layout.taskAt[first] as number) + TASK.process] = process;
  k.result = first << 1;
  k.amount = first;
  return YES;
}

/** The task that is next in its line, -1 if there is none. */
export function firstInPool(k: Kernel, pool: number): number {
  return (k.words[(k.layout.resourceAt[pool] as number) + 1] as number) - 1;
}

export function joinPool(k: Kernel, task: number, pool: number): void {
  standInLine(k, k.layout.resourceAt[pool] as number, task);
}

/** Out of the line, where it stands in it. */
export function leavePool(k: Kernel, task: number, pool: number): void {
  stepOutOfLine(k, k.layout.resourceAt[pool] as number, task);
}

function closedAt({ layout, plan }: Kernel, pool: number): number {
  return (layout.resourceAt[pool] as number) + 1 + plan.tasks.length;
}

/** Whether it takes no more work. */
export function isClosed(k: Kernel, pool: number): boolean {
  return k.words[closedAt(k, pool)] === 1;
}

export function close(k: Kernel, pool: number): void {
  k.words[closedAt(k, pool)] = 1;
}

const operations: Primitive<'pool'>['operations'] = {
  'pool.adopt': {
    of: 'resource',
    attempt: adopt,
    waitsOn: 0,
    wakes: [],
    follow: (k) => wakeTask(k, k.amount, -1),
  },
};

/** Its tasks that have begun, and not ended. */
function countAtWork(k: Kernel, pool: number): number {
  return k.plan.tasks.filter(
    (task, id) => task.pool === pool && k.words[(k.layout.taskAt[id] as number) + TASK.begun] === 1,
  ).length;
}

export const pool: Primitive<'pool'> = {
  operations,
  words: (_resource, { tasks }) => [numbers(1), names(tasks), numbers(1)],
  channels: 1,
  lines: 0,
  attributes: { closed: isClosed },
  size: countAtWork,
};
