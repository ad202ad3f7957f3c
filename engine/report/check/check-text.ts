/**
 * The verdict of a check, for people: what fails and a way to it, which results are possible, and what it covers.
 */
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import type { CheckVerdict } from '../../verdict/exploration.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { cellWidth } from '../text/cell-width.ts';
import { deadlockLines } from '../text/deadlock-text.ts';
import { judgementLines } from '../text/judgement-text.ts';
import { outcomeText } from '../text/outcome-text.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { scenarioTitle } from '../text/scenario-title.ts';
import { counted } from '../text/wording.ts';
import { tableLines } from './counterexample-table.ts';
import { unexercisedLines } from './unexercised-text.ts';

export type CheckToTell = {
  readonly plan: Plan;
  readonly verdict: CheckVerdict;
  /** A way that breaks the first expectation that failed. */
  readonly counterexample: { readonly events: readonly Event[]; readonly verdict: Verdict } | null;
  readonly symmetry: {
    readonly groups: readonly string[];
    readonly asymmetries: readonly {
      readonly group: string;
      readonly reason: string;
      readonly step: number;
    }[];
  };
  readonly places: Places;
  readonly palette: Palette;
  readonly columns: number;
  readonly seconds: number;
  /** Every row of the way, not just the first and the last. */
  readonly isFull: boolean;
  /** What real runs of it came to; null without any. */
  readonly observed: Observed | null;
  /** The way itself is shown elsewhere. */
  readonly isDrawn: boolean;
  /** Where it is that something is never exercised. */
  readonly isVerbose: boolean;
};

/** How often real runs came to each result, by its text. */
export type Observed = { readonly runs: number; readonly seen: ReadonlyMap<string, number> };

const MOST_ROWS = 60;
const MOST_FAILURES = 5;
const MOST_RESULTS = 20;

type WayToTell = Pick<
  CheckToTell,
  'counterexample' | 'verdict' | 'plan' | 'places' | 'palette' | 'columns' | 'isFull' | 'isDrawn'
>;

/** Whole lines. */
export function checkText(told: CheckToTell): string {
  const { verdict, places, palette } = told;
  const isDeadlock = told.counterexample !== null && told.counterexample.verdict.deadlock !== null;
  // A deadlock has an explanation of its own, which says more.
  const failures = verdict.judgements.filter(
    ({ name, result }) => result === 'failed' && !(isDeadlock && name === 'deadlock'),
  );
  const blocks = [
    ...failures.slice(0, MOST_FAILURES).map((judgement) => judgementLines(judgement, places, palette)),
    failures.length > MOST_FAILURES
      ? [`… and ${failures.length - MOST_FAILURES} more expectations failed`]
      : [],
    wayLines(told),
    resultLines(told),
    notJudgedLines(verdict, palette),
    verdict.coverage.unexercised === null
      ? []
      : unexercisedLines(verdict.coverage.unexercised, places, palette, told.isVerbose),
    headline(told),
  ].filter((block) => block.length > 0);
  const isShort = blocks.every((block) => block.length === 1);
  return `${blocks.map((block) => block.join('\n')).join(isShort ? '\n' : '\n\n')}\n`;
}

/** The way that is shown, step by step; none where nothing shows it. */
export function wayLines({
  counterexample,
  verdict: whole,
  plan,
  places,
  palette,
  columns,
  isFull,
  isDrawn,
}: WayToTell): readonly string[] {
  if (counterexample === null) return [];
  const { events, verdict } = counterexample;
  const broken = brokenText(whole);
  const rows = isFull ? Number.POSITIVE_INFINITY : MOST_ROWS;
  const table = isDrawn ? [] : tableLines({ plan, events, broken, places, palette, columns, rows });
  if (table.length === 0 && verdict.deadlock === null && !isDrawn) return [];
  const deadlock = verdict.deadlock === null ? [] : deadlockLines(verdict.deadlock, places, palette);
  if (isDrawn) return deadlock;
  return [
    palette.bold(verdict.deadlock === null ? 'these steps break it:' : 'these steps lead to the deadlock:'),
    ...table,
    ...(deadlock.length === 0 ? [] : ['', ...deadlock]),
  ];
}

