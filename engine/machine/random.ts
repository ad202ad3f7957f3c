/**
 * Random numbers by position, not by order: the draw of a task at an instruction, the n-th time it is there, depends on the
 * seed alone, never on the schedule.
 *
 * The mixing is that of MurmurHash3's finalizer (Austin Appleby, public domain), over the four coordinates.
 */

import { int } from '../log/int.ts';

const GOLDEN = 0x9e3779b9;

function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) + GOLDEN;
}

function drawWord(seed: number, task: number, place: number, occurrence: number): number {
  let h = mix(seed | 0, 0x5bd1e995);
  h = mix(h, task);
  h = mix(h, place);
  h = mix(h, occurrence);
  return mix(h, occurrence ^ place) >>> 0;
}

/** Uniform over 0 ≤ x < 1, with 53 bits. */
export function draw(seed: number, task: number, place: number, occurrence: number): number {
  const high = drawWord(seed, task, place, 2 * occurrence) >>> 5;
  const low = drawWord(seed, task, place, 2 * occurrence + 1) >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}

/** So many are drawn at a time. */
const AHEAD = 64;

/** A generator in order, for choosers: the same mixing over a counter. To give a number costs next to nothing. */
export function createStream(seed: number): () => number {
  const drawn = new Float64Array(AHEAD);
  let count = 0;
  const drawAhead = (): void => {
    for (let index = 0; index < AHEAD; index++) drawn[index] = draw(seed, -1, -1, count + index);
  };
  return () => {
    const index = count % AHEAD;
    if (index === 0) drawAhead();
    count++;
    return int(drawn[index]);
  };
}
