/** Values of the scenario language for property tests: every kind, nested, with what is awkward about each. */
import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Value, ValueMap } from '../../engine/expression/values/value.ts';

/** Any UTF-16 units, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '"',
    '\\',
    '\u2028',
    '\0',
    '\ud800',
    '\udc00\ud800',
    '~NaN',
    '',
  ),
);

export const anyInteger: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(
    0n,
    -1n,
    2n ** 30n - 1n,
    2n ** 30n,
    -(2n ** 30n),
    -(2n ** 30n) - 1n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
);

export const anyDouble: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, -1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.NaN, 1 / 0, -1 / 0),
);

export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    anyInteger,
    anyDouble,
    anyText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** The same value with the keys of all its maps in another order. */
export function reordered(value: Value): Value {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as ValueMap)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  );
}

/** Whether two values are the same, NaN and -0 told apart; a key named `constructor` is a key like any other. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${inspect(actual)} is not ${inspect(expected)}`);
}
