/**
 * Conditions. To wait is to release the lock and to stand in line; who is notified, or whose time is over, takes the lock
 * back as deep as it had it. A notify goes to who came first, and is lost where nobody stands in line.
 */
import type { EventOf } from '../../../log/event.ts';
import type { OperationName } from '../../../plan/operation.ts';
import { orderCondition } from '../../order/holding-order.ts';
import { lineNote, quoted } from '../../show.ts';
import type { Explaining } from '../../waits/explaining.ts';
import { type ModelState, type TaskRecord, taskName } from '../model-state.ts';
import { findTally } from '../tally.ts';
import { setTimed } from '../task-moves.ts';
import { giveBack, notePeak, take, wrongKind } from './holding-rules.ts';
import { pass } from './line.ts';
import { isLockFree, passOn, lock as plainLock, rlock, whyLock } from './lock.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import { type ConditionRecord, type LockRecord, NOBODY } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a condition. */
function applyCondition(
  state: ModelState,
  condition: ConditionRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  const lock = lockOf(state, condition);
  if (lock === null) return `${condition.name} has no lock`;
  switch (event.operation) {
    case 'condition.wait':
      return comeBack(state, condition, lock, task, event);
    case 'condition.notify':
      return notify(state, condition, lock, task, event);
    default:
      return wrongKind(condition, event);
  }
}

/** A task begins to wait: it releases the lock and stands in line, unless its time was over at once. */
function standInLine(
  state: ModelState,
  condition: ConditionRecord,
  task: TaskRecord,
  event: EventOf<'waiting'>,
): string | null {
  if (condition.called.has(task.id)) return null;
  const wrong = leaveLock(state, condition, task);
  if (wrong !== null) return wrong;
  condition.line.add(task.id);
  notePeak(condition, condition.line.size, event);
  return null;
}

/** A task's time is over, be it before it waits: from now on it wants the lock, and has no limit. */
function expire(state: ModelState, condition: ConditionRecord, task: TaskRecord): string | null {
  if (task.state !== 'waiting') {
    const wrong = leaveLock(state, condition, task);
    if (wrong !== null) return wrong;
    condition.called.set(task.id, 'expired');
    lockOf(state, condition)?.line?.add(task.id);
    return null;
  }
  if (!condition.line.has(task.id))
    return `${task.name} timed out in the line for ${condition.name}, where it does not stand`;
  callOut(state, condition, task.id, 'expired');
  return null;
}

function leaveLock(state: ModelState, condition: ConditionRecord, task: TaskRecord): string | null {
  const lock = lockOf(state, condition);
  if (lock === null) return `${condition.name} has no lock`;
  const depth = letGo(state, lock, task);
  if (depth === 0) return withoutLock(lock, task, `waited for ${condition.name}`);
  condition.depths.set(task.id, depth);
  return null;
}

/** It leaves the line as if it were notified, which it is not. */
function wakeUp(state: ModelState, condition: ConditionRecord, task: TaskRecord): string | null {
  if (!condition.line.has(task.id))
    return `${task.name} woke up in the line for ${condition.name}, where it does not stand`;
  callOut(state, condition, task.id, 'awake');
  return null;
}

/** A task waits there no more, nor for the lock. */
function leaveLine(state: ModelState, condition: ConditionRecord, task: TaskRecord): void {
  lockOf(state, condition)?.line?.delete(task.id);
  condition.line.delete(task.id);
  condition.called.delete(task.id);
  condition.depths.delete(task.id);
}

/** The lock of a condition; null for a plan that cannot be. */
function lockOf(state: ModelState, condition: ConditionRecord): LockRecord | null {
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
  passOn(state, lock, holder);
  return Math.max(1, own);
}

function comeBack(
  state: ModelState,
  condition: ConditionRecord,
  lock: LockRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  const called = condition.called.get(task.id);
  const isTold = called === 'notified' || called === 'awake';
  if (called === undefined || isTold !== (event.value === true)) {
    const why = called === undefined ? 'though it stands in line' : `having been ${called}`;
    return `${task.name} came back from ${condition.name} with ${String(event.value)}, ${why}`;
  }
  const wrong = takeBack(state, lock, task, condition.depths.get(task.id) ?? 1, event);
  // Where it waited, that is ended by whoever ends the wait.
  if (task.state !== 'waiting') leaveLine(state, condition, task);
  return wrong;
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
  const overtaking = pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  take(state, lock, task, depth, event);
  notePeak(lock, lock.holders, event);
  lock.owner = task.id;
  if (event.amount === depth) return null;
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
  for (const waiter of condition.line) {
    if (left === 0) break;
    left -= 1;
    callOut(state, condition, waiter, 'notified');
  }
  return null;
}

