/**
 * Looking whether a task of the main program has had no carrier for a while, though it could go on: those that there are
 * must be deep in an expression then.
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { READY } from '../../kernel/memory/layout.ts';
import { earliestDeadline, firstTimer } from '../../kernel/waiting/timers.ts';
import { int } from '../../log/int.ts';

/** How long somebody may be kept waiting for a carrier. */
const PATIENCE_MS = 50;

const MAIN = 0;
const NOBODY = -1;

/**
 * @param now a clock in milliseconds
 * @returns looks: true if the same task is first in line as was some time before. To be called now and then; nothing of
 * it needs the critical section, as a wrong answer costs one carrier too many
 */
export function createBacklogWatch(k: Kernel, now: () => number): () => boolean {
  let first = NOBODY;
  let since = now();
  return () => {
    const next = firstInLine(k);
    const isSame = next === first && next !== NOBODY;
    if (!isSame) since = now();
    first = next;
    return isSame && now() - since > PATIENCE_MS;
  };
}

/** Who could have been running for the longest time: ready, or done sleeping. */
function firstInLine(k: Kernel): number {
  const ready = int(k.words[int(k.layout.readyAt[MAIN]) + READY.head]);
  if (ready !== 0) return ready - 1;
  k.refreshClock();
  return earliestDeadline(k, MAIN) <= k.now ? firstTimer(k, MAIN) : NOBODY;
}
