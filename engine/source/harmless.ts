/**
 * Text from anywhere, made harmless: the one place that knows which characters can do harm and how each kind of output
 * writes them.
 *
 * What a scenario says may come from anybody. A control character in it could move the cursor, clear the screen, forge a
 * line of another task or hide text (the bidirectional controls), and a line that a CI system takes for a command could
 * do what the job may do. So every output shows such text with escapes: terminals and plain text, TAP, JUnit and Markdown
 * take `harmless`, the frames of findings `printable`, JSON `harmlessJson`, and words for a shell `escapeHarmful`.
 * Formats with markup of their own escape that beside it, each in its writer.
 */

/**
 * C0 and C1 controls, DEL, separators of lines, bidirectional controls, what is invisible, lone surrogates, what is no
 * character, and the first two characters of `##[command]`, which GitHub and Azure obey in the middle of a line, too.
 * The joiners that emoji and some scripts need are left as they are.
 */
const harmful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|\p{Surrogate}|##(?=\w*\[)/gu;

/** What cannot be harmful, seen at a glance: most text is. */
const plain = /^[ -"$-~]*$/;

const shortEscapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The text with every character that can do harm written as `write` says; it gets the code point. */
export function escapeHarmful(text: string, write: (code: number) => string): string {
  if (plain.test(text)) return text;
  return text.replace(harmful, (found) =>
    found === '##' ? `#${write(0x23)}` : write(found.codePointAt(0) ?? 0),
  );
}

/** The text on one line, every character that could do harm written as an escape (`\x1b`, `\n`, `\u202e`). */
export function harmless(text: string): string {
  return escapeHarmful(text, escaped);
}

/** The lines of a text, each harmless. A line end at the very end begins no further line; an empty text is one line. */
export function harmlessLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map(harmless);
}

/**
 * Whole lines that are harmless already, and of which none is a `::command::` to GitHub: those begin a line, blanks and
 * colours aside. Text of a scenario may stand at the beginning of a line only in what has gone through here.
 */
export function withoutCommands(lines: string): string {
  return lines.includes('::') ? lines.replace(commandStart, '$1\\x3a') : lines;
}

const commandStart =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  /^((?:[^\S\n]|\u001b\[[\d;]*m)*):(?=:)/gm;

/** As many columns as `columnsOf` counts, so that marks stand in their places: each harmful character becomes a visible one. */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(harmful, (found) => {
    if (found === '##') return '#\ufffd';
    const code = found.charCodeAt(0);
    if (found === '\t') return ' ';
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** A JSON text that says the same without a harmful character. Line ends between its values stay. */
export function harmlessJson(json: string): string {
  return json.replace(harmful, (found) => {
    if (found === '\n') return found;
    if (found === '##') return `#${jsonEscapes('#')}`;
    return jsonEscapes(found);
  });
}

function jsonEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => unicode(character.charCodeAt(unit))).join('');
}

function escaped(code: number): string {
  const short = shortEscapes[String.fromCodePoint(code)];
  if (short !== undefined) return short;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? unicode(code) : `\\u{${code.toString(16)}}`;
}

function unicode(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
