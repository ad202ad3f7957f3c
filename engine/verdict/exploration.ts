/**
 * Every interleaving of one scenario, judged together: from what a search found, and from the verdicts on the runs that its
 * findings were replayed as.
 *
 * An expectation fails if any run of them failed it. That it holds is said only where the search saw everything; and what a
 * search cannot judge at all is not judged, never passed.
 */

import { literalFromText, textFromValue } from '../expression/values/value-text.ts';
import type { SearchStop } from '../log/search-stop.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Bound } from '../plan/expectations.ts';
import type { Plan } from '../plan/plan.ts';
import { isAwaited, judgeAwaited, judgeStarvation, type LivenessCoverage } from './awaited.ts';
import { beyond, type CheckedJudgement, NOT_ALL, type Replayed, timeless } from './checked-judgement.ts';
import { judgeExercised } from './exercised.ts';
import { boundText, isWithin } from './expectations/bound.ts';
import { failed, notJudged, type Opened, passed } from './expectations/judgement.ts';
import { isEqual } from './expectations/same-value.ts';
import { failuresText } from './failure-text.ts';
import { createJudge } from './judge.ts';
import { counted } from './show.ts';
import type { EndResult, Judgement, Outcome } from './verdict.ts';

/** What a search has seen, in numbers. */
export type Coverage = {
  /** `all`, or what ended the search before that. */
  readonly end: SearchStop;
  /** States in which this is false were not followed; null where there are none. */
  readonly within: string | null;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Different ends of the scenario, and states in which nobody can go on. */
  readonly ends: number;
  readonly deadlocks: number;
  /** Beside ways that end, one to a state from which neither an end nor a deadlock can be reached; null without one. */
  readonly endless: { readonly way: number; readonly length: number } | null;
  /** Whether all of the ends were looked at. */
  readonly isEveryEndJudged: boolean;
  /** Of each `peak`, the most in any state. */
  readonly peaks: readonly number[];
  /** What never happened in any order; null where not all orders were seen. */
  readonly unexercised: readonly Unexercised[] | null;
  /** How the search for races ended, or why there was none; null where nothing is expected of them. */
  readonly races: { readonly end: SearchStop } | { readonly reason: string } | null;
  /** Whether what is awaited comes, and everybody has turns; null where nobody has looked. */
  readonly liveness: LivenessCoverage | null;
  /** Of each `sometimes`, how many steps lead to a state in which it is true; null if none does. */
  readonly sightings: readonly (number | null)[];
};

/** A result that the scenario can come to; `way` is null for one that it cannot, or was not seen to. */
export type PossibleResult = Omit<EndResult, 'value'> & {
  readonly way: number | null;
  /** How often the way goes on with another task; 0 without one. */
  readonly switches: number;
};

export type CheckVerdict = {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly judgements: readonly CheckedJudgement[];
  readonly results: readonly PossibleResult[];
  readonly coverage: Coverage;
};

const TIME_IS_FREE = 'a check ignores durations';
const NO_TOTAL = 'a check does not add up how long a run takes';

/**
 * @param replays those of all ways that the search found, in any order
 * @param isStrict what is never exercised is a failure
 */
export function judgeExploration(
  plan: Plan,
  coverage: Coverage,
  replays: readonly Replayed[],
  isStrict = false,
): CheckVerdict {
  const ways = replays.toSorted((a, b) => a.length - b.length);
  const shortestFirst = ways.filter(({ isLoop }) => !isLoop);
  const isComplete = coverage.end === 'all' && coverage.isEveryEndJudged;
  const judgements = [
    ...judgeRuns(plan, coverage, shortestFirst, isComplete),
    ...judgeAwaited(plan, coverage, ways),
    judgeDeadlocks(plan, coverage, shortestFirst),
    ...judgeEndless(coverage),
    ...judgePeaks(plan, coverage, shortestFirst, isComplete),
    ...judgeSightings(plan, coverage),
    ...judgeRaces(plan, coverage, shortestFirst),
    ...(isStrict ? [...judgeExercise(coverage), ...judgeStarvation(plan, coverage)] : []),
  ];
  const results = possibleResults(plan, shortestFirst);
  const all = [...inTime(plan, judgements), ...judgeMissing(plan, results, coverage, isComplete)];
  return { ...decide(plan, all, coverage, isComplete), judgements: all, results, coverage };
}

/** Where durations count, that is no reason; but how long it took to come to a state, nobody knows. */
function inTime({ check }: Plan, judgements: readonly CheckedJudgement[]): readonly CheckedJudgement[] {
  if (check.time === 'free') return judgements;
  return judgements.map((one) => (one.reason === TIME_IS_FREE ? { ...one, reason: NO_TOTAL } : one));
}

