/**
 * The events of a run, from the ring to those who judge, show and write them. What these do may take any time; so it is done in
 * slices of work, and between two of them the event loop has its turn.
 */

import { type Meter, SLICE } from '../expression/meter.ts';
import type { RingReader } from '../log/ring.ts';
import type { RunOptions } from './run-options.ts';

/** What it costs to hand an event over, beside its words and what is spent by others. */
const HANDED_OVER = 10;

export type FlowOptions = Pick<RunOptions, 'handle' | 'work' | 'giveUp' | 'meter'>;

export class EventFlow {
  readonly #reader: RingReader;
  readonly #options: FlowOptions;
  readonly #meter: Meter;
  #isPending = false;
  #hasGivenUp = false;

  constructor(reader: RingReader, options: FlowOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#meter = options.meter ?? { spent: 0 };
  }

  /** Whether something was left out, as there was no time for it. */
  get hasGivenUp(): boolean {
    return this.#hasGivenUp;
  }

  /** From now on all is quick. */
  giveUp(): void {
    if (this.#hasGivenUp || !(this.#isPending || this.#reader.pending() > 0)) return;
    this.#hasGivenUp = this.#options.giveUp?.() === true;
  }

  /** Does what there is to do, until this slice's work is done. @returns whether that was all */
  slice(): boolean {
    if (!this.#finish()) return false;
    this.#reader.drain(this.#options.handle, Number.POSITIVE_INFINITY, this.#goesOn);
    return !this.#isPending && this.#reader.pending() === 0;
  }

  /** All of it, at once. */
  flush(): void {
    this.#reader.drain(this.#options.handle, Number.POSITIVE_INFINITY);
    this.#isPending = this.#options.work !== undefined;
  }

  /** @returns whether nothing is left to do for the events so far */
  #finish(): boolean {
    const { work } = this.#options;
    this.#isPending = true;
    while (work?.() === true) if (this.#meter.spent > SLICE) return false;
    this.#isPending = false;
    return true;
  }

  readonly #goesOn = (words: number): boolean => {
    this.#meter.spent += HANDED_OVER + words;
    return this.#finish() && this.#meter.spent <= SLICE;
  };
}
