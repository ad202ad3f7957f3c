import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readText, textWords, writeText } from '../../engine/log/text-words.ts';
import { anyText } from './arbitrary-value.ts';

describe('text in words', () => {
  test('reads back, takes as many words as it said, and writes no other', () => {
    fc.assert(
      fc.property(anyText, fc.nat(5), (text, at) => {
        const words = new Int32Array(at + textWords(text) + 3).fill(-1);
        expect(writeText(words, at, text)).toBe(textWords(text));
        expect(readText(words, at)).toBe(text);
        expect([...words.slice(0, at), ...words.slice(at + textWords(text))]).toEqual(Array(at + 3).fill(-1));
      }),
    );
  });

  test('equal texts are equal words, whatever lay there before', () => {
    fc.assert(
      fc.property(anyText, fc.integer(), (text, before) => {
        const words = [new Int32Array(textWords(text)), new Int32Array(textWords(text)).fill(before)];
        for (const some of words) writeText(some, 0, text);
        expect(words[1]).toEqual(words[0]);
      }),
    );
  });

  test.each([0, 1, 3, 4, 5, 4095, 4096, 4097, 100_000])('%d units, narrow and wide', (length) => {
    for (const text of ['\u00ff'.repeat(length), '\u20ac'.repeat(length)]) {
      const words = new Int32Array(textWords(text));
      writeText(words, 0, text);
      expect(readText(words, 0)).toBe(text);
    }
  });

  test('Latin text takes a byte a character', () => {
    expect(textWords('x'.repeat(400))).toBe(101);
    expect(textWords('\u20ac'.repeat(400))).toBe(201);
  });
});
