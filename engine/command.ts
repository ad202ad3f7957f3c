/**
 * What the command needs beside the public API: everything that shows runs, suites and findings.
 *
 * It is for `cli` alone: no package exports it, and it may change with every version.
 */

export { codes } from './diagnostic/codes.ts';
export { didYouMean } from './diagnostic/did-you-mean.ts';
export { explainHint } from './diagnostic/render.ts';
export { parseDuration } from './document/duration.ts';
export { refusalsOf, unexplored } from './explore/refusals.ts';
export * from './index.ts';
export type { Json } from './log/json-value.ts';
export { checkJson, checksJson } from './report/check-json.ts';
export { checkText } from './report/check-text.ts';
export { findingsJson, jsonText, repetitionJson, verdictJson, verdictsJson } from './report/json.ts';
export { createPalette, type Palette } from './report/palette.ts';
export { createPlaces, type Places } from './report/places.ts';
export { createPlain } from './report/plain.ts';
export { repeatedRunText, repetitionText } from './report/repetition.ts';
export type { Reporter } from './report/reporter.ts';
export { runAgainCommand } from './report/run-again.ts';
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

/** The writer of JUnit XML; its library is loaded for those who ask. */
export async function loadSuiteJunit() {
  return (await import('./report/suite-junit.ts')).createSuiteJunit;
}
