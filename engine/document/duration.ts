/**
 * Lengths of time as the scenario language writes them: `250ms`, `1.5s`, `1m30s`, and ranges `0s..3s`.
 */

/** A length of time in microseconds, both ends included; `minUs === maxUs` unless a range was written. */
export type Length = { readonly minUs: number; readonly maxUs: number };

const microsecondsOf: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
};

const one = String.raw`(?:[0-9]+(?:\.[0-9]+)?(?:us|ms|s|m|h|d))+`;

/** A regular expression's source that matches a length or a range, and nothing else. */
export const durationPattern = String.raw`^${one}(?: ?\.\. ?${one})?$`;

const whole = new RegExp(durationPattern);
const parts = /([0-9]+(?:\.[0-9]+)?)(us|ms|[smhd])/g;

/**
 * Reads a length of time; rounded to whole microseconds.
 *
 * @returns undefined if the text is no length or its range runs backwards (`3s..1s`)
 */
export function parseDuration(text: string): Length | undefined {
  if (!whole.test(text)) return undefined;
  const [first = '', second = first] = text.split(/ ?\.\. ?/);
  const length = { minUs: microseconds(first), maxUs: microseconds(second) };
  return length.minUs <= length.maxUs ? length : undefined;
}

/** Whether a text is a range whose second length is the shorter one. */
export function isBackwards(text: string): boolean {
  return whole.test(text) && parseDuration(text) === undefined;
}

function microseconds(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(parts))
    sum += Number(count) * (microsecondsOf[unit ?? ''] ?? 0);
  return Math.round(sum);
}
