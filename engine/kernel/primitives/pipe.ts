/**
 * Pipe, as `multiprocessing.Pipe`: each end is a resource with what was sent to it: `[first, size, closed, items …]`.
 *
 * A send never waits (the reservation is far beyond what scenarios send). A receive from an end that is drained and whose
 * peer is closed is the end of the stream.
 */

import { EXHAUSTED, Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import type { PipeEndResource } from '../../plan/plan.ts';
import type { Handing } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { numbers, type Primitive } from '../primitive.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { putLast, takeFirst } from './fifo.ts';

const SIZE = 1;
const CLOSED = 2;
const ITEMS = 3;

function peerOf(k: Kernel, end: number): number {
  return (k.plan.resources[end] as PipeEndResource).peer;
}

function at(k: Kernel, end: number): number {
  return int(k.layout.resourceAt[end]);
}

function send(k: Kernel, _task: number, end: number, item: number): number {
  const peer = peerOf(k, end);
  const inbox = at(k, peer);
  if (k.words[at(k, end) + CLOSED] === 1) return ERROR.closedHandle;
  if (k.words[inbox + CLOSED] === 1) return ERROR.brokenPipe;
  const size = int(k.words[inbox + SIZE]);
  const capacity = int(k.layout.capacity[peer]);
  if (size >= capacity) throw new Exhausted(EXHAUSTED.queue, peer);
  putLast(k, inbox, inbox + ITEMS, capacity, item);
  k.amount = size + 1;
  return YES;
}

function receive(k: Kernel, _task: number, end: number): number {
  const inbox = at(k, end);
  if (k.words[inbox + CLOSED] === 1) return ERROR.closedHandle;
  const size = int(k.words[inbox + SIZE]);
  if (size === 0) return k.words[at(k, peerOf(k, end)) + CLOSED] === 1 ? ERROR.endOfFile : NO;
  k.result = takeFirst(k, inbox, inbox + ITEMS, int(k.layout.capacity[end]));
  k.amount = size - 1;
  return YES;
}

function close(k: Kernel, _task: number, end: number): number {
  k.words[at(k, end) + CLOSED] = 1;
  k.amount = 0;
  return YES;
}

function wakePeer(count: number): (k: Kernel, task: number, end: number) => void {
  return (k, _task, end) => wake(k, int(k.layout.resourceChannel[peerOf(k, end)]), count);
}

const operations: Primitive<'pipeEnd'>['operations'] = {
  'pipe.send': { of: 'resource', attempt: send, waitsOn: 0, wakes: [], follow: wakePeer(1) },
  'pipe.receive': { of: 'resource', attempt: receive, waitsOn: 0, wakes: [] },
  'pipe.close': {
    of: 'resource',
    attempt: close,
    waitsOn: -1,
    wakes: [{ channel: 0, count: ALL, completes: false }],
    follow: wakePeer(ALL),
  },
};

/** Each item has a place in the list of the end that it was sent to. */
const hands: Handing<'pipeEnd'> = {
  words: (_resource, capacity) => capacity,
  by: {
    'pipe.send'(hands, task, end, size) {
      const peer = peerOf(hands.k, end);
      hands.insert(task, peer, { first: 0, room: hands.sizeOf(peer) }, size - 1);
    },
    'pipe.receive': (hands, task, end) => hands.takeFirst(task, end, 0, hands.sizeOf(end)),
    'pipe.close': (hands, task) => hands.publishEnd(task),
  },
};

export const pipeEnd: Primitive<'pipeEnd'> = {
  operations,
  words: (_resource, { capacity }) => [numbers(ITEMS + capacity)],
  capacity: (_resource, { unboundedCells }) => unboundedCells,
  channels: 1,
  lines: 0,
  attributes: {
    size: (k, id) => BigInt(int(k.words[at(k, id) + SIZE])),
    closed: (k, id) => k.words[at(k, id) + CLOSED] === 1,
  },
  size: (k, id) => int(k.words[at(k, id) + SIZE]),
  hands,
};
