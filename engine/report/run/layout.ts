/**
 * Which lines the live view has: a task each where they fit, a line for a whole group where they do not.
 *
 * Where that is enough it depends on the plan and the height alone, so lines keep their places while the run goes on. Where
 * there are more groups than lines, those that something can be seen of are shown.
 */
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';

export type Row =
  | { readonly kind: 'task'; readonly task: number }
  | { readonly kind: 'group'; readonly group: number; readonly name: string; readonly count: number }
  /** So many groups more that found no room. */
  | { readonly kind: 'more'; readonly groups: number };

/** How soon a row is to be seen. */
export type Rank = 0 | 1 | 2;

type Block = { readonly group: number; readonly name: string; readonly tasks: readonly number[] };

/**
 * Rows in the plan's order. Groups are folded, the largest first, until all fit into that many lines; there may still be more.
 *
 * @param lines at least 1
 */
export function layoutRows(plan: Plan, lines: number): readonly Row[] {
  const blocks = blocksOf(plan);
  const folded = foldUntilFit(blocks, lines);
  return blocks.flatMap((block) => (folded.has(block) ? [groupRow(block)] : block.tasks.map(taskRow)));
}

/**
 * At most `lines` of the rows, in their order: the first of those of the lowest rank, then of the next. The others are only
 * counted.
 *
 * @param lines at least 1
 * @param rankOf 0, 1 or 2
 */
export function fitRows(rows: readonly Row[], lines: number, rankOf: (row: Row) => Rank): readonly Row[] {
  if (rows.length <= lines) return rows;
  const ranks = rows.map(rankOf);
  const places = ([0, 1, 2] as const).flatMap((rank) =>
    ranks.flatMap((own, place) => (own === rank ? [place] : [])),
  );
  const kept = new Set(places.slice(0, lines - 1));
  return [...rows.filter((_, place) => kept.has(place)), { kind: 'more', groups: rows.length - kept.size }];
}

/** The groups that somebody wrote, in order of their first task. */
function blocksOf(plan: Plan): readonly Block[] {
  const blocks = new Map<number, { group: number; name: string; tasks: number[] }>();
  plan.tasks.forEach(({ group, name }, task) => {
    if (!isShown(plan, task)) return;
    const block = blocks.get(group) ?? { group, name: plan.groups[group]?.name ?? name, tasks: [] };
    blocks.set(group, block);
    block.tasks.push(task);
  });
  return [...blocks.values()];
}

function foldUntilFit(blocks: readonly Block[], lines: number): ReadonlySet<Block> {
  const folded = new Set<Block>();
  let rows = blocks.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const largestFirst = blocks
    .filter(({ tasks }) => tasks.length > 1)
    .sort((a, b) => b.tasks.length - a.tasks.length);
  for (const block of largestFirst) {
    if (rows <= lines) break;
    folded.add(block);
    rows -= block.tasks.length - 1;
  }
  return folded;
}

function groupRow({ group, name, tasks }: Block): Row {
  return { kind: 'group', group, name, count: tasks.length };
}

function taskRow(task: number): Row {
  return { kind: 'task', task };
}
