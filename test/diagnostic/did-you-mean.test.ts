import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, editDistance } from '../../engine/diagnostic/did-you-mean.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['prnt', 'print', 1],
  ['pirnt', 'print', 1],
  ['ca', 'abc', 3],
])('from %j to %j', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('a distance is symmetric, and 0 only between equals', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test.each([
  ['prnt', 'print'],
  ['fail_fast', 'failFast'],
  ['Sleep', 'sleep'],
  ['get', 'get'],
  ['xyz', undefined],
  ['a', undefined],
  ['x'.repeat(100_000), undefined],
])('%s', (word, meant) => {
  expect(didYouMean(word, ['print', 'failFast', 'sleep', 'get', 'put'])).toBe(meant);
});

test('of equals the first', () => {
  expect(didYouMean('bat', ['cat', 'hat'])).toBe('cat');
});
