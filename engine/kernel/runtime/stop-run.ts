/**
 * Stopping a run from outside: the flag that carriers look at, and the ends of all that still live.
 */

import { type StopReason, stopReasons, type TerminationCause } from '../../log/event.ts';
import { int } from '../../log/int.ts';
import { RECORD } from '../../log/record.ts';
import { hurry } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { CONTROL, condemnedAt, READY, STATE } from '../memory/layout.ts';
import { isThere, stateOf } from '../memory/task-block.ts';
import { condemn, tellToEnd } from '../primitives/task.ts';
import { carrierCount } from './carriers.ts';
import { heldBack } from './stop-order.ts';

const causeOf: Readonly<Record<StopReason, TerminationCause>> = {
  timeout: 'timeout',
  interrupt: 'interrupt',
  deadlock: 'deadlock',
  failFast: 'terminate',
  inconclusive: 'terminate',
};

/**
 * In the critical section, by the supervisor: nothing that happens later is part of the run, but for the ends of its tasks. What
 * is outside of it is told to stop.
 *
 * @returns whether all have ended; if not, `stopOthers` is to be called as they do
 */
export function stopRun(k: Kernel, reason: StopReason): boolean {
  k.record(RECORD.stopped, 0, -1, 1, stopReasons.indexOf(reason));
  const isOver = stopOthers(k, reason);
  for (let process = 1; process < k.plan.processes; process++) condemn(k, process);
  k.words[CONTROL.stop] = 1;
  for (let process = 0; process < k.plan.processes; process++) k.wakeCarrier(process);
  return isOver;
}

/** In the critical section: tells all to end that nobody who is still there needs. Main ends when all others have. */
export function stopOthers(k: Kernel, reason: StopReason): boolean {
  const held = heldBack(k, () => true);
  for (let task = k.plan.tasks.length - 1; task >= 0; task--)
    if (!held.has(k.plan.tasks[task]?.group ?? 0)) stopTask(k, task, reason);
  return !isThere(k, 0);
}

function stopTask(k: Kernel, task: number, reason: StopReason): void {
  if (stateOf(k, task) !== STATE.live) return;
  const end = { state: 'terminated', cause: causeOf[reason], error: null, exitCode: -15 } as const;
  tellToEnd(k, task, -1, task, end);
}

/** How long all of a run that is stopped may take to be gone: who stops it from outside does not wait for ever. */
export function stopLimitUs(reason: StopReason): number {
  return reason === 'interrupt' || reason === 'timeout' ? 8_000_000 : Number.POSITIVE_INFINITY;
}

/** In the critical section: nobody has more time. */
export function killAll(k: Kernel, reason: StopReason): void {
  for (let task = k.plan.tasks.length - 1; task >= 0; task--) {
    stopTask(k, task, reason);
    hurry(k, task);
  }
}

/** The most that a futex can be told to wake. */
export const EVERYBODY = 2 ** 31 - 1;

/**
 * Gives the shared state up: nobody waits for it, nobody writes it any more, all carriers leave their loops.
 *
 * For the supervisor, who must not change it from now on either. Not only in the critical section: a carrier that is
 * inside now finishes what it writes, and whoever comes after it is condemned and writes nothing. Who waits for a mutex
 * that a stopped or dead carrier holds takes it, as that one is condemned too, sees the own flag and stops.
 */
export function halt(k: Kernel): void {
  const { words, layout, plan } = k;
  for (let carrier = 0; carrier < carrierCount(plan, layout.options); carrier++) {
    if (carrier !== k.host.carrier) Atomics.store(words, condemnedAt(carrier), 1);
  }
  Atomics.store(words, CONTROL.stop, 1);
  for (let process = 0; process < plan.processes; process++) {
    k.host.parking.notify(words, int(layout.readyAt[process]) + READY.wake, EVERYBODY);
  }
  k.host.parking.notify(words, CONTROL.ringTail, EVERYBODY);
}
