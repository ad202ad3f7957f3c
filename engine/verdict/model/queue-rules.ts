/**
 * Queues: what comes out is what went in, in the queue's order, never more than fits; after `close` nothing goes in.
 */
import type { EventOf } from '../../log/event.ts';
import { isSame } from '../expectations/same-value.ts';
import { shown } from '../show.ts';
import { notePeak } from './holding-rules.ts';
import { pass } from './line.ts';
import { wrongKind } from './lock-rules.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import type { QueueRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a queue. */
export function applyQueue(
  state: ModelState,
  queue: QueueRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
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
