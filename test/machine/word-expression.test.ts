/**
 * What a search computes over words is what CEL computes over values, or is left to CEL.
 */
import { describe, expect, it } from 'vitest';
import { checked, outcomesOf } from '../explore/checked.ts';

const expressions: readonly (readonly [string, string])[] = [
  ['n + 1', '8'],
  ['n - 9', '-2'],
  ['-n * 3', '-21'],
  ['n % 4', '3'],
  ['(n - 9) % 4', '-2'],
  ['n / 2', '3'],
  ['n * 1000000000', '7000000000'],
  ['(n - 8) * 1073741823 - 2', '-1073741825'],
  ['n == 7', 'true'],
  ['n != 7', 'false'],
  ['n < 8 && !(n > 8)', 'true'],
  ['n > 8 || n >= 7', 'true'],
  ['n <= 6 ? n : n + 2', '9'],
  ['b ? n : 0', '7'],
  ['b == true', 'true'],
  ['n > 100 && 1 / 0 == 1', 'false'],
  ['1 / (n - 7) == 1 || true', 'true'],
  ['t + "s"', '"texts"'],
  ['n + n * d', '"failed"'],
  ['n % (n - 7)', '"failed"'],
  ['n && true', '"failed"'],
];

describe('in a search', () => {
  it.each(expressions)('%s is %s', async (expression, result) => {
    const text = `
concur: 1
vars: { n: 7, b: true, t: text, d: 0.5, r: null }
tasks:
  one:
    steps:
      - try: [ { update: { r: '${expression}' } } ]
        catch: { any: [ { update: { r: '"failed"' } } ] }
expect: { outcome: r }`;
    expect(outcomesOf(await checked(text)).results).toEqual([result]);
  });
});
