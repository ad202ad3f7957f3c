/**
 * A worker of a pool of processes whose process is lost: what it had ends as `ProcessDied`, and the worker, which is no
 * more than its frame in memory, goes on in a new process, as `multiprocessing.Pool` replaces one.
 */

import { int } from '../../log/int.ts';
import { type End, endTask } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { AGAIN, PROCESS, READY, RUN, STATE, TASK, WAIT } from '../memory/layout.ts';
import { processOf, stateOf } from '../memory/task-block.ts';
import { makeReady, wakeTask } from '../waiting/channel.ts';
import { REQUEST, request } from '../waiting/external.ts';

/** Whether the task is a worker that has a process of its own. */
export function isProcessWorker({ plan }: Pick<Kernel, 'plan'>, task: number): boolean {
  const declared = plan.tasks[task];
  return declared?.process !== undefined && plan.groups[declared.group]?.worksFor !== undefined;
}

/**
 * Ends all that ran in the worker's process.
 *
 * @param by who brought that about, at which step
 * @param why of the work the worker had
 * @param others how all others end that ran there
 */
export function loseProcess(
  k: Kernel,
  worker: number,
  { by, step }: { readonly by: number; readonly step: number },
  why: string,
  others: End,
): void {
  const { exitCode } = others;
  const lost: End = { state: 'failed', cause: null, error: { name: 'ProcessDied', message: why }, exitCode };
  const process = processOf(k, worker);
  let isFirst = true;
  for (let task = k.plan.tasks.length - 1; task > 0; task--) {
    if (task === worker || stateOf(k, task) !== STATE.live || processOf(k, task) !== process) continue;
    if (!isFirst) k.ring.joinNext();
    isFirst = false;
    endTask(k, by < 0 ? task : by, step, task, k.plan.tasks[task]?.pool === undefined ? others : lost);
  }
  beginAgain(k, worker);
}

/** It goes on where it waits, so that it begins. */
function beginAgain(k: Kernel, worker: number): void {
  k.words[int(k.layout.taskAt[worker]) + TASK.begun] = AGAIN;
  if (k.words[int(k.layout.waitAt[worker]) + WAIT.state] === RUN.parked) wakeTask(k, worker, -1);
}

/**
 * Nobody runs in the process any more, nor sleeps there, and a new one is asked for. A worker that did not wait goes on from
 * the beginning of its program: it takes the next work.
 */
export function renewProcess(k: Kernel, worker: number): void {
  const { words, layout } = k;
  const process = processOf(k, worker);
  const at = int(layout.taskAt[worker]);
  words[int(layout.readyAt[process]) + READY.sleepers] = 0;
  words[int(layout.processAt[process]) + PROCESS.ended] = 0;
  if (words[int(layout.waitAt[worker]) + WAIT.state] === RUN.running) {
    if (words[at + TASK.waiting] === 0) words[at + TASK.pc] = 0;
    makeReady(k, worker);
  }
  request(k, worker, REQUEST.spawn);
}

/** The process is to end by itself: its carrier leaves. */
export function leaveProcess(k: Kernel, worker: number): void {
  const process = processOf(k, worker);
  k.words[int(k.layout.processAt[process]) + PROCESS.ended] = 1;
  k.wakeCarriers(process);
}
