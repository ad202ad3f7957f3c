/**
 * Something that the run needs has run out: room in the log, memory for values, the reservation of a queue.
 *
 * It is thrown where that is found, in the middle of a moment, so that nothing goes on with something else in place of what
 * did not fit. Whoever performs the task catches it and tells the kernel (`runOut`), and the run ends as inconclusive. It
 * never reaches a handler of the scenario.
 */

/** What can run out, by the number kept in memory. */
export const EXHAUSTED = { values: 1, queue: 2, atomic: 3, text: 4, moment: 5, permits: 6 } as const;

export class Exhausted extends Error {
  readonly what: number;
  /** In words; of a queue or a semaphore, its number. */
  readonly size: number;
  /** In whose name it was done, where that is not the task at work. */
  readonly task: number;
  readonly step: number;

  constructor(what: number, size: number, task = -1, step = -1) {
    super('bug in concur: nobody took notice that something ran out');
    this.what = what;
    this.size = size;
    this.task = task;
    this.step = step;
  }

  /** What was done was done for that task. */
  of(task: number, step: number): Exhausted {
    return new Exhausted(this.what, this.size, task, step);
  }
}
