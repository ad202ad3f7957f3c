/**
 * Semaphores. Nobody takes what is not free, and a bounded one never gets back more than it gave. Anybody may release.
 *
 * What is missing of the permits there were at first is held, by those who took them; permits beyond those are nobody's. A
 * release gives back what the releaser holds, then what others hold, in the order of the file.
 */
import type { EventOf } from '../../log/event.ts';
import { holdersOf } from '../waits/blockage.ts';
import { giveBack, take } from './holding-rules.ts';
import { pass } from './line.ts';
import { wrongKind } from './lock-rules.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import type { SemaphoreRecord } from './resource-record.ts';
import { findTally } from './tally.ts';

type Operated = EventOf<'operated'>;

/** An operation on a semaphore. */
export function applySemaphore(
  state: ModelState,
  semaphore: SemaphoreRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  if (event.amount < 1)
    return `${event.operation} of ${event.amount} permits of ${semaphore.name} by ${task.name}`;
  // What is free changes, also where nobody holds more or less: permits beyond those at first.
  state.watch.touch(semaphore.id);
  switch (event.operation) {
    case 'semaphore.acquire':
      return acquire(state, semaphore, task, event);
    case 'semaphore.release':
      return release(state, semaphore, task, event);
    default:
      return wrongKind(semaphore, event);
  }
}

function acquire(
  state: ModelState,
  semaphore: SemaphoreRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  if (semaphore.enabled && semaphore.free < event.amount) {
    return `${task.name} took ${event.amount} of ${semaphore.name}, which has ${semaphore.free} free`;
  }
  const overtaking = pass(semaphore, semaphore.line, task);
  if (overtaking !== null) return overtaking;
  const before = semaphore.out;
  semaphore.free -= event.amount;
  semaphore.out = outOf(semaphore, before + event.amount);
  state.tallies.add(task.taken, semaphore.id, event.amount, event.at, event.step);
  take(state, semaphore, task, semaphore.out - before, event);
  return null;
}

/** One that is not enabled has no limit: so many are out as its operations say. */
function outOf({ enabled, free, plan }: SemaphoreRecord, counted: number): number {
  return enabled ? Math.max(0, plan.permits - free) : Math.max(0, counted);
}

function release(
  state: ModelState,
  semaphore: SemaphoreRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  const { permits, bounded } = semaphore.plan;
  if (semaphore.enabled && bounded && semaphore.free + event.amount > permits) {
    return `${task.name} released ${event.amount} of ${semaphore.name}, which has ${semaphore.free} of ${permits} free`;
  }
  const before = semaphore.out;
  semaphore.free += event.amount;
  semaphore.out = outOf(semaphore, before - event.amount);
  state.tallies.remove(task.taken, semaphore.id, event.amount);
  giveBackFrom(state, semaphore, task, before - semaphore.out);
  return null;
}

function giveBackFrom(state: ModelState, semaphore: SemaphoreRecord, task: TaskRecord, amount: number): void {
  const own = Math.min(amount, findTally(task.held, semaphore.id)?.amount ?? 0);
  if (own > 0) giveBack(state, semaphore, task, own);
  let left = amount - own;
  if (left === 0) return;
  for (const holder of holdersOf(state, semaphore)) {
    const given = Math.min(left, findTally(holder.held, semaphore.id)?.amount ?? 0);
    giveBack(state, semaphore, holder, given);
    left -= given;
  }
}
