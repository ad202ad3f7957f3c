/**
 * Records of the ring as events. One object a type is reused, so that a million events cost no garbage; and all have the
 * same fields, those of other types undefined, so that the engine sees one shape where events of all types are looked at.
 */

import type { Value } from '../expression/values/value.ts';
import { services } from '../plan/instruction.ts';
import type { OperationName } from '../plan/operation.ts';
import { decode } from './codec.ts';
import { type Event, type EventOf, type EventType, endStates, stopReasons, type TaskError } from './event.ts';
import { inlineValue } from './inline-value.ts';
import { int } from './int.ts';
import { numbered } from './numbered.ts';
import {
  causes,
  eventTypes,
  HEADER_WORDS,
  isOperation,
  LAST,
  operationNames,
  TEXT_FOLLOWS,
  TIME_WORDS,
  TIMED,
  TYPE_MASK,
} from './record.ts';
import { readText, textWords } from './text-words.ts';

export type EventDecoder = {
  /** The event at that index of the ring; valid until the next one of its type. */
  decode(index: number, seq: number): Event;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Scratch = { readonly [T in EventType]: Mutable<EventOf<T>> };

const base = { seq: 0, at: 0, task: 0, step: 0, last: true };

function createScratch(): Scratch {
  return {
    started: { type: 'started', ...base, target: 0, process: 0, daemon: false },
    began: { type: 'began', ...base, pid: 0, carrier: 0 },
    ended: { type: 'ended', ...base, target: 0, state: 'finished', cause: null, error: null, exitCode: 0 },
    waiting: { type: 'waiting', ...base, operation: 'await', target: 0, timed: false, amount: 0 },
    timedOut: { type: 'timedOut', ...base, operation: 'await', target: 0 },
    operated: { type: 'operated', ...base, operation: 'lock.acquire', target: 0, amount: 0, value: null },
    printed: { type: 'printed', ...base, text: '' },
    asked: { type: 'asked', ...base, service: 'load', timed: false },
    answered: { type: 'answered', ...base, service: 'load', ok: true, answer: null },
    sleeping: { type: 'sleeping', ...base, untilUs: 0 },
    woke: { type: 'woke', ...base },
    read: { type: 'read', ...base, process: 0, variable: 0, values: null },
    wrote: { type: 'wrote', ...base, process: 0, variable: 0, cell: 0, value: null },
    passed: { type: 'passed', ...base },
    entered: { type: 'entered', ...base, point: 0 },
    left: { type: 'left', ...base, point: 0 },
    raised: { type: 'raised', ...base, error: { name: '', message: '' }, caught: false },
    stopped: { type: 'stopped', ...base, reason: 'timeout' },
    refused: { type: 'refused', ...base, operation: 'lock.acquire', target: 0 },
    stopping: { type: 'stopping', ...base, target: 0, cause: null, untilUs: 0 },
    spurious: { type: 'spurious', ...base, operation: 'condition.wait', target: 0 },
  };
}

/** The same numbers; what is no operation stands behind them. */
const operatedNames = operationNames.filter(isOperation);
const timedNames = operationNames.filter((name) => name !== 'end');

type Fill = {
  readonly [T in EventType]: (event: Mutable<EventOf<T>>, words: Int32Array, at: number) => void;
};

const fill: Fill = {
  started(event, words, at) {
    event.target = word(words, at);
    event.process = word(words, at + 1);
    event.daemon = word(words, at + 2) === 1;
  },
  began(event, words, at) {
    event.pid = word(words, at);
    event.carrier = word(words, at + 1);
  },
  ended(event, words, at) {
    event.target = word(words, at);
    event.state = numbered(endStates, word(words, at + 1));
    event.cause = numbered(causes, word(words, at + 2));
    event.exitCode = word(words, at + 3);
    event.error = word(words, at + 4) === 1 ? errorAt(words, at + 5) : null;
  },
  waiting(event, words, at) {
    event.operation = numbered(operationNames, word(words, at));
    event.target = word(words, at + 1);
    event.timed = word(words, at + 2) === 1;
    event.amount = word(words, at + 3);
  },
  timedOut(event, words, at) {
    event.operation = numbered(timedNames, word(words, at));
    event.target = word(words, at + 1);
  },
  operated(event, words, at) {
    operation(event, words, at);
    event.amount = word(words, at + 2);
    event.value = valueAt(words, at + 3);
  },
  printed(event, words, at) {
    event.text = readText(words, at);
  },
  asked(event, words, at) {
    event.service = numbered(services, word(words, at));
    event.timed = word(words, at + 1) === 1;
  },
  answered(event, words, at) {
    event.service = numbered(services, word(words, at));
    event.ok = word(words, at + 1) === 1;
    event.answer = valueAt(words, at + 2);
  },
  sleeping(event, words, at) {
    event.untilUs = timeAt(words, at);
  },
  woke: nothing,
  read(event, words, at) {
    event.process = word(words, at);
    event.variable = word(words, at + 1);
    event.values = valuesAt(words, at + 2);
  },
  wrote(event, words, at) {
    event.process = word(words, at);
    event.variable = word(words, at + 1);
    event.cell = word(words, at + 2);
    event.value = valueAt(words, at + 3);
  },
  passed: nothing,
  entered: point,
  left: point,
  raised(event, words, at) {
    event.caught = word(words, at) === 1;
    event.error = errorAt(words, at + 1);
  },
  stopped(event, words, at) {
    event.reason = numbered(stopReasons, word(words, at));
  },
  refused: operation,
  spurious: operation,
  stopping(event, words, at) {
    event.target = word(words, at);
    event.cause = numbered(causes, word(words, at + 1));
    event.untilUs = timeAt(words, at + 2);
  },
};

function nothing(): void {}

function operation(event: { operation: OperationName; target: number }, words: Int32Array, at: number): void {
  event.operation = numbered(operatedNames, word(words, at));
  event.target = word(words, at + 1);
}

function point(event: { point: number }, words: Int32Array, at: number): void {
  event.point = word(words, at);
}

function word(words: Int32Array, index: number): number {
  return int(words[index]);
}

function timeAt(words: Int32Array, index: number): number {
  return word(words, index + 1) * 2 ** 30 + word(words, index);
}

function valueAt(words: Int32Array, index: number): Value {
  const first = word(words, index);
  return first === TEXT_FOLLOWS ? decode(readText(words, index + 1)) : inlineValue(first);
}

/** Their number, and then each of them; none of them was asked for where it is 0, as a var has a cell. */
function valuesAt(words: Int32Array, index: number): readonly Value[] | null {
  const count = word(words, index);
  if (count === 0) return null;
  const values: Value[] = [];
  let at = index + 1;
  while (values.length < count) {
    values.push(valueAt(words, at));
    at += valueLength(words, at);
  }
  return values;
}

function valueLength(words: Int32Array, index: number): number {
  return word(words, index) === TEXT_FOLLOWS ? 1 + textWords(readText(words, index + 1)) : 1;
}

function errorAt(words: Int32Array, index: number): TaskError {
  const name = readText(words, index);
  return { name, message: readText(words, index + textWords(name)) };
}

/** By the number of their type. */
function createEvents(): readonly Mutable<Event>[] {
  const scratch = createScratch();
  const names = Object.values(scratch).flatMap((event) => Object.keys(event));
  const blank = Object.fromEntries(names.map((name) => [name, undefined]));
  return eventTypes.map((type) => Object.assign({ ...blank }, scratch[type]));
}

export function createEventDecoder(words: Int32Array): EventDecoder {
  const events = createEvents();
  const fills = eventTypes.map(
    (type) => fill[type] as (event: Mutable<Event>, words: Int32Array, at: number) => void,
  );
  let now = 0;
  return {
    decode(index, seq) {
      const header = word(words, index);
      const type = header & TYPE_MASK;
      let at = index + HEADER_WORDS;
      const event = events[type];
      const fillType = fills[type];
      if (event === undefined || fillType === undefined)
        throw new Error(`bug in concur: record of type ${type}`);
      event.seq = seq;
      event.last = (header & LAST) !== 0;
      event.task = word(words, index + 1);
      event.step = word(words, index + 2);
      if ((header & TIMED) !== 0) {
        now = timeAt(words, at);
        at += TIME_WORDS;
      }
      event.at = now;
      fillType(event, words, at);
      return event;
    },
  };
}
