/**
 * Stopping a run from outside: the flag that carriers look at, and the ends of all that still live.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL, STATE } from '../kernel/layout.ts';
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
