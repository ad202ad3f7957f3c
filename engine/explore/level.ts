/**
 * What a search keeps of each state on the way to the one at hand: which of its moves were tried.
 */
import { int } from '../log/int.ts';
import { ALL_TASKS, type Stubborn } from './reductions/stubborn.ts';

/** Moves of one state, those that were tried last. */
export type Level = {
  mark: number;
  /** The tasks that are enough, as they lie among those of all levels, and how many; or `ALL_TASKS`. */
  first: number;
  enough: number;
  /** How many tasks were tried of those. */
  tried: number;
  /** The others are tried as well. */
  isWidened: boolean;
  /** Some move has led away from the states on the way here. */
  leadsOn: boolean;
  task: number;
  late: boolean;
  choices: readonly number[];
  /** Of how many each of them was one. */
  counts: readonly number[];
  /** Those that somebody can count on. */
  moves: number;
  /** Among the open states its own place, and the lowest one that was found to be reached from here. */
  position: number;
  lowest: number;
  /** An end or a deadlock can be reached from here, as far as was seen. */
  reachesEnd: boolean;
  /** Time may have passed on the move that led here. */
  isLater: boolean;
  /** Where the steps of `Standstill` stood. */
  steps: number;
};

export const NOTHING: readonly number[] = [];

/** About so many bytes does one take: seventeen words of eight bytes, and what an object has beside them. */
export const LEVEL_BYTES = 176;

export function newLevel(): Level {
  return {
    ...{ mark: 0, first: 0, enough: ALL_TASKS, tried: 0, isWidened: false, leadsOn: false },
    ...{ task: -1, late: false, choices: NOTHING, counts: NOTHING, moves: 0 },
    ...{ position: 0, lowest: 0, reachesEnd: false, isLater: false, steps: 0 },
  };
}

/** The tasks that are enough at each level. */
export class Chosen {
  readonly #stubborn: Stubborn | undefined;
  #tasks = new Int32Array(1 << 8);
  #length = 0;

  constructor(stubborn: Stubborn | undefined) {
    this.#stubborn = stubborn;
  }

  get bytes(): number {
    return this.#tasks.byteLength;
  }

  choose(level: Level): void {
    const count = this.#stubborn === undefined ? ALL_TASKS : this.#stubborn.choose();
    level.enough = count;
    level.first = this.#length;
    if (count === ALL_TASKS || this.#stubborn === undefined) return;
    if (this.#length + count > this.#tasks.length) {
      const larger = new Int32Array(2 * (this.#length + count));
      larger.set(this.#tasks);
      this.#tasks = larger;
    }
    for (let index = 0; index < count; index++)
      this.#tasks[this.#length++] = int(this.#stubborn.chosen[index]);
  }

  drop(level: Level): void {
    this.#length = level.first;
  }

  /** The next task to be tried; -1: there is none. */
  next(level: Level, tasks: number): number {
    if (level.enough !== ALL_TASKS && !level.isWidened) {
      if (level.tried < level.enough) return int(this.#tasks[level.first + level.tried++]);
      if (level.leadsOn && level.moves > 0) return -1;
      level.isWidened = true;
      level.tried = 0;
    }
    while (level.tried < tasks) {
      const task = level.tried++;
      if (!level.isWidened || !this.#has(level, task)) return task;
    }
    return -1;
  }

  #has({ first, enough }: Level, task: number): boolean {
    for (let index = first; index < first + enough; index++) if (this.#tasks[index] === task) return true;
    return false;
  }
}
