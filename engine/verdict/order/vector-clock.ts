/**
 * Vector clocks: what is known somewhere of each task's doings. Null knows nothing.
 *
 * A clock remembers who told it first, and at which of its times: whoever knows of that time has heard all of it. So
 * whether one clock knows all that another does is most often one look, however many tasks there are; only of a clock
 * that was joined from two, and that nobody told yet, the times are compared one by one.
 *
 * What is told is one time more than the teller knew before. So a clock is first a link to that one, and becomes a tree of
 * all times only where somebody looks further back: most clocks are asked for the last that they heard, or for nothing.
 *
 *     told ──before──▶ told ──before──▶ … ──▶ tree
 *
 * @see Mattern, Virtual time and global states of distributed systems (1989)
 * @see Flanagan, Freund, FastTrack: efficient and precise dynamic race detection (2009)
 */

import { NOBODY } from '../model/primitives/resource-record.ts';
import { type ClockTree, createClockTrees } from './clock-tree.ts';

export type Clock = Known | null;
type Known = {
  /** All times; undefined while it is but a link. */
  tree: ClockTree | undefined;
  /** Of a link: what the teller knew before. */
  before: Clock;
  /** Links until there is a tree. */
  links: number;
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

/** As many links are looked at, before a tree is made of them. */
const MOST_LOOKS = 32;
/** As many links may come together: each keeps what is behind it from being forgotten. */
const MOST_LINKS = 256;

/** @param tasks how many there are */
export function createClocks(tasks: number): Clocks {
  const trees = createClockTrees(tasks);

  return {
    timeOf,
    told(clock, task, time) {
      const links = clock === null || clock.tree !== undefined ? 1 : clock.links + 1;
      const known: Known = { tree: undefined, before: clock, links, teller: task, toldAt: time };
      if (links === MOST_LINKS) treeOf(known);
      return known;
    },
    join(left, right) {
      if (left === right || right === null) return left;
      if (left === null || hasHeard(right, left)) return right;
      return hasHeard(left, right) ? left : joinTrees(left, right);
    },
  };

  function timeOf(clock: Clock, task: number): number {
    let known = clock;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      if (known === null) return 0;
      if (known.tree !== undefined) return trees.timeOf(known.tree, task);
      if (known.teller === task) return known.toldAt;
      known = known.before;
    }
    return trees.timeOf(treeOf(clock as Known), task);
  }

  function hasHeard(clock: Known, { teller, toldAt }: Known): boolean {
    return teller !== NOBODY && timeOf(clock, teller) >= toldAt;
  }

  function joinTrees(left: Known, right: Known): Known {
    const [mine, other] = [treeOf(left), treeOf(right)];
    const tree = trees.join(mine, other);
    if (tree === mine) return left;
    return tree === other ? right : { tree, before: null, links: 0, teller: NOBODY, toldAt: 0 };
  }

  /** From now on it is a tree, and lets go of what was before it. */
  function treeOf(clock: Known): ClockTree {
    if (clock.tree !== undefined) return clock.tree;
    const links: Known[] = [];
    let known: Clock = clock;
    for (; known !== null && known.tree === undefined; known = known.before) links.push(known);
    clock.tree = trees.withTimes(known?.tree ?? null, links.reverse());
    clock.before = null;
    return clock.tree;
  }
}
