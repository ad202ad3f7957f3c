/**
 * What `eventually` and `leadsTo` wait for, as questions to each state of a graph.
 */

import { type BoundExpression, createExpressionBinder } from '../../machine/bound-expression.ts';
import type { Expectations } from '../../plan/expectations.ts';
import { ClaimFrame, isTrue } from '../claims/claim-frame.ts';
import type { State } from '../state.ts';
import type { Answers } from './build-graph.ts';
import type { StateGraph } from './state-graph.ts';
import type { Awaited } from './ways.ts';

/** Of `eventually` one question each, then of `leadsTo` two: what brings it up, what settles it. */
export function answersOf(state: State): Answers {
  const { eventually, leadsTo } = state.plan.expect;
  const frame = new ClaimFrame(state.k, state.identity);
  frame.resume(0);
  const bind = createExpressionBinder(frame);
  const claims = [...eventually, ...leadsTo.flatMap(({ when, later }) => [when, later])];
  const bound = claims.map(({ expression }) => bind(expression));
  return { count: bound.length, isTrue: (claim) => isTrue(bound[claim] as BoundExpression) };
}

/** The expectation's key, as in `Found`, and what it waits for. */
export type Expected = { readonly key: string; readonly awaited: Awaited };

export function expectedOf({ eventually, leadsTo }: Expectations, graph: StateGraph): readonly Expected[] {
  return [
    ...eventually.map((_, index) => ({
      key: `eventually ${index}`,
      awaited: { isOnce: true, begins: isFirst, comes: (state: number) => graph.holds(state, index) },
    })),
    ...leadsTo.map((_, index) => {
      const when = eventually.length + 2 * index;
      return {
        key: `leadsTo ${index}`,
        awaited: {
          isOnce: false,
          begins: (state: number) => graph.holds(state, when),
          comes: (state: number) => graph.holds(state, when + 1),
        },
      };
    }),
  ];
}

function isFirst(state: number): boolean {
  return state === 0;
}
