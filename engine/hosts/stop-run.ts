/**
 * Stopping a run from outside: the flag that carriers look at, and the ends of all that still live.
 */

import { carrierCount } from '../kernel/carriers.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL, condemnedAt, READY, STATE } from '../kernel/layout.ts';
import { condemn, endTask, stateOf } from '../kernel/task.ts';
import type { StopReason, TerminationCause } from '../log/event.ts';
import { RECORD, stopReasons } from '../log/record.ts';

const causeOf: Readonly<Record<StopReason, TerminationCause>> = {
  timeout: 'timeout',
  interrupt: 'interrupt',
  deadlock: 'deadlock',
  failFast: 'terminate',
  inconclusive: 'terminate',
};

/** In the critical section, by the supervisor: nothing that happens later is part of the run. */
export function stopRun(k: Kernel, reason: StopReason): void {
  k.record(RECORD.stopped, 0, -1, 1, stopReasons.indexOf(reason));
  const end = { state: 'terminated', cause: causeOf[reason], error: null, exitCode: -15 } as const;
  for (let task = k.plan.tasks.length - 1; task >= 0; task--) {
    if (stateOf(k, task) === STATE.live) endTask(k, task, -1, task, end);
  }
  for (let process = 1; process < k.plan.processes; process++) condemn(k, process);
  k.words[CONTROL.stop] = 1;
  for (let process = 0; process < k.plan.processes; process++) k.wakeCarrier(process);
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
    k.host.parking.notify(words, (layout.readyAt[process] as number) + READY.wake, EVERYBODY);
  }
  k.host.parking.notify(words, CONTROL.ringTail, EVERYBODY);
}
