/**
 * A suite for people, as text: a line for each case when it is done, and at the end what did not pass, with its evidence,
 * and the sums.
 */
import { renderAll } from '../../diagnostic/render.ts';
import { harmless, withoutCommands } from '../../source/harmless.ts';
import type { Source } from '../../source/source.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { failureText } from '../../verdict/failure-text.ts';
import { checkText } from '../check/check-text.ts';
import { cutText } from '../text/cut-text.ts';
import type { Palette } from '../text/palette.ts';
import { createPlaces } from '../text/places.ts';
import { repetitionText } from '../text/repetition.ts';
import { summaryText } from '../text/summary.ts';
import { counted, grouped } from '../text/wording.ts';
import {
  type CaseEnd,
  type CaseOutcome,
  type CheckedCase,
  caseTitle,
  countCases,
  flakyText,
  type SuiteCase,
  type SuiteEvent,
  type SuiteStop,
} from './suite.ts';

export type SuiteTextOptions = {
  readonly palette: Palette;
  /** How wide code frames may be. */
  readonly columns: number;
  /** `quiet`: no line for a case that passed. */
  readonly detail: 'quiet' | 'normal';
  /** How many of the slowest cases are told. */
  readonly slowest?: number;
};

const outcomePaints = {
  passed: 'good',
  flaky: 'unsure',
  failed: 'bad',
  inconclusive: 'unsure',
  invalid: 'bad',
  interrupted: 'unsure',
  bug: 'bad',
} as const satisfies Record<CaseOutcome, keyof Palette>;

const mostInLine = 300;
const widestOutcome = 'inconclusive'.length;

/** How many cases that did not pass are told with their evidence; the others have had their line. */
const mostFailures = 50;

/** A fold: the text, whole lines, that an event adds. */
export function createSuiteText(options: SuiteTextOptions): (event: SuiteEvent) => string {
  const ends: CaseEnd[] = [];
  let cases: readonly SuiteCase[] = [];
  return (event) => {
    switch (event.type) {
      case 'suiteBegan':
        cases = event.cases;
        return '';
      case 'caseEnded':
        ends.push(event.end);
        return options.detail === 'quiet' && event.end.outcome === 'passed'
          ? ''
          : caseLine(event.end, options);
      case 'suiteEnded':
        return withoutCommands(endText({ cases, ends, ...event }, options));
      case 'caseBegan':
      case 'happened':
        return '';
      default:
        return event satisfies never;
    }
  };
}

/** `passed  scenarios/toilet.yaml (five-stalls) in 1.2 s, seed 42`, a whole line. */
function caseLine(end: CaseEnd, { palette }: SuiteTextOptions): string {
  const { outcome, durationUs, seed, runs, repetition, check } = end;
  const word = palette[outcomePaints[outcome]](outcome.padEnd(widestOutcome));
  const times = repetition === null ? '' : `, ${counted(runs, 'run')}`;
  const origin =
    check === null
      ? `seed ${seed}`
      : `${grouped(check.verdict.coverage.states)} ${check.verdict.coverage.states === 1 ? 'state' : 'states'}`;
  const figures = seed === null ? '' : palette.dim(` in ${durationText(durationUs)}${times}, ${origin}`);
  const reason =
    outcome === 'passed' ? '' : `: ${triesText(end)}${harmless(cutText(shortReason(end), mostInLine))}`;
  return `${word}  ${harmless(caseTitle(end.case))}${figures}${reason}\n`;
}

/** `passed at try 2; before: `, or how often it was tried for nothing. */
function triesText(end: CaseEnd): string {
  if (end.outcome === 'flaky') return `${flakyText(end)}; before: `;
  return end.tries.length > 1 ? `in ${counted(end.tries.length, 'try', 'tries')}: ` : '';
}

