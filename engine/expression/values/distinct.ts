/**
 * `distinct`: of values that are equal, as `==` has it, the first.
 */
import type { Value } from './value.ts';
import { valueFromResult } from './value-from-result.ts';
import { isList } from './value-text.ts';

/** In a time that grows with the list alone. */
export function distinctOf(list: readonly unknown[]): readonly unknown[] {
  const plain = new Set<unknown>();
  const composed = new Set<string>();
  return list.filter((item) => {
    const value = valueFromResult(item);
    if (typeof value === 'object' && value !== null) return isNew(composed, keyOf(value));
    return isNew(plain, plainKeyOf(value));
  });
}

/** One key for an integer and the same double: a number, which is found much faster than a `bigint`, where that is exact. */
function plainKeyOf(value: Value): Value {
  if (typeof value === 'bigint') return value >= LEAST_SAFE && value <= MOST_SAFE ? Number(value) : value;
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value)
    ? BigInt(value)
    : value;
}

const LEAST_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function isNew<Key>(known: Set<Key>, key: Key): boolean {
  const { size } = known;
  return known.add(key).size > size;
}

/** The same text for values that are equal: 1 is 1.0, and the entries of a map are in no order. */
function keyOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isInteger(value) ? String(BigInt(value)) : String(value);
    case 'object':
      if (value === null) return 'null';
      if (isList(value)) return `[${value.map(keyOf).join(',')}]`;
      return `{${Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${keyOf(value[key] as Value)}`)
        .join(',')}}`;
    default:
      return String(value);
  }
}
