/**
 * Text with `${{ }}` in it, taken apart.
 */

/** `start` and `end`: the expression inside the braces, as offsets of the text, without white space around it. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly start: number; readonly end: number };

/** Parts in order, no text part empty; or the offset of a `${{` that is never closed. */
export type Template = { readonly parts: readonly TemplatePart[] } | { readonly unclosed: number };

const opening = '$' + '{{';
const closing = '}}';

export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf(opening, from);
    if (open < 0) break;
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open) });
    const inside = open + opening.length;
    const close = closingOf(text, inside);
    if (close < 0) return { unclosed: open };
    parts.push({ kind: 'expression', ...trimmed(text, inside, close) });
    from = close + closing.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return { parts };
}

/** If the text is one `${{ e }}` and nothing else, where `e` stands in it; white space around it is ignored. */
export function wholeExpression(text: string): { readonly start: number; readonly end: number } | undefined {
  const { start, end } = trimmed(text, 0, text.length);
  if (!text.startsWith(opening, start)) return undefined;
  const inside = start + opening.length;
  return closingOf(text, inside) === end - closing.length
    ? trimmed(text, inside, end - closing.length)
    : undefined;
}

/** The `}}` that closes: not one inside a literal text or of a map; failing that, the first one. */
function closingOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") {
      at = endOfLiteral(text, at);
    } else if (character === '{') {
      depth += 1;
    } else if (character === '}') {
      if (depth === 0 && text.startsWith(closing, at)) return at;
      depth -= 1;
    }
  }
  return text.indexOf(closing, from);
}

/** The offset of the closing quote, or the text's end. */
function endOfLiteral(text: string, start: number): number {
  const quote = text.charAt(start);
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

function trimmed(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const inside = text.slice(start, end);
  const lead = inside.length - inside.trimStart().length;
  return inside.trim() === ''
    ? { start, end: start }
    : { start: start + lead, end: end - (inside.length - inside.trimEnd().length) };
}
