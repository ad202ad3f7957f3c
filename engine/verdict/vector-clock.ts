/**
 * Vector clocks: what is known somewhere of each task's doings. Null knows nothing.
 *
 * A clock remembers who told it first, and at which of its times: whoever knows of that time has heard all of it. So
 * whether one clock knows all that another does is most often one look, however many tasks there are; only of a clock
 * that was joined from two, and that nobody told yet, the times are compared one by one.
 *
 * @see Mattern, Virtual time and global states of distributed systems (1989)
 * @see Flanagan, Freund, FastTrack: efficient and precise dynamic race detection (2009)
 */
import { type ClockTree, createClockTrees } from './clock-tree.ts';
import { NOBODY } from './resource-record.ts';

export type Clock = Known | null;
type Known = {
  readonly tree: ClockTree;
  /** Who told all of it at that time of its own; NOBODY where nobody did. */
  readonly teller: number;
  readonly toldAt: number;
};

export type Clocks = {
  /** How much of the task's doings is known: a number that grows with them; 0 for nothing. */
  timeOf(clock: Clock, task: number): number;
  /** What the task tells, who knew that before: the first that it tells at this time of its own. */
  told(clock: Clock, task: number, time: number): Clock;
  /** Everything that is known in either; one of the two itself wherever it knows all that the other does. */
  join(left: Clock, right: Clock): Clock;
};

/** @param tasks how many there are */
export function createClocks(tasks: number): Clocks {
  const trees = createClockTrees(tasks);

  return {
    timeOf: (clock, task) => (clock === null ? 0 : trees.timeOf(clock.tree, task)),
    told(clock, task, time) {
      return { tree: trees.withTime(clock?.tree ?? null, task, time), teller: task, toldAt: time };
    },
    join(left, right) {
      if (left === right || right === null) return left;
      if (left === null || hasHeard(right, left)) return right;
      return hasHeard(left, right) ? left : joinTrees(left, right);
    },
  };

  function hasHeard({ tree }: Known, { teller, toldAt }: Known): boolean {
    return teller !== NOBODY && trees.timeOf(tree, teller) >= toldAt;
  }

  function joinTrees(left: Known, right: Known): Known {
    const tree = trees.join(left.tree, right.tree);
    if (tree === left.tree) return left;
    return tree === right.tree ? right : { tree, teller: NOBODY, toldAt: 0 };
  }
}
