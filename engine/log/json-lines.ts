/**
 * The log as a file: JSON Lines, a header that says what was run (`log-header.ts`), then one event a line. `docs/log.md`
 * describes it for other programs.
 *
 * Every event stands there whole, with the plan's numbers, so that a log reads back as the same events; beside them
 * stand the names that people and other tools look for (`taskName`, `targetName`, the `line` of the step), which reading
 * passes over. The header's `concurLog` is the version of all this.
 */

import type { Value } from '../expression/values/value.ts';
import type { Mode } from '../plan/mode.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { harmlessJson } from '../source/harmless.ts';
import type { Event, EventType } from './event.ts';
import type { Fold } from './fold.ts';
import { baseFields, eventFields, oneOf, type Reader, text } from './json-fields.ts';
import { createNames, type Names } from './json-names.ts';
import { jsonFromValue } from './json-value.ts';
import { headerFields, headerOf, jsonFromHeader, LOG_VERSION, type LogHeader } from './log-header.ts';

export type LogWriterOptions = {
  readonly mode: Mode;
  /** The version of the program that writes it. */
  readonly concur?: string;
  /** The line, from 1, at which a step stands; undefined for steps that the planner made. Without it the log has no lines. */
  readonly lineOf?: (step: Step) => number | undefined;
  /** Gets whole lines, several at a time. What it throws comes out of `handle` and `end`. */
  readonly write: (text: string) => void;
};

/** Writes a log; `end` writes what is still held back. More may follow: so a log can be had while its run goes on. */
export type LogWriter = Fold & { end(): void };

const heldBackCharacters = 64 * 1024;

export function createLogWriter(
  plan: Plan,
  { mode, concur, lineOf = () => undefined, write }: LogWriterOptions,
): LogWriter {
  const names = createNames(plan, lineOf);
  let held = `${JSON.stringify(jsonFromHeader(headerOf(plan, { mode, concur, lineOf })))}\n`;
  const flush = () => {
    const text = held;
    held = '';
    if (text !== '') write(harmlessJson(text));
  };
  return {
    handle(event) {
      held += lineFromEvent(event, names);
      if (held.length >= heldBackCharacters) flush();
    },
    end: flush,
  };
}

const ownFieldNames = Object.fromEntries(
  Object.entries(eventFields).map(([type, fields]) => [type, Object.keys(fields)]),
);

/** Put together by hand: a log of a million events should not take ten times as long as the run. */
function lineFromEvent(event: Event, names: Names): string {
  const { seq, at, type, task, step, last } = event;
  const values: Readonly<Record<string, unknown>> = event;
  let line = `{"seq":${seq},"at":${at},"type":"${type}","task":${task},"step":${step},"last":${last}`;
  for (const name of ownFieldNames[type] ?? []) line += fieldPiece(name, values[name]);
  if (event.phase !== undefined) line += `,"phase":"${event.phase}"`;
  return `${line}${names.ofTask(task)}${names.ofStep(step)}${names.ofTarget(event)}}\n`;
}

function fieldPiece(name: string, value: unknown): string {
  // What reads saw, and what was answered, is there only where that is to be in the log.
  if ((name === 'values' || name === 'answer') && value === null) return '';
  if (name === 'value' || name === 'values' || name === 'answer')
    return `,"${name}":${JSON.stringify(jsonFromValue(value as Value))}`;
  return `,"${name}":${typeof value === 'number' ? String(value) : JSON.stringify(value)}`;
}

/** A log that was read, or the line (from 1) at which it is none and why. */
export type ParsedLog =
  | { readonly header: LogHeader; readonly events: readonly Event[] }
  | { readonly line: number; readonly problem: string };

/** Reads a log that `createLogWriter` wrote. It may end anywhere after a line: an interrupted run leaves a valid log. */
export function parseLog(text: string): ParsedLog {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let line = 0;
  try {
    const header = headerFromLine(lines[0] ?? '');
    const events: Event[] = [];
    for (line = 1; line < lines.length; line += 1) events.push(eventFromLine(lines[line] ?? ''));
    return { header, events };
  } catch (error) {
    if (error instanceof NoLog) return { line: line + 1, problem: error.message };
    throw error;
  }
}

/** The text is not what a log has there; never leaves this file. */
class NoLog extends Error {}

type JsonObject = Readonly<Record<string, unknown>>;

function headerFromLine(line: string): LogHeader {
  const json = objectFromLine(line);
  const { concurLog } = json;
  if (concurLog === undefined) throw new NoLog('this is no log of concur: its first line has no "concurLog"');
  if (concurLog !== LOG_VERSION) {
    throw new NoLog(
      `this log has version ${JSON.stringify(concurLog)}; this concur reads version ${LOG_VERSION}`,
    );
  }
  const entries = Object.entries<Reader<unknown>>(headerFields).map(([name, reader]) => [
    name,
    field(json, name, reader),
  ]);
  // The readers have checked every field.
  return { concurLog, ...Object.fromEntries(entries) } as LogHeader;
}

function eventFromLine(line: string): Event {
  const json = objectFromLine(line);
  const type = field(json, 'type', text);
  if (!isEventType(type)) throw new NoLog(`there is no event "${type}"`);
  const readers: Readonly<Record<string, Reader<unknown>>> = { ...baseFields, ...eventFields[type] };
  const entries = Object.entries(readers).map(([name, reader]) => [name, field(json, name, reader)]);
  const phase = json['phase'] === undefined ? {} : { phase: field(json, 'phase', oneOf(['teardown'])) };
  // The readers of this type have checked every field of it.
  return { ...Object.fromEntries(entries), ...phase, type } as Event;
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventFields, type);
}

function objectFromLine(line: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new NoLog('this is no JSON', { cause });
  }
  if (!isObject(json)) throw new NoLog('this is no JSON object');
  return json;
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function field<T>(json: JsonObject, name: string, reader: Reader<T>): T {
  const value = reader(json[name]);
  if (value === undefined) throw new NoLog(`"${name}" is missing or wrong`);
  return value;
}
