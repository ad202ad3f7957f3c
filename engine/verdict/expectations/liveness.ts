/**
 * `eventually`, `leadsTo` and `sometimes`: expressions of which it matters that they become true.
 *
 * One run has an end: what has not come by then has not come. What can be true is not for one run to say; what this one
 * showed of it is given as data, for several runs together.
 */
import type { Claim, Consequence } from '../../plan/expectations.ts';
import type { ModelState } from '../model/model-state.ts';
import { evidenceAt, type Moment, quoted } from '../show.ts';
import type { Judgement, Sighting } from '../verdict.ts';
import type { ClaimWatch } from './claim-watch.ts';
import { whenText } from './claims.ts';
import { failed, notJudged, ONE_RUN, type Opened, passed, STOPPED } from './judgement.ts';
import { ownWritesRead } from './own-copies.ts';

export type Liveness = {
  /** @param complete whether the run came to an end of its own: otherwise it could still have come */
  judge(complete: boolean): readonly Judgement[];
  /** What `sometimes` asks for, in the order of the plan. */
  sightings(): readonly Sighting[];
};

/**
 * Follows the plan's claims from the start.
 *
 * @param goesOn where it was followed to, it goes on for ever as it went last: nothing else comes
 */
export function createLiveness(state: ModelState, watch: ClaimWatch, goesOn = false): Liveness {
  const { eventually, leadsTo, sometimes } = state.plan.expect;
  const firsts = new Map<Claim, Moment>();
  const open = new Map<Consequence, Moment>();
  for (const claim of [...eventually, ...sometimes]) awaitTruth(claim);
  for (const consequence of leadsTo) follow(consequence);

  return {
    judge: (complete) => [
      ...eventually.map((claim) => judgeEventually(claim, complete || goesOn)),
      ...leadsTo.map((consequence) =>
        judgeConsequence(state, consequence, open.get(consequence), complete || goesOn),
      ),
      ...sometimes.map((claim) => {
        const opened = { name: 'sometimes', span: claim.expression.span, expected: claim.text };
        return notJudged(opened, ONE_RUN, seenText(firsts.get(claim)));
      }),
    ],
    sightings: () =>
      sometimes.map((claim) => {
        const { text, expression } = claim;
        return { text, span: expression.span, seenAtUs: firsts.get(claim)?.at ?? null };
      }),
  };

  function awaitTruth(claim: Claim): void {
    watch.follow([claim], ([reading], { at, task, step }) => {
      if (reading?.isTrue !== true) return true;
      firsts.set(claim, { at, task, step });
      return false;
    });
  }

  /** Keeps the first moment since which `when` has gone unanswered. */
  function follow(consequence: Consequence): void {
    watch.follow([consequence.when, consequence.later], ([when, later], { at, task, step }) => {
      if (later?.isTrue === true) open.delete(consequence);
      else if (when?.isTrue === true && !open.has(consequence)) open.set(consequence, { at, task, step });
      return true;
    });
  }

  function judgeEventually(claim: Claim, complete: boolean): Judgement {
    const opened = openEventually(claim);
    const first = firsts.get(claim);
    if (first !== undefined) return passed(opened, seenText(first));
    if (!complete) return notJudged(opened, STOPPED, seenText(first));
    const values = watch.read(claim).values();
    const evidence = values === '' ? [] : [{ text: `${goesOn ? WHERE_IT_BEGINS : 'at the end'}, ${values}` }];
    const own = ownWritesRead(state, claim.expression.reads);
    return failed(opened, seenText(first), [...evidence, ...own]);
  }
}

const WHERE_IT_BEGINS = 'where it begins again';

export function openEventually({ expression, text }: Claim): Opened {
  return { name: 'eventually', span: expression.span, expected: text };
}

export function openConsequence({ span, when, later }: Consequence): Opened {
  const expected = `whenever ${quoted(when.text)}, then or later ${quoted(later.text)}`;
  return { name: 'leadsTo', span, expected };
}

function seenText(first: Moment | undefined): string {
  return first === undefined ? 'never true' : `true ${whenText(first)}`;
}

function judgeConsequence(
  state: ModelState,
  consequence: Consequence,
  open: Moment | undefined,
  complete: boolean,
): Judgement {
  const opened = openConsequence(consequence);
  const { when, later } = consequence;
  if (open === undefined) {
    return complete ? passed(opened, 'so each time') : notJudged(opened, STOPPED, 'so each time');
  }
  const seen = `${quoted(when.text)} ${whenText(open)}, and never ${quoted(later.text)} after that`;
  if (!complete) return notJudged(opened, STOPPED, seen);
  return failed(opened, seen, [evidenceAt(state.plan, open, `${quoted(when.text)} was true`)]);
}
