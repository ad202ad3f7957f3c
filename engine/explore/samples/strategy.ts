/**
 * How a sampled schedule is drawn: a strategy says whose turn is next.
 *
 * Each is good at something else, so the samples take them in turn: the random walk finds what is shallow, the others what
 * needs one rare order of a few steps among many.
 */

import { int } from '../../log/int.ts';

export type Strategy = {
  /** A schedule begins. */
  readonly begin: () => void;
  /** One of these tasks; if it turns out that it cannot go on, the same is asked again without it. */
  readonly pick: (tasks: readonly number[]) => number;
  /** That task has done its step at that place of its program. */
  readonly did: (task: number, place: number) => void;
};

/** Numbers from 0 to below 1. */
export type Chance = () => number;

export function anyOf(tasks: readonly number[], chance: Chance): number {
  return int(tasks[Math.floor(chance() * tasks.length)]);
}
