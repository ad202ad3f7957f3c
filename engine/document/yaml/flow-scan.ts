/**
 * Finds what users write inside `{ }` and `[ ]` that YAML takes apart: `${{ }}`, `fork[0]`, `max(a, b)`, `a ? b : c`.
 *
 * YAML's own errors about these come late and at odd places, some come not at all, so this reads a flow collection the
 * way its author meant it and tells which entries need quotes. It only looks where YAML found a flow collection begin.
 */
import type { Span } from '../../source/source.ts';
import { limits } from '../limits.ts';
import { lineEnd } from './quoting.ts';

export type FlowTrap = {
  readonly span: Span;
  readonly why:
    | 'template'
    | 'bracket'
    | 'comma'
    | 'ternary'
    | 'exclamation'
    | 'after-quote'
    | 'after-bracket'
    | 'indicator';
};

type Scan = { readonly text: string; at: number; depth: number; readonly traps: FlowTrap[] };

/**
 * The entries that need quotes, of the collection that begins at the offset. Linear in its length.
 *
 * Where it is never closed, only those of its first line: what follows may be no part of it.
 */
export function scanFlow(
  text: string,
  start: number,
): { readonly end: number; readonly traps: readonly FlowTrap[] } {
  const scan: Scan = { text, at: start, depth: 0, traps: [] };
  const isClosed = collection(scan);
  const firstLine = lineEnd(text, start);
  return {
    end: scan.at,
    traps: isClosed ? scan.traps : scan.traps.filter(({ span }) => span.start < firstLine),
  };
}

/** Reads a collection; whether it is closed. */
function collection(scan: Scan): boolean {
  const { text } = scan;
  scan.depth += 1;
  scan.at += 1;
  while (scan.at < text.length) {
    skipBlanks(scan);
    const character = text[scan.at] ?? '';
    if (character === ']' || character === '}') {
      scan.at += 1;
      scan.depth -= 1;
      return true;
    }
    if (character === ',' || isIndicator(text, scan.at)) scan.at += 1;
    else if (character !== '[' && character !== '{') entry(scan);
    else if (scan.depth >= limits.depth || !inner(scan)) scan.at = text.length;
  }
  return false;
}

/** Reads a collection inside another; an expression may have begun like one: `[1, 2] == x`. */
function inner(scan: Scan): boolean {
  const { text, at: start } = scan;
  if (!collection(scan)) return false;
  const goesOn = /[ \t]*[^\s,:\]}#]/y;
  goesOn.lastIndex = scan.at;
  if (goesOn.test(text)) plainEntry(scan, start, 'after-bracket');
  return true;
}

/** `: ` and `? ` between entries. */
function isIndicator(text: string, at: number): boolean {
  return /^[:?](?:[\s,[\]{}]|$)/.test(text.slice(at, at + 2));
}

