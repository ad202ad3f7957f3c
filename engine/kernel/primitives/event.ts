/**
 * Event, as `threading.Event`: `[set]`. Setting it lets all go that wait at that moment, even if it is cleared at once.
 */

import { int } from '../../log/int.ts';
import { learns, publishes } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { NO, YES } from '../outcome.ts';
import { numbers, type Primitive } from '../primitive.ts';
import { ALL } from '../waiting/channel.ts';

function wait(k: Kernel, _task: number, event: number): number {
  k.amount = 0;
  return k.words[int(k.layout.resourceAt[event])] === 1 ? YES : NO;
}

function write(k: Kernel, event: number, set: number): number {
  k.words[int(k.layout.resourceAt[event])] = set;
  k.amount = 0;
  return YES;
}

const operations: Primitive<'event'>['operations'] = {
  'event.wait': { of: 'resource', attempt: wait, waitsOn: 0, wakes: [] },
  'event.signal': {
    of: 'resource',
    attempt: (k, _task, event) => write(k, event, 1),
    waitsOn: -1,
    wakes: [{ channel: 0, count: ALL, completes: true }],
  },
  'event.clear': { of: 'resource', attempt: (k, _task, event) => write(k, event, 0), waitsOn: -1, wakes: [] },
};

export const event: Primitive<'event'> = {
  operations,
  words: () => [numbers(1)],
  channels: 1,
  lines: 0,
  initialize(words, at, { set }) {
    words[at] = set ? 1 : 0;
  },
  attributes: { set: (k, id) => k.words[int(k.layout.resourceAt[id])] === 1 },
  hands: {
    words: () => 1,
    by: { 'event.wait': learns(0), 'event.signal': publishes(0), 'event.clear': null },
  },
};
