/**
 * Vector clocks that share what they have in common: how much of each task's doings is known somewhere.
 *
 * A clock is a tree of 32-way nodes that nothing changes once it is made; null knows nothing. To publish a clock is to
 * copy a reference, and joining two compares only the parts that are not the same object: with ten thousand tasks whole
 * arrays would be too much memory, and too slow.
 *
 * @see Mattern, Virtual time and global states of distributed systems (1989)
 */

export type Clock = Node | null;
type Node = Leaf | Branch;
type Leaf = { readonly level: 0; readonly times: readonly number[] };
type Branch = { readonly level: number; readonly nodes: readonly Clock[] };

export type Clocks = {
  /** How much of the task's doings is known: a number that grows with them; 0 for nothing. */
  timeOf(clock: Clock, task: number): number;
  /** The same clock, but with that much known of that task. */
  withTime(clock: Clock, task: number, time: number): Clock;
  /** Everything that is known in either; one of the two itself wherever it knows all that the other does. */
  join(left: Clock, right: Clock): Clock;
};

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** @param tasks how many there are */
export function createClocks(tasks: number): Clocks {
  let top = 0;
  while (WIDTH << (BITS * top) < tasks) top += 1;
  return {
    timeOf,
    withTime: (clock, task, time) => withTime(clock, top, task, time),
    join,
  };
}

function timeOf(clock: Clock, task: number): number {
  let node = clock;
  while (node !== null) {
    if (isLeaf(node)) return node.times[task & MASK] ?? 0;
    node = node.nodes[(task >> (BITS * node.level)) & MASK] ?? null;
  }
  return 0;
}

function isLeaf(node: Node): node is Leaf {
  return node.level === 0;
}

function withTime(clock: Clock, level: number, task: number, time: number): Node {
  if (level === 0) {
    const times = clock !== null && isLeaf(clock) ? clock.times.slice() : new Array<number>(WIDTH).fill(0);
    times[task & MASK] = time;
    return { level: 0, times };
  }
  const nodes = clock !== null && !isLeaf(clock) ? clock.nodes.slice() : new Array<Clock>(WIDTH).fill(null);
  const index = (task >> (BITS * level)) & MASK;
  nodes[index] = withTime(nodes[index] ?? null, level - 1, task, time);
  return { level, nodes };
}

function join(left: Clock, right: Clock): Clock {
  if (left === right || right === null) return left;
  if (left === null) return right;
  if (isLeaf(left)) return isLeaf(right) ? joinLeaves(left, right) : right;
  return isLeaf(right) ? left : joinBranches(left, right);
}

function joinLeaves(left: Leaf, right: Leaf): Leaf {
  let leftIsLess = false;
  let rightIsLess = false;
  for (let index = 0; index < WIDTH; index += 1) {
    const mine = left.times[index] ?? 0;
    const other = right.times[index] ?? 0;
    if (mine < other) leftIsLess = true;
    else if (other < mine) rightIsLess = true;
  }
  if (!leftIsLess) return left;
  if (!rightIsLess) return right;
  return { level: 0, times: left.times.map((time, index) => Math.max(time, right.times[index] ?? 0)) };
}

function joinBranches(left: Branch, right: Branch): Branch {
  const nodes = new Array<Clock>(WIDTH);
  let isLeft = true;
  let isRight = true;
  for (let index = 0; index < WIDTH; index += 1) {
    const mine = left.nodes[index] ?? null;
    const other = right.nodes[index] ?? null;
    const joined = join(mine, other);
    nodes[index] = joined;
    if (joined !== mine) isLeft = false;
    if (joined !== other) isRight = false;
  }
  if (isLeft) return left;
  return isRight ? right : { level: left.level, nodes };
}
