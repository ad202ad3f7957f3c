/**
 * Which lines the live view has: a task each where they fit, a line for a whole group where they do not.
 *
 * It depends on the plan and the height alone, so lines keep their places while the run goes on.
 */
import { isShown } from '../plan/is-shown.ts';
import type { Plan } from '../plan/plan.ts';

export type Row =
  | { readonly kind: 'task'; readonly task: number }
  | { readonly kind: 'group'; readonly group: number; readonly name: string; readonly count: number }
  /** So many groups more that found no room. */
  | { readonly kind: 'more'; readonly groups: number };

type Block = { readonly group: number; readonly name: string; readonly tasks: readonly number[] };

/**
 * At most `lines` rows, in the plan's order. Groups are folded, the largest first, until all fit; then the last ones are
 * only counted.
 *
 * @param lines at least 1
 */
export function layoutRows(plan: Plan, lines: number): readonly Row[] {
  const blocks = blocksOf(plan);
  const folded = foldUntilFit(blocks, lines);
  const rows = blocks.flatMap((block) => (folded.has(block) ? [groupRow(block)] : block.tasks.map(taskRow)));
  if (rows.length <= lines) return rows;
  const kept = Math.max(0, lines - 1);
  return [...rows.slice(0, kept), { kind: 'more', groups: rows.length - kept }];
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