/** These are judged from the search as a whole. */
const OF_THE_WHOLE = /^(deadlock$|peak |sometimes$|races$|eventually$|leadsTo$)/;

/** Every state was seen, and none of them is an end. */
function hasNoEnd({ end, ends, deadlocks }: Coverage): boolean {
  return end === 'all' && ends === 0 && deadlocks === 0;
}

/** What a run can judge, by the runs that the search was replayed as. */
function judgeRuns(
  plan: Plan,
  coverage: Coverage,
  replays: readonly Replayed[],
  isComplete: boolean,
): readonly CheckedJudgement[] {
  if (hasNoEnd(coverage)) return judgedWithoutEnd(plan, replays);
  return replays.length === 0 ? judgedByNone(plan) : mergedJudgements(replays, isComplete);
}

/** No run was replayed: nothing of what is expected of one is judged, and all of it is listed. */
function judgedByNone(plan: Plan): readonly CheckedJudgement[] {
  const end = { mode: 'virtual', stopped: 'inconclusive', cause: null, events: 0, durationUs: 0 } as const;
  return createJudge(plan)
    .verdict(end)
    .judgements.filter(({ name }) => !OF_THE_WHOLE.test(name))
    .map(({ name, span, expected }) => ({ ...notJudged({ name, span, expected }, NOT_ALL), way: null }));
}

/** A state that breaks what must always hold would have been replayed. */
function judgedWithoutEnd(plan: Plan, replays: readonly Replayed[]): readonly CheckedJudgement[] {
  if (replays.length > 0) return mergedJudgements(replays, true);
  return plan.expect.always.map(({ text, expression }) => {
    const opened = { name: 'always', span: expression.span, expected: text };
    return { ...passed(opened, 'true in every state'), way: null };
  });
}

/** Whether anything is expected of the ends of a scenario. */
function expectsAnEnd({ expect }: Plan): boolean {
  const { finally: atEnd, vars, files, tasks, output, outcome } = expect;
  const lists = [atEnd, vars, files, tasks, output];
  return outcome !== undefined || lists.some((list) => list.length > 0);
}

/** The same expectation in all replays: failed if in any, by the shortest way. */
function mergedJudgements(replays: readonly Replayed[], isComplete: boolean): readonly CheckedJudgement[] {
  const byKey = new Map<string, { readonly judgement: CheckedJudgement; readonly weight: number }>();
  for (const replay of replays) {
    const times = new Map<string, number>();
    for (const judgement of replay.verdict.judgements) {
      if (OF_THE_WHOLE.test(judgement.name)) continue;
      const key = keyOf(judgement, times);
      const known = byKey.get(key);
      const weight = rank(judgement) + (shows(replay, judgement) ? 1 : 0);
      if (known !== undefined && known.weight >= weight) continue;
      const way = judgement.result === 'failed' ? replay.way : null;
      byKey.set(key, { judgement: { ...judgement, way }, weight });
    }
  }
  return [...byKey.values()].map(({ judgement }) => timeless(withCoverage(judgement, isComplete)));
}

/** Whether the judgement fails by the way itself, not only by what happened after it. */
function shows({ breaks }: Replayed, { name, span, result }: Judgement): boolean {
  if (result !== 'failed') return false;
  if (breaks === null) return true;
  return breaks.name === name && (breaks.span === null || breaks.span.start === span?.start);
}

/** By its name and place; several of one name at one place, as by an anchor, in their order. */
function keyOf({ name, span }: Judgement, times: Map<string, number>): string {
  const base = `${name} ${span?.start} ${span?.end}`;
  const count = (times.get(base) ?? 0) + 1;
  times.set(base, count);
  return `${base} ${count}`;
}

function rank({ result }: Judgement): number {
  return { notJudged: 0, passed: 2, failed: 4 }[result];
}

function withCoverage(judgement: CheckedJudgement, isComplete: boolean): CheckedJudgement {
  const { name, result } = judgement;
  if (name.startsWith('takes '))
    return { ...judgement, result: 'notJudged', reason: TIME_IS_FREE, seen: '', evidence: [], way: null };
  if (result === 'failed') return judgement;
  return isComplete ? judgement : { ...judgement, result: 'notJudged', reason: NOT_ALL };
}

