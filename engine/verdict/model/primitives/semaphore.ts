/**
 * Semaphores. Nobody takes what is not free, and a bounded one never gets back more than it gave. Anybody may release.
 *
 * What is missing of the permits there were at first is held, by those who took them; permits beyond those are nobody's. A
 * release gives back what the releaser holds, then what others hold, in the order of the file.
 */
import type { EventOf } from '../../../log/event.ts';
import { orderSemaphore } from '../../order/holding-order.ts';
import { counted, quoted } from '../../show.ts';
import { type Explaining, named, plural } from '../../waits/explaining.ts';
import { isEnded, isLive, type ModelState, type TaskRecord } from '../model-state.ts';
import { findTally } from '../tally.ts';
import { helpOfHolders } from './holder-help.ts';
import { failsForDead, giveBack, holdersOf, notePeak, take, wrongKind } from './holding-rules.ts';
import { createLine, pass } from './line.ts';
import { releases, takes } from './operation-words.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import type { SemaphoreRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a semaphore. */
function applySemaphore(
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
  semaphore.out = outOf(semaphore);
  state.tallies.add(task.taken, semaphore.id, event.amount, event.at, event.step);
  take(state, semaphore, task, semaphore.out - before, event);
  notePeak(semaphore, semaphore.out, event);
  return null;
}

/** One that is not enabled has no limit: less than nothing is free. */
function outOf({ free, plan }: SemaphoreRecord): number {
  return Math.max(0, plan.permits - free);
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
  semaphore.out = outOf(semaphore);
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

function why(explaining: Explaining, semaphore: SemaphoreRecord, task: TaskRecord): string {
  const holders = explaining.holders(semaphore);
  const free =
    semaphore.free === 0
      ? 'no free permit'
      : `${counted(semaphore.free, 'free permit')}, and it asks for ${task.wait.amount}`;
  const name = quoted(semaphore.name);
  if (holders.length === 0)
    return `${name} has ${free}, and ${explaining.absence(task, semaphore, 'semaphore.acquire', 'releases')}`;
  const ended = holders.filter(isEnded);
  const live = holders.filter((holder) => isLive(holder) && holder !== task);
  const parts = [`${name} has ${free}`];
  const own = findTally(task.held, semaphore.id)?.amount ?? 0;
  if (holders.includes(task)) parts.push(`${quoted(task.name)} itself holds ${own}`);
  if (live.length > 0)
    parts.push(`${named(live)} ${plural(live, 'holds one and waits', 'hold some and wait')} too`);
  if (ended.length > 0) parts.push(`${named(ended)} ended without releasing`);
  return parts.join('; ');
}

export const semaphore: PrimitiveModel<'semaphore'> = {
  create: (base, plan) => ({
    ...base,
    kind: 'semaphore',
    plan,
    free: plan.permits,
    out: 0,
    line: createLine(base),
  }),
  apply: applySemaphore,
  freed(_state, semaphore, _task, amount) {
    semaphore.out -= amount;
    semaphore.free += amount;
  },
  line: (_state, { line }) => line,
  isFree: (state, semaphore, { wait }, first) =>
    semaphore.free >= wait.amount ? first : failsForDead(state, semaphore),
  endedBy: { 'semaphore.acquire': ['semaphore.release'] },
  helps: (state, abilities, semaphore) =>
    helpOfHolders(state, abilities, semaphore, 'semaphore.acquire', 'semaphore.release'),
  why,
  attributes: {
    permits: (_state, { plan }) => BigInt(plan.permits),
    free: (_state, { free }) => BigInt(free),
    holders: (_state, { holders }) => BigInt(holders),
  },
  noun: 'permit',
  limit: ({ permits }) => permits,
  left: ({ free }) => free,
  order: ({ clocks }, { enabled, permits }) => (enabled ? orderSemaphore(clocks, permits) : null),
  words: {
    'semaphore.acquire': takes,
    'semaphore.release': releases,
  },
};
