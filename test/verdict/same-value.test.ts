import { describe, expect, test } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import { isEqual, isSame } from '../../engine/verdict/expectations/same-value.ts';

const cases: readonly (readonly [Value, Value, boolean, boolean])[] = [
  [1n, 1n, true, true],
  [1n, 1, false, true],
  [1, 1n, false, true],
  [1n, 1.5, false, false],
  [Number.NaN, Number.NaN, true, false],
  ['1', 1n, false, false],
  [null, false, false, false],
  [[1n, [2n]], [1n, [2n]], true, true],
  [[1n, 2n], [1n, 2], false, true],
  [[1n], [1n, 2n], false, false],
  [{ a: 1n, b: [] }, { b: [], a: 1n }, true, true],
  [{ a: 1n }, { b: 1n }, false, false],
  [{ a: 1n }, { a: 1n, b: 1n }, false, false],
  [{}, [], false, false],
  [{}, null, false, false],
];

describe('values', () => {
  test.each(cases)('%o and %o', (left, right, same, equal) => {
    expect([isSame(left, right), isSame(right, left)]).toEqual([same, same]);
    expect([isEqual(left, right), isEqual(right, left)]).toEqual([equal, equal]);
  });
});
