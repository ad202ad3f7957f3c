/**
 * What becomes of a lock or a semaphore when a task ends that holds it: `onHolderExit`.
 *
 * `keep` leaves it taken, as Python does, and needs nothing here. `release` gives everything back. `fail` makes whoever
 * would have to wait for it fail, as a robust mutex of POSIX does (EOWNERDEAD), until somebody releases it.
 */
import type { Resource } from '../../plan/plan.ts';
import type { Kernel } from '../kernel.ts';
import { isFair, wakeFirst } from '../waiting/arrival.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { giveBackAll, holdsPermits } from './semaphore.ts';

/** A task has ended: what it holds is given back, or those who wait for it are told. */
export function leaveHeld(k: Kernel, task: number): void {
  for (const id of k.layout.holderExits) {
    const resource = k.plan.resources[id] as Resource;
    if (!holds(k, resource, id, task)) continue;
    if (resource.onHolderExit === 'release') giveBack(k, resource, id, task);
    else wake(k, k.layout.resourceChannel[id] as number, ALL);
  }
}

function holds(k: Kernel, resource: Resource, id: number, task: number): boolean {
  if (resource.kind === 'semaphore') return holdsPermits(k, id, task);
  return k.words[k.layout.resourceAt[id] as number] === task + 1;
}

function giveBack(k: Kernel, resource: Resource, id: number, task: number): void {
  const at = k.layout.resourceAt[id] as number;
  if (resource.kind === 'semaphore') giveBackAll(k, id, task);
  else k.words.fill(0, at, at + 2);
  if (isFair(k, id)) wakeFirst(k, id, 0);
  else wake(k, k.layout.resourceChannel[id] as number, resource.kind === 'semaphore' ? ALL : 1);
}
