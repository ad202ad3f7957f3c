/**
 * Semaphores. Never more permits are out than there are, and a bounded one never gets back more than it gave. Anybody
 * may release; who holds how much is kept by task, and a release by one who holds nothing leaves the holders as they are.
 */
import type { EventOf } from '../log/event.ts';
import { askedSince, giveBack, overtook, take } from './holding-rules.ts';
import { wrongKind } from './lock-rules.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import type { SemaphoreRecord } from './resource-record.ts';

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
  if (semaphore.fair) {
    const since = askedSince(task, event);
    if (since < semaphore.served) return overtook(semaphore, task);
    semaphore.served = since;
  }
  semaphore.free -= event.amount;
  take(state, semaphore, task, event.amount, event);
  return null;
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
  semaphore.free += event.amount;
  giveBack(state, semaphore, task, event.amount);
  return null;
}
