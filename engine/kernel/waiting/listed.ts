/**
 * The scheduler of runs: who waits stands in the list of a channel, who can go on in the ready list of its process, and
 * who waits for a time in its process's heap.
 */
import { int } from '../../log/int.ts';
import type { Kernel, Scheduler } from '../kernel.ts';
import { FED, READY, RUN, TASK, WAIT } from '../memory/layout.ts';
import { deactivate, link, unpark, wakeTask } from './channel.ts';
import { putInList, REQUEST } from './external.ts';
import { completeFor } from './perform.ts';
import { putInHeap } from './timers.ts';

/** After so many vain wakes the next release does the waiter's operation for it, so that nobody starves. */
const PATIENCE = 16;

function park(k: Kernel, task: number, channel: number, deadlineUs: number, front: boolean): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  words[at + WAIT.state] = RUN.parked;
  words[at + WAIT.wokenBy] = 0;
  if (channel >= 0) link(k, channel, task, front);
  if (deadlineUs === Number.POSITIVE_INFINITY) deactivate(k);
  else putInHeap(k, task, deadlineUs);
}

function wake(k: Kernel, task: number, channel: number): void {
  unpark(k, task);
  k.words[int(k.layout.waitAt[task]) + WAIT.wokenBy] = channel + 1;
  makeReady(k, task);
}

function wakeWaiters(k: Kernel, channel: number, count: number, completes: boolean): void {
  const list = k.layout.channelAt + 2 * channel;
  for (let left = count; left !== 0; left--) {
    const waiter = int(k.words[list]) - 1;
    if (waiter < 0) return;
    wakeTask(k, waiter, channel);
    // Who is woken with all others may find an error, which only itself can raise.
    if (completes || (count === 1 && isImpatient(k, waiter))) completeFor(k, waiter);
  }
}

function isImpatient(k: Kernel, task: number): boolean {
  if (k.host.canonical) return false;
  return int(k.words[int(k.layout.waitAt[task]) + WAIT.vain]) >= PATIENCE;
}

/**
 * Puts a task at the end of its process's ready list. One with a carrier of its own runs again; for one that is fed the
 * supervisor goes on.
 */
function makeReady(k: Kernel, task: number): void {
  const { words } = k;
  const process = int(words[int(k.layout.taskAt[task]) + TASK.process]);
  const list = int(k.layout.readyAt[process]);
  const at = int(k.layout.waitAt[task]);
  if (words[at + WAIT.carried] === FED) {
    words[at + WAIT.state] = RUN.external;
    putInList(k, task, REQUEST.feed);
    return;
  }
  if (words[at + WAIT.carried] !== 0) {
    words[at + WAIT.state] = RUN.running;
    k.wakeOn(at + WAIT.carried);
    return;
  }
  const tail = int(words[list + READY.tail]);
  words[at + WAIT.state] = RUN.ready;
  words[at + WAIT.previous] = tail;
  words[at + WAIT.next] = 0;
  if (tail === 0) words[list + READY.head] = task + 1;
  else words[int(k.layout.waitAt[tail - 1]) + WAIT.next] = task + 1;
  words[list + READY.tail] = task + 1;
  k.wakeCarrier(process);
}

export const listed: Scheduler = {
  park,
  wakeTask: wake,
  wakeWaiters,
  makeReady,
  addTimer: putInHeap,
  request: putInList,
};
