/**
 * A pool is closed, or ended with its workers: what becomes of the work that it has. Nothing more can be started into it then.
 *
 * What no worker has taken is skipped, what is at work is terminated, and both are told to whoever joins them.
 */
import type { TaskError } from '../../log/event.ts';
import { endTask } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { STATE } from '../memory/layout.ts';
import { isThere, stateOf } from '../memory/task-block.ts';
import type { Operation } from '../operation.ts';
import { YES } from '../outcome.ts';
import { close, firstInPool } from './pool.ts';
import { terminateTask } from './task.ts';

const cancelled: TaskError = { name: 'CancelledError', message: '' };

/** `immediate` (1): what no worker has taken is dropped. */
function attempt(k: Kernel, _task: number, pool: number, immediate: number): number {
  close(k, pool);
  k.amount = immediate;
  return YES;
}

function dropWaiting(k: Kernel, by: number, pool: number, step: number): void {
  for (let next = firstInPool(k, pool); next >= 0; next = firstInPool(k, pool)) {
    k.ring.joinNext();
    endTask(k, by, step, next, { state: 'skipped', cause: null, error: cancelled, exitCode: 0 });
  }
}

/** The work goes before the workers: with a process, all that runs there ends. */
function endAll(k: Kernel, by: number, pool: number, step: number, cause: 'terminate' | 'kill'): void {
  dropWaiting(k, by, pool, step);
  const { groups, tasks } = k.plan;
  for (let task = 0; task < tasks.length; task++)
    if (tasks[task]?.pool === pool) endOne(k, by, step, task, cause);
  for (let task = 0; task < tasks.length; task++)
    if (groups[tasks[task]?.group ?? -1]?.worksFor === pool) endOne(k, by, step, task, cause);
}

function endOne(k: Kernel, by: number, step: number, task: number, cause: 'terminate' | 'kill'): void {
  if (!isThere(k, task)) return;
  if (stateOf(k, task) === STATE.live) k.ring.joinNext();
  terminateTask(k, by, step, task, cause, cancelled);
}

const ending = { of: 'resource', attempt, waitsOn: -1, wakes: [] } as const;

export const poolEndOperations = {
  'pool.close': {
    ...ending,
    follow(k, task, pool, step) {
      if (k.amount !== 0) dropWaiting(k, task, pool, step);
    },
  },
  'pool.terminate': { ...ending, follow: (k, task, pool, step) => endAll(k, task, pool, step, 'terminate') },
  'pool.kill': { ...ending, follow: (k, task, pool, step) => endAll(k, task, pool, step, 'kill') },
} as const satisfies Record<string, Operation>;
