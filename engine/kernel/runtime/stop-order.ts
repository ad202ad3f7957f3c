/**
 * In which order tasks are told to end: those that others need come after those others, level by level, as far as somebody has
 * anything outside that takes time to be gone.
 */
import { takesTime } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { STATE } from '../memory/layout.ts';
import { isThere, stateOf } from '../memory/task-block.ts';

/**
 * The groups whose tasks are to be told later, as one that needs them, or needs one that does, is not gone yet.
 *
 * @param isMeant which tasks are to end now, of those that are there
 */
export function heldBack(k: Kernel, isMeant: (task: number) => boolean): ReadonlySet<number> {
  const held = new Set<number>();
  const { groups, tasks } = k.plan;
  if (groups.every(({ needs }) => needs === undefined)) return held;
  const left: number[] = [];
  tasks.forEach(({ group }, task) => {
    if (isThere(k, task) && isMeant(task) && (stateOf(k, task) === STATE.stopping || takesTime(k, task)))
      left.push(group);
  });
  for (let group = left.pop(); group !== undefined; group = left.pop()) {
    for (const needed of groups[group]?.needs ?? []) {
      if (held.has(needed)) continue;
      held.add(needed);
      left.push(needed);
    }
  }
  return held;
}

/**
 * Tells those that are meant to end, as many as may be told now.
 *
 * @returns whether all of them have ended; if not, it is to be called again when one has
 */
export function endInOrder(
  k: Kernel,
  isMeant: (task: number) => boolean,
  end: (task: number) => void,
): boolean {
  const held = heldBack(k, isMeant);
  let isOver = true;
  for (let task = 0; task < k.plan.tasks.length; task++) {
    if (!isThere(k, task) || !isMeant(task)) continue;
    if (stateOf(k, task) === STATE.live && !held.has(k.plan.tasks[task]?.group ?? 0)) end(task);
    if (isThere(k, task)) isOver = false;
  }
  return isOver;
}
