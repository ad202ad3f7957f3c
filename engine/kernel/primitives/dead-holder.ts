/**
 * `onHolderExit: fail`: who cannot have a lock or a permit that a task held when it ended fails instead of waiting.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { STATE, TASK } from '../memory/layout.ts';

/** Whether a task that has to wait for this lock fails, as its holder has ended. */
export function isOwnerDead(k: Kernel, lock: number): boolean {
  return failsForDead(k, lock) && isEnded(k, int(k.words[int(k.layout.resourceAt[lock])]) - 1);
}

export function failsForDead(k: Kernel, resource: number): boolean {
  return k.plan.resources[resource]?.onHolderExit === 'fail';
}

export function isEnded(k: Kernel, task: number): boolean {
  return task >= 0 && int(k.words[int(k.layout.taskAt[task]) + TASK.state]) > STATE.live;
}
