/**
 * What the scenario expects, compiled. Each has the place it was written at; a mode that cannot judge one says so.
 */
import type { Span } from '../source/source.ts';
import type { Expression } from './expression.ts';
import type { Value } from './value.ts';

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
  readonly counts?: Readonly<Partial<Record<TaskEnd, number>>>;
  readonly error?: string;
  readonly exitCode?: number;
};

export type Expectations = {
  readonly always: readonly Claim[];
  readonly finally: readonly Claim[];
  readonly deadlock: 'never' | 'possible' | 'certain';
  readonly output: readonly OutputCheck[];
  /** Cells compare with the main program's copy where a var is not shared. */
  readonly vars: readonly { readonly span: Span; readonly variable: number; readonly value: Value }[];
  readonly tasks: readonly TaskCheck[];
  readonly peak: readonly { readonly span: Span; readonly resource: number; readonly bound: Bound }[];
  readonly takes?: { readonly span: Span; readonly atLeastUs?: number; readonly atMostUs?: number };
  /** Keys that stand in the file and that this version or mode has no judge for, each with the reason. */
  readonly notJudged: readonly { readonly span: Span; readonly name: string; readonly reason: string }[];
};
