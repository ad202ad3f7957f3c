/**
 * What a search finds, each with the moves that lead to it.
 */
import type { Move } from './state.ts';

export type Schedule = readonly Move[];

/**
 * Leads to an end, to a state in which nobody can go on, to one that breaks what must hold in each, or to one from which
 * tasks go on for ever: no end can be reached any more. A `loop` leads back to where it was after its first moves, and can go on
 * like that for ever.
 */
export type Found = {
  readonly kind: 'end' | 'stuck' | 'broken' | 'endless' | 'loop';
  readonly schedule: Schedule;
  /** Of what is broken: the same for the same expectation. Of an end, and of a deadlock: its result. */
  readonly key: string;
  /** Of an end, and of a deadlock: the expectation of which what it waits for did not come on the way, as in `key`. */
  readonly awaits?: string;
  /** Of a loop: after how many of the moves it is where it comes back to. */
  readonly loopAt?: number;
};