function judgeDeadlocks(plan: Plan, coverage: Coverage, replays: readonly Replayed[]): CheckedJudgement {
  const { ends, deadlocks, end } = coverage;
  const { deadlock } = plan.expect;
  const opened: Opened = { name: 'deadlock', span: null, expected: deadlock };
  const stuck = replays.find(({ verdict }) => verdict.deadlock !== null);
  const shown = stuck?.verdict.judgements.find(({ name }) => name === 'deadlock');
  const open = (judgement: Judgement, way: number | null): CheckedJudgement => ({
    ...judgement,
    span: shown?.span ?? judgement.span,
    way,
  });
  const isAll = end === 'all';
  if (deadlock === 'never' && stuck !== undefined)
    return timeless(open(failed(opened, shown?.seen ?? 'a deadlock', shown?.evidence ?? []), stuck.way));
  if (deadlock === 'never' && deadlocks > 0)
    return open(failed(opened, 'some interleaving ends in one', []), null);
  if (deadlock === 'never') return open(isAll ? passed(opened, 'none') : notJudged(opened, NOT_ALL), null);
  if (deadlock === 'possible' && deadlocks > 0) return open(passed(opened, 'it is possible'), null);
  if (deadlock === 'certain' && ends > 0) {
    const other = replays.find(({ verdict }) => verdict.deadlock === null);
    return open(failed(opened, 'some interleavings end without one', []), other?.way ?? null);
  }
  if (!isAll) return open(notJudged(opened, NOT_ALL), null);
  if (coverage.within !== null) return open(notJudged(opened, beyond(coverage.within)), null);
  return open(
    deadlocks > 0 ? passed(opened, 'always') : failed(opened, 'no interleaving leads to one', []),
    null,
  );
}

/** Tasks that go on for ever, where other ways end: no time would be enough. */
function judgeEndless({ endless }: Coverage): readonly CheckedJudgement[] {
  if (endless === null) return [];
  const opened: Opened = { name: 'end', span: null, expected: 'always within reach' };
  const seen = `after ${counted(endless.length, 'step')} no end can be reached any more: tasks go on for ever`;
  return [{ ...failed(opened, seen, []), way: endless.way }];
}

/** Never more than that in any state; and, where it is a number, that many in at least one. */
function judgePeaks(
  plan: Plan,
  coverage: Coverage,
  replays: readonly Replayed[],
  isComplete: boolean,
): readonly CheckedJudgement[] {
  return plan.expect.peak.map(({ span, resource, bound }, index) => {
    const name = `peak ${plan.resources[resource]?.name ?? resource}`;
    const opened = { name, span, expected: boundText(bound) };
    const most = coverage.peaks[index] ?? 0;
    const seen = `at most ${most}`;
    if (isTooMuch(most, bound)) {
      const isShown = (replay: Replayed): boolean =>
        replay.verdict.judgements.some((one) => one.name === name && shows(replay, one));
      const shown = replays.find(isShown);
      const evidence = shown?.verdict.judgements.find((one) => one.name === name)?.evidence ?? [];
      return { ...failed(opened, String(most), evidence), way: shown?.way ?? null };
    }
    if (!isComplete) return { ...notJudged(opened, NOT_ALL, seen), way: null };
    if (!isWithin(most, bound) && coverage.within !== null)
      return { ...notJudged(opened, beyond(coverage.within), seen), way: null };
    return { ...(isWithin(most, bound) ? passed(opened, seen) : failed(opened, seen, [])), way: null };
  });
}

function isTooMuch(size: number, bound: Bound): boolean {
  return bound.comparison !== '>' && bound.comparison !== '>=' && size > bound.value;
}

function judgeSightings(plan: Plan, { sightings, end, within }: Coverage): readonly CheckedJudgement[] {
  return plan.expect.sometimes.map(({ text, expression }, index) => {
    const opened = { name: 'sometimes', span: expression.span, expected: text };
    const length = sightings[index] ?? null;
    if (length !== null) return { ...passed(opened, `true after ${counted(length, 'step')}`), way: null };
    if (end !== 'all') return { ...notJudged(opened, NOT_ALL), way: null };
    if (within !== null) return { ...notJudged(opened, beyond(within)), way: null };
    return { ...failed(opened, 'never true in any state', []), way: null };
  });
}

/** Races that the replays show are real; that there are no others is said by a search for them that has seen all. */
function judgeRaces(
  plan: Plan,
  { races }: Coverage,
  replays: readonly Replayed[],
): readonly CheckedJudgement[] {
  if (plan.expect.races !== 'never') return [];
  for (const { way, verdict } of replays) {
    const shown = verdict.judgements.find(({ name, result }) => name === 'races' && result === 'failed');
    if (shown !== undefined) return [timeless({ ...shown, way })];
  }
  const opened = { name: 'races', span: null, expected: 'none' };
  if (races === null) return [{ ...notJudged(opened, 'nobody has looked for them'), way: null }];
  if ('reason' in races) return [{ ...notJudged(opened, races.reason), way: null }];
  if (races.end !== 'all') return [{ ...notJudged(opened, NOT_ALL), way: null }];
  return [{ ...passed(opened, 'none in any order'), way: null }];
}

