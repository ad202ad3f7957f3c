/**
 * Queue, as `queue.Queue`, `LifoQueue` and `PriorityQueue`:
 * `[first, size, unfinished, closed, items …, priorities …]`.
 *
 * A fifo's items begin at cell `first`. A priority queue is kept in order, smallest number first, equal numbers in order of arrival.
 */

import { EXHAUSTED, Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import type { Plan, QueueResource } from '../../plan/plan.ts';
import type { Handing, Hands } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { numbers, type Primitive } from '../primitive.ts';
import { admits } from '../waiting/arrival.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { putLast, shift, takeFirst, vacate } from './fifo.ts';

/** Words of a queue that others look at, too. */
export const QUEUE = { size: 1, closed: 3 } as const;

const SIZE = QUEUE.size;
const UNFINISHED = 2;
const CLOSED = QUEUE.closed;
const ITEMS = 4;

/** The channels: who waits for room, for an item, for the end of the work. */
const ROOM = 0;
const ITEM = 1;
const FINISHED = 2;

function put(k: Kernel, task: number, queue: number, item: number, priority: number): number {
  const at = int(k.layout.resourceAt[queue]);
  if (k.words[at + CLOSED] === 1) return ERROR.shutDown;
  const size = int(k.words[at + SIZE]);
  const capacity = int(k.layout.capacity[queue]);
  const resource = k.plan.resources[queue] as QueueResource;
  if (size >= capacity && resource.capacity === 0) throw new Exhausted(EXHAUSTED.queue, queue);
  if (!admits(k, queue, task, size < capacity, ROOM)) return NO;
  if (resource.order === 'priority') insert(k, at, capacity, item, priority);
  else putLast(k, at, at + ITEMS, capacity, item);
  k.words[at + UNFINISHED] = int(k.words[at + UNFINISHED]) + 1;
  k.amount = priority;
  return YES;
}

/** After all items whose priority is not greater. */
function insert(k: Kernel, at: number, capacity: number, item: number, priority: number): void {
  const size = int(k.words[at + SIZE]);
  const items = at + ITEMS;
  const priorities = items + capacity;
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (priority < int(k.words[priorities + middle])) high = middle;
    else low = middle + 1;
  }
  k.words.copyWithin(items + low + 1, items + low, items + size);
  k.words.copyWithin(priorities + low + 1, priorities + low, priorities + size);
  k.words[items + low] = item;
  k.words[priorities + low] = priority;
  k.words[at + SIZE] = size + 1;
}

function get(k: Kernel, task: number, queue: number): number {
  const at = int(k.layout.resourceAt[queue]);
  const size = int(k.words[at + SIZE]);
  if (size === 0 && k.words[at + CLOSED] === 1) return ERROR.shutDown;
  if (!admits(k, queue, task, size > 0, ITEM)) return NO;
  k.result = takeOne(k, at, queue);
  k.amount = size - 1;
  return YES;
}

function takeOne(k: Kernel, at: number, queue: number): number {
  const resource = k.plan.resources[queue] as QueueResource;
  const capacity = int(k.layout.capacity[queue]);
  const size = int(k.words[at + SIZE]);
  if (resource.order === 'fifo') return takeFirst(k, at, at + ITEMS, capacity);
  k.words[at + SIZE] = size - 1;
  if (resource.order === 'lifo') return vacate(k, at + ITEMS + size - 1);
  shift(k, at + ITEMS + capacity, size);
  const item = vacate(k, at + ITEMS);
  shift(k, at + ITEMS, size);
  return item;
}

function taskDone(k: Kernel, _task: number, queue: number): number {
  const at = int(k.layout.resourceAt[queue]) + UNFINISHED;
  const unfinished = int(k.words[at]);
  if (unfinished === 0) return ERROR.taskDoneTooOften;
  k.words[at] = unfinished - 1;
  k.amount = unfinished - 1;
  return YES;
}

/** Only when all is done: before that they would wake in vain, once for each item. */
function wakeJoiners(k: Kernel, _task: number, queue: number): void {
  if (k.amount === 0) wake(k, int(k.layout.resourceChannel[queue]) + FINISHED, ALL);
}

function join(k: Kernel, _task: number, queue: number): number {
  k.amount = 0;
  return k.words[int(k.layout.resourceAt[queue]) + UNFINISHED] === 0 ? YES : NO;
}

/** `immediate` (1) drops what is queued, and what it stood for in the unfinished work. */
function close(k: Kernel, _task: number, queue: number, immediate: number): number {
  const at = int(k.layout.resourceAt[queue]);
  k.words[at + CLOSED] = 1;
  k.amount = immediate;
  if (immediate === 0) return YES;
  while (int(k.words[at + SIZE]) > 0) {
    k.freeWord(takeOne(k, at, queue));
    const unfinished = int(k.words[at + UNFINISHED]);
    if (unfinished > 0) k.words[at + UNFINISHED] = unfinished - 1;
  }
  return YES;
}

