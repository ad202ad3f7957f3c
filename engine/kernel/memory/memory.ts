/**
 * A run's memory in its first state: main's vars, free permits, set events.
 */

import type { Kernel } from '../kernel.ts';
import { initializeCells } from '../primitives/variable.ts';

/** Called once, before any carrier: everything not written here begins as zero. */
export function initializeMemory(k: Kernel): void {
  k.plan.resources.forEach((resource, index) => {
    const at = k.layout.resourceAt[index] as number;
    if (resource.kind === 'semaphore') k.words[at] = resource.permits;
    if (resource.kind === 'event') k.words[at] = resource.set ? 1 : 0;
  });
  initializeCells(k);
}
