/**
 * Events. A wait is over while the event is set; and, as in Python, a task that was waiting when it was signalled goes
 * on even if the event is cleared again before that task runs.
 */
import type { EventOf } from '../../../log/event.ts';
import { orderEvent } from '../../order/passing-order.ts';
import { quoted } from '../../show.ts';
import type { ModelState, TaskRecord } from '../model-state.ts';
import { wrongKind } from './holding-rules.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import type { EventRecord } from './resource-record.ts';

/** An operation on an event. */
function applyEvent(
  state: ModelState,
  record: EventRecord,
  task: TaskRecord,
  event: EventOf<'operated'>,
): string | null {
  switch (event.operation) {
    case 'event.wait': {
      const woken = task.state === 'waiting' && task.wait.sinceSeq < record.signalled;
      if (record.set || woken || !record.enabled) return null;
      return `${task.name} did not have to wait for ${record.name}, which is not set`;
    }
    case 'event.signal':
      record.set = true;
      record.signalled = event.seq;
      state.watch.touch(record.id);
      return null;
    case 'event.clear':
      record.set = false;
      state.watch.touch(record.id);
      return null;
    default:
      return wrongKind(record, event);
  }
}

export const event: PrimitiveModel<'event'> = {
  create: (base, plan) => ({ ...base, kind: 'event', plan, set: plan.set, signalled: -1 }),
  apply: applyEvent,
  isFree: (_state, { set }) => set,
  endedBy: { 'event.wait': ['event.signal'] },
  why: ({ absence }, event, task, operation) =>
    `${quoted(event.name)} is not set, and ${absence(task, event, operation, 'sets it')}`,
  attributes: { set: (_state, { set }) => set },
  noun: 'waiter',
  limit: () => null,
  order: ({ clocks }) => orderEvent(clocks),
  words: {
    'event.wait': { waits: (name) => `waiting for ${name}`, did: (name) => `saw ${name} set` },
    'event.signal': { waits: (name) => `setting ${name}`, did: (name) => `set ${name}` },
    'event.clear': { waits: (name) => `clearing ${name}`, did: (name) => `cleared ${name}` },
  },
};
