/**
 * What each task knows of the others' doings, as vector clocks, and how far it has come itself.
 *
 * A task's own time goes on only at an access that follows a publication: what nobody could tell apart is one time. So
 * where tasks hand locks to each other and touch no var, all clocks stay as they are.
 */
import { type Clock, createClocks } from './vector-clock.ts';

export type TaskClocks = {
  /** What the task knows now, itself included: for whoever is to learn it. */
  publish(task: number): Clock;
  /** From now on the task knows that, too. */
  learn(task: number, clock: Clock): void;
  /** The time of an access by the task at this moment. */
  tick(task: number): number;
  /** Whether what the other did at that time happened before whatever the task does now. */
  knows(task: number, other: number, time: number): boolean;
  join(left: Clock, right: Clock): Clock;
};

/** @param tasks how many there are */
export function createTaskClocks(tasks: number): TaskClocks {
  const { timeOf, withTime, join } = createClocks(tasks);
  const times = new Int32Array(tasks).fill(1);
  const isPublished = new Uint8Array(tasks);
  const known = new Array<Clock>(tasks).fill(null);
  /** What was published first at a time: whoever knows of that time knows all of it. */
  const published = new Array<Clock>(tasks).fill(null);
  const publishedAt = new Int32Array(tasks);

  return {
    publish(task) {
      if (isPublished[task] === 0) {
        const time = times[task] ?? 1;
        known[task] = withTime(known[task] ?? null, task, time);
        isPublished[task] = 1;
        published[task] = known[task] ?? null;
        publishedAt[task] = time;
      }
      return known[task] ?? null;
    },
    learn(task, clock) {
      const own = known[task] ?? null;
      if (clock === null || clock === own) return;
      // A task that has learnt nothing since is told by its time alone, instead of by all it knows.
      const isIncluded = own === published[task] && timeOf(clock, task) >= (publishedAt[task] ?? 0);
      known[task] = isIncluded ? clock : join(own, clock);
    },
    tick(task) {
      if (isPublished[task] === 1) {
        times[task] = (times[task] ?? 0) + 1;
        isPublished[task] = 0;
      }
      return times[task] ?? 1;
    },
    knows: (task, other, time) => other === task || timeOf(known[task] ?? null, other) >= time,
    join,
  };
}
