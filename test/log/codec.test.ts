import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../engine/log/codec.ts';
import { inlineValue, inlineWord, isReference } from '../../engine/log/inline-value.ts';
import { anyDouble, anyInteger, anyValue, expectSame, reordered } from './arbitrary-value.ts';

describe('values as text', () => {
  test('read back as exactly the same value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expectSame(decode(encode(value)), value);
      }),
    );
  });

  test('equal values have equal texts, whatever the order of keys', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(encode(reordered(value))).toBe(encode(value));
      }),
    );
  });

  test('an integer and a double never have the same text', () => {
    fc.assert(
      fc.property(anyInteger, anyDouble, (a, b) => {
        expect(encode(a)).not.toBe(encode(b));
      }),
    );
    expect(encode(1n)).not.toBe(encode(1));
    expect(decode(encode(1))).toBe(1);
    expect(decode(encode(1n))).toBe(1n);
  });

  test.each([
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-0.0', -0],
    ['1.0', 1],
    ['1e+21', 1e21],
    ['~NaN', Number.NaN],
    ['~-Infinity', Number.NEGATIVE_INFINITY],
    ['{"a":1,"b":[null,true]}', { b: [null, true], a: 1n }],
    ['"\\ud800"', '\ud800'],
  ])('%s', (text, value) => {
    expect(encode(value)).toBe(text);
    expectSame(decode(text), value);
  });

  test('a key named __proto__ stays a key', () => {
    const value = Object.fromEntries([['__proto__', 1n]]);
    expect(Object.entries(decode(encode(value)) as object)).toEqual([['__proto__', 1n]]);
  });

  test('long texts and lists', () => {
    const long = ['"\\x'.repeat(30_000), Array.from({ length: 20_000 }, (_, index) => BigInt(index))];
    expectSame(decode(encode(long)), long);
  });

  test.each(['', '1 ', '"a', '{"a"1}', '[1', '01x', 'nul', '{1:2}'])('broken text %j is a bug', (text) => {
    expect(() => decode(text)).toThrow('bug in concur');
  });
});

describe('values in one word', () => {
  test('what fits reads back, and is no reference', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const word = inlineWord(value);
        if (word === undefined) return;
        expect(word | 0).toBe(word);
        expect(isReference(word)).toBe(false);
        expect(inlineValue(word)).toBe(value);
      }),
    );
  });

  test('integers of 31 bits, null, true and false fit, and nothing else', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const fits =
          typeof value === 'bigint'
            ? value >= -(2n ** 30n) && value < 2n ** 30n
            : typeof value === 'boolean' || value === null;
        expect(inlineWord(value) !== undefined).toBe(fits);
      }),
    );
  });

  test('zero is the integer zero', () => expect(inlineWord(0n)).toBe(0));
});
