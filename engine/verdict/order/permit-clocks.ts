/**
 * What is learnt along with a permit, or a place in a queue: what its last user knew.
 *
 * Those never used go first, and then those given back longest ago, so that one order follows from another only where it
 * must be so whatever the speeds: the n-th taker comes after the (n − permits)-th giver, and after nobody else.
 */
import { createItemQueue } from '../model/primitives/item-queue.ts';
import type { Clock } from './vector-clock.ts';

export type PermitClocks = {
  take(): Clock;
  give(clock: Clock): void;
};

/** @param permits how many nobody has used yet */
export function createPermitClocks(permits: number): PermitClocks {
  const given = createItemQueue<Clock>('fifo');
  let unused = permits;
  return {
    take() {
      if (unused > 0) {
        unused -= 1;
        return null;
      }
      const clock = given.next() ?? null;
      given.take();
      return clock;
    },
    give: (clock) => given.put(clock, 0),
  };
}