const one = (channel: number) => ({ channel, count: 1, completes: false }) as const;
const all = (channel: number) => ({ channel, count: ALL, completes: false }) as const;

const operations: Primitive<'queue'>['operations'] = {
  'queue.put': { of: 'resource', attempt: put, waitsOn: ROOM, wakes: [one(ITEM)] },
  'queue.get': { of: 'resource', attempt: get, waitsOn: ITEM, wakes: [one(ROOM)] },
  'queue.taskDone': { of: 'resource', attempt: taskDone, waitsOn: -1, wakes: [], follow: wakeJoiners },
  'queue.join': { of: 'resource', attempt: join, waitsOn: FINISHED, wakes: [] },
  'queue.close': {
    of: 'resource',
    attempt: close,
    waitsOn: -1,
    wakes: [all(ROOM), all(ITEM), all(FINISHED)],
  },
};

function wordOf(k: Kernel, queue: number, word: number): number {
  return int(k.words[int(k.layout.resourceAt[queue]) + word]);
}

/** Whether anything asks how many items are not dealt with. */
function countsWork({ programs }: Plan): boolean {
  return programs.some(({ instructions }) =>
    instructions.some(
      (one) => one.op === 'operate' && (one.operation === 'queue.taskDone' || one.operation === 'queue.join'),
    ),
  );
}

/** A place for each item, then one for each that there is room for, then what is known to those who said that work was done. */
const hands: Handing<'queue'> = {
  words: (resource, capacity) => capacity + resource.capacity + 1,
  by: {
    'queue.put': handPut,
    'queue.get': handGet,
    'queue.taskDone': (hands, task, queue) => hands.publish(task, queue, placesOf(hands.k, queue).done),
    'queue.join': (hands, task, queue) => hands.learn(task, queue, placesOf(hands.k, queue).done),
    'queue.close'(hands, task, queue, immediate) {
      const { items, done } = placesOf(hands.k, queue);
      hands.publishEnd(task);
      if (immediate === 1) hands.forget(queue, 0, items);
      hands.publish(task, queue, done);
    },
  },
};

function placesOf({ layout, plan }: Kernel, queue: number) {
  const items = int(layout.capacity[queue]);
  const room = (plan.resources[queue] as QueueResource).capacity;
  return { items, room, done: items + room };
}

function handPut(hands: Hands, task: number, queue: number, priority: number): void {
  const { items, room } = placesOf(hands.k, queue);
  const isSorted = (hands.k.plan.resources[queue] as QueueResource).order === 'priority';
  const size = wordOf(hands.k, queue, SIZE);
  if (room > 0) hands.takeFirst(task, queue, items, room);
  const list = { first: 0, room: items };
  hands.insert(task, queue, list, isSorted ? lastOf(hands.k, queue, priority) : size - 1);
}

function handGet(hands: Hands, task: number, queue: number): void {
  const { items, room } = placesOf(hands.k, queue);
  const size = wordOf(hands.k, queue, SIZE);
  const isStack = (hands.k.plan.resources[queue] as QueueResource).order === 'lifo';
  if (isStack) hands.takeAt(task, queue, size);
  else hands.takeFirst(task, queue, 0, items);
  if (room > 0) hands.insert(task, queue, { first: items, room }, room - size - 1);
}

/** Where an item of that priority came to be that was put in just now: behind all of the same. */
function lastOf(k: Kernel, queue: number, priority: number): number {
  const priorities = ITEMS + int(k.layout.capacity[queue]);
  let place = wordOf(k, queue, SIZE) - 1;
  while (place > 0 && wordOf(k, queue, priorities + place) > priority) place--;
  return place;
}

export const queue: Primitive<'queue'> = {
  operations,
  words: (_resource, { capacity }) => [numbers(ITEMS + 2 * capacity)],
  capacity: ({ capacity }, { unboundedCells }) => (capacity === 0 ? unboundedCells : capacity),
  channels: 3,
  // Those who wait for the end of the work take nothing.
  lines: 2,
  attributes: {
    size: (k, id) => BigInt(wordOf(k, id, SIZE)),
    capacity: (_k, _id, { capacity }) => BigInt(capacity),
    unfinished: (k, id) => BigInt(wordOf(k, id, UNFINISHED)),
    closed: (k, id) => wordOf(k, id, CLOSED) === 1,
  },
  size: (k, id) => wordOf(k, id, SIZE),
  // Without anybody who finishes work it counts for ever.
  books: [
    {
      attribute: 'unfinished',
      at: UNFINISHED,
      count: () => 1,
      isUsed: (_resource, plan) => countsWork(plan),
    },
  ],
  contended: ({ capacity }) => (capacity === 0 ? undefined : 'queue'),
  hands,
};
