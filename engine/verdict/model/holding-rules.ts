/**
 * Who holds how much of what, and the peaks: what locks, rlocks and semaphores have in common.
 */
import type { EventOf } from '../../log/event.ts';
import type { Moment } from '../show.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
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
  notePeak(resource, resource.kind === 'semaphore' ? resource.out : resource.holders, event);
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
