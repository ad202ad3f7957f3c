/**
 * A suite as JUnit XML, the format that CI systems read: a `testsuite` for each file, a `testcase` for each case.
 *
 * `failure` is a verdict that says no; `error` is what could not be judged: invalid, inconclusive, interrupted, a bug; what
 * was not run is `skipped`. A flaky case counts as passed, and each problem it had before is a `flakyFailure`, as Maven's Surefire
 * writes it. XML 1.0 has no way to write control characters, so they appear as the escapes that all other
 * reports show.
 *
 * @see https://github.com/testmoapp/junitxml
 */
import XMLBuilder from 'fast-xml-builder';
import { harmless, withoutCommands } from '../../source/harmless.ts';
import { againLine, problemsOf } from '../suite/case-problems.ts';
import { type CaseEnd, countCases, type SuiteCase, type SuiteReporter } from '../suite/suite.ts';
import { createDocumentReporter, type SuiteRecord } from '../suite/suite-document.ts';
import { cutText } from '../text/cut-text.ts';

/** What an attribute, and what a text may hold at most; CI systems show the first and fold the second. */
const mostInAttribute = 1000;
const mostInText = 64 * 1024;

export function createSuiteJunit({ write }: { readonly write: (text: string) => void }): SuiteReporter {
  return createDocumentReporter(write, documentText);
}

function documentText({ cases, ends, durationUs }: SuiteRecord): string {
  const byIndex = new Map(ends.map((end) => [end.case.index, end]));
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
  });
  const testsuites = {
    '@name': 'concur',
    ...countsOf(cases.length, ends),
    '@time': secondsText(durationUs),
    testsuite: filesOf(cases).map((some) => suiteElement(some, byIndex)),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ testsuites })}`;
}

/** The cases of each file, in the order in which files first come. */
function filesOf(cases: readonly SuiteCase[]): readonly (readonly SuiteCase[])[] {
  const files = new Map<string, SuiteCase[]>();
  for (const one of cases) {
    const some = files.get(one.file) ?? [];
    files.set(one.file, some);
    some.push(one);
  }
  return [...files.values()];
}

function suiteElement(cases: readonly SuiteCase[], ends: ReadonlyMap<number, CaseEnd>) {
  const own = cases.flatMap(({ index }) => ends.get(index) ?? []);
  const totalUs = own.reduce((sum, { durationUs }) => sum + durationUs, 0);
  const file = attribute(cases[0]?.file ?? '');
  return {
    '@name': file,
    '@file': file,
    ...countsOf(cases.length, own),
    '@time': secondsText(totalUs),
    testcase: cases.map((one) => caseElement(one, ends.get(one.index))),
  };
}

function countsOf(total: number, ends: readonly CaseEnd[]) {
  const { failed, notRun, passed, flaky } = countCases(total, ends);
  return {
    '@tests': total,
    '@failures': failed,
    '@errors': total - passed - flaky - failed - notRun,
    '@skipped': notRun,
  };
}

function caseElement(one: SuiteCase, end: CaseEnd | undefined) {
  const named = {
    '@name': attribute(
      one.judge === null ? (one.caseName ?? one.name) : `${one.caseName ?? one.name}, ${one.judge}`,
    ),
    '@classname': attribute(one.file),
    '@file': attribute(one.file),
  };
  if (end === undefined) return { ...named, '@time': '0.000', skipped: { '@message': 'not run' } };
  return {
    ...named,
    ...lineOf(end),
    '@time': secondsText(end.durationUs),
    ...propertiesOf(end),
    ...verdictElements(end),
    ...(end.outcome !== 'passed' && end.output.length > 0
      ? { 'system-out': text(end.output.join('\n')) }
      : {}),
  };
}

function lineOf(end: CaseEnd) {
  const position = problemsOf(end).find((problem) => problem.position !== null)?.position ?? null;
  return position === null ? {} : { '@line': position.line };
}

function propertiesOf({ seed, command, runs, tries }: CaseEnd) {
  if (seed === null) return {};
  const entries = Object.entries({
    seed,
    command,
    runs,
    ...(tries.length === 0 ? {} : { tries: tries.length }),
  });
  return {
    properties: {
      property: entries.map(([name, value]) => ({ '@name': name, '@value': attribute(String(value)) })),
    },
  };
}

/** One element for each problem: readers that take only the first have the one that matters most. */
function verdictElements(end: CaseEnd) {
  const elements = problemsOf(end).map(({ kind, name, message, details }) => ({
    '@type': attribute(kind),
    '@message': attribute(`${name}: ${message}`),
    '#text': text([...details, againLine(end)].join('\n')),
  }));
  if (elements.length === 0) return {};
  if (end.outcome === 'flaky') return { flakyFailure: elements };
  return end.outcome === 'failed' ? { failure: elements } : { error: elements };
}

function attribute(value: string): string {
  return harmless(cutText(value, mostInAttribute));
}

/** Lines that are harmless already. */
function text(value: string): string {
  return withoutCommands(cutText(value, mostInText));
}

function secondsText(us: number): string {
  return (us / 1_000_000).toFixed(3);
}
