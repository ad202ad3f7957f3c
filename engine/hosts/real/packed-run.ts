/**
 * What every carrier of a run must know, as it is sent to other threads and to child processes.
 */
import { type PackedPlan, packPlan, unpackPlan } from '../../plan/packed-plan.ts';
import type { RunContext } from './carrier-kernel.ts';

export type PackedRun = Omit<RunContext, 'plan'> & { readonly plan: PackedPlan };

export function packRun(run: RunContext): PackedRun {
  return { ...run, plan: packPlan(run.plan) };
}

export function unpackRun(packed: PackedRun): RunContext {
  return { ...packed, plan: unpackPlan(packed.plan) };
}