function shortReason({ outcome, diagnostics, problem, run, check, repetition }: CaseEnd): string {
  if (problem !== null) return problem;
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error');
  if (outcome === 'invalid' && first !== undefined)
    return `${first.message}${others.length > 0 ? ` (and ${counted(others.length, 'other finding')})` : ''}`;
  if (check !== null) return check.verdict.summary;
  if (run !== null && run.verdict.outcome !== 'passed') return run.verdict.summary;
  const unseen = repetition?.judgements.find(({ result }) => result === 'failed');
  return unseen === undefined ? outcome : failureText(unseen);
}

type Ended = {
  readonly cases: readonly SuiteCase[];
  readonly ends: readonly CaseEnd[];
  readonly stop: SuiteStop | null;
  readonly durationUs: number;
};

function endText({ cases, ends, stop, durationUs }: Ended, options: SuiteTextOptions): string {
  const bad = ends.filter(isToExplain);
  const untold = bad.length - mostFailures;
  return [
    ...bad.slice(0, mostFailures).map((end) => `\n${explanationText(end, options)}`),
    untold > 0 ? `\n… and ${counted(untold, 'case')} more that did not pass; each has its line above\n` : '',
    '\n',
    slowestTable(ends, options),
    flakyLine(ends),
    warningsLine(ends),
    sumLine({ cases, ends, stop, durationUs }, options),
  ].join('');
}

/** `the slowest 3 cases:`, and a line for each. */
function slowestTable(ends: readonly CaseEnd[], { slowest = 0, palette }: SuiteTextOptions): string {
  const some = ends.toSorted((a, b) => b.durationUs - a.durationUs).slice(0, slowest);
  if (some.length === 0) return '';
  const times = some.map(({ durationUs }) => durationText(durationUs));
  const width = Math.max(...times.map((time) => time.length));
  const rows = some.map((end, index) => {
    const title = harmless(caseTitle(end.case));
    return `  ${palette.dim((times[index] ?? '').padStart(width))}  ${title}\n`;
  });
  return `${some.length === 1 ? 'the slowest case' : `the slowest ${some.length} cases`}:\n${rows.join('')}\n`;
}

/** `warning: 2 cases passed only when they were tried again; --fail-on-flaky makes that a failure` */
function flakyLine(ends: readonly CaseEnd[]): string {
  const count = ends.filter(({ outcome }) => outcome === 'flaky').length;
  if (count === 0) return '';
  const words = count === 1 ? 'case passed only when it was' : 'cases passed only when they were';
  return `warning: ${count} ${words} tried again; --fail-on-flaky makes that a failure\n`;
}

/** `3 warnings in 2 files; concur validate shows them` */
function warningsLine(ends: readonly CaseEnd[]): string {
  const files = new Map(
    ends
      .filter(({ outcome }) => outcome !== 'invalid')
      .map(({ source, diagnostics }) => [source?.file, diagnostics.length] as const)
      .filter(([, count]) => count > 0),
  );
  const count = [...files.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0) return '';
  return `${counted(count, 'warning')} in ${counted(files.size, 'file')}; concur validate shows ${count === 1 ? 'it' : 'them'}\n`;
}

const stopTexts = {
  bail: 'stopped after the first that did not pass (--bail)',
  interrupted: 'interrupted',
  bug: 'stopped by a bug in concur',
} as const satisfies Record<SuiteStop, string>;

