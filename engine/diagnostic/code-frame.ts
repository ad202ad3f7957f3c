/**
 * A line of the user's text with a mark under a part of it, cut to the width there is.
 */
import { printable } from '../source/harmless.ts';
import { lineText, positionAt } from '../source/position.ts';
import type { Source, Span } from '../source/source.ts';
import { columnsOf } from './text-width.ts';

export type Frame = { readonly line: number; readonly text: string; readonly mark: string };

/**
 * The line on which the span begins, and the mark under the span (to the end of the line where it goes on).
 *
 * @param sign what the mark is made of: one column wide
 * @param columns how wide the text may be; never taken as less than 8
 */
export function codeFrame(source: Source, span: Span, sign: string, columns: number): Frame {
  const { line, column } = positionAt(source, span.start);
  const raw = lineText(source, line);
  const from = Math.min(column - 1, raw.length);
  const to = Math.max(from, Math.min(raw.length, from + span.end - span.start));
  const room = Math.max(8, columns);
  const start = windowStart(raw, { from, to, room });
  const shown = fitting(raw, start, room);
  const ellipsis = start > 0 ? '…' : '';
  const before = width(raw.slice(start, from)) + ellipsis.length;
  const under = Math.max(1, Math.min(width(raw.slice(from, Math.min(to, shown.end))), room - before));
  return { line, text: ellipsis + shown.text, mark: ' '.repeat(before) + sign.repeat(under) };
}

/** Where to begin, so that the marked part is seen with some text before it. */
function windowStart(
  raw: string,
  marked: { readonly from: number; readonly to: number; readonly room: number },
): number {
  const { from, to, room } = marked;
  if (to <= room && width(raw.slice(0, to)) <= room) return 0;
  const start = Math.max(0, from - Math.floor(room / 3));
  const splitsPair = /[\udc00-\udfff]/.test(raw[start] ?? '');
  return splitsPair ? start + 1 : start;
}

/** As much as fits from there, the ellipses counted; a flood of joining characters is cut, too. */
function fitting(raw: string, start: number, room: number): { readonly text: string; readonly end: number } {
  const available = room - (start > 0 ? 1 : 0);
  const points = [...raw.slice(start, start + 2 * room + 2)];
  let used = 0;
  let end = start;
  const kept: string[] = [];
  for (const point of points) {
    used += columnsOf(point);
    if (used > available) return cutOff(kept, end);
    kept.push(point);
    end += point.length;
  }
  return end < raw.length ? cutOff(kept, end) : { text: printable(kept.join('')), end };
}

function cutOff(kept: readonly string[], end: number): { readonly text: string; readonly end: number } {
  const last = kept.at(-1) ?? '';
  return { text: `${printable(kept.slice(0, -1).join(''))}…`, end: end - last.length };
}

function width(raw: string): number {
  let sum = 0;
  for (const point of raw) sum += columnsOf(point);
  return sum;
}
