/**
 * Where a piece of text inside a YAML scalar stands in the file.
 *
 * Expressions are parsed as the scalar's value, without quotes, escapes, folds and indentation; findings are shown in the
 * file. The two are matched character by character, leniently: where they do not fit, the whole scalar is shown.
 */
import type { Document, Path } from '../document/document.ts';
import type { Span } from '../source/source.ts';

/** A text and the place of any part of it. */
export type Place = {
  readonly text: string;
  readonly span: Span;
  /** The planner wrote it: the limits for what users write are not for it. */
  readonly isOwn?: true;
  /** The file's place of the half-open range of offsets into `text`. */
  at(start: number, end: number): Span;
};

/** The place of a scalar's value, or of a key. `text` is its value as the document has it. */
export function placeOf(
  document: Document,
  path: Path,
  text: string,
  part: 'key' | 'value' = 'value',
): Place {
  const span = document.spanAt(path, part);
  let offsets: readonly number[] | undefined;
  return {
    text,
    span,
    at(start, end) {
      offsets ??= alignment(document.source.text.slice(span.start, span.end), text);
      const from = offsets[start];
      const last = offsets[Math.max(start, end - 1)];
      if (from === undefined || last === undefined) return span;
      return { start: span.start + from, end: span.start + (end > start ? last + 1 : last) };
    },
  };
}

/** The part of a place from `start` to `end`. */
export function partOf(place: Place, start: number, end: number): Place {
  return {
    text: place.text.slice(start, end),
    span: place.at(start, end),
    at: (from, to) => place.at(start + from, start + to),
  };
}

/** For each offset into the value, and for its end, one into the text as written; empty if they do not fit. */
function alignment(written: string, value: string): readonly number[] {
  const offsets: number[] = [];
  const quote = /^["']/.exec(written)?.[0] ?? '';
  let at = quote !== '' ? 1 : (/^[|>][^\n]*\n/.exec(written)?.[0].length ?? 0);
  for (const character of units(value)) {
    const found = matchOf(written, at, character, quote);
    if (found < 0 && !/\s/.test(character)) return [];
    /** A block's last line break stands behind the scalar. */
    at = found < 0 ? written.length : found;
    offsets.push(at);
    at += found < 0 ? 0 : lengthOf(written, at, character, quote);
  }
  offsets.push(Math.min(at, written.length));
  return offsets;
}

function* units(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) yield text.charAt(index);
}

/** The next place at or after `at` where this character is written; only white space may be passed over. */
function matchOf(written: string, at: number, character: string, quote: string): number {
  for (let index = at; index < written.length; index++) {
    const here = written.charAt(index);
    const isSpace = /\s/.test(here);
    if (here === character || (quote === '"' && here === '\\')) return index;
    if (isSpace && /\s/.test(character)) return index;
    if (!isSpace) return -1;
  }
  return -1;
}

/** How much is written for the character: an escape is several, a folded line break a whole run of white space. */
function lengthOf(written: string, at: number, character: string, quote: string): number {
  const rest = written.slice(at, at + 12);
  if (quote === '"' && rest.startsWith('\\')) {
    return /^\\(?:x..|u....|U........|[\s\S])/.exec(rest)?.[0].length ?? 1;
  }
  if (quote === "'" && character === "'") return 2;
  if (written.charAt(at) !== character) return /^\s+/.exec(written.slice(at))?.[0].length ?? 1;
  return 1;
}
