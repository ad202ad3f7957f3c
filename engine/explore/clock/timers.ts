/**
 * How much time is left of what tasks wait for: of each, a length, and nothing else of the time. So the same state is the same
 * words whenever it comes about.
 *
 * Where all lengths are fixed, what is left of each is one number. Where some are ranges, see `zones.ts`.
 */
import { int } from '../../log/int.ts';
import type { Length } from './timed-steps.ts';

export type Timers = {
  /** It runs from now on. */
  begin(task: number, length: Length): void;
  /** It runs no more. */
  drop(task: number): void;
  /** Whether it may be over before all others that run, or together with them. */
  mayBeFirst(task: number): boolean;
  /** Whether it may be over at this very instant. */
  mayBeOver(task: number): boolean;
  /**
   * It is over, and runs no more: with `isAtOnce` at this instant, else when it is the first one to be.
   *
   * @returns whether time may have passed meanwhile
   */
  end(task: number, isAtOnce: boolean): boolean;
};

/** Of what words say: 0 is none, 1 one that is over at this instant. */
export class FixedTimers implements Timers {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #tasks: number;

  /** @param at where the words begin, one for each task */
  constructor(words: Int32Array, at: number, tasks: number) {
    this.#words = words;
    this.#at = at;
    this.#tasks = tasks;
  }

  begin(task: number, { max }: Length): void {
    this.#words[this.#at + task] = max + 1;
  }

  drop(task: number): void {
    this.#words[this.#at + task] = 0;
  }

  mayBeFirst(task: number): boolean {
    const words = this.#words;
    const left = int(words[this.#at + task]);
    for (let other = this.#at; other < this.#at + this.#tasks; other++)
      if (words[other] !== 0 && int(words[other]) < left) return false;
    return true;
  }

  mayBeOver(task: number): boolean {
    return this.#words[this.#at + task] === 1;
  }

  end(task: number): boolean {
    const words = this.#words;
    const passed = int(words[this.#at + task]) - 1;
    this.drop(task);
    for (let other = this.#at; other < this.#at + this.#tasks; other++)
      if (words[other] !== 0) words[other] = int(words[other]) - passed;
    return passed > 0;
  }
}
