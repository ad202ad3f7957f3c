/**
 * Values as text: for output and templates, as literals of the expression language, and by the names of their types.
 */
import type { Value, ValueList, ValueMap } from './value.ts';

export type TypeName = 'int' | 'double' | 'string' | 'bool' | 'null' | 'list' | 'map';

export function isList(value: Value): value is ValueList {
  return Array.isArray(value);
}

/** The type as expressions call it. */
export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'null';
      return isList(value) ? 'list' : 'map';
  }
}

/** As `print` and templates show it: text as it is, everything else as in JSON, a whole double with `.0`. */
export function textFromValue(value: Value): string {
  return typeof value === 'string' ? value : jsonFromValue(value);
}

function jsonFromValue(value: Value): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return textFromDouble(value);
    case 'object':
      if (value === null) return 'null';
      return isList(value) ? `[${value.map(jsonFromValue).join(',')}]` : jsonFromMap(value);
    default:
      return String(value);
  }
}

function jsonFromMap(map: ValueMap): string {
  const entries = Object.entries(map).map(([key, value]) => `${JSON.stringify(key)}:${jsonFromValue(value)}`);
  return `{${entries.join(',')}}`;
}

/** As Python writes it, so that 1.0 is seen to be no integer. */
function textFromDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The value as an expression that stands for it anywhere: negative numbers are in parentheses. */
export function literalFromValue(value: Value): string {
  switch (typeof value) {
    case 'string':
      return literalFromText(value);
    case 'number':
      return Number.isFinite(value)
        ? parenthesized(textFromDouble(value))
        : `double("${textFromDouble(value)}")`;
    case 'bigint':
      return parenthesized(String(value));
    case 'object':
      if (value === null) return 'null';
      if (isList(value)) return `[${value.map(literalFromValue).join(', ')}]`;
      return literalFromMap(value);
    default:
      return String(value);
  }
}

function literalFromMap(map: ValueMap): string {
  const entries = Object.entries(map).map(
    ([key, value]) => `${literalFromText(key)}: ${literalFromValue(value)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** JSON's escapes are CEL's too, except those of half a character, which CEL refuses: they stay as they are. */
export function literalFromText(text: string): string {
  return JSON.stringify(text).replace(
    /(?<!\\)((?:\\\\)*)\\u(d[89a-f][0-9a-f]{2})/g,
    (_, slashes: string, code: string) => {
      return slashes + String.fromCharCode(Number.parseInt(code, 16));
    },
  );
}

function parenthesized(number: string): string {
  return number.startsWith('-') ? `(${number})` : number;
}
