/**
 * Whether what a run came to is among what a check found: the kind of its end, its result, what it broke, how each task ended
 * and what the vars held. Where the check saw everything, a run that is not among it shows a bug in concur, unless the run
 * went by something that no search knows.
 */
import type { Expression } from '../expression/expression.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Plan } from '../plan/plan.ts';
import { beyond } from './checked-judgement.ts';
import { expectationTitle } from './expectation-title.ts';
import { type CheckVerdict, limitText } from './exploration.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** What a search found of a scenario. */
export type Explored = {
  readonly verdict: CheckVerdict;
  /** The ends it found, as `end-watch.ts` writes them. */
  readonly ends: ReadonlySet<string>;
};

export type RunToPlace = {
  readonly verdict: Verdict;
  /** Its end, as `end-watch.ts` writes it; null where that is not known. */
  readonly end: string | null;
  /** Its commands and functions were real. */
  readonly isReal: boolean;
};

export type PlacedRun =
  | { readonly is: 'explored' }
  | { readonly is: 'notJudged'; readonly reason: string }
  /** A bug in concur. */
  | { readonly is: 'impossible'; readonly what: string };

/** @param expressions all that the scenario reads anything with */
export function placeRun(
  plan: Plan,
  explored: Explored,
  run: RunToPlace,
  expressions: readonly Expression[],
): PlacedRun {
  const { stopped } = run.verdict.run;
  if (stopped !== null && stopped !== 'deadlock' && stopped !== 'failFast')
    return { is: 'notJudged', reason: 'that run did not come to its end' };
  const what = firstUnexplored(plan, explored, run);
  if (what === undefined) return { is: 'explored' };
  const reason = openEnd(explored) ?? unknownTo(plan, explored, run, expressions);
  return reason === undefined ? { is: 'impossible', what } : { is: 'notJudged', reason };
}

/** Why what a search did not find may be there all the same. */
function openEnd({ verdict: { coverage } }: Explored): string | undefined {
  if (coverage.end !== 'all' || !coverage.isEveryEndJudged) return limitText(coverage);
  return coverage.within === null ? undefined : beyond(coverage.within);
}

/** What a run may go by that no search knows. */
function unknownTo(
  plan: Plan,
  { verdict }: Explored,
  { isReal, verdict: own }: RunToPlace,
  expressions: readonly Expression[],
): string | undefined {
  if (isReal && plan.check.time === 'ordered')
    return 'in a real run steps take time, and with `time: ordered` they take none';
  if (isReal && asksOutside(plan)) return 'its commands and functions were real, and a check goes by models';
  if (isReal && expressions.some(readsNumbers))
    return 'the scenario reads numbers of processes or threads, which are others in each run';
  if (expressions.some(({ reads }) => reads.some(({ from }) => from === 'env')))
    return 'the scenario reads `env`, which need not be what it was then';
  if (own.run.stopped === 'deadlock' && verdict.coverage.endless !== null)
    return 'tasks may go on for ever, and where only daemons do, a run is stopped';
  return undefined;
}

/** Files are concur's own; what commands and functions say is not. */
function asksOutside({ programs }: Plan): boolean {
  const asks = (instruction: Instruction): boolean =>
    instruction.op === 'external' && instruction.service !== 'load' && instruction.service !== 'save';
  return programs.some(({ instructions }) => instructions.some(asks));
}

function readsNumbers({ reads }: Expression): boolean {
  return reads.some(
    (read) => 'attributes' in read && read.attributes.some((name) => name === 'pid' || name === 'thread'),
  );
}

/** The first thing that no interleaving has, as the end of a sentence that says so. */
function firstUnexplored(plan: Plan, { verdict, ends }: Explored, run: RunToPlace): string | undefined {
  const { coverage, results } = verdict;
  const { endResult } = run.verdict;
  const { stopped } = run.verdict.run;
  if (stopped === 'deadlock' && coverage.deadlocks === 0) return 'came to a deadlock';
  if (stopped === null && coverage.ends === 0) return 'came to an end';
  const isPossible = results.some(({ text, way }) => text === endResult?.text && way !== null);
  if (endResult !== null && !isPossible) return `came to the result ${endResult.text}`;
  const broken = run.verdict.judgements.find((one) => isBroken(one) && !breaks(verdict, one));
  if (broken !== undefined) return `broke an expectation: ${expectationTitle(broken)}`;
  return unexploredState(plan, verdict, run) ?? unexploredEnd(ends, run);
}

/** How long a run takes no check says; that something is possible at all, or never, no run does. */
const NOT_OF_RUNS = /^(takes |sometimes$|peak |deadlock$)/;

function isBroken({ name, result }: Judgement): boolean {
  return result === 'failed' && !NOT_OF_RUNS.test(name);
}

/** Not judged is as good as broken: then the check says nothing about it. */
function breaks({ judgements }: CheckVerdict, { name, span }: Judgement): boolean {
  const own = judgements.filter((one) => one.name === name && one.span?.start === span?.start);
  return own.length === 0 || own.some(({ result }) => result !== 'passed');
}

/** A state that the run came through, and no interleaving does. */
function unexploredState(plan: Plan, { coverage }: CheckVerdict, run: RunToPlace): string | undefined {
  const { resources, sightings } = run.verdict;
  const sighting = sightings.find(
    ({ seenAtUs }, index) => seenAtUs !== null && coverage.sightings[index] === null,
  );
  if (sighting !== undefined) return `came to a state in which ${sighting.text} is true`;
  const index = plan.expect.peak.findIndex(({ resource }, at) => {
    const peak = resources[resource]?.peak ?? 0;
    return peak > (coverage.peaks[at] ?? 0);
  });
  const resource = resources[plan.expect.peak[index]?.resource ?? -1];
  return resource === undefined ? undefined : `had a peak of ${resource.peak} at ${resource.name}`;
}

function unexploredEnd(ends: ReadonlySet<string>, { end }: RunToPlace): string | undefined {
  return end === null || ends.has(end) ? undefined : `ended with ${end}`;
}
