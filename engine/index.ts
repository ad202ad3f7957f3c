/**
 * The public API: from a scenario's text to a verdict, and everything that shows one.
 *
 *     const { plan, diagnostics } = await loadScenario({ file: 'toilet.yaml', text });
 *     const { verdict } = await run(plan, { mode: 'virtual' });
 *
 * What is heavy (hosts, listr2) is loaded when it is first needed: who only validates never pays for it.
 */
import type { Diagnostic } from './diagnostic/diagnostic.ts';
import type { Document } from './document/document.ts';
import { loadDocument } from './document/load.ts';
import type { Event, RunEnd } from './log/event.ts';
import { createPlan } from './plan/create-plan.ts';
import type { Plan } from './plan/plan.ts';
import { positionAt } from './source/position.ts';
import type { Source } from './source/source.ts';
import type { Verdict } from './verdict/verdict.ts';

export { codes } from './diagnostic/codes.ts';
export type { Diagnostic, Severity } from './diagnostic/diagnostic.ts';
export { didYouMean } from './diagnostic/did-you-mean.ts';
export { hasErrors } from './diagnostic/finding.ts';
export { explainHint, renderAll as renderDiagnostics } from './diagnostic/render.ts';
export { parseDuration } from './document/duration.ts';
export type { Event, RunEnd } from './log/event.ts';
export {
  createLogWriter,
  type LogHeader,
  type LogWriter,
  type ParsedLog,
  parseLog,
} from './log/json-lines.ts';
export type { Json } from './log/json-value.ts';
export { caseNames } from './plan/create-plan.ts';
export type { Plan } from './plan/plan.ts';
export type { Value } from './plan/value.ts';
export { findingsJson, jsonText, repetitionJson, verdictJson, verdictsJson } from './report/json.ts';
export { createPalette, type Palette } from './report/palette.ts';
export { createPlaces, type Places } from './report/places.ts';
export { createPlain } from './report/plain.ts';
export { repeatedRunText, repetitionText } from './report/repetition.ts';
export type { Reporter } from './report/reporter.ts';
export type {
  CaseEnd,
  CaseOutcome,
  SuiteCase,
  SuiteEvent,
  SuiteReporter,
  SuiteStop,
} from './report/suite.ts';
export { createSuiteGithub } from './report/suite-github.ts';
export { createSuiteJson } from './report/suite-json.ts';
export { createSuiteMarkdown } from './report/suite-markdown.ts';
export { createSuitePlain } from './report/suite-plain.ts';
export { createSuiteTap } from './report/suite-tap.ts';
export { createSuiteView } from './report/suite-view.ts';
export { summaryText } from './report/summary.ts';
export { createTail } from './report/tail.ts';
export { chooseUse } from './report/terminal.ts';
export { createView } from './report/view.ts';
export type { Source } from './source/source.ts';
export { createRepetition, type Repetition, type RepetitionVerdict } from './verdict/repetition.ts';
export type { Outcome, Verdict } from './verdict/verdict.ts';

export type LoadOptions = {
  /** One of `caseNames`; without it the file as it stands. */
  readonly caseName?: string;
  /** Parameters as text, over the file's and the case's. */
  readonly set?: Readonly<Record<string, string>>;
  /** 0 … 2^32 - 1; over the file's. Where neither has one, it is drawn. */
  readonly seed?: number;
  /** How long the run may take, in microseconds; over the file's. */
  readonly timeoutUs?: number;
};

export type LoadResult = {
  /** Missing if there is an error among the findings. */
  readonly plan?: Plan;
  /** Missing if the text is no scenario at all. */
  readonly document?: Document;
  readonly diagnostics: readonly Diagnostic[];
};

/** From text to a plan, or to everything that is wrong with the text. Never throws for what the text says. */
export async function loadScenario(source: Source, options: LoadOptions = {}): Promise<LoadResult> {
  const { document, diagnostics } = loadDocument(source);
  if (document === undefined) return { diagnostics };
  const { timeoutUs, ...planOptions } = options;
  const planned = createPlan(document, { ...planOptions, drawSeed });
  const plan =
    planned.plan === undefined || timeoutUs === undefined ? planned.plan : { ...planned.plan, timeoutUs };
  return {
    ...(plan === undefined ? {} : { plan }),
    document,
    diagnostics: [...diagnostics, ...planned.diagnostics],
  };
}

function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

export type RunOptions = {
  readonly mode: RunEnd['mode'];
  /** Gets every event, in order. Events are reused: copy what is kept. */
  readonly handle?: (event: Event) => void;
  /** The scenario's text, for line numbers in explanations. */
  readonly source?: Source;
  /** Stops the run; it still has a verdict. */
  readonly signal?: AbortSignal;
  /** Kills what is left of it, at once. */
  readonly kill?: AbortSignal;
};

export type RunResult = {
  readonly verdict: Verdict;
  /** An event that cannot have happened: a bug in concur, and the verdict is worth nothing. */
  readonly violation: { readonly seq: number; readonly text: string } | null;
};

/**
 * Runs a plan to its end and judges it.
 *
 * @throws Error only for a bug in concur
 */
export async function run(
  plan: Plan,
  { mode, handle, source, signal, kill }: RunOptions,
): Promise<RunResult> {
  const [{ runPlan }, { createJudge }] = await Promise.all([
    import('./hosts/run.ts'),
    import('./verdict/judge.ts'),
  ]);
  const judge = createJudge(plan, {
    environment: process.env,
    ...(source === undefined ? {} : { lineOf: (span) => positionAt(source, span.start).line }),
  });
  const end = await runPlan(plan, {
    mode,
    canNeverEnd: judge.canNeverEnd,
    handle(event) {
      judge.handle(event);
      handle?.(event);
    },
    ...(signal === undefined ? {} : { signal }),
    ...(kill === undefined ? {} : { kill }),
  });
  const verdict = judge.verdict(end);
  return { verdict, violation: judge.violation() };
}

/** The writer of JUnit XML; its library is loaded for those who ask. */
export async function loadSuiteJunit() {
  return (await import('./report/suite-junit.ts')).createSuiteJunit;
}
