/**
 * What the expression library returns, as values of the scenario language.
 *
 * The library has types the language has not: unsigned integers become integers, durations text (`250ms`), times ISO
 * text, types their names. Bytes are refused.
 */
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { textFromMicroseconds } from './duration.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Value } from './value.ts';
import { fitsInteger } from './value-bounds.ts';

/**
 * The value; the very same list or map where nothing in it has to change.
 *
 * @throws ScenarioError `OverflowError` beyond 64 bits, `TypeError` for what is no value
 */
export function valueFromResult(result: unknown): Value {
  switch (typeof result) {
    case 'string':
    case 'number':
    case 'boolean':
      return result;
    case 'bigint':
      return checkedInteger(result);
    case 'object':
      return result === null ? null : valueFromObject(result);
    default:
      throw new ScenarioError('TypeError', `${typeof result} is not a value`);
  }
}

function checkedInteger(value: bigint): bigint {
  if (fitsInteger(value)) return value;
  throw new ScenarioError('OverflowError', `integer overflow: ${value}`);
}

function valueFromObject(result: object): Value {
  if (Array.isArray(result)) return valueFromList(result);
  if (result instanceof Map) return valueFromRecord(Object.fromEntries(result));
  const prototype: unknown = Object.getPrototypeOf(result);
  if (prototype === Object.prototype || prototype === null)
    return valueFromRecord(result as Record<string, unknown>);
  if (result instanceof UnsignedInt) return checkedInteger(result.value);
  if (result instanceof Duration) return textFromMicroseconds(microseconds(result));
  if (result instanceof Date) return result.toISOString();
  if (result instanceof Set) return valueFromList([...result]);
  const tag = /^\[object Type<(.+)>\]$/.exec(Object.prototype.toString.call(result));
  if (tag?.[1] !== undefined) return tag[1];
  throw new ScenarioError('TypeError', 'bytes are not a value: make text of them with string()');
}

function valueFromList(list: readonly unknown[]): Value {
  const values = list.map(valueFromResult);
  return values.every((value, index) => Object.is(value, list[index])) ? (list as readonly Value[]) : values;
}

function valueFromRecord(record: Record<string, unknown>): Value {
  const entries = Object.entries(record).map(([key, item]) => [key, valueFromResult(item)] as const);
  const unchanged = entries.every(([key, value]) => Object.is(value, record[key]));
  return unchanged ? (record as Record<string, Value>) : Object.fromEntries(entries);
}

function microseconds(duration: Duration): number {
  return Number(duration.seconds) * 1e6 + Math.round(duration.nanos / 1e3);
}
