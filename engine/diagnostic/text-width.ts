/**
 * How much of a text fits: cutting it, and how wide it is on a terminal.
 */
import { eastAsianWidth } from 'get-east-asian-width';

/** At most so many code units, with `…` for what is left out. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Columns that a code point takes: 0 for what joins the one before, 2 for wide ones. */
export function columnsOf(codePoint: string): number {
  if (codePoint < '\u0300') return 1;
  if (joining.test(codePoint)) return 0;
  return eastAsianWidth(codePoint.codePointAt(0) ?? 0);
}

/** Marks and joiners; of them the tables of widths say nothing. */
const joining = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;
