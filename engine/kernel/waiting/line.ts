/**
 * A line of tasks in core, in order of arrival: `[length, task + 1 …]`; cells behind the last are zero.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';

/** At the end of the line. */
export function standInLine(k: Kernel, at: number, task: number): void {
  const length = int(k.words[at]);
  k.words[at + 1 + length] = task + 1;
  k.words[at] = length + 1;
}

/** @returns whether the task stood in it */
export function stepOutOfLine(k: Kernel, at: number, task: number): boolean {
  const length = int(k.words[at]);
  const line = k.words.subarray(at + 1, at + 1 + length);
  const place = line.indexOf(task + 1);
  if (place < 0) return false;
  line.copyWithin(place, place + 1);
  line[length - 1] = 0;
  k.words[at] = length - 1;
  return true;
}
