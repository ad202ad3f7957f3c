/**
 * `outcome`: the value that an expression has at the end of the run, and whether `outcomes` lets it be.
 *
 * That an expected result is possible is not for one run to say; the result is given as data, for a table of several runs.
 */

import type { Value } from '../../expression/values/value.ts';
import { literalFromText, textFromValue } from '../../expression/values/value-text.ts';
import type { GradedResult } from '../../plan/expectations.ts';
import type { ModelState } from '../model/model-state.ts';
import { shown } from '../show.ts';
import type { EndResult, Judgement } from '../verdict.ts';
import type { ClaimWatch } from './claim-watch.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';
import { ownWritesRead } from './own-copies.ts';
import { isEqual } from './same-value.ts';

export type JudgedResult = {
  readonly result: EndResult | null;
  /** At most one: none without `outcome`, or where any result will do. */
  readonly judgements: readonly Judgement[];
};

/** @param complete whether the run came to its end: otherwise it has no result */
export function judgeEndResult(state: ModelState, watch: ClaimWatch, complete: boolean): JudgedResult {
  const { outcome, outcomes, others } = state.plan.expect;
  if (outcome === undefined) return { result: null, judgements: [] };
  const opened = { name: 'outcome', span: outcome.expression.span, expected: expectedText(outcomes, others) };
  if (!complete) return { result: null, judgements: [notJudged(opened, STOPPED)] };
  const { value, error } = watch.read(outcome);
  if (error !== null) return { result: null, judgements: [failed(opened, error, [])] };
  const listed = outcomes.find(({ is }) => isEqual(value, is));
  const result = resultOf(value, listed);
  if (outcomes.length === 0) return { result, judgements: [] };
  const isForbidden = listed === undefined ? others === 'forbidden' : listed.grade === 'forbidden';
  if (!isForbidden) return { result, judgements: [passed(opened, shown(value))] };
  const why = listed?.why === undefined ? [] : [{ span: listed.span, text: listed.why }];
  const own = ownWritesRead(state, outcome.expression.reads);
  return { result, judgements: [failed(opened, shown(value), [...why, ...own])] };
}

function resultOf(value: Value, listed: GradedResult | undefined): EndResult {
  const text = typeof value === 'string' ? literalFromText(value) : textFromValue(value);
  return { value, text, grade: listed?.grade ?? null, why: listed?.why ?? null };
}

/** `0 or 1`, `not 3`, `not 3, not 4`; anything where nothing is listed. */
function expectedText(outcomes: readonly GradedResult[], others: 'forbidden' | 'allowed'): string {
  const valuesOf = (isForbidden: boolean): readonly string[] =>
    outcomes.filter(({ grade }) => (grade === 'forbidden') === isForbidden).map(({ is }) => shown(is));
  if (outcomes.length === 0) return 'any';
  if (others === 'forbidden') return valuesOf(false).join(' or ') || 'none';
  return (
    valuesOf(true)
      .map((value) => `not ${value}`)
      .join(', ') || 'any'
  );
}
