/** Times in the kernel's memory: whole microseconds since the run began, in two words of 30 bits (34 years). */

import { int } from '../../log/int.ts';

const LOW_BITS = 30;
const LOW = 2 ** LOW_BITS;

export function writeTime(words: Int32Array, index: number, us: number): void {
  const high = Math.floor(us / LOW);
  words[index] = us - high * LOW;
  words[index + 1] = high;
}

export function readTime(words: Int32Array, index: number): number {
  return int(words[index + 1]) * LOW + int(words[index]);
}
