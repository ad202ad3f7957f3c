/**
 * A lock or rlock that is switched off (`enabled: false`): nobody waits for it and nothing is refused, but its books are kept,
 * so that attributes and peaks show who is inside without it: `[owner + 1, depth, holders, how often each task has it …]`.
 *
 * The owner is who took it last, as long as that one has it; then the first of the others in the plan's order.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';

const OWNER = 0;
const DEPTH = 1;
const HOLDERS = 2;
const HELD = 3;

/** @returns how often the task has it now */
export function takeAnyway(k: Kernel, lock: number, task: number, times: number): number {
  const at = int(k.layout.resourceAt[lock]);
  const held = int(k.words[at + HELD + task]);
  if (held === 0) k.words[at + HOLDERS] = int(k.words[at + HOLDERS]) + 1;
  k.words[at + HELD + task] = held + times;
  name(k, lock, task);
  return held + times;
}

/** At most what the task has. @returns how often it has it now */
export function giveAnyway(k: Kernel, lock: number, task: number, times: number): number {
  const at = int(k.layout.resourceAt[lock]);
  const held = int(k.words[at + HELD + task]);
  const left = Math.max(0, held - times);
  k.words[at + HELD + task] = left;
  if (held > 0 && left === 0) k.words[at + HOLDERS] = int(k.words[at + HOLDERS]) - 1;
  const owner = int(k.words[at + OWNER]) - 1;
  name(k, lock, owner >= 0 && k.words[at + HELD + owner] === 0 ? firstHolder(k, at) : owner);
  return left;
}

function firstHolder(k: Kernel, at: number): number {
  if (k.words[at + HOLDERS] === 0) return -1;
  for (let task = 0; ; task++) if (k.words[at + HELD + task] !== 0) return task;
}

/** Only an rlock has a depth. */
function name(k: Kernel, lock: number, owner: number): void {
  const at = int(k.layout.resourceAt[lock]);
  k.words[at + OWNER] = owner + 1;
  if (k.plan.resources[lock]?.kind === 'rlock')
    k.words[at + DEPTH] = owner < 0 ? 0 : int(k.words[at + HELD + owner]);
}

/** Who gives it back when that task releases it: as of any lock, that may be another one that has it. */
export function giverOf(k: Kernel, lock: number, task: number): number {
  const at = int(k.layout.resourceAt[lock]);
  const isOwn = k.plan.resources[lock]?.kind === 'rlock' || k.words[at + HELD + task] !== 0;
  return isOwn ? task : Math.max(0, int(k.words[at + OWNER]) - 1);
}

export function timesHeld(k: Kernel, lock: number, task: number): number {
  return int(k.words[int(k.layout.resourceAt[lock]) + HELD + task]);
}

export function countHolders(k: Kernel, lock: number): number {
  return int(k.words[int(k.layout.resourceAt[lock]) + HOLDERS]);
}
