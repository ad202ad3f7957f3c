/**
 * Verdicts and findings for machines, as JSON documents. `concurVerdict` is the version of their shape.
 *
 * Times are microseconds since the run began, lines and columns count from 1, and what is not there is `null`.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors, inOrder } from '../../diagnostic/finding.ts';
import { toJson } from '../../diagnostic/to-json.ts';
import type { RunEnd } from '../../log/event.ts';
import { type Json, jsonFromValue } from '../../log/json-value.ts';
import type { Unexercised } from '../../log/unexercised.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmlessJson } from '../../source/harmless.ts';
import type { Source } from '../../source/source.ts';
import type { RepetitionVerdict } from '../../verdict/repetition.ts';
import type {
  AtStop,
  DeadlockReport,
  EndResult,
  Holder,
  Judgement,
  Outcome,
  Race,
  RaceAccess,
  Verdict,
} from '../../verdict/verdict.ts';
import type { MaybeSpan, Places } from '../text/places.ts';

/** Of the shape of these documents. */
export const shapeVersion = 1;

export type RunToTell = {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly places: Places;
  /** The command that runs the same again. */
  readonly command: string;
};

/** One run. */
export function verdictJson({ plan, verdict, places, command }: RunToTell): Json {
  return {
    concurVerdict: shapeVersion,
    name: plan.name,
    file: plan.file,
    case: plan.caseName ?? null,
    params: jsonFromValue(plan.params),
    seed: plan.seed,
    command,
    outcome: verdict.outcome,
    summary: verdict.summary,
    run: runJson(verdict.run),
    ends: { ...verdict.ends },
    resources: verdict.resources.map((resource) => ({ ...resource })),
    result: verdict.endResult === null ? null : resultJson(verdict.endResult),
    sometimes: verdict.sightings.map(({ text, span, seenAtUs }) => ({
      expression: text,
      ...positionJson(span, places),
      seenAt: seenAtUs,
    })),
    judgements: verdict.judgements.map((judgement) => judgementJson(judgement, places)),
    deadlock: verdict.deadlock === null ? null : deadlockJson(verdict.deadlock, places),
    partialDeadlock: verdict.partialDeadlock === null ? null : deadlockJson(verdict.partialDeadlock, places),
    atStop: verdict.atStop.map((one) => atStopJson(one, places)),
    races: verdict.races.map((race) => raceJson(race, places)),
    notExercised: unexercisedJson(verdict.unexercised, places),
  };
}

/** Several runs, of one scenario or of its cases; `repetitions` says what those of one case come to together. */
export function verdictsJson(
  outcome: Outcome,
  runs: readonly Json[],
  repetitions: readonly Json[] = [],
): Json {
  return { concurVerdict: shapeVersion, outcome, ...(repetitions.length === 0 ? {} : { repetitions }), runs };
}

/** What the runs of one case come to together: how often each outcome and each result came. */
export function repetitionJson(plan: Plan, verdict: RepetitionVerdict, places: Places): Json {
  return {
    ...{ name: plan.name, file: plan.file, case: plan.caseName ?? null, seed: plan.seed },
    outcome: verdict.outcome,
    runs: { ...verdict.runs },
    outcomes: verdict.outcomes.map((count) => ({ ...count })),
    results: verdict.results.map((count) => ({ ...count })),
    notExercised: unexercisedJson(verdict.unexercised, places),
    judgements: verdict.judgements.map((judgement) => judgementJson(judgement, places)),
  };
}

export function unexercisedJson(missing: readonly Unexercised[], places: Places): Json {
  return missing.map(({ kind, name, span }) => ({ kind, name, line: places.position(span)?.line ?? null }));
}

export type CheckedFile = { readonly source: Source; readonly diagnostics: readonly Diagnostic[] };

/** What is wrong with files: `validate --json`, and `run --json` of an invalid one. */
export function findingsJson(files: readonly CheckedFile[]): Json {
  const invalid = files.some(({ diagnostics }) => hasErrors(diagnostics));
  return {
    concurVerdict: shapeVersion,
    outcome: invalid ? 'invalid' : 'valid',
    files: files.map(({ source, diagnostics }) => ({
      file: source.file,
      diagnostics: inOrder(diagnostics).map((diagnostic) => toJson(diagnostic, source) as Json),
    })),
  };
}

/** The document as text, whole lines. */
export function jsonText(json: Json): string {
  return `${harmlessJson(JSON.stringify(json, null, 2))}\n`;
}

function judgementJson(
  { name, result, span, expected, seen, evidence, reason }: Judgement,
  places: Places,
): Json {
  return {
    ...{ name, result, expected, seen },
    ...positionJson(span, places),
    reason: reason ?? null,
    evidence: evidence.map((piece) => ({
      at: piece.at ?? null,
      task: piece.task ?? null,
      ...positionJson(piece.span, places),
      text: piece.text,
    })),
  };
}

function deadlockJson({ waiting, cycle }: DeadlockReport, places: Places): Json {
  return {
    cycle,
    waiting: waiting.map(({ task, operation, resource, sinceUs, span, holders, why }) => ({
      ...{ task, operation, resource, sinceUs },
      ...positionJson(span, places),
      holders: holdersJson(holders, places),
      why,
    })),
  };
}

function atStopJson({ task, does, span, wait }: AtStop, places: Places): Json {
  return {
    ...{ task, does },
    ...positionJson(span, places),
    wait: wait === null ? null : { ...wait, holders: holdersJson(wait.holders, places) },
  };
}

function holdersJson(holders: readonly Holder[], places: Places): readonly Json[] {
  return holders.map(({ task, sinceUs, span, ended }) => {
    return { task, sinceUs, ...positionJson(span, places), ended };
  });
}

function resultJson({ value, text, grade, why }: EndResult): Json {
  return { value: jsonFromValue(value), text, grade, why };
}

function raceJson({ variable, first, second, times }: Race, places: Places): Json {
  const access = ({ task, deed, at, span }: RaceAccess) => {
    return { task, deed, at, ...positionJson(span, places) };
  };
  return { variable, first: access(first), second: access(second), times };
}

function positionJson(span: MaybeSpan, places: Places) {
  const position = places.position(span);
  return { line: position?.line ?? null, column: position?.column ?? null };
}

/** The files as exact JSON; they are missing where the scenario has none. */
function runJson({ files, ...run }: RunEnd): Json {
  if (files === undefined) return run;
  const entries = Object.entries(files).map(([name, value]) => [name, jsonFromValue(value)] as const);
  return { ...run, files: Object.fromEntries(entries) };
}
