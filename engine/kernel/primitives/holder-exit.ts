/**
 * What becomes of what a task holds when it ends: `onHolderExit`.
 *
 * `keep` leaves it taken, as Python does, and needs nothing here. `release` gives everything back. `fail` makes whoever
 * would have to wait for it fail, as a robust mutex of POSIX does (EOWNERDEAD), until somebody releases it.
 */
import { int } from '../../log/int.ts';
import type { Resource } from '../../plan/plan.ts';
import type { Kernel } from '../kernel.ts';
import type { Holding } from '../primitive.ts';
import { isFair, wakeFirst } from '../waiting/arrival.ts';
import { ALL, wake } from '../waiting/channel.ts';
import { primitiveOf } from './table.ts';

/** A task has ended: what it holds is given back, or those who wait for it are told. */
export function leaveHeld(k: Kernel, task: number): void {
  for (const id of k.layout.holderExits) {
    const resource = k.plan.resources[id] as Resource;
    const { holding } = primitiveOf(resource);
    if (holding === undefined || !holding.holds(k, id, task)) continue;
    if (resource.onHolderExit === 'release') giveBack(k, holding, id, task);
    else wake(k, int(k.layout.resourceChannel[id]), ALL);
  }
}

function giveBack(k: Kernel, { giveBack, wakes }: Holding, id: number, task: number): void {
  giveBack(k, id, task);
  if (isFair(k, id)) wakeFirst(k, id, 0);
  else wake(k, int(k.layout.resourceChannel[id]), wakes);
}