function skipBlanks(scan: Scan): void {
  const blank = /(?:\s|(?<=\s)#[^\n]*)*/y;
  blank.lastIndex = scan.at;
  blank.exec(scan.text);
  scan.at = Math.max(scan.at, blank.lastIndex);
}

function entry(scan: Scan): void {
  const { text, at } = scan;
  const first = text[at] ?? '';
  if (first === '"' || first === "'") {
    quotedEntry(scan, first);
    return;
  }
  const property = /[&*][^\s,[\]{}]+|!!?<?[^\s,[\]{}]*>?/y;
  property.lastIndex = at;
  if (/^(?:[&*]|!!|!<)/.test(text.slice(at, at + 2)) && property.test(text)) {
    scan.at = property.lastIndex;
    return;
  }
  const why = first === '!' ? 'exclamation' : '@`|>%'.includes(first) ? 'indicator' : undefined;
  plainEntry(scan, at, why);
}

function quotedEntry(scan: Scan, quote: '"' | "'"): void {
  const { text, at } = scan;
  const closed = quote === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'/y;
  closed.lastIndex = at;
  if (!closed.test(text)) {
    scan.at = text.length;
    return;
  }
  scan.at = closed.lastIndex;
  if (text[scan.at] === ':') {
    scan.at += 1;
    return;
  }
  const rest = /[ \t]*/y;
  rest.lastIndex = scan.at;
  rest.exec(text);
  const next = text[rest.lastIndex] ?? '';
  if (next === '' || ',:]}\r\n#'.includes(next)) return;
  plainEntry(scan, at, 'after-quote');
}

type Reading = {
  readonly start: number;
  why: FlowTrap['why'] | undefined;
  parentheses: number;
  question: boolean;
};

/** Reads on to where the author meant the entry to end; YAML may have ended it earlier. */
function plainEntry(scan: Scan, start: number, known: FlowTrap['why'] | undefined): void {
  const { text } = scan;
  const reading: Reading = { start, why: known, parentheses: 0, question: false };
  while (scan.at < text.length) {
    const next = stride(text, scan.at, reading);
    if (next === undefined) break;
    scan.at = next;
  }
  if (scan.at === start) scan.at += 1;
  const end = start + text.slice(start, scan.at).trimEnd().length;
  if (reading.why !== undefined) scan.traps.push({ span: { start, end }, why: reading.why });
}

/** Where to read on after what stands here, or undefined at the end of the entry. */
function stride(text: string, at: number, reading: Reading): number | undefined {
  const character = text[at] ?? '';
  const before = text[at - 1] ?? '';
  if (text.startsWith('${{', at)) {
    reading.why ??= 'template';
    return closing(text, at, '}}') ?? at + 3;
  }
  switch (character) {
    case '\n':
    case ']':
    case '}':
      return undefined;
    case '#':
      return /\s/.test(before) ? undefined : at + 1;
    case '[':
    case '{':
      reading.why ??= 'bracket';
      return balanced(text, at) ?? at + 1;
    case '"':
    case "'":
      return quotedPart(text, at, reading);
    case ',':
      if (reading.parentheses <= 0 || closing(text, at, ')') === undefined) return undefined;
      reading.why ??= 'comma';
      return at + 1;
    case '?':
      reading.question ||= /\s/.test(before) && isIndicator(text, at);
      return at + 1;
    case ':':
      if (!isIndicator(text, at)) return at + 1;
      if (!reading.question) return undefined;
      reading.question = false;
      reading.why ??= 'ternary';
      return at + 1;
    default:
      // Text has parentheses, too: only a call's commas are meant as its own.
      if (character === '(' && (reading.parentheses > 0 || /\w/.test(before))) reading.parentheses += 1;
      if (character === ')' && reading.parentheses > 0) reading.parentheses -= 1;
      return at + 1;
  }
}

/** A quote after an operator, or in a call, begins a quoted text, which YAML would end at its comma. */
function quotedPart(text: string, at: number, reading: Reading): number {
  const before = text.slice(Math.max(reading.start, at - 20), at);
  const opens = /[\w)\]"'] *(?:[=!<>]=|[<>+]|&&|\|\|) +$|\w\($/.test(before);
  const end = opens ? closing(text, at + 1, text[at] ?? '') : undefined;
  if (end === undefined || /[\w"']/.test(text[end] ?? '')) return at + 1;
  if (/[,[\]{}]/.test(text.slice(at, end))) reading.why ??= 'comma';
  return end;
}

/** How far what belongs together may be apart: bounds the work. */
const farthest = 1000;

/** The end of the next such text on the line. */
function closing(text: string, from: number, what: string): number | undefined {
  const near = text.slice(from, from + farthest);
  const found = near.indexOf(what);
  const line = near.indexOf('\n');
  return found < 0 || (line >= 0 && line < found) ? undefined : from + found + what.length;
}

/** The end of the bracket that opens here, if it is closed on its line. */
export function balanced(text: string, start: number): number | undefined {
  let open = 0;
  for (let at = start; at < start + farthest && text[at] !== '\n'; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') open += 1;
    if (character === ']' || character === '}') open -= 1;
    if (open === 0) return at + 1;
  }
  return undefined;
}
