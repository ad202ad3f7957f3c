/**
 * Who holds how much of what, and the peaks: what locks, rlocks and semaphores have in common.
 */
import type { EventOf } from '../log/event.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import type { ResourceRecord } from './resource-record.ts';
import type { Moment } from './show.ts';

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

/**
 * Since which event the task asks for what it gets now: that of its waiting, or this one if it never had to wait.
 * Where a resource is fair, this never goes back from one who is served to the next.
 */
export function askedSince(task: TaskRecord, event: EventOf<'operated'>): number {
  return task.state === 'waiting' ? task.wait.sinceSeq : event.seq;
}

/** What to say of a task that is served after one who came later, where that must not be. */
export function overtook(resource: ResourceRecord, task: TaskRecord): string {
  return `${task.name} was overtaken at ${resource.name}, which is fair: one who came later was served before`;
}