function noteLost({ lost }: ConditionRecord, { at, task, step }: Operated): void {
  lost.at = at;
  lost.task = task;
  lost.step = step;
}

/** From now on the task waits for the lock, without a limit, behind all who came before. */
function callOut(
  state: ModelState,
  condition: ConditionRecord,
  task: number,
  why: 'notified' | 'expired' | 'awake',
): void {
  const lock = lockOf(state, condition);
  const waiter = state.tasks[task];
  if (waiter !== undefined) setTimed(state, waiter, false);
  condition.line.delete(task);
  condition.called.set(task, why);
  condition.waiting -= 1;
  state.watch.touch(condition.id);
  if (lock === null) return;
  lock.line?.add(task);
  lock.waiting += 1;
  state.watch.touch(lock.id);
}

function withoutLock(lock: LockRecord, task: TaskRecord, deed: string): string {
  return `${task.name} ${deed} without holding ${lock.name}`;
}

/** Who was notified waits for the lock alone. */
function lockToTakeBack(state: ModelState, condition: ConditionRecord, task: TaskRecord): LockRecord | null {
  return condition.called.has(task.id) ? lockOf(state, condition) : null;
}

/** Who was called out of the line takes the lock back, as any other who wants it. */
function isFree(state: ModelState, condition: ConditionRecord, task: TaskRecord, first: boolean): boolean {
  if (!condition.called.has(task.id)) return false;
  const lock = lockOf(state, condition);
  return lock === null || !lock.enabled || isLockFree(state, lock, task, first);
}

const CALLED_WORDS = {
  notified: 'it was notified and',
  expired: 'its time is over, and it',
  awake: 'it woke up without a notify and',
} as const;

function why(
  explaining: Explaining,
  condition: ConditionRecord,
  task: TaskRecord,
  operation: OperationName,
): string {
  const { state, lineOf, when, absence } = explaining;
  const lock = lockToTakeBack(state, condition, task);
  if (lock !== null) {
    const called = condition.called.get(task.id);
    return `${called === undefined ? 'it' : CALLED_WORDS[called]} takes ${quoted(lock.name)} back: ${whyLock(explaining, lock, task)}`;
  }
  const { lost } = condition;
  const early =
    lost.at < 0 || lost.at > task.wait.sinceUs
      ? ''
      : `; the notify${when(lost.at)}${lineNote(state.plan, lost.step, lineOf)} came too early: nobody was waiting`;
  return `${absence(task, condition, operation, `notifies ${quoted(condition.name)}`)}${early}`;
}

export const condition: PrimitiveModel<'condition'> = {
  create: (base, plan) => ({
    ...base,
    kind: 'condition',
    plan,
    line: new Set(),
    called: new Map(),
    depths: new Map(),
    lost: { at: -1, task: NOBODY, step: -1 },
  }),
  apply: applyCondition,
  waits: {
    begin: standInLine,
    leave: leaveLine,
    timeOut: expire,
    wakeUp,
    outlastsTime: () => true,
    awaited: (state, condition, task) => lockToTakeBack(state, condition, task) ?? condition,
  },
  line: (state, condition, task) => lockToTakeBack(state, condition, task)?.line ?? null,
  isFree,
  isHeldUp: ({ called }, { id }) => called.has(id),
  endedBy: { 'condition.wait': ['condition.notify'] },
  certain(state, condition, task) {
    const lock = lockToTakeBack(state, condition, task);
    return lock === null ? [] : [lock.owner];
  },
  helps(state, abilities, condition, task) {
    const lock = lockToTakeBack(state, condition, task);
    if (lock === null) return undefined;
    return lock.kind === 'lock'
      ? plainLock.helps?.(state, abilities, lock, task)
      : rlock.helps?.(state, abilities, lock, task);
  },
  why,
  attributes: {},
  noun: 'waiter',
  limit: () => null,
  order: ({ clocks, orderOf }, { lock }) => orderCondition(clocks, () => orderOf(lock)),
  words: {
    'condition.wait': {
      waits: (name) => `waiting for a notify of ${name}`,
      did: (name) => `was notified by ${name}`,
    },
    'condition.notify': { waits: (name) => `notifying ${name}`, did: (name) => `notified ${name}` },
  },
};
