/**
 * Queues: what comes out is what went in, in the queue's order, never more than fits; after `close` nothing goes in.
 */
import type { EventOf } from '../../../log/event.ts';
import type { OperationName } from '../../../plan/operation.ts';
import { isSame } from '../../expectations/same-value.ts';
import { orderQueue } from '../../order/passing-order.ts';
import { counted, quoted, shown } from '../../show.ts';
import type { Explaining } from '../../waits/explaining.ts';
import type { ModelState, TaskRecord } from '../model-state.ts';
import { notePeak, wrongKind } from './holding-rules.ts';
import { createItemQueue } from './item-queue.ts';
import { createLine, pass } from './line.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import type { QueueRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a queue. */
function applyQueue(state: ModelState, queue: QueueRecord, task: TaskRecord, event: Operated): string | null {
  state.watch.touch(queue.id);
  switch (event.operation) {
    case 'queue.put':
      return put(queue, task, event);
    case 'queue.get':
      return get(queue, task, event);
    case 'queue.taskDone':
      if (queue.unfinished === 0)
        return `${task.name} finished an item of ${queue.name}, where none is unfinished`;
      queue.unfinished -= 1;
      return checkUnfinished(queue, event);
    case 'queue.join':
      if (queue.unfinished > 0)
        return `${task.name} joined ${queue.name}, where ${queue.unfinished} are unfinished`;
      return checkUnfinished(queue, event);
    case 'queue.close':
      close(queue, event.amount === 1);
      return null;
    default:
      return wrongKind(queue, event);
  }
}

function put(queue: QueueRecord, task: TaskRecord, event: Operated): string | null {
  const { capacity } = queue.plan;
  if (queue.closed) return `${task.name} put into ${queue.name}, which is closed`;
  if (queue.enabled && capacity > 0 && queue.items.size() >= capacity) {
    return `${task.name} put into ${queue.name}, which is full with ${queue.items.size()}`;
  }
  const overtaking = pass(queue, queue.puts, task);
  if (overtaking !== null) return overtaking;
  queue.items.put(event.value, event.amount);
  queue.unfinished += 1;
  notePeak(queue, queue.items.size(), event);
  return null;
}

function get(queue: QueueRecord, task: TaskRecord, event: Operated): string | null {
  const next = queue.items.next();
  if (next === undefined) return `${task.name} got ${shown(event.value)} from ${queue.name}, which is empty`;
  if (next !== event.value && !isSame(next, event.value)) {
    return `${task.name} got ${shown(event.value)} from ${queue.name}, where ${shown(next)} is next`;
  }
  const overtaking = pass(queue, queue.gets, task);
  if (overtaking !== null) return overtaking;
  queue.items.take();
  return null;
}

/** An immediate close drops what is queued, and what is dropped counts as done. */
function close(queue: QueueRecord, immediate: boolean): void {
  queue.closed = true;
  if (!immediate) return;
  queue.unfinished = Math.max(0, queue.unfinished - queue.items.size());
  queue.items.clear();
}

function checkUnfinished(queue: QueueRecord, event: Operated): string | null {
  if (event.amount === queue.unfinished) return null;
  return `${event.operation} of ${queue.name} says ${event.amount} unfinished where ${queue.unfinished} are`;
}

/** In a closed queue nobody waits for room, nor for an item where there is none: that fails. */
function isFree(_state: ModelState, queue: QueueRecord, { wait }: TaskRecord, first: boolean): boolean {
  const size = queue.items.size();
  if (wait.operation === 'queue.join') return queue.unfinished === 0;
  if (wait.operation === 'queue.get') return size > 0 ? first : queue.closed;
  if (queue.closed) return true;
  return (queue.plan.capacity === 0 || size < queue.plan.capacity) && first;
}

function why(
  { absence }: Explaining,
  queue: QueueRecord,
  task: TaskRecord,
  operation: OperationName,
): string {
  const name = quoted(queue.name);
  if (operation === 'queue.get')
    return `${name} is empty, and ${absence(task, queue, operation, 'puts into it')}`;
  if (operation === 'queue.put') {
    const full = `${name} is full with ${counted(queue.items.size(), 'item')}`;
    return `${full}, and ${absence(task, queue, operation, 'gets from it')}`;
  }
  const open = `${counted(queue.unfinished, 'item')} of ${name} ${queue.unfinished === 1 ? 'is' : 'are'} not done`;
  return `${open}, and ${absence(task, queue, operation, 'does `task_done`')}`;
}

/** What every host has room for in a queue without a limit. */
const leastRoom = 1024;

export const queue: PrimitiveModel<'queue'> = {
  create: (base, plan) => ({
    ...base,
    kind: 'queue',
    plan,
    items: createItemQueue(plan.order),
    unfinished: 0,
    closed: false,
    puts: createLine(base),
    gets: createLine(base),
  }),
  apply: applyQueue,
  waits: {
    // How much an unbounded queue holds before there is no room for it is the host's affair.
    mayLinger: ({ plan, items }, operation) =>
      operation === 'queue.put' && plan.capacity === 0 && items.size() >= leastRoom,
  },
  line(_state, { puts, gets }, { wait }) {
    if (wait.operation === 'queue.join') return null;
    return wait.operation === 'queue.put' ? puts : gets;
  },
  isFree,
  endedBy: {
    'queue.get': ['queue.put', 'queue.close'],
    'queue.put': ['queue.get', 'queue.close'],
    'queue.join': ['queue.taskDone', 'queue.drop'],
  },
  doing(name, task, operation) {
    if (operation === 'queue.get') return `waits to get from ${name}`;
    if (operation === 'queue.join') return `waits for all of ${name} to be done`;
    return `waits to put ${task.asking === 'run' ? 'a line of its command ' : ''}into ${name}`;
  },
  why,
  attributes: {
    size: (_state, { items }) => BigInt(items.size()),
    capacity: (_state, { plan }) => BigInt(plan.capacity),
    unfinished: (_state, { unfinished }) => BigInt(unfinished),
    closed: (_state, { closed }) => closed,
  },
  noun: 'item',
  limit: ({ capacity }) => (capacity === 0 ? null : capacity),
  order: ({ clocks, closures }, plan) => orderQueue(clocks, closures, plan),
  words: {
    'queue.put': { waits: (name) => `waiting for room in ${name}`, did: (name) => `put into ${name}` },
    'queue.get': { waits: (name) => `waiting for an item of ${name}`, did: (name) => `got from ${name}` },
    'queue.taskDone': {
      waits: (name) => `marking an item of ${name}`,
      did: (name) => `marked an item of ${name} as done`,
    },
    'queue.join': {
      waits: (name) => `waiting until all items of ${name} are done`,
      did: (name) => `saw all items of ${name} done`,
    },
    'queue.close': { waits: (name) => `closing ${name}`, did: (name) => `closed ${name}` },
  },
};
