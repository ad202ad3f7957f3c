/**
 * Running a plan, in whichever mode.
 */
import { TooLarge } from '../kernel/memory/create-layout.ts';
import type { RunEnd } from '../log/event.ts';
import type { Mode } from '../plan/mode.ts';
import type { Plan } from '../plan/plan.ts';
import { carrierEntry } from './real/carrier-entry.ts';
import { runReal } from './real/real.ts';
import type { RunOptions } from './run-options.ts';
import { runVirtual } from './virtual.ts';

/**
 * Runs a plan to its end; every event is handed over before the promise settles, and nothing is left running.
 *
 * @throws Error only for a bug in concur: what the machine refuses is an inconclusive end
 */
export async function runPlan(plan: Plan, options: RunOptions & { readonly mode: Mode }): Promise<RunEnd> {
  const { mode } = options;
  try {
    return await (mode === 'virtual' ? runVirtual(plan, options) : runReal(plan, options, carrierEntry()));
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { mode, stopped: 'inconclusive', cause: error.message, events: 0, durationUs: 0 };
  }
}
