/**
 * Pipes: what is received at one end is what was sent from the other, in that order; a closed end neither sends nor
 * receives, and nothing is sent to it.
 */
import type { EventOf } from '../../../log/event.ts';
import { isSame } from '../../expectations/same-value.ts';
import { orderPipe } from '../../order/passing-order.ts';
import { quoted, shown } from '../../show.ts';
import type { ModelState, TaskRecord } from '../model-state.ts';
import { notePeak, wrongKind } from './holding-rules.ts';
import { createItemQueue } from './item-queue.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import type { PipeEndRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on an end of a pipe: the one that sends, that receives, that is closed. */
function applyPipe(state: ModelState, end: PipeEndRecord, task: TaskRecord, event: Operated): string | null {
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

/** A receive fails where the stream has ended, and so does whatever is done with a closed end. */
function isFree(state: ModelState, end: PipeEndRecord, { wait }: TaskRecord): boolean {
  if (end.closed || wait.operation !== 'pipe.receive') return true;
  const peer = state.resources[end.plan.peer];
  return end.inbox.size() > 0 || (peer?.kind === 'pipeEnd' && peer.closed);
}

export const pipeEnd: PrimitiveModel<'pipeEnd'> = {
  create: (base, plan) => ({ ...base, kind: 'pipeEnd', plan, inbox: createItemQueue('fifo'), closed: false }),
  apply: applyPipe,
  // How much a pipe holds is the host's affair.
  waits: { mayLinger: (_end, operation) => operation === 'pipe.send' },
  isFree,
  endedBy: { 'pipe.receive': ['pipe.send', 'pipe.close'] },
  // At the end of a pipe comes what is done at the other one.
  source: ({ plan }) => plan.peer,
  helps:
    (_state, abilities, { id, plan }) =>
    (other) =>
      abilities.may(other, ['pipe.send', 'pipe.close'], plan.peer) ||
      abilities.may(other, ['pipe.close'], id),
  doing: (name, _task, operation) =>
    operation === 'pipe.receive' ? `waits to receive at ${name}` : `waits for ${name}`,
  why: ({ absence }, end, task, operation) =>
    `nothing is left at ${quoted(end.name)}, and ${absence(task, end, operation, 'sends to it')}`,
  attributes: {
    size: (_state, { inbox }) => BigInt(inbox.size()),
    closed: (_state, { closed }) => closed,
  },
  noun: 'item',
  limit: () => null,
  order: ({ clocks, closures, inboxOf }, { peer }, id) =>
    orderPipe(clocks, closures, { own: inboxOf(id), peer: inboxOf(peer) }),
  words: {
    'pipe.send': { waits: (name) => `sending by ${name}`, did: (name) => `sent by ${name}` },
    'pipe.receive': {
      waits: (name) => `waiting to receive at ${name}`,
      did: (name) => `received at ${name}`,
    },
    'pipe.close': { waits: (name) => `closing ${name}`, did: (name) => `closed ${name}` },
  },
};
