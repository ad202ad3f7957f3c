/**
 * A run's memory in its first state: main's vars, free permits, set events.
 */

import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { primitiveOf } from '../primitives/table.ts';
import { initializeCells } from '../primitives/variable.ts';

/** Called once, before any carrier: everything not written here begins as zero. */
export function initializeMemory(k: Kernel): void {
  k.plan.resources.forEach((resource, index) => {
    primitiveOf(resource).initialize?.(k.words, int(k.layout.resourceAt[index]), resource);
  });
  initializeCells(k);
}
