/**
 * Many runs of one scenario, judged together: which outcomes and results came, how often, and with which seed each can be
 * had again.
 *
 * What one run cannot say, several can: a `sometimes` holds if it was true in one of them. That an `expected` result never
 * came proves nothing, however many runs there were: it is shown with a zero, and judged by nobody here.
 */

import { literalFromText, textFromValue } from '../expression/values/value-text.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Plan } from '../plan/plan.ts';
import { inNeither, judgeExercised } from './exercised.ts';
import { expectationTitle } from './expectation-title.ts';
import { ONE_RUN } from './expectations/judgement.ts';
import { isEqual } from './expectations/same-value.ts';
import { counted } from './show.ts';
import type { EndResult, Judgement, Outcome, Verdict } from './verdict.ts';

/** Runs with the same outcome for the same reason. */
export type OutcomeCount = {
  readonly outcome: Outcome;
  /** The names of what failed, or the cause; empty where the run passed. */
  readonly reason: string;
  /** The same for people; where a deadlock is as expected, that there was one. */
  readonly why: string;
  readonly times: number;
  readonly firstSeed: number;
};

/** Runs with the same value of `outcome` at their end; with `times` 0, one that may come and never did. */
export type ResultCount = Omit<EndResult, 'value'> & {
  readonly times: number;
  readonly firstSeed: number | null;
};

export type RepetitionVerdict = {
  /** Failed if any run failed or a `sometimes` never was, then inconclusive if any run was. Passed if there was none. */
  readonly outcome: Outcome;
  /** How many runs, by outcome. */
  readonly runs: Readonly<Record<Outcome, number>>;
  /** Those that came most often first. */
  readonly outcomes: readonly OutcomeCount[];
  /** Those that came most often first; empty without `outcome`. */
  readonly results: readonly ResultCount[];
  /** What none of the runs has exercised; those that were broken off count as all. */
  readonly unexercised: readonly Unexercised[];
  /** What only several runs can judge: one for each `sometimes`; and, if that is asked, whether all was exercised. */
  readonly judgements: readonly Judgement[];
};

export type Repetition = {
  add(seed: number, verdict: Verdict): void;
  /** @param planned how many runs there were to be: fewer, where they were broken off */
  verdict(planned: number): RepetitionVerdict;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Seen = { times: number; firstSeed: number | null };

/** Takes the verdicts of the runs one by one, in their order. */
export function createRepetition({ expect }: Pick<Plan, 'expect'>, isStrict = false): Repetition {
  const runs = { passed: 0, failed: 0, inconclusive: 0 };
  const outcomes = new Map<string, Mutable<OutcomeCount>>();
  const results = new Map<string, Mutable<ResultCount>>();
  const values: EndResult['value'][] = [];
  const sightings: Seen[] = expect.sometimes.map(() => ({ times: 0, firstSeed: null }));

  let unexercised: readonly Unexercised[] | undefined;

  return {
    add(seed, verdict) {
      unexercised =
        unexercised === undefined ? verdict.unexercised : inNeither(unexercised, verdict.unexercised);
      runs[verdict.outcome] += 1;
      addOutcome(seed, verdict);
      if (verdict.endResult !== null) addResult(seed, verdict.endResult);
      verdict.sightings.forEach(({ seenAtUs }, index) => {
        const seen = sightings[index];
        if (seenAtUs === null || seen === undefined) return;
        seen.times += 1;
        seen.firstSeed ??= seed;
      });
    },
    verdict(planned) {
      const missing = unexercised ?? [];
      const sometimes = expect.sometimes.map(({ text, expression }, index) => {
        const opened = { name: 'sometimes', span: expression.span, expected: text, evidence: [] };
        return { ...opened, ...judgeSightings(sightings[index], runs, planned) };
      });
      const judgements = isStrict ? [...sometimes, judgeExercised(missing)] : sometimes;
      return {
        unexercised: missing,
        outcome: outcomeOf(runs, judgements),
        runs: { ...runs },
        outcomes: mostFirst([...outcomes.values()]),
        results: [...mostFirst([...results.values()]), ...neverSeen()],
        judgements,
      };
    },
  };

  function addOutcome(seed: number, verdict: Verdict): void {
    const { outcome } = verdict;
    const reason = reasonOf(verdict);
    const why = whyOf(verdict);
    const key = `${outcome} ${reason} ${why}`;
    const kind = outcomes.get(key) ?? { outcome, reason, why, times: 0, firstSeed: seed };
    outcomes.set(key, kind);
    kind.times += 1;
  }

  function addResult(seed: number, { value, text, grade, why }: EndResult): void {
    const known = results.get(text);
    const count = known ?? { text, grade, why, times: 0, firstSeed: seed };
    if (known === undefined) {
      results.set(text, count);
      values.push(value);
    }
    count.times += 1;
  }

  function neverSeen(): readonly ResultCount[] {
    if (expect.outcome === undefined) return [];
    return expect.outcomes
      .filter(({ is, grade }) => grade !== 'forbidden' && !values.some((value) => isEqual(value, is)))
      .map(({ is, grade, why }) => {
        const text = typeof is === 'string' ? literalFromText(is) : textFromValue(is);
        return { text, grade, why: why ?? null, times: 0, firstSeed: null };
      });
  }
}

/** Why a run came to its outcome, in a few words; empty where it passed. */
export function reasonOf({ outcome, summary, judgements, deadlock, run }: Verdict): string {
  if (outcome === 'passed') return '';
  if (outcome === 'inconclusive') return run.cause ?? run.stopped ?? '';
  const failed = judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  if (failed.length > 0) return failed.join(' · ');
  return deadlock === null ? summary : 'deadlock';
}

function whyOf(verdict: Verdict): string {
  const { outcome, judgements, deadlock } = verdict;
  if (outcome === 'passed') return deadlock === null ? '' : 'ended in a deadlock, as expected';
  const failed = judgements.filter(({ result }) => result === 'failed').map(expectationTitle);
  return outcome === 'failed' && failed.length > 0 ? `not met: ${failed.join(' · ')}` : reasonOf(verdict);
}

function outcomeOf(runs: Readonly<Record<Outcome, number>>, judgements: readonly Judgement[]): Outcome {
  if (runs.failed > 0 || judgements.some(({ result }) => result === 'failed')) return 'failed';
  return runs.inconclusive > 0 ? 'inconclusive' : 'passed';
}

/** Of a run that said nothing, or that never was, nobody knows what it would have shown. */
function judgeSightings(
  seen: Seen | undefined,
  { passed, failed, inconclusive }: Readonly<Record<Outcome, number>>,
  planned: number,
): Pick<Judgement, 'result' | 'seen' | 'reason'> {
  const total = passed + failed + inconclusive;
  const runs = counted(total, 'run');
  if (seen !== undefined && seen.times > 0) {
    return {
      result: 'passed',
      seen: `true at some moment in ${seen.times} of ${runs}, first with seed ${seen.firstSeed}`,
    };
  }
  const text = `never true in ${runs}`;
  if (total < 2) return { result: 'notJudged', seen: text, reason: ONE_RUN };
  if (inconclusive > 0 || total < planned)
    return { result: 'notJudged', seen: text, reason: 'not every run came to its end' };
  return { result: 'failed', seen: text };
}

function mostFirst<T extends { readonly times: number }>(counts: readonly T[]): readonly T[] {
  return counts.toSorted((a, b) => b.times - a.times);
}
