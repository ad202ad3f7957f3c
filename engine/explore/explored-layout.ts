/**
 * The memory that a check explores in: small, because it writes no log and keeps no values there.
 */
import { createLayout, TooLarge } from '../kernel/memory/create-layout.ts';
import type { Layout } from '../kernel/memory/layout.ts';
import type { Plan } from '../plan/plan.ts';

/** Cells of an unbounded queue; one that outgrows them ends the search, which then says nothing. */
const UNBOUNDED_CELLS = 64;
/** There is no log; behind core lie the words of monitors. */
const RING_WORDS = 1 << 16;

/** @throws TooLarge */
export function createExploredLayout(plan: Plan): Layout {
  return createLayout(plan, {
    threadCarriers: 1,
    valueWords: 0,
    unboundedCells: UNBOUNDED_CELLS,
    ringWords: RING_WORDS,
  });
}

/** Beside a word of core itself: what it was, two marks, and three tables of who it belongs to. */
const BYTES_BESIDE_A_WORD = 4 + 1 + 1 + 4 + 4 + 1;

/** About so many bytes does one state take, with all that is kept of each of its words. */
export function bytesOfState(plan: Plan): number {
  try {
    const { size, coreStart, coreEnd } = createExploredLayout(plan);
    return size * Int32Array.BYTES_PER_ELEMENT + (coreEnd - coreStart) * BYTES_BESIDE_A_WORD;
  } catch (error) {
    if (error instanceof TooLarge) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** Why there is no memory for it, as a sentence for the user; undefined where there is. */
export function memoryProblem(plan: Plan): string | undefined {
  try {
    createExploredLayout(plan);
    return undefined;
  } catch (error) {
    if (error instanceof TooLarge) return error.message;
    throw error;
  }
}
