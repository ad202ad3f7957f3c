/**
 * The verdict of a check for machines: one document a file, with its cases.
 */
import type { Event } from '../../log/event.ts';
import { type Json, jsonFromValue } from '../../log/json-value.ts';
import type { SavedSchedule } from '../../log/schedule.ts';
import type { Plan } from '../../plan/plan.ts';
import type { CheckVerdict } from '../../verdict/exploration.ts';
import type { Outcome } from '../../verdict/verdict.ts';
import { shapeVersion, unexercisedJson } from '../formats/json.ts';
import type { Places } from '../text/places.ts';
import type { Observed } from './check-text.ts';
import type { ExploredRun } from './explored-run-text.ts';

/** A way; where it goes around for ever at its end, behind how many of its moves that begins. */
export type Way = Pick<SavedSchedule, 'moves' | 'loopFrom'>;

export type CheckToJson = {
  readonly plan: Plan;
  readonly verdict: CheckVerdict;
  readonly places: Places;
  /** The ways that were found, by their numbers. */
  readonly ways: readonly Way[];
  /** What happened on the way that breaks the first expectation. */
  readonly events: readonly Event[] | null;
  readonly symmetric: readonly string[];
  /** What real runs of it came to; null without any. */
  readonly observed: Observed | null;
  /** A run whose log was given; null without one. */
  readonly run: ExploredRun | null;
};

/** One case. */
export function checkJson({ plan, verdict, places, ways, symmetric, observed, run }: CheckToJson): Json {
  const { coverage } = verdict;
  const schedule = (way: number | null): Json =>
    way === null
      ? null
      : (ways[way]?.moves ?? []).map(({ task, step, time, late, choices }) => ({
          ...{ task, step, time, late },
          choices: [...choices],
        }));
  return {
    name: plan.name,
    case: plan.caseName ?? null,
    params: jsonFromValue(plan.params),
    seed: plan.seed,
    verdict: verdict.outcome,
    summary: verdict.summary,
    coverage: coverage.end === 'all' && coverage.within !== null ? 'within' : coverage.end,
    within: coverage.within,
    states: coverage.states,
    transitions: coverage.transitions,
    depth: coverage.depth,
    ends: coverage.ends,
    deadlocks: coverage.deadlocks,
    interchangeable: [...symmetric],
    notExercised: coverage.unexercised === null ? null : unexercisedJson(coverage.unexercised, places),
    starving: starvingJson(plan, coverage, places),
    observedRuns: observed?.runs ?? null,
    run: run === null ? null : runJson(run),
    outcomes: verdict.results.map(({ text, grade, why, way, switches }) => ({
      value: text,
      grade,
      why,
      possible: way !== null,
      switches: way === null ? null : switches,
      seen: observed === null ? null : (observed.seen.get(text) ?? 0),
      schedule: schedule(way),
    })),
    judgements: verdict.judgements.map(({ name, result, span, expected, seen, reason, way }) => ({
      ...{ name, result, expected, seen, reason: reason ?? null },
      line: places.position(span)?.line ?? null,
      column: places.position(span)?.column ?? null,
      schedule: schedule(way),
      loopFrom: way === null ? null : (ways[way]?.loopFrom ?? null),
    })),
  };
}

/** Null where nobody has looked, or not everywhere, and found none. */
function starvingJson(plan: Plan, { liveness }: CheckVerdict['coverage'], places: Places): Json {
  const starving = liveness?.starving ?? null;
  if (starving === null || (liveness?.end !== 'all' && starving.length === 0)) return null;
  return starving.map(({ task, step, resource }) => ({
    task: plan.tasks[task]?.name ?? '',
    line: places.position(plan.steps[step]?.span)?.line ?? null,
    resource: plan.resources[resource ?? -1]?.name ?? null,
  }));
}

function runJson(run: ExploredRun): Json {
  return {
    log: run.log,
    explored: { explored: true, impossible: false, notJudged: null }[run.is],
    end: run.end,
    reason: run.is === 'notJudged' ? run.reason : run.is === 'impossible' ? run.what : null,
  };
}

/** A file with its cases. */
export function checksJson(file: string, outcome: Outcome | 'bug', cases: readonly Json[]): Json {
  return { concurCheck: shapeVersion, file, outcome, cases: [...cases] };
}
