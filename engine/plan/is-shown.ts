/**
 * Which of the tasks are the user's: what the planner made to serve them is neither shown nor counted.
 */
import type { Plan } from './plan.ts';

/** False for a main program that nobody wrote, a pool's worker, the launcher or the timer of a task. */
export function isShown(plan: Plan, task: number): boolean {
  if (task === 0) return plan.mainIsWritten;
  return plan.groups[plan.tasks[task]?.group ?? -1]?.made !== 'helper';
}
