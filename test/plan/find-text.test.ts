/** Looking for a text in a text gives what JavaScript's own search gives, also where that would take minutes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finalIndexOf, firstIndexOf, splitAt } from '../../engine/expression/functions/find-text.ts';

/** Few different characters, so that parts of a part are found again and again; parts short and long. */
const some = (most: number) =>
  fc.array(fc.constantFrom('a', 'a', 'a', 'b', '😀'), { maxLength: most }).map((all) => all.join(''));
const part = fc.oneof(
  some(6).filter((text) => text !== ''),
  fc.tuple(some(4), fc.integer({ min: 30, max: 80 })).map(([text, count]) => `${text.repeat(count)}a`),
);
const text = fc
  .tuple(fc.array(fc.oneof(part, some(20)), { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 30 }))
  .map(([parts, order]) => order.map((index) => parts[index] ?? 'a').join(''));

test('the same places', () => {
  fc.assert(
    fc.property(text, part, fc.nat(3000), (all, one, from) => {
      expect(firstIndexOf(all, one)).toBe(all.indexOf(one));
      expect(firstIndexOf(all, one, from)).toBe(all.indexOf(one, from));
      expect(finalIndexOf(all, one)).toBe(all.lastIndexOf(one));
      expect(finalIndexOf(all, one, from)).toBe(all.lastIndexOf(one, from));
      expect(splitAt(all, one)).toEqual(all.split(one));
    }),
    { numRuns: 1000 },
  );
});

test('a part that is almost there everywhere is not looked at again and again', () => {
  const all = 'a'.repeat(4_000_000);
  const half = 'a'.repeat(500_000);
  for (const one of [`${half}b${half}`, `${half}b`, `b${half}`])
    expect([firstIndexOf(all, one), finalIndexOf(all, one), splitAt(all, one).length]).toEqual([-1, -1, 1]);
});
