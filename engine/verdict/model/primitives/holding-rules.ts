/**
 * Who holds how much of what, and the peaks: what all that can be held has in common.
 */
import type { EventOf } from '../../../log/event.ts';
import type { Moment } from '../../show.ts';
import { isEnded, type ModelState, type TaskRecord } from '../model-state.ts';
import type { ResourceRecord } from './resource-record.ts';

/** The task has so much more of it. */
export function take(
  state: ModelState,
  resource: ResourceRecord,
  task: TaskRecord,
  amount: number,
  event: EventOf<'operated'>,
): void {
  state.watch.touch(resource.id);
  if (amount > 0 && state.tallies.add(task.held, resource.id, amount, event.at, event.step))
    resource.holders += 1;
}

/** The task has so much less of it, at least none. */
export function giveBack(
  state: ModelState,
  resource: ResourceRecord,
  task: TaskRecord,
  amount: number,
): void {
  state.watch.touch(resource.id);
  if (state.tallies.remove(task.held, resource.id, amount)) resource.holders -= 1;
}

/** Keeps the moment at which the resource was fuller than ever before. */
export function notePeak(resource: ResourceRecord, size: number, event: Moment): void {
  if (size <= resource.peak) return;
  resource.peak = size;
  resource.peakMoment.at = event.at;
  resource.peakMoment.task = event.task;
  resource.peakMoment.step = event.step;
}

/** Whether a holder that has ended makes those fail that would wait for it (`onHolderExit: fail`). */
export function failsForDead(state: ModelState, resource: ResourceRecord): boolean {
  if (resource.plan.onHolderExit !== 'fail') return false;
  return holdersOf(state, resource).some(isEnded);
}

/** All tasks that hold it, those that have ended included, in the plan's order. */
export function holdersOf(state: ModelState, resource: ResourceRecord): readonly TaskRecord[] {
  if (resource.holders === 0) return [];
  return state.tasks.filter((task) => {
    for (let entry = task.held.first; entry !== null; entry = entry.next)
      if (entry.key === resource.id) return true;
    return false;
  });
}

/** What is to be said of an operation that this kind of resource does not have. */
export function wrongKind(
  resource: { readonly name: string; readonly kind: string },
  event: EventOf<'operated'>,
): string {
  return `${event.operation} on ${resource.name}, which is a ${resource.kind}`;
}
