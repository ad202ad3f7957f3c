/**
 * Readers-writer locks. Many read at once, or one writes; nobody takes one twice, and who takes a side gives that one back.
 * Where one side is preferred, the other does not begin while somebody of that side waits.
 */
import type { EventOf } from '../../../log/event.ts';
import type { OperationName } from '../../../plan/operation.ts';
import type { ResourceOrder } from '../../order/passing-order.ts';
import type { TaskClocks } from '../../order/task-clocks.ts';
import type { Clock } from '../../order/vector-clock.ts';
import { lineNote, quoted } from '../../show.ts';
import { type Explaining, named, plural } from '../../waits/explaining.ts';
import { isEnded, type ModelState, type TaskRecord, taskName } from '../model-state.ts';
import { findTally } from '../tally.ts';
import { failsForDead, giveBack, notePeak, take, wrongKind } from './holding-rules.ts';
import { createLine, pass } from './line.ts';
import type { Keepers, PrimitiveModel } from './primitive-model.ts';
import { NOBODY, type RwlockRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

function apply(state: ModelState, lock: RwlockRecord, task: TaskRecord, event: Operated): string | null {
  state.watch.touch(lock.id);
  switch (event.operation) {
    case 'rwlock.read.acquire':
    case 'rwlock.write.acquire':
      return acquire(state, lock, task, event);
    case 'rwlock.read.release':
    case 'rwlock.write.release':
      return release(state, lock, task, event);
    default:
      return wrongKind(lock, event);
  }
}

function acquire(state: ModelState, lock: RwlockRecord, task: TaskRecord, event: Operated): string | null {
  if (lock.enabled && !mayTake(lock, task, event.operation))
    return `${task.name} did ${event.operation} of ${lock.name}, ${stateNote(state, lock)}`;
  const overtaking = pass(lock, lock.line, task);
  if (overtaking !== null) return overtaking;
  if (!lock.reading.has(task.id) && !lock.writing.has(task.id)) take(state, lock, task, 1, event);
  if (event.operation === 'rwlock.read.acquire') lock.reading.add(task.id);
  else {
    lock.writing.add(task.id);
    lock.writer = task.id;
  }
  notePeak(lock, lock.reading.size, event);
  return null;
}

function release(state: ModelState, lock: RwlockRecord, task: TaskRecord, event: Operated): string | null {
  const isRead = event.operation === 'rwlock.read.release';
  const has = (isRead ? lock.reading : lock.writing).has(task.id);
  if (!has && lock.enabled)
    return `${task.name} did ${event.operation} of ${lock.name}, ${stateNote(state, lock)}`;
  if (isRead) lock.reading.delete(task.id);
  else stopWriting(lock, task);
  if (!lock.reading.has(task.id) && !lock.writing.has(task.id)) giveBack(state, lock, task, 2);
  return null;
}

/** Several write only where it is switched off: the writer is who took it last, as long as that one writes. */
function stopWriting(lock: RwlockRecord, task: TaskRecord): void {
  lock.writing.delete(task.id);
  if (lock.writer === task.id) lock.writer = Math.min(...lock.writing, Number.POSITIVE_INFINITY);
  if (lock.writer === Number.POSITIVE_INFINITY) lock.writer = NOBODY;
}

/** Whether it may have it, were it first in line. */
function mayTake(lock: RwlockRecord, { id }: { readonly id: number }, operation: string): boolean {
  if (lock.writer !== NOBODY) return false;
  const { prefer } = lock.plan;
  if (operation === 'rwlock.read.acquire')
    return !lock.reading.has(id) && (prefer !== 'writers' || lock.preferred.size === 0);
  return lock.reading.size === 0 && (prefer !== 'readers' || lock.preferred.size === 0);
}

function stateNote(state: ModelState, lock: RwlockRecord): string {
  if (lock.writer !== NOBODY) return `which ${taskName(state, lock.writer)} writes`;
  return `which ${lock.reading.size} tasks read, and for which ${lock.preferred.size} wait that are preferred`;
}

function isPreferred({ plan }: RwlockRecord, operation: string): boolean {
  const side = operation === 'rwlock.read.acquire' ? 'readers' : 'writers';
  return plan.prefer === side;
}

/** Of a writer, or of all readers: each must give it back before anybody can write. */
function holdersFor(lock: RwlockRecord, task: TaskRecord): readonly number[] {
  if (lock.writer !== NOBODY) return [lock.writer];
  return task.wait.operation === 'rwlock.read.acquire' && !lock.reading.has(task.id) ? [] : [...lock.reading];
}

/** Those who read keep nobody from reading: who writes does, and who waits to. */
function keepers(state: ModelState, lock: RwlockRecord, { wait }: TaskRecord): Keepers | undefined {
  if (wait.operation !== 'rwlock.read.acquire') return undefined;
  if (lock.writer !== NOBODY)
    return { tasks: [lock.writer], does: ['has it for writing', 'have it for writing'] };
  const waiting = state.tasks.filter(
    (task) =>
      task.state === 'waiting' &&
      task.wait.operation === 'rwlock.write.acquire' &&
      task.wait.target === lock.id,
  );
  return {
    tasks: waiting.map(({ id }) => id),
    does: ['waits to take it for writing', 'wait to take it for writing'],
  };
}

function why(explaining: Explaining, lock: RwlockRecord, task: TaskRecord): string {
  const { state, lineOf, when, doing } = explaining;
  const name = quoted(lock.name);
  const began = (holder: TaskRecord, itself = ''): string => {
    const held = findTally(holder.held, lock.id);
    const deed = lock.writer === holder.id ? 'write' : 'read';
    return `began to ${deed} ${name}${itself}${when(held?.sinceUs ?? 0)}${lineNote(state.plan, held?.step ?? -1, lineOf)}`;
  };
  if (findTally(task.held, lock.id) !== null)
    return `it ${began(task, ' itself')}; such a lock is not taken twice`;
  const writer = state.tasks[lock.writer];
  if (writer !== undefined) {
    const next = isEnded(writer) ? 'ended without releasing it' : `now ${doing(writer)}`;
    return `${quoted(writer.name)} ${began(writer)} and ${next}`;
  }
  const readers = holdersFor(lock, task).flatMap((id) => state.tasks[id] ?? []);
  const [reader] = readers;
  if (reader !== undefined && readers.length === 1 && !isEnded(reader))
    return `${quoted(reader.name)} ${began(reader)} and now ${doing(reader)}`;
  if (readers.length > 0) {
    const ended = readers.filter(isEnded);
    if (ended.length > 0) return `${named(ended)} ended while reading ${name}`;
    return `${name} is read by ${named(readers)}, ${plural(readers, 'which waits', 'which wait')} too`;
  }
  const first = [...lock.preferred].flatMap((id) => state.tasks[id] ?? []);
  return `${named(first)} ${plural(first, 'is', 'are')} preferred at ${name}, and ${plural(first, 'waits', 'wait')} too`;
}

/** To write comes after all that read and wrote before; to read only after those that wrote. */
function order(clocks: TaskClocks): ResourceOrder {
  let written: Clock = null;
  let read: Clock = null;
  const giveRead = (task: number): void => {
    read = clocks.join(read, clocks.publish(task));
  };
  return {
    // Which side an ended holder gave back is not said; to take it for both hides no race that its end does not order.
    give(task) {
      giveRead(task);
      written = clocks.join(written, clocks.publish(task));
    },
    did({ operation, task }) {
      switch (operation) {
        case 'rwlock.read.acquire':
          clocks.learn(task, written);
          return;
        case 'rwlock.write.acquire':
          clocks.learn(task, written);
          clocks.learn(task, read);
          return;
        case 'rwlock.read.release':
          giveRead(task);
          return;
        default:
          written = clocks.join(written, clocks.publish(task));
      }
    },
  };
}

export const rwlock: PrimitiveModel<'rwlock'> = {
  create: (base, plan) => ({
    ...base,
    kind: 'rwlock',
    plan,
    writer: NOBODY,
    reading: new Set(),
    writing: new Set(),
    preferred: new Set(),
    line: createLine(base),
  }),
  apply,
  waits: {
    begin(_state, lock, task, { operation }) {
      if (isPreferred(lock, operation)) lock.preferred.add(task.id);
      return null;
    },
    leave(_state, lock, task) {
      lock.preferred.delete(task.id);
    },
  },
  freed(_state, lock, task) {
    lock.reading.delete(task.id);
    stopWriting(lock, task);
  },
  line: (_state, { line }) => line,
  isFree: (state, lock, task, first) =>
    mayTake(lock, task, task.wait.operation) ? first : failsForDead(state, lock),
  endedBy: {
    'rwlock.read.acquire': ['rwlock.write.release', 'rwlock.read.release'],
    'rwlock.write.acquire': ['rwlock.write.release', 'rwlock.read.release'],
  },
  certain: (_state, lock, task) => holdersFor(lock, task),
  // Who holds it helps if it may give it back, or by its end; who is preferred, by waiting no more.
  helps: (_state, abilities, lock) => (other) => {
    if (lock.preferred.has(other.id)) return true;
    if (findTally(other.held, lock.id) === null) return false;
    const gives: readonly OperationName[] = ['rwlock.read.release', 'rwlock.write.release'];
    return lock.plan.onHolderExit !== 'keep' || abilities.may(other, gives, lock.id);
  },
  doing: (name, _task, operation) =>
    `waits to take ${name} for ${operation === 'rwlock.read.acquire' ? 'reading' : 'writing'}`,
  why,
  attributes: {
    readers: (_state, { reading }) => BigInt(reading.size),
    writer: (state, { writer }) => (writer === NOBODY ? '' : taskName(state, writer)),
  },
  keepers,
  noun: 'reader',
  limit: () => null,
  order: ({ clocks }, { enabled }) => (enabled ? order(clocks) : null),
  words: {
    'rwlock.read.acquire': {
      waits: (name) => `waiting to take ${name} for reading`,
      did: (name) => `took ${name} for reading`,
    },
    'rwlock.read.release': {
      waits: (name) => `releasing ${name}`,
      did: (name) => `released ${name}, which it read`,
    },
    'rwlock.write.acquire': {
      waits: (name) => `waiting to take ${name} for writing`,
      did: (name) => `took ${name} for writing`,
    },
    'rwlock.write.release': {
      waits: (name) => `releasing ${name}`,
      did: (name) => `released ${name}, which it wrote`,
    },
  },
};
