/**
 * Lock and rlock, as `threading.Lock` and `threading.RLock`: `[owner + 1, depth]`.
 *
 * A lock may be released by any task; an rlock only by its owner, as often as it was taken. A lock whose holder ended stays
 * locked, where nothing else is said. What is switched off makes nobody wait: see `switched-off.ts`.
 */

import { int } from '../../log/int.ts';
import { learns, publishes } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { names, numbers, ofTasks, type Primitive } from '../primitive.ts';
import { admits } from '../waiting/arrival.ts';
import { goFirst } from '../waiting/channel.ts';
import { isOwnerDead } from './dead-holder.ts';
import { countHolders, giveAnyway, giverOf, takeAnyway, timesHeld } from './switched-off.ts';

function acquire(k: Kernel, task: number, lock: number): number {
  const at = int(k.layout.resourceAt[lock]);
  if (k.layout.disabled[lock] === 1) {
    takeAnyway(k, lock, task, 1);
    k.amount = 1;
    return YES;
  }
  const free = k.words[at] === 0;
  if (!free && isOwnerDead(k, lock)) return ERROR.ownerDied;
  if (!admits(k, lock, task, free)) return NO;
  k.words[at] = task + 1;
  k.amount = 1;
  return YES;
}

function release(k: Kernel, task: number, lock: number): number {
  const at = int(k.layout.resourceAt[lock]);
  if (k.layout.disabled[lock] === 1) {
    giveAnyway(k, lock, giverOf(k, lock, task), 1);
    k.amount = 1;
    return YES;
  }
  if (k.words[at] === 0) return ERROR.releaseUnlocked;
  k.words[at] = 0;
  k.amount = 1;
  return YES;
}

function acquireAgain(k: Kernel, task: number, lock: number): number {
  const at = int(k.layout.resourceAt[lock]);
  if (k.layout.disabled[lock] === 1) {
    k.amount = takeAnyway(k, lock, task, 1);
    return YES;
  }
  const mine = k.words[at] === task + 1;
  const free = k.words[at] === 0;
  if (!mine && !free && isOwnerDead(k, lock)) return ERROR.ownerDied;
  if (!mine && !admits(k, lock, task, free)) return NO;
  k.words[at] = task + 1;
  k.amount = mine ? int(k.words[at + 1]) + 1 : 1;
  k.words[at + 1] = k.amount;
  return YES;
}

function releaseOnce(k: Kernel, task: number, lock: number): number {
  const at = int(k.layout.resourceAt[lock]);
  if (k.layout.disabled[lock] === 1) {
    k.amount = giveAnyway(k, lock, task, 1);
    return YES;
  }
  if (k.words[at] !== task + 1) return ERROR.releaseUnacquired;
  k.amount = int(k.words[at + 1]) - 1;
  k.words[at + 1] = k.amount;
  if (k.amount === 0) k.words[at] = 0;
  return YES;
}

/**
 * A holder that was interrupted, and only waits for its turn, has it next: else all who are ready before it would come to
 * wait here as well. (Where schedules are chosen, nobody is helped.)
 */
function letHolderGoOn(k: Kernel, _task: number, lock: number): void {
  const holder = int(k.words[int(k.layout.resourceAt[lock])]) - 1;
  if (holder >= 0 && !k.host.canonical) goFirst(k, holder);
}

const taking = { of: 'resource', waitsOn: 0, wakes: [], refused: letHolderGoOn } as const;
const releasing = {
  of: 'resource',
  waitsOn: -1,
  wakes: [{ channel: 0, count: 1, completes: false }],
} as const;

const ownerOf = (k: Kernel, lock: number): number => int(k.words[int(k.layout.resourceAt[lock])]) - 1;

const common = {
  words: ({ enabled }, sizes) => (enabled ? [names(1), numbers(1)] : [names(1), numbers(2), ofTasks(sizes)]),
  channels: 1,
  lines: 1,
  holding: {
    holds: (k, lock, task) =>
      k.layout.disabled[lock] === 1 ? timesHeld(k, lock, task) > 0 : ownerOf(k, lock) === task,
    giveBack(k, lock, task) {
      if (k.layout.disabled[lock] === 1) {
        giveAnyway(k, lock, task, timesHeld(k, lock, task));
        return;
      }
      const at = int(k.layout.resourceAt[lock]);
      k.words.fill(0, at, at + 2);
    },
    wakes: 1,
  },
  size: (k, lock, { enabled }) => {
    if (!enabled) return countHolders(k, lock);
    return ownerOf(k, lock) < 0 ? 0 : 1;
  },
  contended: () => 'lock',
} as const satisfies Partial<Primitive<'lock'>> & Partial<Primitive<'rlock'>>;

const attributes = {
  held: (k: Kernel, lock: number) => ownerOf(k, lock) >= 0,
  owner: (k: Kernel, lock: number) => k.plan.tasks[ownerOf(k, lock)]?.name ?? '',
};

export const lock: Primitive<'lock'> = {
  ...common,
  operations: {
    'lock.acquire': { attempt: acquire, ...taking },
    'lock.release': { attempt: release, ...releasing },
  },
  attributes,
  hands: { words: () => 1, by: { 'lock.acquire': learns(0), 'lock.release': publishes(0) } },
};

export const rlock: Primitive<'rlock'> = {
  ...common,
  operations: {
    'rlock.acquire': { attempt: acquireAgain, ...taking },
    'rlock.release': { attempt: releaseOnce, ...releasing },
  },
  attributes: {
    ...attributes,
    depth: (k, id) => BigInt(int(k.words[int(k.layout.resourceAt[id]) + 1])),
  },
  hands: { words: () => 1, by: { 'rlock.acquire': learns(0), 'rlock.release': publishes(0) } },
};
