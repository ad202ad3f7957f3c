/**
 * Text as a row of code points, which is what CEL and Python mean by it: how texts are ordered, and where in them is what,
 * in a time that grows with the text alone.
 *
 * The expression library compares and counts JavaScript's code units, of which a code point beyond U+FFFF has two: it
 * puts "😀" before "｡", and cuts "😀" in half. So its own definitions for text are replaced, which reach a comparison
 * whether the types are known before the run or only in it.
 */
import type { Environment } from '@marcbachmann/cel-js';
import { ScenarioError } from '../values/scenario-error.ts';
import { finalIndexOf, firstIndexOf, splitAt } from './find-text.ts';

/** Negative, zero or positive, as for `sort`. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  // Where only the second halves of two code points differ, those begin one earlier.
  const start = at > 0 && isHigh(a.charCodeAt(at - 1)) ? at - 1 : at;
  return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Gives the environment the operators and functions of this file. What is registered later would bring back the library's. */
export function useCodePoints(environment: Environment): void {
  for (const [call, signature, handler] of replacements) replace(environment, call, signature, handler);
}

type Handler = (...operands: readonly never[]) => unknown;

const replacements: readonly (readonly [call: string, signature: string, handler: Handler])[] = [
  ['a < b', 'string < string: bool', (a: string, b: string) => compareText(a, b) < 0],
  ['a <= b', 'string <= string: bool', (a: string, b: string) => compareText(a, b) <= 0],
  ['a > b', 'string > string: bool', (a: string, b: string) => compareText(a, b) > 0],
  ['a >= b', 'string >= string: bool', (a: string, b: string) => compareText(a, b) >= 0],
  [
    'a.contains(b)',
    'string.contains(string): bool',
    (text: string, part: string) => firstIndexOf(text, part) >= 0,
  ],
  ['a.indexOf(b)', 'string.indexOf(string): int', (text: string, part: string) => indexOf(text, part, 0n)],
  ['a.indexOf(b, c)', 'string.indexOf(string, int): int', indexOf],
  ['a.lastIndexOf(b)', 'string.lastIndexOf(string): int', lastIndexOf],
  ['a.lastIndexOf(b, c)', 'string.lastIndexOf(string, int): int', lastIndexOf],
  ['a.substring(b)', 'string.substring(int): string', substring],
  ['a.substring(b, c)', 'string.substring(int, int): string', substring],
  ['a.split(b)', 'string.split(string): list<string>', split],
  ['a.split(b, c)', 'string.split(string, int): list<string>', split],
];

/** What the library keeps for one operator, or one name with so many arguments. */
type Definitions = { readonly declarations: { signature: string; handler: unknown }[] };

/**
 * The library refuses to define again what it defines itself. Names without a type are not looked up before the run, so
 * nothing has remembered a definition that is replaced here.
 */
function replace(environment: Environment, call: string, signature: string, handler: Handler): void {
  const parsed = environment.parse(call);
  parsed.check();
  const { declarations } = (parsed.ast as unknown as { readonly candidates: Definitions }).candidates;
  const index = declarations.findIndex((declaration) => declaration.signature === signature);
  const declaration = declarations[index];
  if (declaration === undefined) throw new Error(`bug in concur: no definition of ${signature}`);
  const inherited: object = Object.getPrototypeOf(declaration);
  declarations[index] = Object.assign(Object.create(inherited), declaration, { handler });
}

function indexOf(text: string, part: string, from: bigint): bigint {
  const start = unitAt(text, from, 'indexOf');
  return pointAt(text, firstIndexOf(text, part, start));
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  if (from === undefined) return pointAt(text, finalIndexOf(text, part));
  return pointAt(text, finalIndexOf(text, part, unitAt(text, from, 'lastIndexOf')));
}

function substring(text: string, from: bigint, to?: bigint): string {
  const start = unitAt(text, from, 'substring');
  if (to === undefined) return text.slice(start);
  const end = unitAt(text, to, 'substring');
  if (end < start) throw outOfRange('substring', to);
  return text.slice(start, end);
}

function split(text: string, separator: string, most = -1n): readonly string[] {
  const parts = separator === '' ? [...text] : splitAt(text, separator);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  if (most === 0n) return [];
  const kept = Number(most) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

/** Where the code point of that number begins, or the text ends. */
function unitAt(text: string, index: bigint, name: string): number {
  if (index < 0n || index > BigInt(text.length)) throw outOfRange(name, index);
  let unit = 0;
  for (let left = Number(index); left > 0; left -= 1) {
    const point = text.codePointAt(unit);
    if (point === undefined) throw outOfRange(name, index);
    unit += point > 0xffff ? 2 : 1;
  }
  return unit;
}

/** The number of the code point that begins there; -1 stays -1. */
function pointAt(text: string, unit: number): bigint {
  let points = 0n;
  for (let at = 0; at < unit; points += 1n) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return unit < 0 ? -1n : points;
}

function outOfRange(name: string, index: bigint): ScenarioError {
  return new ScenarioError('IndexError', `${name}(): there is no place ${index} in the text`);
}
