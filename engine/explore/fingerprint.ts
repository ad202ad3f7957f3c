/**
 * The fingerprint of a state, kept up to date word by word: 64 bits in two words, a sum over the words that matter, so that
 * it does not depend on the order in which they change, and is taken back as it came.
 */
import { int } from '../log/int.ts';
import type { Symmetry } from './reductions/symmetry.ts';

const SALT_LOW = 0x2545f491;
const SALT_HIGH = 0x61c88647;
/** Stands for all tasks of a class where one of them is named. */
const SOMEBODY = 0x40000000;

export type Fingerprint = {
  readonly low: number;
  readonly high: number;
  /** A word of core, counted from its beginning, changes. */
  replace(index: number, before: number, now: number): void;
  /** Where its own log stands, if it has one: with `low` and `high` all that `restore` needs. */
  mark(): number;
  /** Back to what it was when it had these words and this mark. */
  restore(low: number, high: number, mark: number): void;
  /** What has been until now counts for nothing. */
  reset(): void;
  /** Bytes of its own log and tables. */
  readonly bytes: number;
};

/** Where no task is taken for another. */
export class PlainFingerprint implements Fingerprint {
  low = 0;
  high = 0;
  readonly bytes = 0;

  replace(index: number, before: number, now: number): void {
    this.low = (this.low + mix(index, now, SALT_LOW) - mix(index, before, SALT_LOW)) | 0;
    this.high = (this.high + mix(index, now, SALT_HIGH) - mix(index, before, SALT_HIGH)) | 0;
  }

  mark(): number {
    return 0;
  }

  restore(low: number, high: number): void {
    this.low = low;
    this.high = high;
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
  /** Frames whose sums changed, with what they were: three words each. */
  #log = new Int32Array(1 << 10);
  #length = 0;

  constructor(symmetry: Symmetry) {
    this.#symmetry = symmetry;
    this.#lows = new Int32Array(symmetry.classOf.length);
    this.#highs = new Int32Array(symmetry.classOf.length);
  }

  replace(index: number, before: number, now: number): void {
    const frame = int(this.#symmetry.frameOf[index]);
    if (frame >= 0) this.#change(frame, int(this.#symmetry.keyOf[index]), before, now);
    else if (this.#symmetry.names[index] === 1) {
      this.#name(index, before, -1);
      this.#name(index, now, 1);
    } else {
      this.low = (this.low + mix(index, now, SALT_LOW) - mix(index, before, SALT_LOW)) | 0;
      this.high = (this.high + mix(index, now, SALT_HIGH) - mix(index, before, SALT_HIGH)) | 0;
    }
  }

  /** A place names a task, or no longer does: it counts in that task's frame. */
  #name(index: number, value: number, sign: 1 | -1): void {
    const task = value - 1;
    const own = task < 0 ? -1 : (this.#symmetry.classOf[task] ?? -1);
    const said = own < 0 ? value : SOMEBODY + own;
    this.low = (this.low + sign * mix(index, said, SALT_LOW)) | 0;
    this.high = (this.high + sign * mix(index, said, SALT_HIGH)) | 0;
    if (own < 0) return;
    this.#add(task, sign * mix(index, SOMEBODY, SALT_LOW), sign * mix(index, SOMEBODY, SALT_HIGH));
  }

  #change(frame: number, key: number, before: number, now: number): void {
    this.#add(
      frame,
      mix(key, now, SALT_LOW) - mix(key, before, SALT_LOW),
      mix(key, now, SALT_HIGH) - mix(key, before, SALT_HIGH),
    );
  }

  /** The sum of a frame changes, and with it what the frame counts. */
  #add(frame: number, low: number, high: number): void {
    const own = int(this.#symmetry.classOf[frame]);
    const oldLow = int(this.#lows[frame]);
    const oldHigh = int(this.#highs[frame]);
    const newLow = (oldLow + low) | 0;
    const newHigh = (oldHigh + high) | 0;
    this.#remember(frame, oldLow, oldHigh);
    this.#lows[frame] = newLow;
    this.#highs[frame] = newHigh;
    this.low = (this.low + mix(own, newLow, SALT_HIGH) - mix(own, oldLow, SALT_HIGH)) | 0;
    this.high = (this.high + mix(own, newHigh, SALT_LOW) - mix(own, oldHigh, SALT_LOW)) | 0;
  }

  #remember(frame: number, low: number, high: number): void {
    if (this.#length + 3 > this.#log.length) {
      const larger = new Int32Array(2 * this.#log.length);
      larger.set(this.#log);
      this.#log = larger;
    }
    this.#log[this.#length] = frame;
    this.#log[this.#length + 1] = low;
    this.#log[this.#length + 2] = high;
    this.#length += 3;
  }

  get bytes(): number {
    const { frameOf, keyOf, names } = this.#symmetry;
    return this.#log.byteLength + frameOf.byteLength + keyOf.byteLength + names.byteLength;
  }

  mark(): number {
    return this.#length;
  }

  restore(low: number, high: number, mark: number): void {
    while (this.#length > mark) {
      this.#length -= 3;
      const frame = int(this.#log[this.#length]);
      this.#lows[frame] = int(this.#log[this.#length + 1]);
      this.#highs[frame] = int(this.#log[this.#length + 2]);
    }
    this.low = low;
    this.high = high;
  }

  /** The frames stay as they are: all count from what they begin with, which is the same for all replicas or told apart. */
  reset(): void {
    this.low = 0;
    this.high = 0;
    this.#length = 0;
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain) over place, value and a salt. */
function mix(index: number, value: number, salt: number): number {
  let h = Math.imul(value ^ Math.imul(index + 1, salt), 0x85ebca6b) ^ salt;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return h ^ (h >>> 16);
}
