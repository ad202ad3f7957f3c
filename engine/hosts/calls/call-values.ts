/**
 * Values between scenarios and functions of the user's own: like JSON, with 64-bit integers.
 *
 * To JavaScript, an integer is a number where that is exact, else a BigInt. From JavaScript, a whole number that is exact
 * is an integer, any other number a double; a BigInt is an integer of 64 bits; undefined is null.
 */
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import { fitsInteger, impossibleKey } from '../../expression/values/value-bounds.ts';

export function toJavaScript(value: Value): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(toJavaScript);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJavaScript(one)]));
  return value;
}

/** @throws ScenarioError `TypeError`, `OverflowError` for what is no value of a scenario */
export function fromJavaScript(value: unknown, depth = 0): Value {
  if (depth > DEEPEST)
    throw new ScenarioError('TypeError', `a value may be ${DEEPEST} levels deep, not more`);
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
    case 'bigint':
      if (fitsInteger(value)) return value;
      throw new ScenarioError('OverflowError', `${value} is no integer of 64 bits`);
    case 'object':
      return fromObject(value, depth);
    default:
      throw new ScenarioError('TypeError', `a ${typeof value} is no value of a scenario`);
  }
}

const DEEPEST = 100;

function fromObject(value: object | null, depth: number): Value {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => fromJavaScript(one, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const name = value.constructor?.name ?? 'object';
    throw new ScenarioError('TypeError', `a ${name} is no value of a scenario: give plain objects and lists`);
  }
  const entries = Object.entries(value).map(([key, one]) => [key, fromJavaScript(one, depth + 1)] as const);
  if (entries.some(([key]) => key === impossibleKey))
    throw new ScenarioError('TypeError', `\`${impossibleKey}\` cannot be a key of a map`);
  return Object.fromEntries(entries);
}
