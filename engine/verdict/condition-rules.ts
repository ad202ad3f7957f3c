/**
 * Conditions. To wait is to release the lock and to stand in line; who is notified, or whose time is over, takes the lock
 * back as deep as it had it. A notify goes to who came first, and is lost where nobody stands in line.
 *
 * When a time is over is in no log, so that a notify may have gone past one who had left the line already: that is made
 * good when it comes back and says so, or when somebody else comes back who could not have without it.
 */
import type { EventOf } from '../log/event.ts';
import { giveBack, notePeak, take } from './holding-rules.ts';
import { wrongKind } from './lock-rules.ts';
import { type ModelState, type TaskRecord, taskName } from './model-state.ts';
import { type ConditionRecord, type LockRecord, NOBODY } from './resource-record.ts';
import { findTally } from './tally.ts';

type Operated = EventOf<'operated'>;

/** An operation on a condition. */
export function applyCondition(
  state: ModelState,
  condition: ConditionRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  const lock = lockOf(state, condition);
  if (lock === null) return `${condition.name} has no lock`;
  switch (event.operation) {
    case 'condition.wait':
      return task.state === 'waiting'
        ? comeBack(state, condition, lock, task, event)
        : waitForNothing(state, condition, lock, task, event);
    case 'condition.notify':
      return notify(state, condition, lock, task, event);
    default:
      return wrongKind(condition, event);
  }
}

/** A task releases the lock and stands in line. */
export function standInLine(
  state: ModelState,
  condition: ConditionRecord,
  task: TaskRecord,
  event: EventOf<'waiting'>,
): string | null {
  const lock = lockOf(state, condition);
  if (lock === null) return `${condition.name} has no lock`;
  const depth = letGo(state, lock, task);
  if (depth === 0) return withoutLock(lock, task, `waited for ${condition.name}`);
  condition.line.set(task.id, event.seq);
  condition.depths.set(task.id, depth);
  notePeak(condition, condition.line.size, event);
  return null;
}

/** A task waits there no more. */
export function leaveLine(condition: ConditionRecord, task: TaskRecord): void {
  condition.line.delete(task.id);
  condition.notified.delete(task.id);
  condition.depths.delete(task.id);
}

/** A task that was notified is ended: whether it had left the line before that, nobody knows. */
export function forsake(condition: ConditionRecord, task: TaskRecord): void {
  const seq = condition.notified.get(task.id);
  if (seq !== undefined) condition.spare.push(seq);
}

/** The lock of a condition; null for a plan that cannot be. */
export function lockOf(state: ModelState, condition: ConditionRecord): LockRecord | null {
  const lock = state.resources[condition.plan.lock];
  return lock?.kind === 'lock' || lock?.kind === 'rlock' ? lock : null;
}

/** Gives the whole lock back. Anybody who holds a plain lock will do, as in Python. 0 if it must be held, and is not. */
function letGo(state: ModelState, lock: LockRecord, task: TaskRecord): number {
  const own = findTally(task.held, lock.id)?.amount ?? 0;
  if (lock.kind === 'rlock' && lock.enabled && own === 0) return 0;
  const holder = own > 0 || lock.kind === 'rlock' ? task : state.tasks[lock.owner];
  if (holder === undefined) return lock.enabled ? 0 : 1;
  giveBack(state, lock, holder, findTally(holder.held, lock.id)?.amount ?? 0);
  if (lock.owner === holder.id) lock.owner = NOBODY;
  return Math.max(1, own);
}

function comeBack(
  state: ModelState,
  condition: ConditionRecord,
  lock: LockRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  if (event.value !== true && !task.wait.timed)
    return `${task.name} gave up waiting for ${condition.name} without a timeout`;
  if (event.value !== true) forsake(condition, task);
  else if (!condition.notified.has(task.id) && !claimSpare(state, condition, task))
    return `${task.name} came back from ${condition.name}, though nobody had notified it`;
  return takeBack(state, lock, task, condition.depths.get(task.id) ?? 1, event);
}

/** A timeout of nothing: the lock is released and taken back at one moment, or so it looks. */
function waitForNothing(
  state: ModelState,
  condition: ConditionRecord,
  lock: LockRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  if (event.value !== false) return `${task.name} was notified by ${condition.name} before it waited`;
  const depth = letGo(state, lock, task);
  if (depth === 0) return withoutLock(lock, task, `waited for ${condition.name}`);
  return takeBack(state, lock, task, depth, event);
}

function takeBack(
  state: ModelState,
  lock: LockRecord,
  task: TaskRecord,
  depth: number,
  event: Operated,
): string | null {
  if (lock.enabled && lock.owner !== NOBODY)
    return `${task.name} took ${lock.name} back, which ${taskName(state, lock.owner)} holds`;
  take(state, lock, task, depth, event);
  lock.owner = task.id;
  if (!lock.enabled || event.amount === depth) return null;
  return `${task.name} took ${lock.name} back at depth ${event.amount}, where it had it at ${depth}`;
}

function notify(
  state: ModelState,
  condition: ConditionRecord,
  lock: LockRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  const isHeld = lock.kind === 'rlock' ? lock.owner === task.id : lock.owner !== NOBODY;
  if (lock.enabled && !isHeld) return withoutLock(lock, task, `notified ${condition.name}`);
  if (event.amount < 0 || event.amount > condition.line.size) {
    return `${task.name} notified ${event.amount} tasks by ${condition.name}, where ${condition.line.size} waited`;
  }
  if (event.amount === 0) noteLost(condition, event);
  let left = event.amount;
  for (const waiter of condition.line.keys()) {
    if (left === 0) break;
    left -= 1;
    callOut(state, condition, waiter, event.seq);
  }
  return null;
}

function noteLost({ lost }: ConditionRecord, { at, task, step }: Operated): void {
  lost.at = at;
  lost.task = task;
  lost.step = step;
}

/** From now on the task waits for the lock. */
function callOut(state: ModelState, condition: ConditionRecord, task: number, seq: number): void {
  condition.line.delete(task);
  condition.notified.set(task, seq);
  moveWaiter(state, condition, 1);
}

function moveWaiter(state: ModelState, condition: ConditionRecord, toLock: 1 | -1): void {
  const lock = lockOf(state, condition);
  condition.waiting -= toLock;
  state.watch.touch(condition.id);
  if (lock === null) return;
  lock.waiting += toLock;
  state.watch.touch(lock.id);
}

/** Finds a notify after the task came that went to somebody who was, or may have been, gone by then. */
function claimSpare(state: ModelState, condition: ConditionRecord, task: TaskRecord): boolean {
  const { spare, notified, line } = condition;
  const since = line.get(task.id) ?? Number.POSITIVE_INFINITY;
  const later = spare.filter((seq) => seq > since);
  if (later.length > 0) {
    const first = Math.min(...later);
    spare.splice(spare.indexOf(first), 1);
    callOut(state, condition, task.id, first);
    return true;
  }
  const timed = [...notified].filter(([id, seq]) => seq > since && state.tasks[id]?.wait.timed === true);
  const [gone] = timed.toSorted(([, left], [, right]) => left - right);
  if (gone === undefined) return false;
  const [other, seq] = gone;
  notified.delete(other);
  moveWaiter(state, condition, -1);
  callOut(state, condition, task.id, seq);
  line.set(other, state.tasks[other]?.wait.sinceSeq ?? seq);
  return true;
}

function withoutLock(lock: LockRecord, task: TaskRecord, deed: string): string {
  return `${task.name} ${deed} without holding ${lock.name}`;
}