/** What the way that is shown breaks, in short; a deadlock is told below it. */
export function brokenText({ judgements }: CheckVerdict): string | null {
  const shown = judgements.find(({ result, way }) => result === 'failed' && way !== null);
  return shown === undefined || shown.name === 'deadlock' ? null : `${shown.name}: ${shown.expected}`;
}

/** `  1  allowed   possible (2 switches), seen 0 of 1,000: one of the writes was lost` */
function resultLines({ plan, verdict, palette, observed }: CheckToTell): readonly string[] {
  const { results, coverage } = verdict;
  if (results.length === 0) return [];
  // What was not found may be possible all the same where not everything was seen.
  const missing = coverage.end === 'all' && coverage.isEveryEndJudged ? 'cannot happen' : 'was not seen';
  const shown = results.slice(0, MOST_RESULTS);
  const width = Math.max(...shown.map(({ text }) => cellWidth(harmless(text))));
  const graded = Math.max(...shown.map(({ grade }) => grade?.length ?? 0));
  return [
    palette.bold(`what \`${harmless(plan.expect.outcome?.text ?? '')}\` can be at the end:`),
    ...shown.map(({ text, grade, why, way, switches }) => {
      const possible = way === null ? missing : `possible (${counted(switches, 'switch', 'switches')})`;
      const seen = observed === null ? '' : `, seen ${seenText(observed, text)}`;
      const value = harmless(text) + ' '.repeat(width - cellWidth(harmless(text)));
      const columns = [value, ...(graded === 0 ? [] : [(grade ?? '').padEnd(graded)]), possible + seen];
      return `  ${columns.join('  ')}${why === null ? '' : `: ${harmless(why)}`}`;
    }),
    ...(results.length > shown.length ? [`  … and ${results.length - shown.length} more`] : []),
    ...observedLines(observed),
  ];
}

function seenText({ runs, seen }: Observed, text: string): string {
  return `${grouped(seen.get(text) ?? 0)} of ${grouped(runs)}`;
}

/** Real runs that came to no result say so: they were stopped, or the expression failed. */
function observedLines(observed: Observed | null): readonly string[] {
  if (observed === null) return [];
  const without = observed.runs - [...observed.seen.values()].reduce((sum, count) => sum + count, 0);
  return without === 0
    ? []
    : [`  ${grouped(without)} of ${counted(observed.runs, 'real run')} came to no result`];
}

/** `1,000` */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function notJudgedLines({ judgements }: CheckVerdict, palette: Palette): readonly string[] {
  return judgements
    .filter(({ result }) => result === 'notJudged')
    .map(({ name, reason }) => `${palette.dim('not judged')}  ${harmless(`${name}: ${reason ?? ''}`)}`);
}

/** `toilet (three-stalls): passed, all interleavings: 353 states, visitors interchangeable, 0.03 s` */
function headline({ plan, verdict, symmetry, palette, places, seconds }: CheckToTell): readonly string[] {
  const { outcome, summary, coverage } = verdict;
  const groups = symmetry.groups.map(harmless).join(', ');
  const facts = [
    counted(coverage.states, 'state'),
    ...(groups === '' ? [] : [`replicas of ${groups} interchangeable`]),
    `${seconds.toFixed(2)} s`,
  ];
  const name = palette.bold(harmless(scenarioTitle(plan)));
  if (outcome === 'failed')
    return [`${name}: ${outcomeText(palette, outcome)}, ${facts.join(', ')}`, `  ${harmless(summary)}`];
  const first = `${name}: ${outcomeText(palette, outcome)}, ${harmless(summary)}: ${facts.join(', ')}`;
  if (outcome === 'passed') return [first];
  return [
    first,
    ...symmetry.asymmetries.map(({ group, reason, step }) => {
      const place = places.text(plan.steps[step]?.span);
      const where = place === '' ? '' : ` (${place})`;
      return `  the replicas of ${harmless(group)} are not interchangeable: ${harmless(reason)}${where}`;
    }),
  ];
}
