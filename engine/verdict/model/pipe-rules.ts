/**
 * Pipes: what is received at one end is what was sent from the other, in that order; a closed end neither sends nor
 * receives, and nothing is sent to it.
 */
import type { EventOf } from '../../log/event.ts';
import { isSame } from '../expectations/same-value.ts';
import { shown } from '../show.ts';
import { notePeak } from './holding-rules.ts';
import { wrongKind } from './lock-rules.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import type { PipeEndRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on an end of a pipe: the one that sends, that receives, that is closed. */
export function applyPipe(
  state: ModelState,
  end: PipeEndRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  state.watch.touch(end.id);
  switch (event.operation) {
    case 'pipe.send':
      return send(state, end, task, event);
    case 'pipe.receive':
      return receive(end, task, event);
    case 'pipe.close':
      end.closed = true;
      return null;
    default:
      return wrongKind(end, event);
  }
}

function send(state: ModelState, end: PipeEndRecord, task: TaskRecord, event: Operated): string | null {
  const peer = state.resources[end.plan.peer];
  if (peer?.kind !== 'pipeEnd') return `${task.name} sent by ${end.name}, which has no peer`;
  if (end.closed) return `${task.name} sent by ${end.name}, which is closed`;
  if (peer.closed) return `${task.name} sent to ${peer.name}, which is closed`;
  peer.inbox.put(event.value, 0);
  state.watch.touch(peer.id);
  notePeak(peer, peer.inbox.size(), event);
  return checkSize(peer, event);
}

function receive(end: PipeEndRecord, task: TaskRecord, event: Operated): string | null {
  if (end.closed) return `${task.name} received at ${end.name}, which is closed`;
  const next = end.inbox.next();
  if (next === undefined)
    return `${task.name} received ${shown(event.value)} at ${end.name}, which has nothing`;
  if (next !== event.value && !isSame(next, event.value)) {
    return `${task.name} received ${shown(event.value)} at ${end.name}, where ${shown(next)} is next`;
  }
  end.inbox.take();
  return checkSize(end, event);
}

function checkSize(end: PipeEndRecord, event: Operated): string | null {
  const size = end.inbox.size();
  if (event.amount === size) return null;
  return `${event.operation} says ${event.amount} items are at ${end.name}, where ${size} are`;
}
