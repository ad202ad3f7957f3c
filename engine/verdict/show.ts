/**
 * Names, times and values in the texts of a verdict.
 */

import type { Value } from '../expression/values/value.ts';
import { literalFromText, textFromValue } from '../expression/values/value-text.ts';
import type { Plan } from '../plan/plan.ts';
import type { Span } from '../source/source.ts';
import type { Evidence } from './verdict.ts';

/** Finds the line (from 1) of a place in the scenario. The text is the caller's: a plan has only offsets. */
export type LineOf = (span: Span) => number;

/** More names than these are not listed. */
export const MOST_NAMES = 5;
const MOST_CHARACTERS = 200;

/** `` `stall` `` */
export function quoted(name: string): string {
  return `\`${name}\``;
}

/**
 * `` `a`, `b` and `c` ``; more than `MOST_NAMES` are counted.
 *
 * @param total how many they are, where only the first names are given
 */
export function listed(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, MOST_NAMES).map(quoted);
  const others = total - shown.length;
  if (others > 0) return `${shown.join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
  const last = shown.pop() ?? 'nobody';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** `1.304 s`, `250 ms`: to the millisecond, where two lengths are compared. */
export function exactDuration(us: number): string {
  return us < 1_000_000 ? `${Math.round(us) / 1000} ms` : `${Math.round(us / 1000) / 1000} s`;
}

/** `3 lines`, `1 line` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** As it would be written in an expression, cut if it is long. */
export function shown(value: Value): string {
  const text = typeof value === 'string' ? literalFromText(value) : textFromValue(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}

/** Where and by whom; `task` and `step` index into the plan, -1 where there is none. */
export type Moment = { readonly at: number; readonly task: number; readonly step: number };

/** A line of evidence for what happened at that moment. */
export function evidenceAt(plan: Plan, moment: Moment, text: string): Evidence {
  const name = plan.tasks[moment.task]?.name;
  const span = spanOf(plan, moment.step);
  return {
    at: moment.at,
    ...(name === undefined ? {} : { task: name }),
    ...(span === null ? {} : { span }),
    text,
  };
}

/** Null for -1, where no step is at work. */
export function spanOf(plan: Plan, step: number): Span | null {
  return plan.steps[step]?.span ?? null;
}

/** ` (line 12)`, or nothing where the line cannot be told. */
export function lineNote(plan: Plan, step: number, lineOf: LineOf | undefined): string {
  const text = lineText(plan, step, lineOf);
  return text === '' ? '' : ` (${text})`;
}

/** `line 12`, or nothing where it cannot be told. */
export function lineText(plan: Plan, step: number, lineOf: LineOf | undefined): string {
  const span = spanOf(plan, step);
  return span === null || lineOf === undefined ? '' : `line ${lineOf(span)}`;
}
