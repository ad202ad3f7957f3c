/**
 * Findings about a user's file, as data: they are collected, never thrown, and rendered once, at the edge.
 */
import type { Span } from '../source/source.ts';

export type Severity = 'error' | 'warning';

/** A second place that explains the first: "first defined here". */
export type Label = { readonly span: Span; readonly text: string };

/** One finding: a code of the registry, where, what is wrong, and what to do about it. */
export type Diagnostic = {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** What is wrong, one line, without a full stop. */
  readonly message: string;
  /** What to do, one line; `undefined` only where the message already says it. */
  readonly help?: string;
  readonly labels?: readonly Label[];
};
