/**
 * Text in words: a length word (`units << 1 | wide`), then four 8-bit or two 16-bit units a word.
 */

import { int } from './int.ts';

/** How many words `writeText` needs. */
export function textWords(text: string): number {
  return 1 + Math.ceil(text.length / (isWide(text) ? 2 : 4));
}

/** How many words the text takes that was written there. */
export function wordsOfText(words: Int32Array, at: number): number {
  const header = int(words[at]);
  return 1 + Math.ceil((header >>> 1) / ((header & 1) === 1 ? 2 : 4));
}

function isWide(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 255) return true;
  return false;
}

/** @returns the words written */
export function writeText(words: Int32Array, at: number, text: string): number {
  const wide = isWide(text);
  words[at] = (text.length << 1) | (wide ? 1 : 0);
  let target = at + 1;
  if (wide) {
    for (let index = 0; index < text.length; index += 2) {
      words[target++] = text.charCodeAt(index) | (unit(text, index + 1) << 16);
    }
  } else {
    for (let index = 0; index < text.length; index += 4) {
      words[target++] =
        text.charCodeAt(index) |
        (unit(text, index + 1) << 8) |
        (unit(text, index + 2) << 16) |
        (unit(text, index + 3) << 24);
    }
  }
  return target - at;
}

/** Zero past the end, so that equal texts are equal words. */
function unit(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}

/** So many units are made text at once: all that may be arguments of one call. */
const CHUNK = 8192;
const units = new Uint16Array(CHUNK);

export function readText(words: Int32Array, at: number): string {
  const header = int(words[at]);
  const length = header >>> 1;
  const wide = (header & 1) === 1;
  let text = '';
  for (let from = 0; from < length; from += CHUNK) {
    const count = Math.min(CHUNK, length - from);
    if (wide) readWide(words, at + 1 + (from >> 1), count);
    else readNarrow(words, at + 1 + (from >> 2), count);
    text += String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
  }
  return text;
}

function readWide(words: Int32Array, at: number, count: number): void {
  for (let index = 0; index < count; index++)
    units[index] = (int(words[at + (index >> 1)]) >>> ((index & 1) << 4)) & 0xffff;
}

function readNarrow(words: Int32Array, at: number, count: number): void {
  for (let index = 0; index < count; index++)
    units[index] = (int(words[at + (index >> 2)]) >>> ((index & 3) << 3)) & 0xff;
}