/** `17 cases of 15 files in 12.3 s: 15 passed, 1 failed, 1 not run`, and why it was stopped. */
function sumLine({ cases, ends, stop, durationUs }: Ended, { palette }: SuiteTextOptions): string {
  const { passed, flaky, failed, inconclusive, invalid, interrupted, bug, notRun } = countCases(
    cases.length,
    ends,
  );
  const parts = [
    passed > 0 ? palette.good(`${passed} passed`) : '',
    flaky > 0 ? palette.unsure(`${flaky} flaky`) : '',
    failed > 0 ? palette.bad(`${failed} failed`) : '',
    invalid > 0 ? palette.bad(`${invalid} invalid`) : '',
    bug > 0 ? palette.bad(`${bug} with a bug in concur`) : '',
    inconclusive > 0 ? palette.unsure(`${inconclusive} inconclusive`) : '',
    interrupted > 0 ? palette.unsure(`${interrupted} interrupted`) : '',
    notRun > 0 ? palette.unsure(`${notRun} not run`) : '',
  ].filter((part) => part !== '');
  const files = new Set(cases.map(({ file }) => file)).size;
  const why = stop === null ? '' : `; ${stopTexts[stop]}`;
  const all = palette.bold(`${counted(cases.length, 'case')} of ${counted(files, 'file')}`);
  return `${all} in ${durationText(durationUs)}: ${parts.join(', ') || 'nothing to run'}${why}\n`;
}

/** Of one that was interrupted nothing was judged; but what its tasks were at may say why somebody lost patience. */
function isToExplain({ outcome, run }: CaseEnd): boolean {
  return outcome === 'interrupted' ? (run?.verdict.atStop.length ?? 0) > 0 : outcome !== 'passed';
}

/** What did not pass and why, with its place, whole lines. */
function explanationText(end: CaseEnd, options: SuiteTextOptions): string {
  const { source, diagnostics, outcome, problem, evidence } = end;
  const { palette, columns } = options;
  const word = palette[outcomePaints[outcome]](outcome);
  const title = `${palette.bold(harmless(caseTitle(end.case)))}: ${word}${againNote(end)}\n`;
  const kept = evidence === null ? '' : `  kept: ${harmless(evidence)} (in the folder of --output)\n`;
  if (problem !== null || source === null) return `${title}  ${harmless(problem ?? '')}\n${kept}`;
  if (outcome === 'invalid') {
    return title + renderAll(diagnostics, source, { colour: palette.bad('') !== '', columns }) + kept;
  }
  if (end.check !== null) return title + checkedText(end.check, source, options) + kept;
  const hasFailedRun = end.run !== null && end.run.verdict.outcome !== 'passed';
  const run = hasFailedRun ? outputText(end, palette) + runText(end, options) : '';
  return title + run + seriesText(end, options) + kept;
}

/** What came of trying it again, or why nobody did. */
function againNote(end: CaseEnd): string {
  const { outcome, tries, inexcusable } = end;
  if (outcome === 'flaky') return `, ${flakyText(end)}; this is the first try`;
  const times = tries.length > 1 ? `, tried ${tries.length} times` : '';
  return inexcusable === null ? times : `${times}, not tried again: no other run excuses ${inexcusable}`;
}

/** As `concur check` tells it. */
function checkedText(check: CheckedCase, source: Source, { palette, columns }: SuiteTextOptions): string {
  const places = createPlaces(source, { palette, columns });
  const shown = { isFull: false, isDrawn: false, isVerbose: false, observed: null, run: null };
  return checkText({ ...check, ...shown, places, palette, columns });
}

function outputText({ output }: CaseEnd, palette: Palette): string {
  if (output.length === 0) return '';
  return `${palette.dim('the last lines it printed:')}\n${output.map((line) => `  ${line}\n`).join('')}\n`;
}

function runText({ run, source, command }: CaseEnd, { palette, columns }: SuiteTextOptions): string {
  if (run === null || source === null) return '';
  const places = createPlaces(source, { palette, columns });
  return summaryText({ ...run, places, palette, command, detail: 'brief' });
}

/** What its runs come to together, where there are several. */
function seriesText({ run, source, repetition, seed, command }: CaseEnd, options: SuiteTextOptions): string {
  if (run === null || source === null || repetition === null) return '';
  const { palette, columns } = options;
  const places = createPlaces(source, { palette, columns });
  const plan = { ...run.plan, seed: seed ?? run.plan.seed };
  return `\n${repetitionText({ plan, verdict: repetition, places, palette, command: () => command })}`;
}
