/**
 * The loop of a carrier: a thread of control that runs the ready tasks of one process, and sleeps when there are none.
 *
 * It is a pure blocking loop: no event loop, no promises. All carriers of a process share its ready list and its timers.
 */

import { gone } from '../kernel/end.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL, LEFT, PROCESS, READY, STATE } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { takeReady, wakeTask } from '../kernel/waiting/channel.ts';
import { earliestDeadline, firstTimer, removeTimer } from '../kernel/waiting/timers.ts';
import { int } from '../log/int.ts';
import type { ForcedTurns } from './forced-turns.ts';
import type { Machine } from './machine.ts';

export type CarrierOptions = {
  readonly process: number;
  /** Draws how many instructions a task may do before other ready ones get their turn. */
  readonly slice: () => number;
  /** How often to look for work before sleeping: a wake costs a system call and some 50 µs. */
  readonly spins: number;
  /** Looked at before each sleep and after each slice: false ends the loop (the runner is gone). */
  readonly mayGoOn: () => boolean;
  /** Others are ready while a task computes: one more carrier would be of use. */
  readonly onBacklog?: () => void;
  /** The turns that are taken before tasks go on as they can. */
  readonly forced?: ForcedTurns | undefined;
};

/** The longest sleep, so that a lost runner is noticed. */
const MAX_SLEEP_MS = 1000;

/** Runs until the process ends, the run is stopped, or the carrier is condemned. */
export function runCarrier(machine: Machine, options: CarrierOptions): void {
  const { k } = machine;
  while (options.mayGoOn()) {
    const { forced, process } = options;
    if (forced?.isOver === false) {
      if (isOver(k, process)) return;
      if (!forced.take()) sleep(k, process, forced);
      continue;
    }
    const task = nextTask(k, options.process);
    if (task === OVER) return;
    if (task >= 0) runTask(machine, task, options);
    else if (!spin(k, options)) sleep(k, options.process);
  }
}

function runTask(machine: Machine, task: number, { process, slice, onBacklog }: CarrierOptions): void {
  machine.run(task, slice(), Number.POSITIVE_INFINITY);
  if (machine.hasComputed && hasReady(machine.k, process)) onBacklog?.();
}

function hasReady(k: Kernel, process: number): boolean {
  return Atomics.load(k.words, int(k.layout.readyAt[process]) + READY.head) !== 0;
}

const NONE = -1;
const OVER = -2;

/** Fires due timers, then takes the next ready task. */
function nextTask(k: Kernel, process: number): number {
  if (isOver(k, process)) return OVER;
  k.refreshClock();
  if (!k.enter()) return OVER;
  fireTimers(k, process);
  const task = takeReady(k, process);
  k.leave();
  return task < 0 ? NONE : task;
}

function isOver(k: Kernel, process: number): boolean {
  if (Atomics.load(k.words, CONTROL.stop) !== 0) return true;
  return k.words[int(k.layout.processAt[process]) + PROCESS.ended] === 1;
}

/** In the critical section: everyone whose time has come is ready. */
export function fireTimers(k: Kernel, process: number): void {
  while (earliestDeadline(k, process) <= k.now) {
    const task = firstTimer(k, process);
    if (stateOf(k, task) === STATE.stopping) isGone(k, task);
    else wakeTask(k, task, -1);
  }
}

/** What a model says that it takes to stop is over. */
function isGone(k: Kernel, task: number): void {
  removeTimer(k, task);
  gone(k, task, LEFT.time);
}

/** A short look-out: true as soon as there may be something to do. */
function spin(k: Kernel, { process, spins }: CarrierOptions): boolean {
  for (let count = 0; count < spins; count++) {
    if (hasReady(k, process) || Atomics.load(k.words, CONTROL.stop) !== 0) return true;
  }
  return false;
}

/**
 * Sleeps until somebody becomes ready or the next timer is due. That nothing is ready is looked at again in the critical
 * section in which the sleep is announced, so no wake is lost.
 */
function sleep(k: Kernel, process: number, forced?: ForcedTurns): void {
  const at = int(k.layout.readyAt[process]);
  const { words } = k;
  if (!k.enter()) return;
  const seen = int(words[at + READY.wake]);
  const hasNothing = forced === undefined ? words[at + READY.head] === 0 : !forced.isDue();
  const idle = hasNothing && words[CONTROL.stop] === 0 && !isOver(k, process);
  const deadline = forced === undefined ? earliestDeadline(k, process) : Number.POSITIVE_INFINITY;
  if (idle) words[at + READY.sleepers] = int(words[at + READY.sleepers]) + 1;
  k.leave();
  if (!idle) return;
  k.refreshClock();
  const ms = Math.min(MAX_SLEEP_MS, (deadline - k.now) / 1000);
  if (ms > 0) k.host.parking.wait(words, at + READY.wake, seen, ms);
  if (k.enter()) {
    words[at + READY.sleepers] = int(words[at + READY.sleepers]) - 1;
    k.leave();
  }
}
