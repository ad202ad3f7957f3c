/**
 * `onHolderExit: fail`: who cannot have a lock or a permit that a task held when it ended fails instead of waiting.
 */
import type { Kernel } from '../kernel.ts';
import { STATE, TASK } from '../memory/layout.ts';

/** Whether a task that has to wait for this lock fails, as its holder has ended. */
export function isOwnerDead(k: Kernel, lock: number): boolean {
  return failsForDead(k, lock) && isEnded(k, (k.words[k.layout.resourceAt[lock] as number] as number) - 1);
}

export function failsForDead(k: Kernel, resource: number): boolean {
  return k.plan.resources[resource]?.onHolderExit === 'fail';
}

export function isEnded(k: Kernel, task: number): boolean {
  return task >= 0 && (k.words[(k.layout.taskAt[task] as number) + TASK.state] as number) > STATE.live;
}
