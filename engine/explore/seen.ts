/**
 * The states that a search has seen, as fingerprints of 64 bits in two words: open addressing, linear probing, doubled when
 * it is 60 % full. Eight bytes a place, so 13 to 27 bytes a state.
 *
 * Two states may have one fingerprint: then the second counts as seen. With 10 million states some pair has one with a
 * probability of 3 in a million.
 */

const LEAST_PLACES = 1 << 12;

export class Seen {
  #low = new Int32Array(LEAST_PLACES);
  #high = new Int32Array(LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  #size = 0;
  #hasZero = false;

  get size(): number {
    return this.#size;
  }

  /** Bytes held. */
  get bytes(): number {
    return 8 * this.#low.length;
  }

  /** Whether it is new. */
  add(low: number, high: number): boolean {
    if (low === 0 && high === 0) return this.#addZero();
    let at = low & this.#mask;
    for (;;) {
      const other = this.#low[at];
      const otherHigh = this.#high[at];
      if (other === 0 && otherHigh === 0) break;
      if (other === low && otherHigh === high) return false;
      at = (at + 1) & this.#mask;
    }
    this.#low[at] = low;
    this.#high[at] = high;
    this.#size++;
    if (this.#size > 0.6 * this.#low.length) this.#grow();
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
    const low = this.#low;
    const high = this.#high;
    const places = 2 * low.length;
    this.#low = new Int32Array(places);
    this.#high = new Int32Array(places);
    this.#mask = places - 1;
    for (let index = 0; index < low.length; index++) {
      const one = low[index] as number;
      const other = high[index] as number;
      if (one === 0 && other === 0) continue;
      let at = one & this.#mask;
      while (this.#low[at] !== 0 || this.#high[at] !== 0) at = (at + 1) & this.#mask;
      this.#low[at] = one;
      this.#high[at] = other;
    }
  }
}
