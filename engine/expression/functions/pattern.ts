/**
 * Regular expressions that cannot hang a run.
 *
 * The engine below backtracks: `(a+)+$` needs 4.7 s for 27 characters, and twice as long for each one more. So patterns
 * that can be exponential are refused, and for the others, whose time is at worst a power of the text's length, the
 * text may be only so long that they stay below about a second.
 */
import { ScenarioError } from '../values/scenario-error.ts';

/** What is wrong with a pattern, in one line; undefined if it may be used. */
export function patternProblem(source: string): string | undefined {
  try {
    new RegExp(source);
  } catch (error) {
    return `the pattern is not valid: ${error instanceof Error ? error.message.replace(/^.*: /, '') : String(error)}`;
  }
  if (source.length > longestPattern)
    return `the pattern has ${source.length} characters, more than ${longestPattern}`;
  const { nested, repeats, choices } = analyse(source);
  if (nested) return 'the pattern repeats a group that itself varies, which can take for ever';
  if (repeats > mostRepeats) return `the pattern has ${repeats} repetitions, more than ${mostRepeats}`;
  if (choices > mostChoices) return `the pattern has ${choices} optional parts, more than ${mostChoices}`;
  return undefined;
}

/**
 * Whether the pattern is found anywhere in the text.
 *
 * @throws ScenarioError `ValueError` for a pattern that `patternProblem` refuses, or a text too long for it
 */
export function matchesPattern(text: string, source: string): boolean {
  const { expression, longest } = compiled(source);
  if (text.length > longest) {
    throw new ScenarioError(
      'ValueError',
      `a text of ${text.length} characters is too long for this pattern: ${longest} at most`,
    );
  }
  return expression.test(text);
}

/** Whether the pattern is found in the beginning of a text, as much of it as the pattern may be tried on. */
export function findsPattern(text: string, source: string): boolean {
  const { expression, longest } = compiled(source);
  return expression.test(text.length > longest ? text.slice(0, longest) : text);
}

type Compiled = { readonly expression: RegExp; readonly longest: number };

const cache = new Map<string, Compiled>();
const cacheSize = 200;
const longestPattern = 1000;
const mostRepeats = 8;
const mostChoices = 12;
const longestText = 10_000;
const mostSteps = 1e8;

function compiled(source: string): Compiled {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const problem = patternProblem(source);
  if (problem !== undefined) throw new ScenarioError('ValueError', problem);
  const fresh = { expression: new RegExp(source), longest: longestFor(source) };
  if (cache.size >= cacheSize) cache.clear();
  cache.set(source, fresh);
  return fresh;
}

/**
 * With k loops there are about n^k / k! ways through a text of n, twice as many for each choice; where to begin is a
 * loop too, unless `^` says it.
 */
function longestFor(source: string): number {
  const { repeats, choices } = analyse(source);
  const loops = repeats + (/^\^[^|]*$/.test(source) ? 0 : 1);
  let ways = mostSteps / 2 ** choices;
  for (let i = 2; i <= loops; i++) ways *= i;
  return Math.min(longestText, Math.floor(ways ** (1 / Math.max(1, loops))));
}

/** `choices`: parts that may be left out or taken in two ways; `varies`: the whole can match one text in several ways. */
type Shape = {
  readonly repeats: number;
  readonly choices: number;
  readonly varies: boolean;
  readonly nested: boolean;
};

const plain: Shape = { repeats: 0, choices: 0, varies: false, nested: false };

type Cursor = { readonly source: string; at: number };

function analyse(source: string): Shape {
  return alternatives({ source, at: 0 });
}

function alternatives(cursor: Cursor): Shape {
  const starts: string[] = [];
  let shape = plain;
  do {
    starts.push(cursor.source.charAt(cursor.at));
    shape = both(shape, sequence(cursor));
  } while (take(cursor, '|'));
  if (tellApart(starts)) return shape;
  return { ...shape, choices: shape.choices + starts.length - 1, varies: true };
}

/** Alternatives that begin with different plain characters exclude each other. */
function tellApart(starts: readonly string[]): boolean {
  if (starts.length === 1) return true;
  return new Set(starts).size === starts.length && starts.every((start) => /^[\w -]$/.test(start));
}

function sequence(cursor: Cursor): Shape {
  let shape = plain;
  while (cursor.at < cursor.source.length && !/[|)]/.test(cursor.source.charAt(cursor.at))) {
    shape = both(shape, quantified(atom(cursor), quantifier(cursor)));
  }
  return shape;
}

function quantified(inner: Shape, { min, max }: Range): Shape {
  if (min === 1 && max === 1) return inner;
  if (min === max) return { ...inner, repeats: inner.repeats * max, choices: inner.choices * max };
  if (max <= 1) return { ...inner, choices: inner.choices + 1, varies: true };
  return { ...inner, repeats: inner.repeats + 1, varies: true, nested: inner.nested || inner.varies };
}

function atom(cursor: Cursor): Shape {
  const [first = ''] = matchAt(
    cursor,
    /\(\?(?:[:=!]|<[=!]|<\w+>)|\(|\[\^?(?:\\[\s\S]|[^\]\\])*\]|\\[\s\S]|[\s\S]/y,
  );
  if (first.startsWith('(')) {
    const inner = alternatives(cursor);
    take(cursor, ')');
    return inner;
  }
  return /^\\[1-9k]/.test(first) ? { ...plain, repeats: 1, varies: true } : plain;
}

type Range = { readonly min: number; readonly max: number };

function quantifier(cursor: Cursor): Range {
  const [whole, sign, low, comma, high] = matchAt(cursor, /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y);
  if (whole === undefined) return { min: 1, max: 1 };
  if (sign !== undefined)
    return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const min = Number(low);
  if (comma === '') return { min, max: min };
  return { min, max: high === '' ? Number.POSITIVE_INFINITY : Number(high) };
}

function matchAt(cursor: Cursor, expression: RegExp): readonly (string | undefined)[] {
  expression.lastIndex = cursor.at;
  const match = expression.exec(cursor.source);
  if (match === null) return [];
  cursor.at = expression.lastIndex;
  return match;
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.source.charAt(cursor.at) !== character) return false;
  cursor.at += 1;
  return true;
}

function both(a: Shape, b: Shape): Shape {
  return {
    repeats: a.repeats + b.repeats,
    choices: a.choices + b.choices,
    varies: a.varies || b.varies,
    nested: a.nested || b.nested,
  };
}
