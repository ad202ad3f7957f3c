/**
 * Text of a scenario, made harmless for a terminal or a CI log.
 *
 * What a task prints may come from anywhere. A control character in it could move the cursor, clear the screen, forge a
 * line of another task or hide text (the bidirectional controls), so all of them are shown as escapes instead.
 */

/** C0 and C1 controls, DEL, separators of lines, bidirectional controls, what is invisible, lone surrogates. */
const harmful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const shortEscapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The text on one line, every character that could act on a terminal written as an escape (`\x1b`, `\n`, `\u202e`). */
export function harmless(text: string): string {
  return text.replace(harmful, escaped);
}

/** The lines of a text, each harmless. A line end at the very end begins no further line; an empty text is one line. */
export function harmlessLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map(harmless);
}

function escaped(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
