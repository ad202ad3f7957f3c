/**
 * From offsets to lines and columns, for people.
 *
 * A line ends at a line feed, a carriage return before it included: what YAML and editors agree on.
 */
import type { Position, Source } from './source.ts';

const lineStarts = new WeakMap<Source, readonly number[]>();

/** The place of an offset; beyond either end of the text, that end. O(log lines) after the first call for a source. */
export function positionAt(source: Source, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, source.text.length));
  const starts = startsOf(source);
  const lineIndex = lastAtMost(starts, inside);
  return { line: lineIndex + 1, column: inside - (starts[lineIndex] ?? 0) + 1 };
}

/** A line without its end, by its number from 1; empty where there is none. */
export function lineText(source: Source, line: number): string {
  const starts = startsOf(source);
  const start = starts[line - 1];
  if (start === undefined) return '';
  const next = starts[line];
  const text = source.text.slice(start, next === undefined ? undefined : next - 1);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
    starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** The index of the last number that is at most `limit`; numbers ascend and begin with 0. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
