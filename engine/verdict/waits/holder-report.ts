/**
 * Who holds a resource, for reports. Thousands may wait for one: its holders are listed once, for all of them.
 */

import { isEnded, type ModelState } from '../model/model-state.ts';
import { holdersOf } from '../model/primitives/holding-rules.ts';
import { findTally } from '../model/tally.ts';
import { spanOf } from '../show.ts';
import type { Holder } from '../verdict.ts';

/** The answers are kept: make a new one when the model has gone on. */
export function createHolderReport(state: ModelState): (resource: number) => readonly Holder[] {
  const known = new Map<number, readonly Holder[]>();
  return (resource) => {
    const before = known.get(resource);
    if (before !== undefined) return before;
    const record = state.resources[resource];
    const holders = record === undefined ? [] : holdersOf(state, record);
    const report = holders.map((task) => {
      const held = findTally(task.held, resource);
      const span = spanOf(state.plan, held?.step ?? -1);
      return { task: task.name, sinceUs: held?.sinceUs ?? 0, span, ended: isEnded(task) };
    });
    known.set(resource, report);
    return report;
  };
}
