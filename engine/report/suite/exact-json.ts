/**
 * Plain data as JSON that reads back as exactly the same: with the numbers that JSON cannot say, and without taking a map that
 * looks like one of those for it.
 */

/** What JSON cannot say, and a map that looks like that, are objects with one of these keys. */
const BIG = '$int';
const NUMBER = '$number';
const MAP = '$map';
const marks: ReadonlySet<string> = new Set([BIG, NUMBER, MAP]);

export function exactJson(data: unknown): string {
  return JSON.stringify(marked(data));
}

/** @throws SyntaxError where it is no JSON */
export function fromExactJson(text: string): unknown {
  return unmarked(JSON.parse(text));
}

function marked(data: unknown): unknown {
  if (typeof data === 'bigint') return { [BIG]: data.toString() };
  if (typeof data === 'number')
    return Number.isFinite(data) && !Object.is(data, -0)
      ? data
      : { [NUMBER]: Object.is(data, -0) ? '-0' : String(data) };
  if (Array.isArray(data)) return data.map(marked);
  if (typeof data !== 'object' || data === null) return data;
  const map = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, marked(value)]));
  return isMark(data) ? { [MAP]: map } : map;
}

function unmarked(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(unmarked);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json);
  const [[key, value] = ['', undefined]] = entries;
  if (!isMark(json)) return Object.fromEntries(entries.map(([name, item]) => [name, unmarked(item)]));
  if (key === BIG) return BigInt(String(value));
  if (key === NUMBER) return Number(value);
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, unmarked(item)]));
}

function isMark(data: object): boolean {
  const keys = Object.keys(data);
  return keys.length === 1 && marks.has(keys[0] ?? '');
}
