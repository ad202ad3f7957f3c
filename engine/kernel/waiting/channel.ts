/**
 * Channels: lists of parked tasks that wait for the same thing, and the ready lists they go to when woken, where
 * the host's scheduler keeps them.
 *
 * A release wakes one waiter, which tries again; a newcomer may overtake it. Being in a list is no part of core.
 */

import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { CONTROL, READY, RUN, TASK, WAIT } from '../memory/layout.ts';
import { removeTimer } from './timers.ts';

export const ALL = -1;

function head(k: Kernel, channel: number): number {
  return k.layout.channelAt + 2 * channel;
}

export function hasWaiters(k: Kernel, channel: number): boolean {
  return k.words[head(k, channel)] !== 0;
}

/**
 * Parks a task. A task that was woken in vain goes back to the front, so that it keeps its place.
 *
 * @param channel -1: it waits for time alone
 * @param deadlineUs Infinity: without a timeout
 */
export function park(k: Kernel, task: number, channel: number, deadlineUs: number, front: boolean): void {
  k.scheduler.park(k, task, channel, deadlineUs, front);
}

/** Fewer tasks can go on by themselves; if none can, the supervisor looks for a deadlock. */
export function deactivate(k: Kernel): void {
  const active = int(k.words[CONTROL.active]) - 1;
  k.words[CONTROL.active] = active;
  if (active === 0) k.ringBell();
}

export function link(k: Kernel, channel: number, task: number, front: boolean): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  const list = head(k, channel);
  const neighbour = int(words[front ? list : list + 1]);
  words[at + WAIT.channel] = channel + 1;
  words[at + WAIT.next] = front ? neighbour : 0;
  words[at + WAIT.previous] = front ? 0 : neighbour;
  if (neighbour === 0) words[front ? list + 1 : list] = task + 1;
  else words[int(k.layout.waitAt[neighbour - 1]) + (front ? WAIT.previous : WAIT.next)] = task + 1;
  words[front ? list : list + 1] = task + 1;
}

function unlink(k: Kernel, list: number, task: number): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  const next = int(words[at + WAIT.next]);
  const previous = int(words[at + WAIT.previous]);
  if (previous === 0) words[list] = next;
  else words[int(k.layout.waitAt[previous - 1]) + WAIT.next] = next;
  if (next === 0) words[list + 1] = previous;
  else words[int(k.layout.waitAt[next - 1]) + WAIT.previous] = previous;
  words[at + WAIT.next] = 0;
  words[at + WAIT.previous] = 0;
}

/** Takes a parked task out of its channel and timer; it is then in no list. */
export function unpark(k: Kernel, task: number): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  const channel = int(words[at + WAIT.channel]);
  if (channel !== 0) unlink(k, head(k, channel - 1), task);
  words[at + WAIT.channel] = 0;
  if (words[at + WAIT.timer] !== 0) removeTimer(k, task);
  else words[CONTROL.active] = int(words[CONTROL.active]) + 1;
}

/** Wakes `count` waiters, longest first; `ALL` wakes all. */
export function wake(k: Kernel, channel: number, count: number): void {
  const list = head(k, channel);
  for (let left = count; left !== 0; left--) {
    const first = int(k.words[list]);
    if (first === 0) return;
    wakeTask(k, first - 1, channel);
  }
}

/** Something changed that an `await` may look at: all who wait so look again. */
export function wakeAwaiting(k: Kernel): void {
  const channel = k.layout.awaitChannel;
  if (hasWaiters(k, channel)) wake(k, channel, ALL);
}

/** Wakes one parked task, wherever it waits. */
export function wakeTask(k: Kernel, task: number, channel: number): void {
  k.scheduler.wakeTask(k, task, channel);
}

/** A task can go on. */
export function makeReady(k: Kernel, task: number): void {
  k.scheduler.makeReady(k, task);
}

/** Whether a function of the user's own, or the supervisor, acts in the task's name. */
export function isCalling(k: Kernel, task: number): boolean {
  return k.words[int(k.layout.waitAt[task]) + WAIT.carried] !== 0;
}

/** The next ready task of a process, now running; -1 if there is none. */
export function takeReady(k: Kernel, process: number): number {
  const list = int(k.layout.readyAt[process]);
  const first = int(k.words[list + READY.head]);
  if (first === 0) return -1;
  takeOutOfReady(k, first - 1);
  k.words[int(k.layout.waitAt[first - 1]) + WAIT.state] = RUN.running;
  return first - 1;
}

/** A task that is ready has its turn next. */
export function goFirst(k: Kernel, task: number): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  if (words[at + WAIT.state] !== RUN.ready) return;
  takeOutOfReady(k, task);
  const list = int(k.layout.readyAt[int(words[int(k.layout.taskAt[task]) + TASK.process])]);
  const head = int(words[list + READY.head]);
  words[at + WAIT.next] = head;
  if (head === 0) words[list + READY.tail] = task + 1;
  else words[int(k.layout.waitAt[head - 1]) + WAIT.previous] = task + 1;
  words[list + READY.head] = task + 1;
}

export function takeOutOfReady(k: Kernel, task: number): void {
  const process = int(k.words[int(k.layout.taskAt[task]) + TASK.process]);
  unlink(k, int(k.layout.readyAt[process]), task);
}

/**
 * Takes a task that ends, or is told to, out of every list. A wake it was given and did not use goes to the next waiter. It
 * counts as one that goes on by itself, until `deactivate`.
 */
export function detach(k: Kernel, task: number): void {
  const { words } = k;
  const at = int(k.layout.waitAt[task]);
  const state = words[at + WAIT.state];
  if (state === RUN.parked) unpark(k, task);
  if (state === RUN.ready) takeOutOfReady(k, task);
  if (words[at + WAIT.timer] !== 0) removeTimer(k, task);
  words[at + WAIT.state] = RUN.none;
  if (words[at + WAIT.carried] !== 0) k.wakeOn(at + WAIT.carried);
  words[at + WAIT.carried] = 0;
  passWakeOn(k, task);
}

/** Takes a task that has ended out of every list, and out of the count. */
export function forget(k: Kernel, task: number): void {
  detach(k, task);
  deactivate(k);
}

/** Where a woken task goes away without having taken what it was woken for. */
export function passWakeOn(k: Kernel, task: number): void {
  const at = int(k.layout.waitAt[task]);
  const channel = int(k.words[at + WAIT.wokenBy]);
  k.words[at + WAIT.wokenBy] = 0;
  if (channel !== 0) wake(k, channel - 1, 1);
}
