/**
 * The user's text made harmless for a terminal, and how wide it is there.
 */

/**
 * Every control character, direction mark and broken surrogate becomes one visible character; tabs and line ends become
 * what takes one column. The length in code units stays the same, so offsets still hold.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\t') return ' ';
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

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
