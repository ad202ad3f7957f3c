/**
 * Values as JSON that other tools can read and that reads back as exactly the same value.
 *
 * An integer is a JSON number, a double too unless it would read back as an integer. What JSON cannot say is an object
 * with one key: `{"$int": "9223372036854775807"}`, `{"$double": "1"}` (also `NaN`, `-0`), and `{"$map": {…}}` for a map
 * that looks like one of these.
 */
import type { Value, ValueMap } from '../expression/values/value.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const escapeKeys: ReadonlySet<string> = new Set(['$int', '$double', '$map']);

export function jsonFromValue(value: Value): Json {
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $int: value.toString() };
    case 'number':
      return Number.isFinite(value) && !Number.isInteger(value) ? value : { $double: doubleText(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      return isList(value) ? value.map(jsonFromValue) : jsonFromMap(value);
    default:
      return value satisfies never;
  }
}

/** @returns undefined if this was not made by `jsonFromValue` */
export function valueFromJson(json: unknown): Value | undefined {
  switch (typeof json) {
    case 'number':
      return Number.isSafeInteger(json) ? BigInt(json) : json;
    case 'string':
    case 'boolean':
      return json;
    case 'object':
      if (json === null) return null;
      return Array.isArray(json) ? allOrNothing(json.map(valueFromJson)) : valueFromObject(json);
    default:
      return undefined;
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function jsonFromMap(map: ValueMap): Json {
  const entries = Object.entries(map);
  const json = Object.fromEntries(entries.map(([key, item]) => [key, jsonFromValue(item)]));
  const first = entries[0]?.[0];
  return entries.length === 1 && first !== undefined && escapeKeys.has(first) ? { $map: json } : json;
}

function valueFromObject(object: object): Value | undefined {
  const entries: [string, unknown][] = Object.entries(object);
  const [key, item] = entries[0] ?? [];
  if (entries.length !== 1 || key === undefined || !escapeKeys.has(key)) return mapFromEntries(entries);
  if (key === '$map')
    return typeof item === 'object' && item !== null ? mapFromEntries(Object.entries(item)) : undefined;
  if (typeof item !== 'string') return undefined;
  if (key === '$double') return Number.isNaN(Number(item)) && item !== 'NaN' ? undefined : Number(item);
  return /^-?\d+$/.test(item) ? BigInt(item) : undefined;
}

function mapFromEntries(entries: readonly (readonly [string, unknown])[]): ValueMap | undefined {
  const values = allOrNothing(entries.map(([, item]) => valueFromJson(item)));
  if (values === undefined) return undefined;
  return Object.fromEntries(entries.map(([key], index) => [key, values[index] ?? null]));
}

function allOrNothing(values: readonly (Value | undefined)[]): readonly Value[] | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}

function isList(value: ValueMap | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}
