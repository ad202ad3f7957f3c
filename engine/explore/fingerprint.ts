/**
 * The fingerprint of a state, kept up to date word by word: 64 bits in two words, a sum over the words that matter, so that
 * it does not depend on the order in which they change, and is taken back as it came.
 */
import type { Symmetry } from './symmetry.ts';

const SALT_LOW = 0x2545f491;
const SALT_HIGH = 0x61c88647;
/** Stands for all tasks of a class where one of them is named. */
const SOMEBODY = 0x40000000;

export type Fingerprint = {
  readonly low: number;
  readonly high: number;
  /** A word of core, counted from its beginning, changes. */
  replace(index: number, before: number, now: number): void;
  /** What has been until now counts for nothing. */
  reset(): void;
};

/** Where no task is taken for another. */
export class PlainFingerprint implements Fingerprint {
  low = 0;
  high = 0;

  replace(index: number, before: number, now: number): void {
    this.low = (this.low + mix(index, now, SALT_LOW) - mix(index, before, SALT_LOW)) | 0;
    this.high = (this.high + mix(index, now, SALT_HIGH) - mix(index, before, SALT_HIGH)) | 0;
  }

  reset(): void {
    this.low = 0;
    this.high = 0;
  }
}

/** Where the replicas of some groups count alike: `symmetry.ts`. */
export class SymmetricFingerprint implements Fingerprint {
  low = 0;
  high = 0;
  readonly #symmetry: Symmetry;
  /** The sum of each frame. */
  readonly #lows: Int32Array;
  readonly #highs: Int32Array;

  constructor(symmetry: Symmetry) {
    this.#symmetry = symmetry;
    this.#lows = new Int32Array(symmetry.classOf.length);
    this.#highs = new Int32Array(symmetry.classOf.length);
  }

  replace(index: number, before: number, now: number): void {
    const frame = this.#symmetry.frameOf[index] as number;
    if (frame >= 0) this.#change(frame, this.#symmetry.keyOf[index] as number, before, now);
    else if (this.#symmetry.names[index] === 1) {
      this.#name(index, before, -1);
      this.#name(index, now, 1);
    } else this.#add(index, before, now);
  }

  #add(index: number, before: number, now: number): void {
    this.low = (this.low + mix(index, now, SALT_LOW) - mix(index, before, SALT_LOW)) | 0;
    this.high = (this.high + mix(index, now, SALT_HIGH) - mix(index, before, SALT_HIGH)) | 0;
  }

  /** A place names a task, or no longer does: it counts in that task's frame. */
  #name(index: number, value: number, sign: 1 | -1): void {
    const task = value - 1;
    const own = task < 0 ? -1 : (this.#symmetry.classOf[task] ?? -1);
    const said = own < 0 ? value : SOMEBODY + own;
    this.low = (this.low + sign * mix(index, said, SALT_LOW)) | 0;
    this.high = (this.high + sign * mix(index, said, SALT_HIGH)) | 0;
    if (own < 0) return;
    this.#takeOut(task);
    this.#lows[task] = ((this.#lows[task] as number) + sign * mix(index, SOMEBODY, SALT_LOW)) | 0;
    this.#highs[task] = ((this.#highs[task] as number) + sign * mix(index, SOMEBODY, SALT_HIGH)) | 0;
    this.#putIn(task);
  }

  #change(frame: number, key: number, before: number, now: number): void {
    this.#takeOut(frame);
    this.#lows[frame] =
      ((this.#lows[frame] as number) + mix(key, now, SALT_LOW) - mix(key, before, SALT_LOW)) | 0;
    this.#highs[frame] =
      ((this.#highs[frame] as number) + mix(key, now, SALT_HIGH) - mix(key, before, SALT_HIGH)) | 0;
    this.#putIn(frame);
  }

  #takeOut(frame: number): void {
    const own = this.#symmetry.classOf[frame] as number;
    this.low = (this.low - mix(own, this.#lows[frame] as number, SALT_HIGH)) | 0;
    this.high = (this.high - mix(own, this.#highs[frame] as number, SALT_LOW)) | 0;
  }

  #putIn(frame: number): void {
    const own = this.#symmetry.classOf[frame] as number;
    this.low = (this.low + mix(own, this.#lows[frame] as number, SALT_HIGH)) | 0;
    this.high = (this.high + mix(own, this.#highs[frame] as number, SALT_LOW)) | 0;
  }

  /** The frames stay as they are: all count from what they begin with, which is the same for all replicas or told apart. */
  reset(): void {
    this.low = 0;
    this.high = 0;
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain) over place, value and a salt. */
function mix(index: number, value: number, salt: number): number {
  let h = Math.imul(value ^ Math.imul(index + 1, salt), 0x85ebca6b) ^ salt;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return h ^ (h >>> 16);
}
