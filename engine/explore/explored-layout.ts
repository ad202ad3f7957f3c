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
