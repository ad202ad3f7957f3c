/**
 * What the table of verbs says of each, and the keys that several verbs share.
 */
import { type Key, type Keys, key, leaf, type Rule, required, type Shape, steps } from './shape.ts';

export type VerbTraits = {
  /** What the verb itself takes. */
  readonly takes: Shape;
  readonly title: string;
  readonly description: string;
  readonly example: string;
  /** Its own keys besides the verb. */
  readonly keys?: Keys;
  /** It can wait: takes `timeout` and `onTimeout`. */
  readonly waits?: true;
  /** What `as` stores; without it the step has no result and no `as`. */
  readonly result?: string;
  /** Standing alone as text it means `verb: true`. */
  readonly bare?: true;
  readonly rules?: readonly Rule[];
};

export const reference = leaf('reference');
export const references: Shape = { is: 'oneOrMany', place: 'reference' };

export const exactlyOne = (...of: readonly string[]): Rule => ({ rule: 'exactlyOne', of });

export const body = required(steps, 'Steps', 'What is done inside.', 'do:\n  - print: inside');
/** What is handed to a task, a function or a routine. */
export const input = (what: string): Key =>
  key(leaf('template'), 'Input', what, 'input: { name: left }', 'null');
