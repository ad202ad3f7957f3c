/**
 * How much of a text fits: cutting it, and how wide it is on a terminal.
 */

/** At most so many code units, with `…` for what is left out. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Columns that a code point takes: 0 for what joins the one before, 2 for wide ones. */
export function columnsOf(codePoint: string): number {
  if (codePoint < '\u0300') return 1;
  if (joining.test(codePoint)) return 0;
  return wide.test(codePoint) ? 2 : 1;
}

const joining = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;
