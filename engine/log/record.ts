/**
 * How an event lies in the ring: a header word (`length << 8 | last << 7 | timed << 6 | type`), task, step, where it is
 * timed two words of time, then what the type holds. One that is not timed is of the time of the record before it. Types,
 * operations, states and causes are numbered by their place in these lists.
 */
import { services } from '../plan/instruction.ts';
import { type OperationName, type OperationTraits, operations } from '../plan/operation.ts';
import { type EventType, type TerminationCause, terminationCauses, type WaitName } from './event.ts';

export const HEADER_WORDS = 3;
export const TIME_WORDS = 2;

/** Flags of the header word, and its type. */
export const LAST = 1 << 7;
export const TIMED = 1 << 6;
export const TYPE_MASK = TIMED - 1;

/** In place of a value's word: its text follows. */
export const TEXT_FOLLOWS = 7;

/** The number of an event's type; the last number is padding to the end of the ring. */
export const RECORD = {
  started: 0,
  began: 1,
  ended: 2,
  waiting: 3,
  timedOut: 4,
  operated: 5,
  printed: 6,
  asked: 7,
  answered: 8,
  sleeping: 9,
  woke: 10,
  read: 11,
  wrote: 12,
  passed: 13,
  entered: 14,
  left: 15,
  raised: 16,
  stopped: 17,
  refused: 18,
  stopping: 19,
  spurious: 20,
} as const satisfies Readonly<Record<EventType, number>>;

/** In the order of their numbers. */
export const eventTypes = Object.keys(RECORD) as readonly EventType[];

export const PADDING = eventTypes.length;

export const operationNames: readonly WaitName[] = [
  ...(Object.keys(operations) as OperationName[]),
  'await',
  'end',
];

/** The number of an operation, for records and tables. */
export const OPERATION = Object.fromEntries(operationNames.map((name, index) => [name, index])) as Readonly<
  Record<WaitName, number>
>;

const carrying = operationNames.map(
  (name) => isOperation(name) && (operations[name] as OperationTraits).carries === true,
);

export function isOperation(name: WaitName): name is OperationName {
  return name !== 'await' && name !== 'end';
}

/** Whether the operation of that number hands a value over as its first operand. */
export function carriesItem(operation: number): boolean {
  return carrying[operation] === true;
}

/** Whether what was asked for takes time to be gone once nobody wants it any more: a command, a function, a look at a task. */
export function takesTimeToStop(service: number): boolean {
  return service > LAST_OF_FILES;
}

const LAST_OF_FILES = services.indexOf('save');

/** Why a task ended, by number: null where it did so by itself. */
export const causes: readonly (TerminationCause | null)[] = [null, ...terminationCauses];
