/**
 * Locks and rlocks. A lock has one owner at most, and anybody may release it. An rlock is taken again by its owner, as
 * often as it likes, and released by nobody else, as often as it was taken. One that is not enabled is only counted.
 *
 * Each rule applies what happened, or says why it cannot have happened; so in all files of this kind.
 */
import type { EventOf } from '../../log/event.ts';
import { giveBack, take } from './holding-rules.ts';
import { pass } from './line.ts';
import { type ModelState, type TaskRecord, taskName } from './model-state.ts';
import { type LockRecord, NOBODY } from './resource-record.ts';
import { findTally } from './tally.ts';

type Operated = EventOf<'operated'>;

/** An operation on a lock or rlock. */
export function applyLock(
  state: ModelState,
  lock: LockRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  switch (event.operation) {
    case 'lock.acquire':
      return lock.kind === 'lock' ? acquireLock(state, lock, task, event) : wrongKind(lock, event);
    case 'lock.release':
      return lock.kind === 'lock' ? releaseLock(state, lock, task) : wrongKind(lock, event);
    case 'rlock.acquire':
      return lock.kind === 'rlock' ? acquireAgain(state, lock, task, event) : wrongKind(lock, event);
    case 'rlock.release':
      return lock.kind === 'rlock' ? releaseOnce(state, lock, task, event) : wrongKind(lock, event);
    default:
      return wrongKind(lock, event);
  }
}

/** What to say of an operation that this kind of resource does not have. */
export function wrongKind(
  resource: { readonly name: string; readonly kind: string },
  event: Operated,
): string {
  return `${event.operation} on ${resource.name}, which is a ${resource.kind}`;
}

function acquireLock(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== NOBODY)
    return `${task.name} took ${lock.name}, ${heldNote(state, lock)}`;
  const overtaking = pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  take(state, lock, task, 1, event);
  lock.owner = task.id;
  return null;
}

function releaseLock(state: ModelState, lock: LockRecord, task: TaskRecord): string | null {
  const owner = state.tasks[lock.owner];
  if (lock.enabled && owner === undefined) return `${task.name} released ${lock.name}, which nobody held`;
  const own = findTally(task.held, lock.id) !== null;
  const holder = own ? task : owner;
  if (holder === undefined) return null;
  giveBack(state, lock, holder, 1);
  if (findTally(holder.held, lock.id) === null && holder.id === lock.owner) lock.owner = NOBODY;
  return null;
}

function acquireAgain(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== NOBODY && lock.owner !== task.id) {
    return `${task.name} took ${lock.name}, ${heldNote(state, lock)}`;
  }
  const overtaking = lock.owner === task.id ? null : pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  take(state, lock, task, 1, event);
  lock.owner = task.id;
  return checkDepth(lock, task, event);
}

function releaseOnce(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== task.id)
    return `${task.name} released ${lock.name}, ${heldNote(state, lock)}`;
  giveBack(state, lock, task, 1);
  if (findTally(task.held, lock.id) === null && lock.owner === task.id) lock.owner = NOBODY;
  return checkDepth(lock, task, event);
}

function checkDepth(lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  const depth = findTally(task.held, lock.id)?.amount ?? 0;
  if (!lock.enabled || depth === event.amount) return null;
  return `${event.operation} of ${lock.name} by ${task.name} gave depth ${event.amount} where it must be ${depth}`;
}

function heldNote(state: ModelState, lock: LockRecord): string {
  return lock.owner === NOBODY ? 'which nobody holds' : `which ${taskName(state, lock.owner)} holds`;
}
