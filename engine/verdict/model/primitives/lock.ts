/**
 * Locks and rlocks. A lock has one owner at most, and anybody may release it. An rlock is taken again by its owner, as
 * often as it likes, and released by nobody else, as often as it was taken. One that is not enabled is only counted: whoever
 * took it last and has it is the owner, else the first of those who have it.
 *
 * Each rule applies what happened, or says why it cannot have happened; so in the files of all primitives.
 */
import type { EventOf } from '../../../log/event.ts';
import { orderLock } from '../../order/holding-order.ts';
import { lineNote, quoted } from '../../show.ts';
import type { Explaining } from '../../waits/explaining.ts';
import { isEnded, type ModelState, type TaskRecord, taskName } from '../model-state.ts';
import { findTally } from '../tally.ts';
import { helpOfHolders } from './holder-help.ts';
import { failsForDead, giveBack, holdersOf, notePeak, take, wrongKind } from './holding-rules.ts';
import { createLine, pass } from './line.ts';
import { releases, takes } from './operation-words.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import { type LockRecord, NOBODY } from './resource-record.ts';

type Operated = EventOf<'operated'>;

function acquireLock(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== NOBODY)
    return `${task.name} took ${lock.name}, ${heldNote(state, lock)}`;
  const overtaking = pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  take(state, lock, task, 1, event);
  notePeak(lock, lock.holders, event);
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
  passOn(state, lock, holder);
  return null;
}

/** A task has given the lock back: if it does not have it any more, another may be the owner, where that can be. */
export function passOn(state: ModelState, lock: LockRecord, giver: TaskRecord): void {
  if (lock.owner !== giver.id || findTally(giver.held, lock.id) !== null) return;
  lock.owner = holdersOf(state, lock)[0]?.id ?? NOBODY;
}

function acquireAgain(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== NOBODY && lock.owner !== task.id) {
    return `${task.name} took ${lock.name}, ${heldNote(state, lock)}`;
  }
  const overtaking = lock.owner === task.id ? null : pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  take(state, lock, task, 1, event);
  notePeak(lock, lock.holders, event);
  lock.owner = task.id;
  return checkDepth(lock, task, event);
}

function releaseOnce(state: ModelState, lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && lock.owner !== task.id)
    return `${task.name} released ${lock.name}, ${heldNote(state, lock)}`;
  giveBack(state, lock, task, 1);
  passOn(state, lock, task);
  return checkDepth(lock, task, event);
}

function checkDepth(lock: LockRecord, task: TaskRecord, event: Operated): string | null {
  const depth = findTally(task.held, lock.id)?.amount ?? 0;
  if (depth === event.amount) return null;
  return `${event.operation} of ${lock.name} by ${task.name} gave depth ${event.amount} where it must be ${depth}`;
}

function heldNote(state: ModelState, lock: LockRecord): string {
  return lock.owner === NOBODY ? 'which nobody holds' : `which ${taskName(state, lock.owner)} holds`;
}

/** Whether a task can take it now. */
export function isLockFree(state: ModelState, lock: LockRecord, task: TaskRecord, first: boolean): boolean {
  if (lock.owner === NOBODY) return first;
  return (lock.kind === 'rlock' && lock.owner === task.id) || failsForDead(state, lock);
}

export function whyLock(
  { state, lineOf, when, doing }: Explaining,
  lock: LockRecord,
  task: TaskRecord,
): string {
  const owner = state.tasks[lock.owner];
  const held = owner === undefined ? null : findTally(owner.held, lock.id);
  if (owner === undefined || held === null) return `${quoted(lock.name)} is not given to it`;
  const at = `${when(held.sinceUs)}${lineNote(state.plan, held.step, lineOf)}`;
  if (owner === task) return `it took ${quoted(lock.name)} itself${at}; only an rlock can be taken twice`;
  if (isEnded(owner)) return `${quoted(owner.name)} took it${at} and ended without releasing it`;
  return `${quoted(owner.name)} took it${at} and now ${doing(owner)}`;
}

const common = {
  freed: passOn,
  line: (_state: ModelState, { line }: LockRecord) => line,
  isFree: isLockFree,
  endedBy: {},
  certain: (_state: ModelState, { owner }: LockRecord) => [owner],
  why: whyLock,
  noun: 'holder',
  limit: () => 1,
} as const;

const attributes = {
  held: (_state: ModelState, { holders }: LockRecord) => holders > 0,
  owner: (state: ModelState, { holders, owner }: LockRecord) => (holders > 0 ? taskName(state, owner) : ''),
} as const;

export const lock: PrimitiveModel<'lock'> = {
  ...common,
  create: (base, plan) => ({ ...base, kind: 'lock', plan, owner: NOBODY, line: createLine(base) }),
  apply(state, lock, task, event) {
    switch (event.operation) {
      case 'lock.acquire':
        return acquireLock(state, lock, task, event);
      case 'lock.release':
        return releaseLock(state, lock, task);
      default:
        return wrongKind(lock, event);
    }
  },
  helps: (state, abilities, lock) => helpOfHolders(state, abilities, lock, 'lock.acquire', 'lock.release'),
  attributes,
  order: ({ clocks }, { enabled }) => (enabled ? orderLock(clocks) : null),
  words: {
    'lock.acquire': takes,
    'lock.release': releases,
  },
};

export const rlock: PrimitiveModel<'rlock'> = {
  ...common,
  create: (base, plan) => ({ ...base, kind: 'rlock', plan, owner: NOBODY, line: createLine(base) }),
  apply(state, lock, task, event) {
    switch (event.operation) {
      case 'rlock.acquire':
        return acquireAgain(state, lock, task, event);
      case 'rlock.release':
        return releaseOnce(state, lock, task, event);
      default:
        return wrongKind(lock, event);
    }
  },
  helps:
    (_state, _abilities, { owner }) =>
    ({ id }) =>
      id === owner,
  attributes: {
    ...attributes,
    depth(state, { id, owner }) {
      const holder = state.tasks[owner];
      return BigInt(holder === undefined ? 0 : (findTally(holder.held, id)?.amount ?? 0));
    },
  },
  order: ({ clocks }, { enabled }) => (enabled ? orderLock(clocks) : null),
  words: {
    'rlock.acquire': takes,
    'rlock.release': releases,
  },
};
