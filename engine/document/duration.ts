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

/** Ten thousand days: far from where microseconds are no longer exact. */
const longestUs = 10_000 * 86_400e6;

const whole = new RegExp(durationPattern);
const parts = /([0-9]+(?:\.[0-9]+)?)(us|ms|[smhd])/g;

/**
 * Reads a length of time; rounded to whole microseconds.
 *
 * @returns undefined if the text is no length, is longer than ten thousand days, or its range runs backwards (`3s..1s`)
 */
export function parseDuration(text: string): Length | undefined {
  const length = lengthOf(text);
  return length === undefined || length.minUs > length.maxUs || length.maxUs > longestUs ? undefined : length;
}

/** What is wrong with a text that has the form of a duration, if anything is. */
export function durationMistake(text: string): { readonly is: string; readonly help: string } | undefined {
  const length = lengthOf(text);
  if (length === undefined) return undefined;
  if (Math.max(length.minUs, length.maxUs) > longestUs)
    return { is: 'this is too long', help: 'the longest is `10000d`' };
  if (length.minUs > length.maxUs)
    return { is: 'this range runs backwards', help: 'write the shorter length first' };
  return undefined;
}

function lengthOf(text: string): Length | undefined {
  if (!whole.test(text)) return undefined;
  const [first = '', second = first] = text.split(/ ?\.\. ?/);
  return { minUs: microseconds(first), maxUs: microseconds(second) };
}

function microseconds(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(parts))
    sum += Number(count) * (microsecondsOf[unit ?? ''] ?? 0);
  return Math.round(sum);
}
