/**
 * Text with a name, and places in it.
 *
 * A place is a pair of offsets; it becomes line and column only where a person reads it.
 */

/** A half-open range of offsets into a source's text, in UTF-16 code units. */
export type Span = { readonly start: number; readonly end: number };

/** A text as the user named it (`-` is standard input). */
export type Source = {
  readonly file: string;
  readonly text: string;
  /** What the text was decoded from, where it was not text to begin with. */
  readonly bytes?: Uint8Array;
};

/** A place for people: both numbers count from 1, the column in UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number };
