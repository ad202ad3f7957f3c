/**
 * Semaphore, as `threading.Semaphore` and `BoundedSemaphore`: `[free, tasks holding, permits held by each task …]`.
 *
 * Who holds is kept for people; it gives no rights. All tasks together hold as many as are missing of the permits there
 * were at first: a permit beyond those is nobody's. What is given back is the releaser's own first, then that of the other
 * holders in the plan's order. One that is switched off (`enabled: false`) keeps the same books and makes nobody wait: what is
 * free becomes less than nothing.
 */

import { EXHAUSTED, Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import type { SemaphoreResource } from '../../plan/plan.ts';
import type { Handing, Hands } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { numbers, ofTasks, type Primitive } from '../primitive.ts';
import { admits, isFair } from '../waiting/arrival.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { failsForDead, isEnded } from './dead-holder.ts';

const FREE = 0;
const HOLDERS = 1;
/** From there on: how many each task holds. */
export const HELD = 2;

function acquire(k: Kernel, task: number, semaphore: number, permits: number): number {
  if (permits < 1) return ERROR.releaseFewerThanOne;
  const at = int(k.layout.resourceAt[semaphore]);
  const free = int(k.words[at + FREE]);
  const fits = free >= permits || k.layout.disabled[semaphore] === 1;
  if (!fits && isHolderDead(k, semaphore)) return ERROR.ownerDied;
  if (!admits(k, semaphore, task, fits)) return NO;
  if (free - permits < -MOST_PERMITS) throw new Exhausted(EXHAUSTED.permits, semaphore);
  const taken = outOf(k, semaphore, free - permits) - outOf(k, semaphore, free);
  k.words[at + FREE] = free - permits;
  if (taken > 0) hold(k, at, task, taken);
  k.amount = permits;
  return YES;
}

/** How many permits are held where so many are free. */
function outOf(k: Kernel, semaphore: number, free: number): number {
  return Math.max(0, (k.plan.resources[semaphore] as SemaphoreResource).permits - free);
}

function hold(k: Kernel, at: number, task: number, permits: number): void {
  const held = int(k.words[at + HELD + task]);
  if (held === 0) k.words[at + HOLDERS] = int(k.words[at + HOLDERS]) + 1;
  k.words[at + HELD + task] = held + permits;
}

function isHolderDead(k: Kernel, semaphore: number): boolean {
  if (!failsForDead(k, semaphore)) return false;
  return k.plan.tasks.some((_, task) => holdsPermits(k, semaphore, task) && isEnded(k, task));
}

/** What a word can count. */
export const MOST_PERMITS = 2 ** 31 - 1;

function release(k: Kernel, task: number, semaphore: number, permits: number): number {
  if (permits < 1) return ERROR.releaseFewerThanOne;
  if (int(k.words[int(k.layout.resourceAt[semaphore]) + FREE]) > MOST_PERMITS - permits)
    throw new Exhausted(EXHAUSTED.permits, semaphore);
  const at = int(k.layout.resourceAt[semaphore]);
  const resource = k.plan.resources[semaphore] as SemaphoreResource;
  const free = int(k.words[at + FREE]);
  if (resource.bounded && free + permits > resource.permits && k.layout.disabled[semaphore] === 0)
    return ERROR.releasedTooOften;
  k.words[at + FREE] = free + permits;
  giveBack(k, at, task, outOf(k, semaphore, free) - outOf(k, semaphore, free + permits));
  k.amount = permits;
  return YES;
}

function giveBack(k: Kernel, at: number, task: number, permits: number): void {
  let left = permits - letGo(k, at, task, permits);
  for (let other = 0; left > 0 && k.words[at + HOLDERS] !== 0; other++) left -= letGo(k, at, other, left);
}

/** @returns how many of so many permits the task held, which it holds no more */
function letGo(k: Kernel, at: number, task: number, permits: number): number {
  const held = int(k.words[at + HELD + task]);
  const given = Math.min(held, permits);
  if (given === 0) return 0;
  k.words[at + HELD + task] = held - given;
  if (held === given) k.words[at + HOLDERS] = int(k.words[at + HOLDERS]) - 1;
  return given;
}

/** Whether a task is in the books as holding a permit. */
function holdsPermits(k: Kernel, semaphore: number, task: number): boolean {
  return k.words[int(k.layout.resourceAt[semaphore]) + HELD + task] !== 0;
}

/** All that a task holds is free again. */
function giveBackAll(k: Kernel, semaphore: number, task: number): void {
  const at = int(k.layout.resourceAt[semaphore]);
  const held = int(k.words[at + HELD + task]);
  k.words[at + FREE] = int(k.words[at + FREE]) + held;
  letGo(k, at, task, held);
}

const operations: Primitive<'semaphore'>['operations'] = {
  'semaphore.acquire': {
    of: 'resource',
    attempt: acquire,
    waitsOn: 0,
    wakes: [],
    tells: (_k, _task, _semaphore, permits) => permits,
  },
  'semaphore.release': {
    of: 'resource',
    attempt: release,
    waitsOn: -1,
    wakes: [{ channel: 0, count: 1, completes: false }],
    // Several permits may serve several waiters, and one that wants many must not hide one that wants few.
    follow: (k, _task, semaphore) => wakeRest(k, semaphore),
  },
};

/** Permits that are kept apart by what is known with them, beyond those there are at first; and how many at most. */
const MORE_APART = 64;
const MOST_APART = 1024;

/** Each free permit is a place in a list. Those that nobody has used yet go first, then those given back longest ago. */
const hands: Handing<'semaphore'> = {
  words: ({ permits }) => Math.min(permits + MORE_APART, MOST_APART),
  by: {
    'semaphore.acquire': takePlaces,
    'semaphore.release': givePlaces,
  },
};

function takePlaces(hands: Hands, task: number, semaphore: number, permits: number): void {
  if (!hands.orders(semaphore)) return;
  const room = hands.sizeOf(semaphore);
  for (let left = permits; left > 0; left--) hands.takeFirst(task, semaphore, 0, room);
}

function givePlaces(hands: Hands, task: number, semaphore: number, permits: number): void {
  if (!hands.orders(semaphore)) return;
  const free = wordOf(hands.k, semaphore, FREE);
  const list = { first: 0, room: hands.sizeOf(semaphore) };
  for (let index = free - permits; index < free; index++) hands.insert(task, semaphore, list, index);
}

function wordOf(k: Kernel, semaphore: number, word: number): number {
  return int(k.words[int(k.layout.resourceAt[semaphore]) + word]);
}

export const semaphore: Primitive<'semaphore'> = {
  operations,
  words: (_resource, sizes) => [numbers(2), ofTasks(sizes)],
  channels: 1,
  lines: 1,
  initialize(words, at, { permits }) {
    words[at + FREE] = permits;
  },
  attributes: {
    permits: (_k, _id, { permits }) => BigInt(permits),
    free: (k, id) => BigInt(wordOf(k, id, FREE)),
    holders: (k, id) => BigInt(wordOf(k, id, HOLDERS)),
  },
  holding: { holds: holdsPermits, giveBack: giveBackAll, wakes: ALL },
  size: (k, id) => outOf(k, id, wordOf(k, id, FREE)),
  // Where permits are given back by others, who took them is history.
  books: [
    {
      attribute: 'holders',
      at: HOLDERS,
      count: (tasks) => 1 + tasks,
      isUsed: ({ onHolderExit }) => onHolderExit !== 'keep',
    },
  ],
  contended: () => 'semaphore',
  hands,
};

function wakeRest(k: Kernel, semaphore: number): void {
  if (isFair(k, semaphore)) return;
  const channel = int(k.layout.resourceChannel[semaphore]);
  if (k.amount > 1 || k.layout.severalPermits[semaphore] === 1) wake(k, channel, ALL);
}
