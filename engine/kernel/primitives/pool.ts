/**
 * Pool: `[waiting, task + 1 in order of arrival …, 1 if it takes no more work]`. A task with a pool is started into its line;
 * a worker adopts the next one, which then runs in the worker's process.
 */

import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { TASK } from '../memory/layout.ts';
import { NO, YES } from '../outcome.ts';
import { names, numbers, type Primitive } from '../primitive.ts';
import { wakeTask } from '../waiting/channel.ts';
import { standInLine, stepOutOfLine } from '../waiting/line.ts';

function adopt(k: Kernel, worker: number, pool: number): number {
  const at = int(k.layout.resourceAt[pool]);
  const first = int(k.words[at + 1]) - 1;
  if (first < 0) return NO;
  leavePool(k, first, pool);
  const process = int(k.words[int(k.layout.taskAt[worker]) + TASK.process]);
  k.words[int(k.layout.taskAt[first]) + TASK.process] = process;
  k.result = first << 1;
  k.amount = first;
  return YES;
}

/** The task that is next in its line, -1 if there is none. */
export function firstInPool(k: Kernel, pool: number): number {
  return int(k.words[int(k.layout.resourceAt[pool]) + 1]) - 1;
}

export function joinPool(k: Kernel, task: number, pool: number): void {
  standInLine(k, int(k.layout.resourceAt[pool]), task);
}

/** Out of the line, where it stands in it. */
export function leavePool(k: Kernel, task: number, pool: number): void {
  stepOutOfLine(k, int(k.layout.resourceAt[pool]), task);
}

/** Started into it, and adopted by no worker yet. */
export function isInPool(k: Kernel, task: number, pool: number): boolean {
  const line = int(k.layout.resourceAt[pool]);
  const length = int(k.words[line]);
  for (let index = 1; index <= length; index++) if (k.words[line + index] === task + 1) return true;
  return false;
}

function closedAt({ layout, plan }: Kernel, pool: number): number {
  return int(layout.resourceAt[pool]) + 1 + plan.tasks.length;
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
    (task, id) => task.pool === pool && k.words[int(k.layout.taskAt[id]) + TASK.begun] === 1,
  ).length;
}

export const pool: Primitive<'pool'> = {
  operations,
  words: (_resource, { tasks }) => [numbers(1), names(tasks), numbers(1)],
  channels: 1,
  lines: 0,
  attributes: { closed: isClosed },
  // Work in line, not workers without any.
  waiting: (k, pool) => k.words[k.layout.resourceAt[pool] as number] as number,
  size: countAtWork,
  // A task that was taken knows what its worker does.
  hands: {
    words: () => 0,
    by: {
      'pool.adopt': (hands, worker, _pool, task) => hands.tell(worker, task),
      'pool.close': null,
      'pool.terminate': null,
      'pool.kill': null,
    },
  },
};
