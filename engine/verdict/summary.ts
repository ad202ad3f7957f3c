/**
 * A run in figures: what each resource had at most, and how long it was waited for.
 */
import type { ModelState } from './model/model-state.ts';
import type { ResourceRecord } from './model/resource-record.ts';
import type { ResourceSummary } from './verdict.ts';
import { medianWait } from './waits/wait-times.ts';

/** All resources, in the plan's order. */
export function summarizeResources(state: ModelState): readonly ResourceSummary[] {
  return state.resources.map((record) => ({
    name: record.name,
    kind: record.kind,
    peak: record.peak,
    limit: limitOf(record),
    waits: record.waits.count,
    unendedWaits: record.waits.unended,
    medianWaitUs: medianWait(record.waits),
    longestWaitUs: record.waits.longestUs,
  }));
}

/** How many can hold it, or how much fits; null where nothing limits it. */
function limitOf(record: ResourceRecord): number | null {
  switch (record.kind) {
    case 'lock':
    case 'rlock':
      return 1;
    case 'semaphore':
      return record.plan.permits;
    case 'queue':
      return record.plan.capacity === 0 ? null : record.plan.capacity;
    case 'barrier':
      return record.plan.parties;
    case 'pool':
      return record.plan.size;
    case 'event':
    case 'condition':
    case 'pipeEnd':
    case 'file':
      return null;
  }
}
