/**
 * The kernel's mutex: one word of shared memory that says who holds it, and how carriers wait for it.
 *
 * The word is 0 when free, else `(carrier + 1) << 1 | contended`. The owner is in the word so that the mutex of a
 * carrier that was killed can be told from one that is merely slow. `contended` says that somebody may sleep, so that
 * leaving calls the operating system only then. Entering and leaving alone are one `Atomics` operation each.
 *
 * Killing: a carrier's *condemned* flag is set inside the mutex only, and never by a carrier for itself. A carrier looks
 * at its own flag after taking the mutex and before any write. So a condemned owner never writes, and whoever waits for
 * it may take the mutex from it at once, dead or alive. A carrier that dies inside without having been condemned keeps
 * the mutex for ever, as its writes may be half done: see `seize`.
 */
import type { Parking } from './parking.ts';

const FREE = 0;
const CONTENDED = 1;

export type MutexOptions = {
  /** The memory shared by all carriers. */
  readonly words: Int32Array;
  /** Which word of it is the mutex. */
  readonly index: number;
  /** Who uses this object: 0 … 2^29. Each carrier has a number, and an object, of its own. */
  readonly carrier: number;
  /** Which word of `words` is that carrier's condemned flag: 0 or 1. */
  readonly condemnedIndexOf: (carrier: number) => number;
  readonly parking: Parking;
  /** How often to look again before the first sleep; about 10 ns each. */
  readonly spins: number;
  /** The longest sleep between two looks at the owner's flag, in milliseconds: what a dead owner can cost. */
  readonly patienceMs: number;
};

/**
 * One carrier's way into the mutex. It keeps no state of its own: all that is true is in the word.
 *
 * Not fair: a newcomer may overtake those who sleep. Not recursive: entering twice is a bug in concur, and throws.
 */
export class Mutex {
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #mine: number;
  readonly #condemnedIndex: number;
  readonly #condemnedIndexOf: (carrier: number) => number;
  readonly #parking: Parking;
  readonly #spins: number;
  readonly #patienceMs: number;

  constructor(options: MutexOptions) {
    this.#words = options.words;
    this.#index = options.index;
    this.#mine = wordOf(options.carrier);
    this.#condemnedIndex = options.condemnedIndexOf(options.carrier);
    this.#condemnedIndexOf = options.condemnedIndexOf;
    this.#parking = options.parking;
    this.#spins = options.spins;
    this.#patienceMs = options.patienceMs;
  }

  /**
   * Takes the mutex, waiting as long as it needs.
   *
   * The flag is read without `Atomics` (half the cost): whoever set it left the mutex since, which orders the two.
   *
   * @returns false: this carrier is condemned, does not hold the mutex and must stop
   */
  enter(): boolean {
    if (Atomics.compareExchange(this.#words, this.#index, FREE, this.#mine) !== FREE) this.#contend(Infinity);
    if (this.#words[this.#condemnedIndex] === 0) return true;
    this.#withdraw();
    return false;
  }

  /**
   * As `enter`, but gives up after `sleeps` sleeps, each of `patienceMs` at most. 0: never sleeps.
   *
   * @returns false: somebody else still holds it (or this carrier is condemned)
   */
  tryEnter(sleeps: number): boolean {
    if (!this.#contend(sleeps)) return false;
    if (this.#words[this.#condemnedIndex] === 0) return true;
    this.#withdraw();
    return false;
  }

  /** Gives the mutex back. Only after `enter`, `tryEnter` or `seize` returned true. */
  leave(): void {
    const seen = Atomics.exchange(this.#words, this.#index, FREE);
    if (seen !== this.#mine) this.#leaveContended(seen);
  }

  /**
   * Takes the mutex from a carrier that is known to be dead (its process was reaped).
   *
   * @returns true: it died inside, the caller holds the mutex now, and unless that carrier was condemned nothing in the
   * memory can be trusted but flags. False: it did not hold it, and the caller does not either.
   */
  seize(dead: number): boolean {
    const owner = wordOf(dead);
    for (;;) {
      const seen = Atomics.load(this.#words, this.#index);
      if ((seen & ~CONTENDED) !== owner) return false;
      const claim = this.#mine | (seen & CONTENDED);
      if (Atomics.compareExchange(this.#words, this.#index, seen, claim) === seen) return true;
    }
  }

  /**
   * Waits until the mutex is this carrier's.
   *
   * A wake reaches one sleeper only, who answers for all others: whoever slept takes the mutex as contended, and gives
   * up only when the word in another's hands says contended.
   */
  #contend(sleeps: number): boolean {
    let claim = this.#mine;
    for (let slept = 0; ; ) {
      // Also after a sleep: a carrier that stays inside is out for a moment only, now and then.
      if (this.#spin(claim)) return true;
      const seen = Atomics.load(this.#words, this.#index);
      if (seen === FREE || this.#isOwnerCondemned(seen)) {
        const taken = claim | (seen & CONTENDED);
        if (Atomics.compareExchange(this.#words, this.#index, seen, taken) === seen) return true;
        continue;
      }
      const waited = seen | CONTENDED;
      if (seen !== waited && Atomics.compareExchange(this.#words, this.#index, seen, waited) !== seen)
        continue;
      if (slept++ >= sleeps) return false;
      this.#parking.wait(this.#words, this.#index, waited, this.#patienceMs);
      claim = this.#mine | CONTENDED;
    }
  }

  #spin(claim: number): boolean {
    for (let spin = 0; spin < this.#spins; spin++) {
      if (Atomics.load(this.#words, this.#index) !== FREE) continue;
      if (Atomics.compareExchange(this.#words, this.#index, FREE, claim) === FREE) return true;
    }
    return false;
  }

  #isOwnerCondemned(seen: number): boolean {
    if ((seen & ~CONTENDED) === this.#mine)
      throw new Error('bug in concur: a carrier enters the mutex it holds');
    return Atomics.load(this.#words, this.#condemnedIndexOf((seen >> 1) - 1)) !== 0;
  }

  /** Leaves without having written; somebody may have taken the mutex from this condemned carrier meanwhile. */
  #withdraw(): void {
    for (;;) {
      const seen = Atomics.load(this.#words, this.#index);
      if ((seen & ~CONTENDED) !== this.#mine) return;
      if (Atomics.compareExchange(this.#words, this.#index, seen, FREE) !== seen) continue;
      if ((seen & CONTENDED) !== 0) this.#parking.notify(this.#words, this.#index, 1);
      return;
    }
  }

  #leaveContended(seen: number): void {
    if (seen !== (this.#mine | CONTENDED))
      throw new Error(`bug in concur: left a mutex that was not held (word ${seen})`);
    this.#parking.notify(this.#words, this.#index, 1);
  }
}

function wordOf(carrier: number): number {
  return (carrier + 1) << 1;
}
