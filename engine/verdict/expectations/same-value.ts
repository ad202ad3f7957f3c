/**
 * Equality of values: exactly the same (what went into a queue comes out of it), or equal as the language compares
 * (an integer equals the double of the same number).
 */
import type { Value, ValueList, ValueMap } from '../../expression/values/value.ts';
import { isList } from '../../expression/values/value-text.ts';

/** The same value of the same type, all the way down. */
export function isSame(left: Value, right: Value): boolean {
  return compare(left, right, Object.is);
}

/** Equal as in an expression: numbers by their amount, whatever their type. */
export function isEqual(left: Value, right: Value): boolean {
  return compare(left, right, equalScalars);
}

type Compare = (left: Value, right: Value) => boolean;

function compare(left: Value, right: Value, scalars: Compare): boolean {
  if (left === right) return true;
  if (isList(left)) return isList(right) && compareLists(left, right, scalars);
  if (isMap(left)) return isMap(right) && compareMaps(left, right, scalars);
  return scalars(left, right);
}

function compareLists(left: ValueList, right: ValueList, scalars: Compare): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => {
    const other = right[index];
    return other !== undefined && compare(item, other, scalars);
  });
}

function compareMaps(left: ValueMap, right: ValueMap, scalars: Compare): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    const [mine, other] = [left[key], right[key]];
    return mine !== undefined && other !== undefined && compare(mine, other, scalars);
  });
}

function equalScalars(left: Value, right: Value): boolean {
  if (typeof left === 'bigint' && typeof right === 'number')
    return Number.isInteger(right) && BigInt(right) === left;
  if (typeof left === 'number' && typeof right === 'bigint') return equalScalars(right, left);
  return false;
}

function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !isList(value);
}
