/**
 * Values as text: canonical, so that equal values have equal texts, and exact, so that integers stay integers.
 *
 * JSON, in which an integer is a number without a point, a double has one or an exponent (or is `~NaN`, `~Infinity`), and
 * maps have their keys in order.
 */
import type { Value, ValueMap } from '../expression/values/value.ts';

export function encode(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return encodeDouble(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
  const map = value as ValueMap;
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${encode(map[key] as Value)}`);
  return `{${entries.join(',')}}`;
}

function encodeDouble(value: number): string {
  if (!Number.isFinite(value)) return `~${value}`;
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** @throws AssertionError if the text was not made by `encode` (a bug in concur) */
export function decode(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value();
  reader.expectEnd();
  return value;
}

const NUMBER = /-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?/y;
const WORD = /null|true|false|~NaN|~-?Infinity/y;
const WORDS: Readonly<Record<string, Value>> = {
  null: null,
  true: true,
  false: false,
  '~NaN': Number.NaN,
  '~Infinity': Number.POSITIVE_INFINITY,
  '~-Infinity': Number.NEGATIVE_INFINITY,
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Value {
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string();
      case '[':
        return this.#list();
      case '{':
        return this.#map();
      case 'n':
      case 't':
      case 'f':
      case '~':
        return WORDS[this.#match(WORD)] as Value;
      default:
        return this.#number();
    }
  }

  expectEnd(): void {
    if (this.#at !== this.#text.length) this.#broken();
  }

  #number(): Value {
    const text = this.#match(NUMBER);
    return /[.e]/.test(text) ? Number(text) : BigInt(text);
  }

  /** Looks for the end itself: a pattern that repeats a choice runs out of stack within some millions of characters. */
  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (this.#text[start] !== '"' || end === -1) return this.#broken();
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  /** Whether an odd number of backslashes stands before it. */
  #isEscaped(index: number): boolean {
    let first = index;
    while (this.#text[first - 1] === '\\') first--;
    return (index - first) % 2 === 1;
  }

  #list(): Value {
    const items: Value[] = [];
    this.#at++;
    while (!this.#take(']')) {
      items.push(this.value());
      this.#take(',');
    }
    return items;
  }

  #map(): Value {
    const entries: [string, Value][] = [];
    this.#at++;
    while (!this.#take('}')) {
      const key = this.#string();
      if (!this.#take(':')) this.#broken();
      entries.push([key, this.value()]);
      this.#take(',');
    }
    return Object.fromEntries(entries);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#broken();
    this.#at += found.length;
    return found;
  }

  #broken(): never {
    throw new Error(`bug in concur: a stored value is broken at ${this.#at}: ${this.#text.slice(0, 80)}`);
  }
}
