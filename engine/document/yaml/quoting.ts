/**
 * The quoted form of a text, as the fix that findings print.
 */

import { shortened } from '../../diagnostic/text-width.ts';
import type { Span } from '../../source/source.ts';

const longestFix = 160;

/** The text as a YAML scalar in quotes: double ones if it needs no escapes there, else single ones. */
function quoted(text: string): string {
  if (!/["\\]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** The line with the spanned part in quotes, without its indentation, as it should have been written. */
export function quotedLine(text: string, span: Span): string {
  const from = text.lastIndexOf('\n', span.start - 1) + 1;
  const to = lineEnd(text, span.end);
  const line =
    text.slice(from, span.start) + quoted(text.slice(span.start, span.end)) + text.slice(span.end, to);
  return shortened(line.trim(), longestFix);
}

/** Where the line ends that the offset is on. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** From the offset to the end of its line, without a comment and white space at the end. */
export function restOfLine(text: string, start: number): Span {
  const rest = text.slice(start, lineEnd(text, start));
  const comment = rest.search(/\s#/);
  return { start, end: start + (comment < 0 ? rest : rest.slice(0, comment)).trimEnd().length };
}
