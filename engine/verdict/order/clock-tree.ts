/**
 * Times by task, as trees that share what they have in common: how much of each task's doings is known somewhere.
 *
 * A tree has 8-way nodes that nothing changes once it is made; null knows nothing. To hand one on is to copy a
 * reference, and joining two compares only the parts that are not the same object: with ten thousand tasks whole arrays
 * would be too much memory, and too slow. All leaves are equally deep, so that a node need not say what it is.
 */

export type ClockTree = Leaf | Branch | null;
type Leaf = readonly number[];
type Branch = readonly ClockTree[];

/** How much is known of one task. */
export type Told = { readonly teller: number; readonly toldAt: number };

export type ClockTrees = {
  /** How much of the task's doings is known: a number that grows with them; 0 for nothing. */
  timeOf(tree: ClockTree, task: number): number;
  /** The same tree, but with that much known of those tasks; what comes later counts. */
  withTimes(tree: ClockTree, times: readonly Told[]): ClockTree;
  /** Everything that is known in either; one of the two itself wherever it knows all that the other does. */
  join(left: ClockTree, right: ClockTree): ClockTree;
};

/** Wider nodes make a new time dearer, narrower ones a look. */
const BITS = 3;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** @param tasks how many there are */
export function createClockTrees(tasks: number): ClockTrees {
  let top = 0;
  while (WIDTH << (BITS * top) < tasks) top += 1;
  return {
    timeOf: (tree, task) => timeOf(tree, top, task),
    withTimes: (tree, times) => withTimes(tree, top, times),
    join: (left, right) => join(left, right, top),
  };
}

function timeOf(tree: ClockTree, top: number, task: number): number {
  let node = tree;
  for (let level = top; level > 0 && node !== null; level -= 1) {
    node = (node as Branch)[(task >> (BITS * level)) & MASK] ?? null;
  }
  return node === null ? 0 : ((node as Leaf)[task & MASK] ?? 0);
}

/** A node is copied once, however many of the times are below it. */
function withTimes(tree: ClockTree, top: number, times: readonly Told[]): ClockTree {
  const own = new Set<ClockTree>();
  let changed = tree;
  for (const { teller, toldAt } of times) changed = put(changed, top, teller, toldAt, own);
  return changed;
}

function put(tree: ClockTree, level: number, task: number, time: number, own: Set<ClockTree>): ClockTree {
  if (level === 0) {
    const leaf = owned(tree as Leaf | null, 0, own);
    leaf[task & MASK] = time;
    return leaf;
  }
  const branch = owned<ClockTree>(tree as Branch | null, null, own);
  const index = (task >> (BITS * level)) & MASK;
  branch[index] = put(branch[index] ?? null, level - 1, task, time, own);
  return branch;
}

/** The node itself, if it was made for this change; else one that is. */
function owned<T>(node: readonly T[] | null, nothing: T, own: Set<ClockTree>): T[] {
  if (node !== null && own.has(node as ClockTree)) return node as T[];
  const made = node === null ? new Array<T>(WIDTH).fill(nothing) : node.slice();
  own.add(made as ClockTree);
  return made;
}

function join(left: ClockTree, right: ClockTree, level: number): ClockTree {
  if (left === right || right === null) return left;
  if (left === null) return right;
  if (level === 0) return joinLeaves(left as Leaf, right as Leaf);
  return joinBranches(left as Branch, right as Branch, level);
}

function joinLeaves(left: Leaf, right: Leaf): Leaf {
  let leftIsLess = false;
  let rightIsLess = false;
  for (let index = 0; index < WIDTH; index += 1) {
    const mine = left[index] ?? 0;
    const other = right[index] ?? 0;
    if (mine < other) leftIsLess = true;
    else if (other < mine) rightIsLess = true;
  }
  if (!leftIsLess) return left;
  if (!rightIsLess) return right;
  return left.map((time, index) => Math.max(time, right[index] ?? 0));
}

/** Most often one knows all that the other does: a new node is made only where it turns out that neither does. */
function joinBranches(left: Branch, right: Branch, level: number): Branch {
  let isLeft = true;
  let isRight = true;
  let nodes: ClockTree[] | null = null;
  for (let index = 0; index < WIDTH; index += 1) {
    const mine = left[index] ?? null;
    const other = right[index] ?? null;
    const joined = join(mine, other, level - 1);
    const wasLeft = isLeft;
    isLeft &&= joined === mine;
    isRight &&= joined === other;
    if (nodes === null && !isLeft && !isRight) nodes = (wasLeft ? left : right).slice();
    if (nodes !== null) nodes[index] = joined;
  }
  if (nodes !== null) return nodes;
  return isLeft ? left : right;
}
