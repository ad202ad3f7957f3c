/**
 * What the scenario expects, compiled. Each has the place it was written at; a mode that cannot judge one says so.
 */

import type { Expression } from '../expression/expression.ts';
import type { Value } from '../expression/values/value.ts';
import type { Span } from '../source/source.ts';

/** An expression with the user's own text of it, for messages. */
export type Claim = { readonly text: string; readonly expression: Expression };

export type Bound = { readonly comparison: '==' | '<=' | '>=' | '<' | '>'; readonly value: number };

export type TaskEnd = 'finished' | 'failed' | 'terminated' | 'skipped' | 'notStarted';

export type OutputCheck = { readonly span: Span } & (
  | { readonly check: 'equals' | 'inOrder' | 'contains' | 'excludes'; readonly lines: readonly string[] }
  | { readonly check: 'count'; readonly text: string; readonly times: Bound }
  | { readonly check: 'matches'; readonly pattern: string }
);

/** Exactly these ends, or one of several, or so many of each; `resolved` to replicas by the planner. */
export type TaskCheck = {
  readonly span: Span;
  readonly name: string;
  readonly tasks: readonly number[];
  readonly ends?: readonly TaskEnd[];
  readonly counts?: Readonly<Partial<Record<TaskEnd, Bound>>>;
  readonly error?: string;
  readonly exitCode?: number;
};

/** Whenever `when` is true, `later` (in the language: `then`) is true at that moment or becomes true later. */
export type Consequence = { readonly span: Span; readonly when: Claim; readonly later: Claim };

/** What begins and ends: a step by its `id`, or tasks (some replicas, or all). `name` as it was written. */
export type Activity =
  | { readonly kind: 'point'; readonly name: string; readonly point: number }
  | { readonly kind: 'tasks'; readonly name: string; readonly tasks: readonly number[] };

export type Grade = 'expected' | 'allowed' | 'forbidden';

/** A result that the run may come to, as the value of `outcome`. */
export type GradedResult = {
  readonly span: Span;
  readonly is: Value;
  readonly grade: Grade;
  readonly why?: string;
};

export type Expectations = {
  readonly always: readonly Claim[];
  readonly finally: readonly Claim[];
  readonly eventually: readonly Claim[];
  readonly leadsTo: readonly Consequence[];
  readonly sometimes: readonly Claim[];
  readonly deadlock: 'never' | 'possible' | 'certain';
  readonly races: 'never' | 'allowed';
  /** Its value at the end, of whichever type, is the run's result. */
  readonly outcome?: Claim;
  readonly outcomes: readonly GradedResult[];
  /** Results that `outcomes` does not list, where it lists any. */
  readonly others: 'forbidden' | 'allowed';
  readonly output: readonly OutputCheck[];
  /** Cells compare with the main program's copy where a var is not shared. */
  readonly vars: readonly { readonly span: Span; readonly variable: number; readonly value: Value }[];
  /** Final contents; `resource` is of kind `file`. */
  readonly files: readonly { readonly span: Span; readonly resource: number; readonly value: Value }[];
  readonly tasks: readonly TaskCheck[];
  readonly peak: readonly { readonly span: Span; readonly resource: number; readonly bound: Bound }[];
  /** Every end of the first comes before any begin of the second. */
  readonly order: readonly { readonly span: Span; readonly before: Activity; readonly after: Activity }[];
  /** No two of them are ever at work at once; one that is listed twice, not twice at once. */
  readonly neverTogether: readonly { readonly span: Span; readonly activities: readonly Activity[] }[];
  readonly takes?: { readonly span: Span; readonly atLeastUs?: number; readonly atMostUs?: number };
};

/** Of a scenario without `expect`. */
export const nothingExpected: Expectations = {
  always: [],
  finally: [],
  eventually: [],
  leadsTo: [],
  sometimes: [],
  deadlock: 'never',
  races: 'allowed',
  outcomes: [],
  others: 'forbidden',
  output: [],
  vars: [],
  files: [],
  tasks: [],
  peak: [],
  order: [],
  neverTogether: [],
};
