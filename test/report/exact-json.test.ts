/**
 * Data that is written down and read back is exactly what it was.
 */
import { describe, expect, it } from 'vitest';
import { exactJson, fromExactJson } from '../../engine/report/suite/exact-json.ts';
import { hostile } from './suite-scene.ts';

const again = (data: unknown): unknown => fromExactJson(exactJson(data));

describe('exact JSON', () => {
  const kinds: readonly (readonly [unknown])[] = [
    [null],
    [0],
    [-0],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    [1n],
    [-(2n ** 63n)],
    [{ $int: '1' }],
    [{ $int: 1n }],
    [{ $number: 'NaN' }],
    [{ $map: { $map: { $int: '5' } } }],
    [{ $int: '1', other: 2 }],
    [[[], {}, [{ a: [1n, { b: -0 }] }]]],
    [{ constructor: 1, toString: null, hasOwnProperty: 2n }],
  ];
  it.each(kinds.map((_, index) => index))('data of kind %i', (index) => {
    const [data] = kinds[index] as readonly [unknown];
    expect(again(data)).toStrictEqual(data);
  });

  it('keeps a key that JavaScript has a meaning for', () => {
    const data = JSON.parse('{"__proto__": {"x": 1}}') as object;
    expect(Object.keys(again(data) as object)).toEqual(['__proto__']);
  });

  it.each(hostile)('%j is one line', (text) => {
    expect(again([text, { [text]: text }])).toStrictEqual([text, { [text]: text }]);
    expect(exactJson([text])).not.toContain('\n');
  });
});
