/**
 * Something that never happened, in any order or in a run.
 */
import type { Span } from '../source/source.ts';

/** `overlap` is two tasks at work at once; `name` is a resource's, or a step's verb. */
export type Unexercised = {
  readonly kind: 'step' | 'condition' | 'timeout' | 'lock' | 'semaphore' | 'queue' | 'overlap';
  readonly name: string;
  readonly span: Span;
};
