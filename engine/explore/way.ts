/**
 * The states on the way to the one at hand, as fingerprints: whether a step leads back to one of them.
 */

const LEAST = 1 << 10;
/** Counters by a part of the fingerprint: most that are not on the way are known at one look. */
const COUNTERS = 1 << 14;

export class Way {
  #words = new Int32Array(2 * LEAST);
  #length = 0;
  readonly #counts = new Int32Array(COUNTERS);

  enter(low: number, high: number): void {
    if (this.#length + 2 > this.#words.length) {
      const larger = new Int32Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length] = low;
    this.#words[this.#length + 1] = high;
    this.#length += 2;
    this.#count(low, 1);
  }

  /** The last one is no longer on it. */
  leave(): void {
    this.#length -= 2;
    this.#count(this.#words[this.#length] as number, -1);
  }

  #count(low: number, by: number): void {
    const at = low & (COUNTERS - 1);
    this.#counts[at] = (this.#counts[at] as number) + by;
  }

  has(low: number, high: number): boolean {
    if (this.#counts[low & (COUNTERS - 1)] === 0) return false;
    for (let at = this.#length - 2; at >= 0; at -= 2)
      if (this.#words[at] === low && this.#words[at + 1] === high) return true;
    return false;
  }
}
