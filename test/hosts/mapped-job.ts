/**
 * What the tests of processes and their children share: where things lie in memory, and what a child shall do.
 */

/** Words of the tests' memory; each child has a flag at `condemned` and one at `began`. */
export const WORD = {
  mutex: 0,
  counter: 1,
  started: 2,
  go: 3,
  condemned: 8,
  began: 24,
  grandchild: 4,
} as const;

export type Job = {
  readonly kind:
    | 'count'
    | 'countForEver'
    | 'stopInside'
    | 'dieInside'
    | 'sleep'
    | 'fail'
    | 'startSleeper'
    | 'exit';
  /** For `count`. */
  readonly rounds?: number;
};
