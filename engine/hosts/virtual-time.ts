/**
 * How time passes in a virtual run: at once, to the next moment at which anything can happen.
 */
import type { Exhaustion } from '../kernel/exhaustion.ts';
import { killAll, stopLimitUs, stopOthers, stopRun } from '../kernel/runtime/stop-run.ts';
import { earliestDeadline } from '../kernel/waiting/timers.ts';
import type { StopReason } from '../log/event.ts';
import { fireTimers } from '../machine/carrier.ts';
import { lostWake } from '../simulate/lost-wake.ts';
import type { VirtualState } from './virtual-state.ts';

export type Stop = {
  readonly reason: StopReason | null;
  readonly cause: string | null;
  readonly place?: Exhaustion['place'];
};

/**
 * On to the earliest timer, or to the moment at which one that only looks sees another time; there may be none. What the log
 * has is handed over before.
 *
 * @returns why the run is over, if it is
 */
export function passTime(state: VirtualState): Stop | undefined {
  const { k, plan, waits } = state;
  const next = Math.min(waits.earliest(state.ready), earliestTimer(state));
  if (next === Number.POSITIVE_INFINITY) return standstill(state);
  if (next > plan.timeoutUs) {
    state.now = plan.timeoutUs;
    k.refreshClock();
    return { reason: 'timeout', cause: null };
  }
  if (state.options.canNeverEnd?.() === true) return { reason: 'deadlock', cause: null };
  if (next > state.now) {
    state.now = next;
    state.moments = 0;
    waits.change();
  }
  k.refreshClock();
  k.enter();
  for (let process = 0; process < plan.processes; process++) fireTimers(k, process);
  k.leave();
  return undefined;
}

function earliestTimer({ k, plan }: VirtualState): number {
  let next = Number.POSITIVE_INFINITY;
  for (let process = 0; process < plan.processes; process++)
    next = Math.min(next, earliestDeadline(k, process));
  return next;
}

/** Stops the run: what its models say that it takes to stop passes, but no more than all of a run has for that. */
export function stopInTime(state: VirtualState, reason: StopReason): void {
  const { k, plan } = state;
  const mostUs = state.now + stopLimitUs(reason);
  k.enter();
  let isOver = stopRun(k, reason);
  k.leave();
  while (!isOver) {
    const next = earliestTimer(state);
    state.now = Math.max(state.now, Math.min(next, mostUs));
    k.refreshClock();
    k.enter();
    if (next > mostUs) killAll(k, reason);
    else for (let process = 0; process < plan.processes; process++) fireTimers(k, process);
    isOver = stopOthers(k, reason);
    k.leave();
  }
}

/** Nothing can change any more: nobody can go on, or some loop for ever. */
function standstill({ k, plan, ready, options }: VirtualState): Stop {
  if (ready.length === 0) {
    const lost = lostWake(k);
    if (lost !== undefined) throw new Error(`bug in concur: ${lost}`);
    return { reason: 'deadlock', cause: null };
  }
  if (options.canNeverEnd?.() === true) return { reason: 'deadlock', cause: null };
  const name = plan.tasks[Math.min(...ready)]?.name ?? '';
  const at = (k.now / 1e6).toFixed(3);
  const cause = `\`${name}\` loops for ever: from ${at} s of virtual time on, nothing changes any more that it looks at`;
  return { reason: 'inconclusive', cause };
}

/** So many moments have passed in which no time did. */
export function endless({ plan, k, moments }: VirtualState, task: number): Stop {
  const name = plan.tasks[task]?.name ?? '';
  const at = (k.now / 1e6).toFixed(3);
  const cause = `${moments} moments at ${at} s of virtual time, in which no time passes: \`${name}\` seems to loop without end`;
  return { reason: 'inconclusive', cause };
}
