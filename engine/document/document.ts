/**
 * A scenario as written: validated data, and where each part of it stands.
 */
import type { Source, Span } from '../source/source.ts';
import type { Scenario } from './scenario.generated.ts';

/** A way into the document: keys and indices from the root. */
export type Path = readonly (string | number)[];

export type Document = {
  readonly source: Source;
  /** As it was validated: every shorthand expanded, so paths have one form. Integers are `bigint`, doubles `number`. */
  readonly scenario: Scenario;
  /** The place of a value, or of the key that names it; the nearest enclosing place where the path leads nowhere. */
  spanAt(path: Path, part?: 'key' | 'value'): Span;
};
