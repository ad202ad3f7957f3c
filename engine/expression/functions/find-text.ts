/**
 * Where a text has a part, in a time that does not grow with both: V8 compares a long part again and again, which takes
 * minutes where the part is long and almost there everywhere.
 */

/** Up to here V8's own search is the fastest, whatever the texts are. */
const SHORT = 64;

/** The first place at or after `from`, or -1, as of `indexOf`. */
export function firstIndexOf(text: string, part: string, from = 0): number {
  if (part.length <= SHORT) return text.indexOf(part, from);
  return search(text, part, from, 1);
}

/** The last place at or before `from`, or -1, as of `lastIndexOf`. */
export function finalIndexOf(text: string, part: string, from = text.length): number {
  if (part.length <= SHORT) return text.lastIndexOf(part, from);
  return search(text, part, Math.min(from + part.length, text.length) - 1, -1);
}

/** As `split` of JavaScript; the separator is not empty. */
export function splitAt(text: string, separator: string): string[] {
  if (separator.length <= SHORT) return text.split(separator);
  const parts: string[] = [];
  let begin = 0;
  for (;;) {
    const end = firstIndexOf(text, separator, begin);
    parts.push(end < 0 ? text.slice(begin) : text.slice(begin, end));
    if (end < 0) return parts;
    begin = end + separator.length;
  }
}

/** By Knuth, Morris and Pratt: no character of the text is looked at again. Backwards, both are read from their ends. */
function search(text: string, part: string, from: number, step: 1 | -1): number {
  const { length } = part;
  const first = step === 1 ? 0 : length - 1;
  const borders = bordersOf(part, first, step);
  let matched = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(first + step * matched) !== unit)
      matched = borders[matched - 1] as number;
    if (part.charCodeAt(first + step * matched) === unit) matched += 1;
    if (matched === length) return step === 1 ? at - length + 1 : at;
  }
  return -1;
}

/** Of each beginning of the part, how long the longest is that it both begins and ends with. */
function bordersOf(part: string, first: number, step: 1 | -1): Int32Array {
  const borders = new Int32Array(part.length);
  let matched = 0;
  for (let at = 1; at < part.length; at += 1) {
    const unit = part.charCodeAt(first + step * at);
    while (matched > 0 && part.charCodeAt(first + step * matched) !== unit)
      matched = borders[matched - 1] as number;
    if (part.charCodeAt(first + step * matched) === unit) matched += 1;
    borders[at] = matched;
  }
  return borders;
}
