/**
 * What each type of event consists of, as a table of readers: a new event, or a new field of one, breaks the type check
 * here instead of being lost in a log.
 */

import type { Value, ValueMap } from '../expression/values/value.ts';
import { services } from '../plan/instruction.ts';
import {
  type EventOf,
  type EventType,
  endStates,
  stopReasons,
  type TaskError,
  terminationCauses,
} from './event.ts';
import { valueFromJson } from './json-value.ts';
import { isOperation, operationNames } from './record.ts';

/** @returns undefined if the JSON is no such thing */
export type Reader<T> = (json: unknown) => T | undefined;

export const integer: Reader<number> = (json) =>
  typeof json === 'number' && Number.isSafeInteger(json) ? json : undefined;
export const text: Reader<string> = (json) => (typeof json === 'string' ? json : undefined);

export const valueMap: Reader<ValueMap> = (json) => {
  const value = valueFromJson(json);
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined;
};

export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (json) => (json === null ? null : reader(json));
}

export function oneOf<T extends string>(texts: readonly T[]): Reader<T> {
  return (json) => texts.find((text) => text === json);
}

export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (json) => {
    if (!Array.isArray(json)) return undefined;
    const items = json.map((item) => reader(item));
    return items.every((item) => item !== undefined) ? items : undefined;
  };
}

/** An object with these fields; others are passed over. */
export function objectOf<T extends object>(fields: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(fields);
  return (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    const from: Readonly<Record<string, unknown>> = { ...json };
    const entries = readers.map(([name, reader]) => [name, reader(from[name])] as const);
    if (entries.some(([, read]) => read === undefined)) return undefined;
    // The readers have checked every field.
    return Object.fromEntries(entries) as T;
  };
}

const number: Reader<number> = (json) => (typeof json === 'number' ? json : undefined);
export const flag: Reader<boolean> = (json) => (typeof json === 'boolean' ? json : undefined);
export const value: Reader<Value> = valueFromJson;

/** Of a field that is left out where there is nothing to say. */
function orMissing<T>(reader: Reader<T>): Reader<T | null> {
  return (json) => (json === undefined ? null : reader(json));
}

const taskError: Reader<TaskError> = objectOf({ name: text, message: text });

const endState = oneOf(endStates);
const cause = oneOf(terminationCauses);
const stopReason = oneOf(stopReasons);
const service = oneOf(services);
const operation = oneOf(operationNames.filter(isOperation));
const timedOutOperation = oneOf(operationNames.filter((name) => name !== 'end'));
const waitingOperation = oneOf(operationNames);

type BaseName = 'seq' | 'at' | 'task' | 'step' | 'last';

/** What every event has, beside its type. */
export const baseFields = {
  seq: integer,
  at: number,
  task: integer,
  step: integer,
  last: flag,
} as const satisfies {
  [K in BaseName]: Reader<EventOf<'woke'>[K]>;
};

type FieldsOf<T extends EventType> = {
  [K in Exclude<keyof EventOf<T>, BaseName | 'type' | 'phase'>]: Reader<EventOf<T>[K]>;
};

/** What each type of event has beyond that. */
export const eventFields = {
  started: { target: integer, process: integer, daemon: flag },
  began: { pid: integer, carrier: integer },
  ended: {
    target: integer,
    state: endState,
    cause: orNull(cause),
    error: orNull(taskError),
    exitCode: integer,
  },
  waiting: { operation: waitingOperation, target: integer, timed: flag, amount: integer },
  timedOut: { operation: timedOutOperation, target: integer },
  operated: { operation, target: integer, amount: number, value },
  printed: { text },
  asked: { service, timed: flag },
  answered: { service, ok: flag, answer: orMissing(value) },
  sleeping: { untilUs: number },
  woke: {},
  read: { process: integer, variable: integer, values: orMissing(listOf(value)) },
  wrote: { process: integer, variable: integer, cell: integer, value },
  passed: {},
  entered: { point: integer },
  left: { point: integer },
  raised: { error: taskError, caught: flag },
  stopped: { reason: stopReason },
  refused: { operation, target: integer },
  spurious: { operation, target: integer },
  stopping: { target: integer, cause: orNull(cause), untilUs: number },
} as const satisfies { [T in EventType]: FieldsOf<T> };

function isList(list: ValueMap | readonly Value[]): list is readonly Value[] {
  return Array.isArray(list);
}
