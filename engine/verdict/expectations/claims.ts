/**
 * `always` and `finally`: expressions that must be true after every moment, or at the end.
 *
 * The first moment at which an `always` was false is kept as evidence, and nothing later is looked at.
 */
import type { Claim } from '../../plan/expectations.ts';
import { durationText } from '../duration-text.ts';
import type { ModelState } from '../model/model-state.ts';
import { evidenceAt, type Moment } from '../show.ts';
import type { Judgement } from '../verdict.ts';
import { BEFORE_ALL, type ClaimWatch } from './claim-watch.ts';
import { failed, notJudged, passed, STOPPED } from './judgement.ts';
import { ownWritesRead } from './own-copies.ts';

export type Claims = {
  /**
   * @param complete whether the run came to an end of its own: otherwise what has been true so far is not judged
   */
  judge(complete: boolean): readonly Judgement[];
};

/** How a claim was not true: what it read then, and what it gave instead. */
type Falsehood = { readonly moment: Moment; readonly result: string; readonly values: string };

/** Follows the plan's claims from the start. */
export function createClaims(state: ModelState, watch: ClaimWatch): Claims {
  const { always, finally: atEnd } = state.plan.expect;
  const falsehoods = new Map<Claim, Falsehood>();
  for (const claim of always) {
    watch.follow([claim], ([reading], { at, task, step }) => {
      if (reading === undefined || reading.isTrue) return true;
      falsehoods.set(claim, {
        moment: { at, task, step },
        result: reading.text(),
        values: reading.values(),
      });
      return false;
    });
  }
  return {
    judge: (complete) => [
      ...always.map((claim) => judgeAlways(state, claim, falsehoods.get(claim), complete)),
      ...atEnd.map((claim) => judgeFinally(state, claim, watch, complete)),
    ],
  };
}

/** `at 0.1 s`, `at the start` */
export function whenText(moment: Moment): string {
  const isStart = moment.task === BEFORE_ALL.task && moment.at === BEFORE_ALL.at;
  return isStart ? 'at the start' : `at ${durationText(moment.at)}`;
}

function judgeAlways(
  state: ModelState,
  claim: Claim,
  falsehood: Falsehood | undefined,
  complete: boolean,
): Judgement {
  const opened = { name: 'always', span: claim.expression.span, expected: claim.text };
  if (falsehood !== undefined) {
    const { moment, result, values } = falsehood;
    const evidence = evidenceAt(state.plan, moment, values === '' ? result : values);
    return failed(opened, `${result} ${whenText(moment)}`, [evidence]);
  }
  if (complete) return passed(opened, 'true at every moment seen');
  return notJudged(opened, STOPPED, 'true until the run was stopped');
}

function judgeFinally(state: ModelState, claim: Claim, watch: ClaimWatch, complete: boolean): Judgement {
  const opened = { name: 'finally', span: claim.expression.span, expected: claim.text };
  if (!complete) return notJudged(opened, STOPPED);
  const reading = watch.read(claim);
  if (reading.isTrue) return passed(opened, 'true at the end');
  const values = reading.values();
  const evidence = values === '' ? [] : [{ text: `at the end, ${values}` }];
  const own = ownWritesRead(state, claim.expression.reads);
  return failed(opened, `${reading.text()} at the end`, [...evidence, ...own]);
}
