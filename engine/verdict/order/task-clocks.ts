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
  const { timeOf, told, join } = createClocks(tasks);
  const times = new Int32Array(tasks).fill(1);
  const isPublished = new Uint8Array(tasks);
  const known = new Array<Clock>(tasks).fill(null);

  return {
    publish(task) {
      if (isPublished[task] === 0) {
        known[task] = told(known[task] ?? null, task, times[task] ?? 1);
        isPublished[task] = 1;
      }
      return known[task] ?? null;
    },
    learn(task, clock) {
      known[task] = join(known[task] ?? null, clock);
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
