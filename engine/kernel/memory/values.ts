/**
 * Where values that are more than a word are kept (one word: see `log/inline-value.ts`).
 *
 * A reference in shared memory is a block that exactly one cell owns: whoever moves a value moves the word, whoever copies
 * it copies the block. In plain memory, values are interned by content: equal values are equal words, and copying is free.
 */

import { CHARACTERS, type Meter } from '../../expression/meter.ts';
import type { Value } from '../../expression/values/value.ts';
import { decode, encode } from '../../log/codec.ts';
import { FIRST_REFERENCE, inlineValue, inlineWord, isReference } from '../../log/inline-value.ts';
import { int } from '../../log/int.ts';
import { readText, textWords, wordsOfText, writeText } from '../../log/text-words.ts';
import { CONTROL } from './layout.ts';

/** Where values that are no small integers are kept. In shared memory `store`, `copy` and `free` need the mutex. */
export type ValueStore = {
  /** A word that owns the value; undefined if memory ran out. */
  store(text: string): number | undefined;
  text(word: number): string;
  /** Where values outlive everything: the value itself, made from its text once. */
  value?(word: number): Value;
  copy(word: number): number | undefined;
  free(word: number): void;
  /** About so many bytes are kept; of shared memory, whose size is fixed, nothing is said. */
  readonly bytes?: () => number;
};

/** The value of a word, which may be a reference into the store. */
export function valueFromWord(word: number, store: ValueStore): Value {
  if (!isReference(word)) return inlineValue(word);
  return store.value?.(word) ?? decode(store.text(word));
}

export function storeValue(value: Value, store: ValueStore): number | undefined {
  return inlineWord(value) ?? store.store(encode(value));
}

/** What all values of a run in plain memory may take, about, in bytes: half of what Node gives a small machine. */
const MOST_BYTES = 2 ** 29;
/** What a value takes beside its text; and, once it was looked into, for each character of a list or a map. */
const BYTES_A_VALUE = 128;
const BYTES_A_CHARACTER = 8;

/**
 * Content-addressed, for plain memory: nothing is freed, equal texts are one. What is kept is limited, lest the whole command
 * runs out of memory with all that it knows.
 *
 * @param meter counts what it costs to keep values
 */
export function createInternedStore(meter: Meter = { spent: 0 }, mostBytes = MOST_BYTES): ValueStore {
  const texts: string[] = [];
  const values: (Value | undefined)[] = [];
  const words = new Map<string, number>();
  let bytes = 0;
  const indexOf = (word: number): number => (word - FIRST_REFERENCE) >> 1;
  return {
    store(text) {
      meter.spent += Math.ceil(text.length / CHARACTERS);
      const known = words.get(text);
      if (known !== undefined) return known;
      bytes += text.length + BYTES_A_VALUE;
      if (bytes > mostBytes) return undefined;
      const word = (texts.length << 1) + FIRST_REFERENCE;
      texts.push(text);
      words.set(text, word);
      return word;
    },
    text: (word) => texts[indexOf(word)] as string,
    value(word) {
      const index = indexOf(word);
      const known = values[index];
      if (known !== undefined) return known;
      const text = texts[index] as string;
      const value = decode(text);
      meter.spent += Math.ceil(text.length / CHARACTERS) * BYTES_A_CHARACTER;
      if (typeof value === 'object') bytes += text.length * BYTES_A_CHARACTER;
      values[index] = value;
      return value;
    },
    copy: (word) => word,
    free: () => {},
    bytes: () => bytes,
  };
}

/**
 * The same, for a run in plain memory: whoever follows the log has each value that somebody owns once more, equal ones too. So
 * those are limited, as they are in shared memory.
 */
export function createOwnedStore(meter?: Meter, mostBytes = MOST_BYTES): ValueStore {
  const inner = createInternedStore(meter, mostBytes);
  let owned = 0;
  const own = (word: number | undefined, text: string): number | undefined => {
    owned += bytesOf(text);
    return owned > mostBytes ? undefined : word;
  };
  return {
    ...inner,
    store: (text) => own(inner.store(text), text),
    copy: (word) => own(word, inner.text(word)),
    free(word) {
      owned -= bytesOf(inner.text(word));
    },
  };
}

function bytesOf(text: string): number {
  return text.startsWith('"') ? text.length : text.length * BYTES_A_CHARACTER;
}

const MIN_CLASS = 2;
const MAX_CLASS = 26;

/**
 * Blocks in shared memory, in sizes of powers of two, with a free list for each. A reference is the block's index into
 * the region, shifted; the first word of a block is its class, the text follows.
 */
export function createSharedStore(words: Int32Array, valuesAt: number, valueWords: number): ValueStore {
  const store = (text: string): number | undefined => {
    const block = allocate(words, valuesAt, valueWords, textWords(text) + 1);
    if (block === undefined) return undefined;
    writeText(words, block + 1, text);
    return referenceOf(block - valuesAt);
  };
  const copy = (word: number): number | undefined => {
    const from = blockOf(word) + 1;
    const size = wordsOfText(words, from);
    const block = allocate(words, valuesAt, valueWords, size + 1);
    if (block === undefined) return undefined;
    words.copyWithin(block + 1, from, from + size);
    return referenceOf(block - valuesAt);
  };
  const blockOf = (word: number): number => valuesAt + ((word - FIRST_REFERENCE) >> 1);
  return {
    store,
    text: (word) => readText(words, blockOf(word) + 1),
    copy,
    free: (word) => release(words, valuesAt, blockOf(word)),
  };
}

function referenceOf(offset: number): number {
  return (offset << 1) + FIRST_REFERENCE;
}

function allocate(
  words: Int32Array,
  valuesAt: number,
  valueWords: number,
  needed: number,
): number | undefined {
  const size = Math.max(MIN_CLASS, Math.ceil(Math.log2(needed)));
  if (size > MAX_CLASS) return undefined;
  const list = CONTROL.valueFree + size;
  const free = int(words[list]);
  if (free !== 0) {
    const block = valuesAt + free - 1;
    words[list] = int(words[block + 1]);
    return block;
  }
  const top = int(words[CONTROL.valueTop]);
  if (top + 2 ** size > valueWords) return undefined;
  words[CONTROL.valueTop] = top + 2 ** size;
  words[valuesAt + top] = size;
  return valuesAt + top;
}

/** The free list runs through the word after a block's class; links are offsets + 1. */
function release(words: Int32Array, valuesAt: number, block: number): void {
  const list = CONTROL.valueFree + int(words[block]);
  words[block + 1] = int(words[list]);
  words[list] = block - valuesAt + 1;
}
