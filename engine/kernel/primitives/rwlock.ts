/**
 * Readers-writer lock: `[writer + 1, readers, how many of those preferred wait, what each task has and wants …]`.
 *
 * Any number may read at once, or one may write. It is not taken twice: a task that has one side and wants another, or the
 * same again, waits for itself. With `prefer: writers` nobody begins to read while a writer waits; with `prefer: readers`
 * nobody begins to write while a reader waits. Those who wait are counted only where that matters: a wait that is in core
 * makes a state of its own.
 */
import { int } from '../../log/int.ts';
import type { RwlockResource } from '../../plan/plan.ts';
import { learns, publishes } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { names, numbers, ofTasks, type Primitive } from '../primitive.ts';
import { admits, isFair, wakeFirst } from '../waiting/arrival.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { failsForDead, isEnded } from './dead-holder.ts';

const WRITER = 0;
const READERS = 1;
const PREFERRED = 2;
const TASKS = 3;

/** Bits of a task's word. */
const READS = 1;
const WRITES = 2;
const WANTS = 4;

/** What is handed on by those who wrote, and by those who read. */
const WRITTEN = 0;
const READ = 1;

function at(k: Kernel, lock: number): number {
  return int(k.layout.resourceAt[lock]);
}

function preferOf(k: Kernel, lock: number): RwlockResource['prefer'] {
  return (k.plan.resources[lock] as RwlockResource).prefer;
}

function wordOf(k: Kernel, lock: number, task: number): number {
  return int(k.words[at(k, lock) + TASKS + task]);
}

function holdsSide(k: Kernel, lock: number, task: number, side: number): boolean {
  return (wordOf(k, lock, task) & side) !== 0;
}

function holds(k: Kernel, lock: number, task: number): boolean {
  return holdsSide(k, lock, task, READS | WRITES);
}

function acquireRead(k: Kernel, task: number, lock: number): number {
  const block = at(k, lock);
  const { words } = k;
  if (k.layout.disabled[lock] === 0) {
    const isHeldBack = preferOf(k, lock) === 'writers' && words[block + PREFERRED] !== 0;
    const isFree = words[block + WRITER] === 0 && !isHeldBack && !holds(k, lock, task);
    if (!isFree || !admits(k, lock, task, true)) return refuse(k, task, lock, isFree, 'readers');
    stopWanting(k, task, lock);
  }
  // One that is switched off may be taken again.
  if (!holdsSide(k, lock, task, READS)) words[block + READERS] = int(words[block + READERS]) + 1;
  words[block + TASKS + task] = wordOf(k, lock, task) | READS;
  k.amount = int(words[block + READERS]);
  return YES;
}

function acquireWrite(k: Kernel, task: number, lock: number): number {
  const block = at(k, lock);
  const { words } = k;
  if (k.layout.disabled[lock] === 0) {
    const isHeldBack = preferOf(k, lock) === 'readers' && words[block + PREFERRED] !== 0;
    const isFree = words[block + WRITER] === 0 && words[block + READERS] === 0 && !isHeldBack;
    if (!isFree || !admits(k, lock, task, true)) return refuse(k, task, lock, isFree, 'writers');
    stopWanting(k, task, lock);
  }
  words[block + WRITER] = task + 1;
  words[block + TASKS + task] = wordOf(k, lock, task) | WRITES;
  k.amount = 1;
  return YES;
}

/** @param isFree whether nothing but the order of arrival, in which it stands already then, keeps it */
function refuse(
  k: Kernel,
  task: number,
  lock: number,
  isFree: boolean,
  side: RwlockResource['prefer'],
): number {
  if (isFree) return NO;
  if (isHolderDead(k, lock)) return ERROR.ownerDied;
  admits(k, lock, task, false);
  const word = wordOf(k, lock, task);
  if (preferOf(k, lock) === side && (word & WANTS) === 0) {
    k.words[at(k, lock) + TASKS + task] = word | WANTS;
    k.words[at(k, lock) + PREFERRED] = int(k.words[at(k, lock) + PREFERRED]) + 1;
  }
  return NO;
}

function isHolderDead(k: Kernel, lock: number): boolean {
  return failsForDead(k, lock) && k.plan.tasks.some((_, task) => holds(k, lock, task) && isEnded(k, task));
}

