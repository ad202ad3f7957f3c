/**
 * Expressions as data: the CEL text, and everything it reads.
 *
 * A plan travels to workers and child processes, so it holds no functions; each carrier compiles the text once, with
 * the evaluator. Text with `${{ }}` in it, and lists and maps of such, are expressions too: the planner writes them as
 * one CEL text, so that everything carried or computed at run time is one mechanism.
 */
import type { Span } from '../source/source.ts';
import type { Value } from './values/value.ts';

export type Expression = {
  /** CEL, without `${{ }}`. */
  readonly cel: string;
  readonly span: Span;
  readonly reads: readonly Read[];
  /** The value, where it depends on nothing: then `reads` is empty and `cel` needs no evaluation. */
  readonly constant?: Value;
};

/**
 * A name that an expression reads, bound by the planner. `name` is the identifier in the CEL text; the evaluator's
 * context has one entry a read.
 *
 * - `constant`: a parameter; its value.
 * - `local`: a slot of the running task's frame.
 * - `variable`: a var; a list of its cells where it is an array.
 * - `resource`: the resources `first` … `first + count - 1` (a list if `array`), with just these attributes.
 * - `group`: a task declaration's counts (`running`, `finished` …); with `elements`, index access to its replicas'
 *   `state` and `exitCode` (CEL sees a list then; a group read both ways is two reads with different names, the planner
 *   rewrites).
 * - `point`: a step's `id`: `running`, `begun`, `ended`.
 * - `task`: the running task itself: `name index item input pid thread daemon`.
 * - `now`: seconds since the run began, a double. `env`: environment variables.
 */
export type Read =
  | { readonly from: 'constant'; readonly name: string; readonly value: Value }
  | { readonly from: 'local'; readonly name: string; readonly slot: number }
  | { readonly from: 'variable'; readonly name: string; readonly variable: number }
  | {
      readonly from: 'resource';
      readonly name: string;
      readonly first: number;
      readonly count: number;
      readonly array: boolean;
      readonly attributes: readonly string[];
    }
  | {
      readonly from: 'group';
      readonly name: string;
      readonly group: number;
      readonly elements: boolean;
      readonly attributes: readonly string[];
    }
  | {
      readonly from: 'point';
      readonly name: string;
      readonly point: number;
      readonly attributes: readonly string[];
    }
  | { readonly from: 'task'; readonly name: string; readonly attributes: readonly string[] }
  | { readonly from: 'now'; readonly name: string }
  | { readonly from: 'env'; readonly name: string; readonly attributes: readonly string[] };

/** A length of time in microseconds, both ends included: drawn uniformly if they differ. Or computed when it is due. */
export type Duration =
  | { readonly kind: 'fixed'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'computed'; readonly expression: Expression };
