/**
 * What is left of the times that run, where some are ranges: all possibilities together, as bounds on each and on the
 * difference of any two. Such a set has one form in which no bound can be narrower (the shortest paths between any two), so
 * the same set is the same words.
 *
 * These are the state classes of time Petri nets. A time may be over first if the set has a point in which none is shorter.
 *
 * @see Berthomieu, Menasche, An enumerative approach for analyzing time Petri nets (1983)
 * @see Berthomieu, Diaz, Modeling and verification of time dependent systems using time Petri nets (1991)
 */
import { int } from '../../log/int.ts';
import type { Length } from './timed-steps.ts';
import type { Timers } from './timers.ts';

/** How many words there are for so many tasks. */
export function zoneWords(tasks: number): number {
  return tasks + (tasks + 1) ** 2;
}

/**
 * A matrix of bounds: the one at (i, j) is the most by which the i-th time is longer than the j-th. The last place stands for
 * this instant, a time of zero. Rows and columns of what does not run are zero.
 */
export class ZoneTimers implements Timers {
  readonly #words: Int32Array;
  /** Where it says of each task whether its time runs. */
  readonly #runs: number;
  readonly #at: number;
  /** The place of this instant; and that of each task, by its number. */
  readonly #instant: number;
  readonly #placeOf: Int32Array;

  /** @param timed the tasks that may wait for time */
  constructor(words: Int32Array, at: number, timed: readonly number[], tasks: number) {
    this.#words = words;
    this.#runs = at;
    this.#at = at + timed.length;
    this.#instant = timed.length;
    this.#placeOf = new Int32Array(tasks).fill(-1);
    for (const [place, task] of timed.entries()) this.#placeOf[task] = place;
  }

  begin(task: number, { min, max }: Length): void {
    const own = int(this.#placeOf[task]);
    const now = this.#instant;
    this.#words[this.#runs + own] = 1;
    for (let other = 0; other <= now; other++) {
      if (!this.#isThere(other) || other === own) continue;
      this.#set(own, other, max + this.#bound(now, other));
      this.#set(other, own, this.#bound(other, now) - min);
    }
  }

  drop(task: number): void {
    const own = int(this.#placeOf[task]);
    this.#words[this.#runs + own] = 0;
    for (let other = 0; other <= this.#instant; other++) {
      this.#set(own, other, 0);
      this.#set(other, own, 0);
    }
  }

  mayBeFirst(task: number): boolean {
    const own = int(this.#placeOf[task]);
    for (let other = 0; other < this.#instant; other++)
      if (this.#isThere(other) && this.#bound(other, own) < 0) return false;
    return true;
  }

  mayBeOver(task: number): boolean {
    return this.#bound(this.#instant, int(this.#placeOf[task])) >= 0;
  }

  end(task: number, isAtOnce: boolean): boolean {
    const own = int(this.#placeOf[task]);
    const mayHavePassed = !isAtOnce && this.#bound(own, this.#instant) > 0;
    this.#narrow(own, isAtOnce);
    // What was counted from the instant before counts from the one at which it is over.
    for (let other = 0; other < this.#instant && !isAtOnce; other++) {
      if (!this.#isThere(other)) continue;
      this.#set(other, this.#instant, this.#bound(other, own));
      this.#set(this.#instant, other, this.#bound(own, other));
    }
    this.drop(task);
    return mayHavePassed;
  }

  /** To where it is over now, or no later than any other. The new bounds all begin at it: each shortest path has one of them. */
  #narrow(own: number, isAtOnce: boolean): void {
    const row = Array.from({ length: this.#instant + 1 }, (_, to) => this.#bound(own, to));
    for (let by = isAtOnce ? this.#instant : 0; by <= this.#instant; by++) {
      if (!this.#isThere(by) || by === own || (by === this.#instant && !isAtOnce)) continue;
      const most = Math.min(0, this.#bound(own, by));
      for (let to = 0; to <= this.#instant; to++)
        if (this.#isThere(to)) row[to] = Math.min(int(row[to]), most + this.#bound(by, to));
    }
    row[own] = 0;
    for (let from = 0; from <= this.#instant; from++) {
      if (!this.#isThere(from)) continue;
      const first = this.#bound(from, own);
      for (let to = 0; to <= this.#instant; to++)
        if (this.#isThere(to)) this.#set(from, to, Math.min(this.#bound(from, to), first + int(row[to])));
    }
  }

  #isThere(place: number): boolean {
    return place === this.#instant || this.#words[this.#runs + place] === 1;
  }

  #bound(from: number, to: number): number {
    return int(this.#words[this.#at + from * (this.#instant + 1) + to]);
  }

  #set(from: number, to: number, bound: number): void {
    this.#words[this.#at + from * (this.#instant + 1) + to] = bound;
  }
}
