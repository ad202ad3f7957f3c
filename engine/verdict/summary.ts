/**
 * A run in figures: what each resource had at most, and how long it was waited for.
 */
import type { ModelState } from './model/model-state.ts';
import { modelOf } from './model/primitives/table.ts';
import type { ResourceSummary } from './verdict.ts';
import { medianWait } from './waits/wait-times.ts';

/** All resources, in the plan's order. */
export function summarizeResources(state: ModelState): readonly ResourceSummary[] {
  return state.resources.map((record) => ({
    name: record.name,
    kind: record.kind,
    peak: record.peak,
    limit: modelOf(record).limit(record.plan),
    waits: record.waits.count,
    unendedWaits: record.waits.unended,
    medianWaitUs: medianWait(record.waits),
    longestWaitUs: record.waits.longestUs,
  }));
}