function judgeExercise({ unexercised }: Coverage): readonly CheckedJudgement[] {
  if (unexercised !== null) return [{ ...judgeExercised(unexercised), way: null }];
  const opened: Opened = { name: 'exercised', span: null, expected: 'everything' };
  return [{ ...notJudged(opened, NOT_ALL), way: null }];
}

/** Each by the way that is the easiest to follow. */
function possibleResults(plan: Plan, replays: readonly Replayed[]): readonly PossibleResult[] {
  const results = new Map<string, PossibleResult>();
  for (const { way, switches, verdict } of replays) {
    if (verdict.endResult === null) continue;
    const { text, grade, why } = verdict.endResult;
    const known = results.get(text);
    if (known === undefined || known.switches > switches)
      results.set(text, { text, grade, why, way, switches });
  }
  const values = replays.flatMap(({ verdict }) =>
    verdict.endResult === null ? [] : [verdict.endResult.value],
  );
  const missing = plan.expect.outcomes.filter(({ is }) => !values.some((value) => isEqual(value, is)));
  return [
    ...results.values(),
    ...missing.map(({ is, grade, why }) => {
      const text = typeof is === 'string' ? literalFromText(is) : textFromValue(is);
      return { text, grade, why: why ?? null, way: null, switches: 0 };
    }),
  ];
}

/** A result that is expected must be possible. */
function judgeMissing(
  plan: Plan,
  results: readonly PossibleResult[],
  { within }: Coverage,
  isComplete: boolean,
): readonly CheckedJudgement[] {
  return results
    .filter(({ grade, way }) => grade === 'expected' && way === null)
    .map(({ text }) => {
      const span = plan.expect.outcome?.expression.span ?? null;
      const opened = { name: 'outcome', span, expected: `${text} is possible` };
      const judgement =
        isComplete && within === null
          ? failed(opened, 'it cannot', [])
          : notJudged(opened, within === null ? NOT_ALL : beyond(within));
      return { ...judgement, way: null };
    });
}

function decide(
  plan: Plan,
  judgements: readonly CheckedJudgement[],
  coverage: Coverage,
  isComplete: boolean,
): Pick<CheckVerdict, 'outcome' | 'summary'> {
  const wrong = judgements.filter(({ result }) => result === 'failed');
  const [first] = wrong;
  if (first !== undefined) {
    return { outcome: 'failed', summary: failuresText(first, wrong.length) };
  }
  if (!isComplete) return { outcome: 'inconclusive', summary: limitText(coverage) };
  const { races } = coverage;
  if (races !== null && 'end' in races && races.end !== 'all')
    return {
      outcome: 'inconclusive',
      summary: `not every interleaving was searched for data races: ${LIMIT_WORDS[races.end]}`,
    };
  if (lacksLiveness(judgements, coverage))
    return {
      outcome: 'inconclusive',
      summary: `not every interleaving was searched for one that goes on for ever: ${limitText(coverage.liveness ?? coverage)}`,
    };
  if (hasNoEnd(coverage) && expectsAnEnd(plan))
    return {
      outcome: 'inconclusive',
      summary: 'no interleaving comes to an end, and something is expected of the end',
    };
  const { within, deadlocks, ends } = coverage;
  const stuck = deadlocks === 0 ? '' : `, with a deadlock in ${ends === 0 ? 'each' : 'some'}, as expected`;
  const limits = within === null ? '' : ` within \`${within}\``;
  const inTime = plan.check.time === 'ordered' ? ' that the durations allow' : '';
  return { outcome: 'passed', summary: `all interleavings${inTime}${limits}${stuck}` };
}

/** What is awaited is not judged, as the search for ways on which it does not come was cut short. */
function lacksLiveness(judgements: readonly Judgement[], { liveness }: Coverage): boolean {
  if (liveness === null || liveness.end === 'all') return false;
  return judgements.some(({ name, reason }) => isAwaited(name) && reason === NOT_ALL);
}

/** What ended a search before it had seen everything. */
export function limitText({ end }: Pick<Coverage, 'end'>): string {
  return LIMIT_WORDS[end === 'all' ? 'ends' : end];
}

const LIMIT_WORDS = {
  ends: 'the scenario has too many different ends to look at all of them',
  found: 'the search was ended',
  ordered: 'with `time: ordered` some of its durations cannot be followed',
  instant:
    'with `time: ordered` some tasks can go on for ever in one instant, so that no time passes for the others',
  beyond: 'the first state is beyond `within`',
  states: 'there are more states than the search may visit (--max-states)',
  memory: 'the states need more memory than the search may take (--max-memory)',
  space: 'its tasks, resources and vars together need more memory than the search may take (--max-memory)',
  depth: 'some interleavings are longer than a search can follow',
  time: 'the search took longer than it may (--timeout)',
  stopped: 'the search was interrupted',
  exhausted: 'a queue without capacity, or a value, outgrew what a search keeps',
} as const;
