import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEvaluator } from '../../engine/expression/evaluator.ts';
import { lengthFromValue, textFromMicroseconds } from '../../engine/expression/values/duration.ts';
import type { Value } from '../../engine/expression/values/value.ts';
import { literalFromValue, textFromValue } from '../../engine/expression/values/value-text.ts';

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
}));

test('a literal stands for its value, in any place of an expression', () => {
  const evaluator = createEvaluator({ random: (min) => min });
  fc.assert(
    fc.property(value, (one) => {
      const cel = `[0].map(x, [${literalFromValue(one)}][x])[0]`;
      expect(evaluator.compile({ cel, span: { start: 0, end: 0 }, reads: [] })({})).toEqual(one);
    }),
    { numRuns: 300 },
  );
});

test.each<[Value, string]>([
  ['a "b"', 'a "b"'],
  [1n, '1'],
  [1, '1.0'],
  [-0, '-0.0'],
  [1e21, '1e+21'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  [null, 'null'],
  [[1n, 'a', { b: 2.5 }], '[1,"a",{"b":2.5}]'],
])('%o is shown as %s', (one, text) => {
  expect(textFromValue(one)).toBe(text);
});

test('a duration that is shown is read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 864e12 }), (microseconds) => {
      const { minUs, maxUs } = lengthFromValue(textFromMicroseconds(microseconds));
      expect([minUs, maxUs]).toEqual([microseconds, microseconds]);
    }),
  );
});

test('a number without a unit is no duration', () => {
  expect(() => lengthFromValue(5n)).toThrow('5 is not a duration: write text with a unit, such as "5s"');
  expect(() => lengthFromValue('soon')).toThrow('"soon" is not a duration: write 250ms, 1.5s or 0s..3s');
});
