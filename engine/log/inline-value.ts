/**
 * Values in cells of one word. An even word is an integer of 31 bits, shifted; an odd one is a constant (null, true,
 * false) or a reference to a store. Zero is the integer 0, so that a vacated cell is a value.
 */
import type { Value } from '../expression/values/value.ts';

export const NULL_WORD = 1;
export const TRUE_WORD = 3;
export const FALSE_WORD = 5;
/** The word of the integer 1: adding it to the word of an integer adds one. */
export const ONE = 2;
/** References are the odd words from here on. */
export const FIRST_REFERENCE = 7;

const MIN_INLINE = -(2n ** 30n);
const MAX_INLINE = 2n ** 30n - 1n;

export function isReference(word: number): boolean {
  return (word & 1) === 1 && word >= FIRST_REFERENCE;
}

/** Whether it is the word of an integer; such words compare as their integers do. */
export function isInteger(word: number): boolean {
  return (word & 1) === 0;
}

/** The word of a value that needs no store; undefined for all others. */
export function inlineWord(value: Value): number | undefined {
  if (typeof value === 'bigint') {
    return value >= MIN_INLINE && value <= MAX_INLINE ? Number(value) << 1 : undefined;
  }
  if (value === null) return NULL_WORD;
  if (value === true) return TRUE_WORD;
  if (value === false) return FALSE_WORD;
  return undefined;
}

/** The value of a word that is no reference. */
export function inlineValue(word: number): Value {
  if (word === 0) return 0n;
  if ((word & 1) === 0) return BigInt(word >> 1);
  if (word === NULL_WORD) return null;
  return word === TRUE_WORD;
}
