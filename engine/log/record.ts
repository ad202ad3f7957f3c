/**
 * How an event lies in the ring: a header word (`length << 8 | last << 7 | timed << 6 | type`), task, step, where it is
 * timed two words of time, then what the type holds. One that is not timed is of the time of the record before it. Types,
 * operations, states and causes are numbered by their place in these lists.
 */
import type { Service } from '../plan/instruction.ts';
import { type OperationName, type OperationTraits, operations } from '../plan/operation.ts';
import type { EndState, EventType, StopReason, TerminationCause } from './event.ts';

export const HEADER_WORDS = 3;
export const TIME_WORDS = 2;

/** Flags of the header word, and its type. */
export const LAST = 1 << 7;
export const TIMED = 1 << 6;
export const TYPE_MASK = TIMED - 1;

/** In place of a value's word: its text follows. */
export const TEXT_FOLLOWS = 7;

export const eventTypes = [
  'started',
  'began',
  'ended',
  'waiting',
  'timedOut',
  'operated',
  'printed',
  'asked',
  'answered',
  'sleeping',
  'woke',
  'read',
  'wrote',
  'passed',
  'entered',
  'left',
  'raised',
  'stopped',
  'refused',
  'stopping',
] as const satisfies readonly EventType[];

/** The number of an event's type; the last number is padding to the end of the ring. */
export const RECORD = Object.fromEntries(eventTypes.map((type, index) => [type, index])) as Readonly<
  Record<EventType, number>
>;
export const PADDING = eventTypes.length;

export const operationNames = [...(Object.keys(operations) as OperationName[]), 'await', 'end'] as const;

/** The number of an operation, for records and tables. */
export const OPERATION = Object.fromEntries(operationNames.map((name, index) => [name, index])) as Readonly<
  Record<OperationName | 'await' | 'end', number>
>;

const carrying = operationNames.map(
  (name) => name !== 'await' && name !== 'end' && (operations[name] as OperationTraits).carries === true,
);

/** Whether the operation of that number hands a value over as its first operand. */
export function carriesItem(operation: number): boolean {
  return carrying[operation] === true;
}

export const services = ['load', 'save', 'run', 'call', 'probe'] as const satisfies readonly Service[];

/** Whether what was asked for takes time to be gone once nobody wants it any more: a command, a function, a look at a task. */
export function takesTimeToStop(service: number): boolean {
  return service > LAST_OF_FILES;
}

const LAST_OF_FILES = services.indexOf('save');

export const endStates = [
  'finished',
  'failed',
  'terminated',
  'skipped',
] as const satisfies readonly EndState[];
export const causes = [
  null,
  'daemon',
  'terminate',
  'kill',
  'timeout',
  'interrupt',
  'deadlock',
  'exit',
] as const satisfies readonly (TerminationCause | null)[];
export const stopReasons = [
  'timeout',
  'interrupt',
  'deadlock',
  'failFast',
  'inconclusive',
] as const satisfies readonly StopReason[];
