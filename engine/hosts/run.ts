/**
 * Running a plan, in whichever mode.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunEnd } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';
import { runReal } from './real.ts';
import type { RunOptions } from './run-options.ts';
import { prepareThreadPool } from './thread-pool.ts';
import { runVirtual } from './virtual.ts';

export type Mode = RunEnd['mode'];

/**
 * Runs a plan to its end; every event is handed over before the promise settles, and nothing is left running.
 *
 * @throws Error only for a bug in concur: what the machine refuses is an inconclusive end
 */
export function runPlan(plan: Plan, options: RunOptions & { readonly mode: Mode }): Promise<RunEnd> {
  return options.mode === 'virtual' ? runVirtual(plan, options) : runReal(plan, options, carrierEntry());
}

/** Begins what every real run needs, while its plan is still being made. A run works without it, and later. */
export function prepareRealRun(): void {
  prepareThreadPool(carrierEntry());
}

/** Beside the bundle that this file is part of; for tests, which run the sources, in the build. */
function carrierEntry(): string {
  const beside = fileURLToPath(new URL('./carrier.cjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/carrier.cjs', import.meta.url));
}
