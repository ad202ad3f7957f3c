/**
 * How time passes in a virtual run: at once, to the next moment at which anything can happen.
 */
import { killAll, stopLimitUs, stopOthers, stopRun } from '../kernel/runtime/stop-run.ts';
import { earliestDeadline } from '../kernel/waiting/timers.ts';
import type { StopReason } from '../log/event.ts';
import { fireTimers } from '../machine/carrier.ts';
import { lostWake } from './lost-wake.ts';
import type { Stepper } from './stepper.ts';
import { loopsForEver, type Stop } from './stop.ts';

const DEADLOCK: Stop = { reason: 'deadlock', cause: null };

/**
 * On to the earliest timer, or to the moment at which one that only looks sees another time; there may be none.
 *
 * @param canNeverEnd asked where it matters whether the run can still come to its end
 * @returns why the run is over, if it is
 */
export function passTime(stepper: Stepper, canNeverEnd: () => boolean): Stop | undefined {
  const { k, plan, waits } = stepper;
  const next = Math.min(waits.earliest(stepper.ready), earliestTimer(stepper));
  if (next === Number.POSITIVE_INFINITY) return standstill(stepper, canNeverEnd);
  if (next > plan.timeoutUs) {
    stepper.now = plan.timeoutUs;
    k.refreshClock();
    return { reason: 'timeout', cause: null };
  }
  if (canNeverEnd()) return DEADLOCK;
  if (next > stepper.now) {
    stepper.now = next;
    stepper.moments = 0;
    waits.change();
  }
  k.refreshClock();
  k.enter();
  for (let process = 0; process < plan.processes; process++) fireTimers(k, process);
  k.leave();
  return undefined;
}

function earliestTimer({ k, plan }: Stepper): number {
  let next = Number.POSITIVE_INFINITY;
  for (let process = 0; process < plan.processes; process++)
    next = Math.min(next, earliestDeadline(k, process));
  return next;
}

/** Nothing can change any more: nobody can go on, or some loop for ever. */
function standstill({ k, ready }: Stepper, canNeverEnd: () => boolean): Stop {
  if (ready.length > 0) return canNeverEnd() ? DEADLOCK : loopsForEver(k, Math.min(...ready));
  const lost = lostWake(k);
  if (lost !== undefined) throw new Error(`bug in concur: ${lost}`);
  return DEADLOCK;
}

/** Stops the run: what its models say that it takes to stop passes, but no more than all of a run has for that. */
export function stopInTime(stepper: Stepper, reason: StopReason): void {
  const { k, plan } = stepper;
  const mostUs = stepper.now + stopLimitUs(reason);
  k.enter();
  let isOver = stopRun(k, reason);
  k.leave();
  while (!isOver) {
    const next = earliestTimer(stepper);
    if (next === Number.POSITIVE_INFINITY) throw new Error('bug in concur: nobody ends what is stopping');
    stepper.now = Math.max(stepper.now, Math.min(next, mostUs));
    k.refreshClock();
    k.enter();
    if (next > mostUs) killAll(k, reason);
    else for (let process = 0; process < plan.processes; process++) fireTimers(k, process);
    isOver = stopOthers(k, reason);
    k.leave();
  }
}
