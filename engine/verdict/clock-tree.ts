/**
 * Times by task, as trees that share what they have in common: how much of each task's doings is known somewhere.
 *
 * A tree has 32-way nodes that nothing changes once they are made; null knows nothing. To hand one on is to copy a
 * reference, and joining two compares only the parts that are not the same object: with ten thousand tasks whole arrays
 * would be too much memory, and too slow.
 */

export type ClockTree = Node | null;
type Node = Leaf | Branch;
type Leaf = { readonly level: 0; readonly times: readonly number[] };
type Branch = { readonly level: number; readonly nodes: readonly ClockTree[] };

export type ClockTrees = {
  /** How much of the task's doings is known: a number that grows with them; 0 for nothing. */
  timeOf(tree: ClockTree, task: number): number;
  /** The same tree, but with that much known of that task. */
  withTime(tree: ClockTree, task: number, time: number): ClockTree;
  /** Everything that is known in either; one of the two itself wherever it knows all that the other does. */
  join(left: ClockTree, right: ClockTree): ClockTree;
};

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** @param tasks how many there are */
export function createClockTrees(tasks: number): ClockTrees {
  let top = 0;
  while (WIDTH << (BITS * top) < tasks) top += 1;
  return {
    timeOf,
    withTime: (tree, task, time) => withTime(tree, top, task, time),
    join,
  };
}

function timeOf(tree: ClockTree, task: number): number {
  let node = tree;
  while (node !== null) {
    if (isLeaf(node)) return node.times[task & MASK] ?? 0;
    node = node.nodes[(task >> (BITS * node.level)) & MASK] ?? null;
  }
  return 0;
}

function isLeaf(node: Node): node is Leaf {
  return node.level === 0;
}

function withTime(tree: ClockTree, level: number, task: number, time: number): Node {
  if (level === 0) {
    const times = tree !== null && isLeaf(tree) ? tree.times.slice() : new Array<number>(WIDTH).fill(0);
    times[task & MASK] = time;
    return { level: 0, times };
  }
  const nodes = tree !== null && !isLeaf(tree) ? tree.nodes.slice() : new Array<ClockTree>(WIDTH).fill(null);
  const index = (task >> (BITS * level)) & MASK;
  nodes[index] = withTime(nodes[index] ?? null, level - 1, task, time);
  return { level, nodes };
}

function join(left: ClockTree, right: ClockTree): ClockTree {
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

/** Most often one knows all that the other does: a new node is made only where it turns out that neither does. */
function joinBranches(left: Branch, right: Branch): Branch {
  let isLeft = true;
  let isRight = true;
  let nodes: ClockTree[] | null = null;
  for (let index = 0; index < WIDTH; index += 1) {
    const mine = left.nodes[index] ?? null;
    const other = right.nodes[index] ?? null;
    const joined = join(mine, other);
    const wasLeft = isLeft;
    isLeft &&= joined === mine;
    isRight &&= joined === other;
    if (nodes === null && !isLeft && !isRight) nodes = (wasLeft ? left : right).nodes.slice();
    if (nodes !== null) nodes[index] = joined;
  }
  if (nodes !== null) return { level: left.level, nodes };
  return isLeft ? left : right;
}
