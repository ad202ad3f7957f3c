/**
 * Items in order of arrival, as queues and pipes keep them: a block that begins with `[first, size, …]`, and cells for the
 * items. They begin at cell `first`; where core is canonical they are moved to cell 0 each time one is taken.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';

const FIRST = 0;
const SIZE = 1;

/** There must be room. @param cells where those for `capacity` items begin */
export function putLast(k: Kernel, at: number, cells: number, capacity: number, item: number): void {
  const size = int(k.words[at + SIZE]);
  k.words[cells + ((int(k.words[at + FIRST]) + size) % capacity)] = item;
  k.words[at + SIZE] = size + 1;
}

/** There must be one. */
export function takeFirst(k: Kernel, at: number, cells: number, capacity: number): number {
  const first = int(k.words[at + FIRST]);
  const size = int(k.words[at + SIZE]);
  const item = vacate(k, cells + first);
  if (k.host.canonical) shift(k, cells, size);
  else k.words[at + FIRST] = size === 1 ? 0 : (first + 1) % capacity;
  k.words[at + SIZE] = size - 1;
  return item;
}

/** What was in a cell, which is then empty. */
export function vacate(k: Kernel, cell: number): number {
  const word = int(k.words[cell]);
  k.words[cell] = 0;
  return word;
}

/** Moves all but the first of `size` cells one to the front. */
export function shift(k: Kernel, start: number, size: number): void {
  k.words.copyWithin(start, start + 1, start + size);
  k.words[start + size - 1] = 0;
}
