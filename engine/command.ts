/**
 * What the command needs beside the public API: everything that shows runs, suites and findings.
 *
 * It is for `cli` alone: no package exports it, and it may change with every version.
 */

import type { CheckResult } from './check.ts';
import type { Plan } from './plan/plan.ts';
import type { PlacedRun } from './verdict/explored-run.ts';
import type { Verdict } from './verdict/verdict.ts';

export { codes } from './diagnostic/codes.ts';
export { didYouMean } from './diagnostic/did-you-mean.ts';
export { explainHint } from './diagnostic/render.ts';
export { parseDuration } from './document/duration.ts';
export type { Refusal } from './explore/refusal.ts';
export { refusalsOf, unexplored } from './explore/refusals.ts';
export * from './index.ts';
export type { Json } from './log/json-value.ts';
export { settingsOf } from './log/schedule.ts';
export type { Mode } from './plan/mode.ts';
export { otherScenario } from './replay/other-scenario.ts';
export { checkJson, checksJson } from './report/check/check-json.ts';
export { brokenText, checkText, notCheckedText, type Observed } from './report/check/check-text.ts';
export { mermaidLines } from './report/check/counterexample-mermaid.ts';
export { tableLines } from './report/check/counterexample-table.ts';
export { type ExploredRun, impossibleRunText } from './report/check/explored-run-text.ts';
export { findingsJson, jsonText, repetitionJson, verdictJson, verdictsJson } from './report/formats/json.ts';
export { createSuiteGithub } from './report/formats/suite-github.ts';
export { createSuiteJson } from './report/formats/suite-json.ts';
export { createSuiteMarkdown } from './report/formats/suite-markdown.ts';
export { createSuiteTap } from './report/formats/suite-tap.ts';
export { createPlain } from './report/run/plain.ts';
export type { Reporter } from './report/run/reporter.ts';
export { createTail } from './report/run/tail.ts';
export { createView } from './report/run/view.ts';
export { helpLines as keyHelpLines, screenLines, stepsText } from './report/step/step-text.ts';
export { stepsOf } from './report/step/steps.ts';
export { type CaseRecord, caseFromRecord, recordOfCase } from './report/suite/case-record.ts';
export { exactJson, fromExactJson } from './report/suite/exact-json.ts';
export type {
  CaseEnd,
  CaseOutcome,
  CaseTry,
  CheckedCase,
  Judge,
  SuiteCase,
  SuiteEvent,
  SuiteReporter,
  SuiteStop,
} from './report/suite/suite.ts';
export { caseTitle } from './report/suite/suite.ts';
export { createSuitePlain } from './report/suite/suite-plain.ts';
export { createSuiteView } from './report/suite/suite-view.ts';
export { createPalette, type Palette } from './report/text/palette.ts';
export { createPlaces, type Places } from './report/text/places.ts';
export { repeatedRunText, repetitionText } from './report/text/repetition.ts';
export { replayCommand, runAgainCommand } from './report/text/run-again.ts';
export { summaryText } from './report/text/summary.ts';
export { chooseUse } from './report/text/terminal.ts';
export { inexcusableIn } from './verdict/excuse.ts';

/** A real run held against a check: see `replay/explored-log.ts`. */
export async function placeVerdict(plan: Plan, result: CheckResult, verdict: Verdict): Promise<PlacedRun> {
  return (await import('./replay/explored-log.ts')).placeVerdict(plan, result, verdict);
}

/** The writer of JUnit XML; its library is loaded for those who ask. */
export async function loadSuiteJunit() {
  return (await import('./report/formats/suite-junit.ts')).createSuiteJunit;
}
