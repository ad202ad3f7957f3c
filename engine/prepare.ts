/**
 * What the command begins before anything else, and so before the rest of the engine is loaded.
 */
import { carrierEntry } from './hosts/real/carrier-entry.ts';
import { prepareThreadPool } from './hosts/real/thread-pool.ts';

/** Begins what the next real run needs, while its scenario is still being read. A run works without it, and later. */
export function prepareRealRun(): void {
  prepareThreadPool(carrierEntry());
}
