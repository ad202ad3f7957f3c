/**
 * The states that a search has seen, as fingerprints of 64 bits in two words: open addressing, linear probing, doubled when
 * it is 60 % full. Eight bytes a place, so 13 to 27 bytes a state.
 *
 * Two states may have one fingerprint: then the second counts as seen. With 10 million states some pair has one with a
 * probability of 3 in a million.
 */

import { int } from '../log/int.ts';

const LEAST_PLACES = 1 << 12;
/** Of its words, two a place. */
const MOST_FILLED = 0.3;
/** Within so many states somebody asks again how large it is. */
const SOON = 1_024;

export class Seen {
  /** Two words a place, side by side: one access to memory for both. */
  #words = new Int32Array(2 * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  #size = 0;
  #hasZero = false;

  get size(): number {
    return this.#size;
  }

  /** Bytes held; where there will soon be more states than it is made for, those of the larger one, too. */
  get bytes(): number {
    const { byteLength, length } = this.#words;
    return this.#size + SOON > MOST_FILLED * length ? 3 * byteLength : byteLength;
  }

  /** Whether it is new. */
  add(low: number, high: number): boolean {
    if (low === 0 && high === 0) return this.#addZero();
    const words = this.#words;
    let at = 2 * (low & this.#mask);
    for (;;) {
      const other = words[at];
      const otherHigh = words[at + 1];
      if (other === 0 && otherHigh === 0) break;
      if (other === low && otherHigh === high) return false;
      at = (at + 2) & (words.length - 1);
    }
    words[at] = low;
    words[at + 1] = high;
    this.#size++;
    if (this.#size > MOST_FILLED * words.length) this.#grow();
    return true;
  }

  /** An empty place is two zeros. */
  #addZero(): boolean {
    if (this.#hasZero) return false;
    this.#hasZero = true;
    this.#size++;
    return true;
  }

  #grow(): void {
    const old = this.#words;
    const words = new Int32Array(2 * old.length);
    this.#words = words;
    this.#mask = words.length / 2 - 1;
    for (let index = 0; index < old.length; index += 2) {
      const low = int(old[index]);
      const high = int(old[index + 1]);
      if (low === 0 && high === 0) continue;
      let at = 2 * (low & this.#mask);
      while (words[at] !== 0 || words[at + 1] !== 0) at = (at + 2) & (words.length - 1);
      words[at] = low;
      words[at + 1] = high;
    }
  }
}
