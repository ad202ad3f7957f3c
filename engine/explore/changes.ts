/**
 * What changes from state to state: the words of core and of monitors, what they were before (the *shadow*), and the
 * fingerprint that follows them.
 *
 * After each step the words that it may have written are compared with the shadow. Those that differ go onto the undo log
 * with what they were. Before the words of a move lies the fingerprint as it was, so that it need not be computed again.
 */
import type { Meter } from '../expression/meter.ts';
import { int } from '../log/int.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Words `start` ≤ index < `end`, pair by pair, counted from the beginning of core. */
export type Spans = Int32Array;

/**
 * A move begins with two pairs on the undo log: the words of the fingerprint, then this and where its own log stands. All
 * other pairs are a word's index and what it was.
 */
const IS_HEADER = -1;
const HEADER = 4;
/** Two to the power of this: so many words are compared as fast as one unit of other work. */
const COMPARED = 6;

export class Changes {
  /** Whether a word has changed since this was reset that says how a task is, or that a pool has work. */
  lifeChanged = false;
  readonly shadow: Int32Array;
  readonly fingerprint: Fingerprint;
  readonly #meter: Meter;
  readonly #words: Int32Array;
  readonly #isRelevant: Uint8Array;
  readonly #isLife: Uint8Array;
  #undo = new Int32Array(1 << 12);
  #length = 0;

  /**
   * @param words core and the words of monitors
   * @param isRelevant 1 for the words that tell states apart
   * @param isLife 1 for the words that `lifeChanged` is about
   * @param meter counts what it costs to compare
   */
  constructor(
    words: Int32Array,
    isRelevant: Uint8Array,
    isLife: Uint8Array,
    fingerprint: Fingerprint,
    meter: Meter,
  ) {
    this.#meter = meter;
    this.#words = words;
    this.shadow = new Int32Array(words.length);
    this.fingerprint = fingerprint;
    this.#isRelevant = isRelevant;
    this.#isLife = isLife;
  }

  get bytes(): number {
    const marks = this.#isRelevant.byteLength + this.#isLife.byteLength;
    return this.shadow.byteLength + marks + this.#undo.byteLength + this.fingerprint.bytes;
  }

  /** Where the undo log stands: what `back` takes back to. */
  mark(): number {
    return this.#length;
  }

  /** A move begins. */
  begin(): void {
    if (this.#length + HEADER > this.#undo.length) this.#grow();
    const { fingerprint } = this;
    const undo = this.#undo;
    undo[this.#length] = fingerprint.low;
    undo[this.#length + 1] = fingerprint.high;
    undo[this.#length + 2] = IS_HEADER;
    undo[this.#length + 3] = fingerprint.mark();
    this.#length += HEADER;
  }

  /** What changed within these words is noted; undefined: anywhere. */
  note(spans: Spans | undefined): void {
    const words = this.#words;
    const { shadow } = this;
    if (spans === undefined) {
      this.#meter.spent += shadow.length >> COMPARED;
      for (let index = 0; index < shadow.length; index++)
        if (words[index] !== shadow[index]) this.#changed(index);
      return;
    }
    for (let span = 0; span < spans.length; span += 2) {
      const end = int(spans[span + 1]);
      this.#meter.spent += (end - int(spans[span])) >> COMPARED;
      for (let index = int(spans[span]); index < end; index++)
        if (words[index] !== shadow[index]) this.#changed(index);
    }
  }

  #changed(index: number): void {
    const { shadow } = this;
    const now = int(this.#words[index]);
    const before = int(shadow[index]);
    if (this.#length + 2 > this.#undo.length) this.#grow();
    this.#undo[this.#length] = index;
    this.#undo[this.#length + 1] = before;
    this.#length += 2;
    shadow[index] = now;
    if (this.#isLife[index] === 1) this.lifeChanged = true;
    if (this.#isRelevant[index] === 1) this.fingerprint.replace(index, before, now);
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#undo.length);
    larger.set(this.#undo);
    this.#undo = larger;
  }

  /** The first word that differs from the shadow though it was not noted; -1 if there is none. */
  missed(): number {
    return this.#words.findIndex((word, index) => word !== this.shadow[index]);
  }

  /** Whether all that was noted since `mark`, within a move, are words from `from` to below `to`, or at `also`. */
  isWithin(mark: number, from: number, to: number, also: number): boolean {
    for (let at = mark; at < this.#length; at += 2) {
      const index = int(this.#undo[at]);
      if (index !== also && (index < from || index >= to)) return false;
    }
    return true;
  }

  /** Takes back all moves since `mark`, which was taken before one. */
  back(mark: number): void {
    if (this.#length === mark) return;
    const undo = this.#undo;
    const words = this.#words;
    const { shadow } = this;
    for (let at = this.#length - 2; at >= mark; at -= 2) {
      const index = int(undo[at]);
      if (index === IS_HEADER) {
        at -= 2;
        continue;
      }
      const before = int(undo[at + 1]);
      shadow[index] = before;
      words[index] = before;
    }
    this.fingerprint.restore(int(undo[mark]), int(undo[mark + 1]), int(undo[mark + 3]));
    this.#length = mark;
  }

  /** Takes back what was noted since `mark`, within a move. */
  forget(mark: number): void {
    while (this.#length > mark) {
      this.#length -= 2;
      const index = int(this.#undo[this.#length]);
      const before = int(this.#undo[this.#length + 1]);
      if (this.#isRelevant[index] === 1) this.fingerprint.replace(index, int(this.shadow[index]), before);
      this.shadow[index] = before;
      this.#words[index] = before;
    }
  }

  /** What is noted from here on counts from the beginning; what was until now can not be taken back. */
  restart(): void {
    this.fingerprint.reset();
    this.#length = 0;
  }

  /** Back to the beginning, also where a step was broken off in the middle. */
  rewind(): void {
    this.#words.set(this.shadow);
    this.back(0);
  }
}
