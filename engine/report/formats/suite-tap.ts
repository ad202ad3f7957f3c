/**
 * A suite as TAP version 14: a test point for each case, with a YAML block for one that did not pass.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
import { stringify } from 'yaml';
import { harmless, withoutCommands } from '../../source/harmless.ts';
import { problemsOf } from '../suite/case-problems.ts';
import { type CaseEnd, caseTitle, type SuiteReporter, type SuiteStop } from '../suite/suite.ts';
import { cutText } from '../text/cut-text.ts';

const mostInName = 500;
const mostInText = 64 * 1024;

export function createSuiteTap({ write }: { readonly write: (text: string) => void }): SuiteReporter {
  return {
    async begin() {},
    handle(event) {
      if (event.type === 'suiteBegan') write(`TAP version 14\n1..${event.cases.length}\n`);
      if (event.type === 'caseEnded') write(pointText(event.end));
      if (event.type === 'suiteEnded' && event.stop !== null) write(`Bail out! ${stopWords[event.stop]}\n`);
    },
    async end() {},
  };
}

const stopWords = {
  bail: 'stopped after the first that did not pass',
  interrupted: 'interrupted',
  bug: 'a bug in concur',
} as const satisfies Record<SuiteStop, string>;

function pointText(end: CaseEnd): string {
  const { outcome, durationUs } = end;
  const ok = outcome === 'passed' || outcome === 'flaky' ? 'ok' : 'not ok';
  const point = `${ok} ${end.case.index + 1} - ${nameText(end)} # time=${(durationUs / 1000).toFixed(3)}ms\n`;
  return outcome === 'passed' ? point : `${point}${blockText(end)}`;
}

/** A bare `#` would begin a directive, and a backslash an escape. */
function nameText(end: CaseEnd): string {
  return cutText(harmless(caseTitle(end.case)), mostInName).replace(/[\\#]/g, '\\$&');
}

function blockText(end: CaseEnd): string {
  const { outcome, seed, runs, command, output, tries } = end;
  const problems = problemsOf(end).map(({ kind, name, message, position, details }) => ({
    name: line(kind),
    message: line(kind === name ? message : `${name}: ${message}`),
    at: { file: line(end.case.file), ...position },
    details: lines(details),
  }));
  const block = {
    outcome,
    message: line(problems[0]?.message ?? outcome),
    seed,
    runs,
    ...(tries.length === 0 ? {} : { tries: tries.map((one) => one.outcome) }),
    repeat: line(command),
    problems,
    output: lines(output),
  };
  const yaml = stringify(block, { lineWidth: 0 });
  return `  ---\n${yaml.replace(/^(?=.)/gm, '  ')}  ...\n`;
}

function line(text: string): string {
  return cutText(harmless(text), mostInText);
}

/** Lines that are harmless already. */
function lines(some: readonly string[]): string {
  return withoutCommands(cutText(some.join('\n'), mostInText));
}