/** @returns whether it did */
function stopWanting(k: Kernel, task: number, lock: number): boolean {
  const word = wordOf(k, lock, task);
  if ((word & WANTS) === 0) return false;
  k.words[at(k, lock) + TASKS + task] = word & ~WANTS;
  k.words[at(k, lock) + PREFERRED] = int(k.words[at(k, lock) + PREFERRED]) - 1;
  return true;
}

function releaseRead(k: Kernel, task: number, lock: number): number {
  if (!holdsSide(k, lock, task, READS)) {
    if (k.layout.disabled[lock] === 0) return ERROR.releaseUnacquired;
  } else letGo(k, task, lock, READS);
  k.amount = int(k.words[at(k, lock) + READERS]);
  return YES;
}

function releaseWrite(k: Kernel, task: number, lock: number): number {
  if (!holdsSide(k, lock, task, WRITES)) {
    if (k.layout.disabled[lock] === 0) return ERROR.releaseUnacquired;
  } else letGo(k, task, lock, WRITES);
  k.amount = 0;
  return YES;
}

function letGo(k: Kernel, task: number, lock: number, sides: number): void {
  const block = at(k, lock);
  const had = wordOf(k, lock, task) & sides;
  k.words[block + TASKS + task] = wordOf(k, lock, task) & ~sides;
  if ((had & READS) !== 0) k.words[block + READERS] = int(k.words[block + READERS]) - 1;
  if ((had & WRITES) !== 0 && k.words[block + WRITER] === task + 1)
    k.words[block + WRITER] = k.layout.disabled[lock] === 0 ? 0 : firstWriter(k, lock) + 1;
}

/** Of one that is switched off, which several may write at once; -1: nobody. */
function firstWriter(k: Kernel, lock: number): number {
  return k.plan.tasks.findIndex((_, task) => holdsSide(k, lock, task, WRITES));
}

/** Who waits looks again, once nobody has it: what its preference says is found out then. */
function letIn(k: Kernel, _task: number, lock: number): void {
  const block = at(k, lock);
  if (k.words[block + WRITER] !== 0 || k.words[block + READERS] !== 0) return;
  if (isFair(k, lock)) wakeFirst(k, lock, 0);
  else wake(k, int(k.layout.resourceChannel[lock]), ALL);
}

/** A task that waits no more holds nobody back. */
function giveUp(k: Kernel, task: number, lock: number): void {
  if (stopWanting(k, task, lock)) wake(k, int(k.layout.resourceChannel[lock]), ALL);
}

const taking = {
  of: 'resource',
  waitsOn: 0,
  wakes: [],
  timedOut: giveUp,
  abandoned: giveUp,
  failed: giveUp,
} as const;
const releasing = { of: 'resource', waitsOn: -1, wakes: [], follow: letIn } as const;

export const rwlock: Primitive<'rwlock'> = {
  operations: {
    'rwlock.read.acquire': { attempt: acquireRead, ...taking },
    'rwlock.read.release': { attempt: releaseRead, ...releasing },
    'rwlock.write.acquire': { attempt: acquireWrite, ...taking },
    'rwlock.write.release': { attempt: releaseWrite, ...releasing },
  },
  words: (_resource, sizes) => [names(1), numbers(2), ofTasks(sizes)],
  channels: 1,
  lines: 1,
  attributes: {
    readers: (k, id) => BigInt(int(k.words[at(k, id) + READERS])),
    writer: (k, id) => k.plan.tasks[int(k.words[at(k, id) + WRITER]) - 1]?.name ?? '',
  },
  holding: { holds, giveBack: (k, id, task) => letGo(k, task, id, READS | WRITES), wakes: ALL },
  size: (k, id) => int(k.words[at(k, id) + READERS]),
  contended: () => 'lock',
  // To write comes after all that wrote, and all that read; to read only after those that wrote.
  hands: {
    words: () => 2,
    by: {
      'rwlock.read.acquire': learns(WRITTEN),
      'rwlock.read.release': publishes(READ),
      'rwlock.write.acquire': learns(WRITTEN, READ),
      'rwlock.write.release': publishes(WRITTEN),
    },
  },
};
