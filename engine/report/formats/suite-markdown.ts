/**
 * A suite as a table in Markdown, for the summary page of a CI job. What did not pass comes first.
 */

import { harmless } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { problemsOf } from '../suite/case-problems.ts';
import {
  type CaseEnd,
  type CaseOutcome,
  caseTitle,
  countCases,
  type SuiteReporter,
  suiteOutcome,
} from '../suite/suite.ts';
import { createDocumentReporter, type SuiteRecord } from '../suite/suite-document.ts';
import { cutText } from '../text/cut-text.ts';

/** A summary page may have a megabyte; nobody reads a table of thousands. */
const mostRows = 200;
const mostInCell = 300;

export function createSuiteMarkdown({ write }: { readonly write: (text: string) => void }): SuiteReporter {
  return createDocumentReporter(write, pageText);
}

const marks = {
  passed: '✅',
  flaky: '⚠️',
  failed: '❌',
  invalid: '❌',
  bug: '❌',
  inconclusive: '⚠️',
  interrupted: '⚠️',
} as const satisfies Record<CaseOutcome, string>;

function pageText({ cases, ends, stop, durationUs }: SuiteRecord): string {
  const counts = Object.entries({ ...countCases(cases.length, ends) })
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome === 'notRun' ? 'not run' : outcome}`);
  const outcome = suiteOutcome(ends, stop);
  const sorted = [...ends].sort((a, b) => Number(a.outcome === 'passed') - Number(b.outcome === 'passed'));
  const others = sorted.length - mostRows;
  return [
    `### ${marks[outcome]} concur: ${outcome}`,
    '',
    `${counts.join(', ')} in ${durationText(durationUs)}`,
    '',
    '| | case | time | seed | what was not as expected |',
    '|---|---|---|---|---|',
    ...sorted.slice(0, mostRows).map(rowText),
    ...(others > 0 ? ['', `… and ${others} more`] : []),
    '',
    '',
  ].join('\n');
}

function rowText(end: CaseEnd): string {
  const { outcome, durationUs, seed } = end;
  const [first, ...others] = problemsOf(end);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const reason = first === undefined ? '' : `${first.name}: ${first.message}${more}`;
  const cells = [
    `${marks[outcome]} ${outcome}`,
    cell(caseTitle(end.case)),
    durationText(durationUs),
    seed === null ? '' : `${seed}`,
    cell(reason),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Nothing in it is markup. */
function cell(text: string): string {
  return cutText(harmless(text), mostInCell)
    .replace(/[\\`*_{}[\]()#+!|~$@:]/g, '\\$&')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
