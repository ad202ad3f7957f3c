/**
 * Why a case did not pass, as a list of problems with places: what JUnit, TAP and GitHub each show in their own way.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { renderAll } from '../../diagnostic/render.ts';
import { positionAt } from '../../source/position.ts';
import type { Position, Source } from '../../source/source.ts';
import { failureOf } from '../../verdict/failure-text.ts';
import type { Judgement } from '../../verdict/verdict.ts';
import { wayLines } from '../check/check-text.ts';
import { atStopLines } from '../text/at-stop-text.ts';
import { deadlockLines } from '../text/deadlock-text.ts';
import { judgementLines } from '../text/judgement-text.ts';
import { createPalette } from '../text/palette.ts';
import { createPlaces, type Places } from '../text/places.ts';
import { againText } from '../text/wording.ts';
import type { CaseEnd } from './suite.ts';

export type Problem = {
  /** What it is about, for machines: `always`, `peak stall`, `bad-duration`, `deadlock`. As it was written, so not yet harmless. */
  readonly kind: string;
  /** The same for people: what was expected, `n == 2 at the end`; not yet harmless either. */
  readonly name: string;
  /** What is wrong, in a sentence; not yet harmless either. */
  readonly message: string;
  readonly position: Position | null;
  /** The evidence, harmless lines. */
  readonly details: readonly string[];
};

const columns = 100;

/** How to run it again, a line. */
export function againLine({ command }: CaseEnd): string {
  return againText(command);
}

/** In the order in which they should be read; none for a case that passed. At least one for any other. */
export function problemsOf(end: CaseEnd): readonly Problem[] {
  const problems = [
    ...findingProblems(end),
    ...runProblems(end),
    ...checkProblems(end),
    ...repetitionProblems(end),
  ];
  if (problems.length > 0 || end.outcome === 'passed') return problems;
  return [
    bare(end.outcome, end.problem ?? end.check?.verdict.summary ?? end.run?.verdict.summary ?? end.outcome),
  ];
}

function bare(name: string, message: string): Problem {
  return { kind: name, name, message, position: null, details: [] };
}

function findingProblems({ outcome, source, diagnostics }: CaseEnd): readonly Problem[] {
  if (outcome !== 'invalid' || source === null) return [];
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic) => findingProblem(diagnostic, source));
}

function findingProblem(diagnostic: Diagnostic, source: Source): Problem {
  const { code, message, help, span } = diagnostic;
  return {
    kind: code,
    name: code,
    message: help === undefined ? message : `${message}: ${help}`,
    position: positionAt(source, span.start),
    details: renderAll([diagnostic], source, { colour: false, columns }).trimEnd().split('\n'),
  };
}

/** A deadlock has an explanation of its own; where the run was stopped, the summary says why. */
function runProblems({ outcome, run, source }: CaseEnd): readonly Problem[] {
  if (run === null || source === null || outcome === 'passed' || run.verdict.outcome === 'passed') return [];
  const { judgements, deadlock, summary, atStop } = run.verdict;
  const places = createPlaces(source, { palette: createPalette(false), columns });
  const failed = judgements
    .filter(({ name, result }) => result === 'failed' && !(name === 'deadlock' && deadlock !== null))
    .map((judgement) => judgementProblem(judgement, places));
  if (deadlock !== null) {
    const details = deadlockLines(deadlock, places, createPalette(false));
    const position = places.position(deadlock.waiting[0]?.span) ?? null;
    const message = summary.replace(/^deadlock: /, '');
    return [{ kind: 'deadlock', name: 'deadlock', message, position, details }, ...failed];
  }
  const stopped = atStopLines(atStop, places, createPalette(false));
  if (stopped.length === 0) return failed.length > 0 ? failed : [bare(outcome, summary)];
  const position = places.position(atStop.find(({ span }) => span !== null)?.span) ?? null;
  return [{ kind: outcome, name: outcome, message: summary, position, details: stopped }, ...failed];
}

/** The first of them has the steps that break it. */
function checkProblems({ check, source }: CaseEnd): readonly Problem[] {
  if (check === null || source === null) return [];
  const { verdict, counterexample, plan } = check;
  const palette = createPalette(false);
  const places = createPlaces(source, { palette, columns });
  const told = { plan, places, palette, columns, verdict, counterexample, isFull: false, isDrawn: false };
  const way = wayLines(told);
  return verdict.judgements
    .filter(({ result }) => result === 'failed')
    .map((judgement) => judgementProblem(judgement, places))
    .map((problem, index) => (index === 0 ? { ...problem, details: [...problem.details, ...way] } : problem));
}

function repetitionProblems({ repetition, source }: CaseEnd): readonly Problem[] {
  if (repetition === null || source === null) return [];
  const places = createPlaces(source, { palette: createPalette(false), columns });
  return repetition.judgements
    .filter(({ result }) => result === 'failed')
    .map((judgement) => judgementProblem(judgement, places));
}

function judgementProblem(judgement: Judgement, places: Places): Problem {
  const { name, span, evidence } = judgement;
  const { subject, message } = failureOf(judgement);
  // What is not written, such as that all tasks finish, is shown where it went wrong.
  const place = span ?? evidence.find((piece) => piece.span !== undefined)?.span;
  return {
    kind: name,
    name: subject === '' ? name : subject,
    message,
    position: places.position(place) ?? null,
    details: judgementLines(judgement, places, createPalette(false)),
  };
}
