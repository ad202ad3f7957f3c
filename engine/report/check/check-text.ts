/**
 * The verdict of a check, for people: what fails and a way to it, which results are possible, and what it covers.
 */
import type { Event } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { starvingTexts } from '../../verdict/awaited.ts';
import { expectationTitle } from '../../verdict/expectation-title.ts';
import { type CheckVerdict, limitText } from '../../verdict/exploration.ts';
import { quoted } from '../../verdict/show.ts';
import type { Judgement, Verdict } from '../../verdict/verdict.ts';
import { cellWidth } from '../text/cell-width.ts';
import { deadlockLines } from '../text/deadlock-text.ts';
import { judgementLines } from '../text/judgement-text.ts';
import { judgementTitle } from '../text/judgement-title.ts';
import { outcomeText } from '../text/outcome-text.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { scenarioTitle } from '../text/scenario-title.ts';
import { notJudgedTexts, othersText } from '../text/summary-facts.ts';
import { counted, grouped, judgementWords } from '../text/wording.ts';
import { tableLines } from './counterexample-table.ts';
import { type ExploredRun, exploredRunTexts } from './explored-run-text.ts';
import { unexercisedBlock, unexercisedLine } from './unexercised-text.ts';

export type CheckToTell = {
  readonly plan: Plan;
  readonly verdict: CheckVerdict;
  /** A way that breaks the first expectation that failed. */
  readonly counterexample: {
    readonly events: readonly Event[];
    readonly verdict: Verdict;
    readonly loopFrom: number | null;
  } | null;
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
  /** The command that plays the way again; null where none is shown, undefined where it is too long to paste. */
  readonly replayCommand?: string | null | undefined;
  /** What real runs of it came to; null without any. */
  readonly observed: Observed | null;
  /** A run whose log was given; null without one. */
  readonly run: ExploredRun | null;
  /** Whether what the way breaks, on which somebody is late, is broken with `time: ordered`, too. */
  readonly inTime?: 'also' | 'never' | null;
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

/** Whole lines: what fails and how, then the verdict and what it covers. */
export function checkText(told: CheckToTell): string {
  const { verdict, places, palette } = told;
  const missing = verdict.coverage.unexercised ?? [];
  const blocks = [
    ...failureBlocks(told),
    wayLines(told),
    resultLines(told),
    areAllTold(told) ? unexercisedBlock(missing, places, palette, 'in any interleaving') : [],
    verdictLines(told),
  ].filter((block) => block.length > 0);
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** A deadlock has an explanation of its own, which says more. */
function failureBlocks({
  verdict,
  counterexample,
  places,
  palette,
}: CheckToTell): readonly (readonly string[])[] {
  const isDeadlock = counterexample !== null && counterexample.verdict.deadlock !== null;
  const failures = verdict.judgements.filter(
    ({ name, result }) => result === 'failed' && !(isDeadlock && name === 'deadlock'),
  );
  const others = failures.slice(MOST_FAILURES);
  return [
    ...failures.slice(0, MOST_FAILURES).map((judgement) => judgementLines(judgement, places, palette)),
    others.length > 0 ? [othersText(others)] : [],
  ];
}

/** The interleaving that is shown, step by step; nothing where none shows it. */
export function wayLines(told: WayToTell): readonly string[] {
  const { counterexample, verdict: whole, plan, places, palette, columns, isFull, isDrawn } = told;
  if (counterexample === null) return [];
  const { events, verdict, loopFrom } = counterexample;
  const shown = brokenBy(whole);
  const broken = shown === undefined ? null : { name: shown.name, text: expectationTitle(shown) };
  const rows = isFull ? Number.POSITIVE_INFINITY : MOST_ROWS;
  const table = isDrawn ? [] : tableLines({ plan, events, broken, loopFrom, places, palette, columns, rows });
  if (table.length === 0 && verdict.deadlock === null && !isDrawn) return [];
  const deadlock =
    verdict.deadlock === null ? [] : deadlockLines(verdict.deadlock, places, palette, { isTimeless: true });
  if (isDrawn) return deadlock;
  return [
    palette.bold(`${wayHeading(told, verdict)}, step by step:`),
    ...table,
    ...(deadlock.length === 0 ? [] : ['', ...deadlock]),
  ];
}

/** What the way that is shown breaks, in short; a deadlock is told below it. */
export function brokenText({ judgements }: Pick<CheckVerdict, 'judgements'>): string | null {
  const shown = brokenBy({ judgements });
  return shown === undefined ? null : expectationTitle(shown);
}

function brokenBy({ judgements }: Pick<CheckVerdict, 'judgements'>): Judgement | undefined {
  const shown = judgements.find(({ result, way }) => result === 'failed' && way !== null);
  return shown?.name === 'deadlock' ? undefined : shown;
}

/** Of several expectations that failed, the way breaks the one that is told first. */
function wayHeading({ verdict: { judgements } }: WayToTell, { deadlock }: Verdict): string {
  if (deadlock !== null) return 'an interleaving that ends in a deadlock';
  const failed = judgements.filter(({ result }) => result === 'failed');
  const [first] = failed;
  const what = first === undefined || failed.length === 1 ? 'it' : `\`${harmless(judgementTitle(first))}\``;
  return `an interleaving that breaks ${what}`;
}

/** `  1  allowed   possible (2 task switches), seen 0 of 1,000: one of the writes was lost` */
function resultLines({ plan, verdict, palette, observed }: CheckToTell): readonly string[] {
  const { results, coverage } = verdict;
  if (results.length === 0) return [];
  // What was not found may be possible all the same where not everything was seen.
  const isAll = coverage.end === 'all' && coverage.within === null && coverage.isEveryEndJudged;
  const missing = isAll ? 'impossible' : 'not seen';
  const shown = results.slice(0, MOST_RESULTS);
  const width = Math.max(...shown.map(({ text }) => cellWidth(harmless(text))));
  const graded = Math.max(...shown.map(({ grade }) => grade?.length ?? 0));
  return [
    palette.bold(`values of \`${harmless(plan.expect.outcome?.text ?? '')}\` at the end:`),
    ...shown.map(({ text, grade, why, way, switches }) => {
      const possible =
        way === null ? missing : `possible (${counted(switches, 'task switch', 'task switches')})`;
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

/** What the durations have to do with it. */
function inTimeTexts({ inTime = null }: CheckToTell): readonly string[] {
  if (inTime === null) return [];
  return [
    inTime === 'also'
      ? 'also with `time: ordered`: nobody needs to be late for it'
      : 'not with `time: ordered`: only if durations are not kept',
  ];
}

/** What plays the way that is shown again. */
function replayTexts({ palette, replayCommand = null }: CheckToTell): readonly string[] {
  if (replayCommand === null) return [];
  const text =
    replayCommand === undefined
      ? '--save FILE writes this interleaving into a file, for concur replay'
      : `replay it with: ${replayCommand}`;
  return [palette.dim(text)];
}

/** The verdict, why, and what it covers: a line each. */
function verdictLines(told: CheckToTell): readonly string[] {
  const { plan, verdict, palette } = told;
  const { outcome, summary } = verdict;
  const name = palette.bold(harmless(scenarioTitle(plan)));
  const word = outcomeText(palette, outcome);
  const isPassed = outcome === 'passed';
  return [
    isPassed ? `${name}: ${word} in ${harmless(summary)}` : `${name}: ${word}`,
    ...(isPassed ? [] : [harmless(summary)]),
    coverageText(told),
    ...notJudgedTexts(verdict.judgements).map(
      ([names, reason]) => `${judgementWords.notJudged}: ${names}${reason === '' ? '' : ` (${reason})`}`,
    ),
    ...exploredRunTexts(told.run),
    ...unexercisedTexts(told),
    ...starvationTexts(told),
    ...asymmetryTexts(told),
    ...inTimeTexts(told),
    ...replayTexts(told),
  ].map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** `353 states in 0.03 s · replicas of visitor interchangeable` */
function coverageText({ verdict: { outcome, coverage }, symmetry, seconds }: CheckToTell): string {
  const groups = symmetry.groups.map((group) => quoted(harmless(group))).join(', ');
  const isCutShort = outcome === 'failed' && coverage.end !== 'all';
  return [
    `${grouped(coverage.states)} ${coverage.states === 1 ? 'state' : 'states'} in ${seconds.toFixed(2)} s`,
    ...(groups === '' ? [] : [`tasks of ${groups} interchangeable`]),
    ...(coverage.unexercised?.length === 0 ? ['every step, wait and limit tested'] : []),
    ...(isCutShort ? [`the search ended early: ${limitText(coverage)}`] : []),
  ].join(' · ');
}

/** Where it is a failure that they are missing, each of them is told. */
function areAllTold({ verdict: { coverage, judgements }, isVerbose }: CheckToTell): boolean {
  const isWrong = judgements.some(({ name, result }) => name === 'exercised' && result === 'failed');
  return (isVerbose || isWrong) && (coverage.unexercised ?? []).length > 0;
}

function unexercisedTexts(told: CheckToTell): readonly string[] {
  const { verdict, places } = told;
  const missing = verdict.coverage.unexercised ?? [];
  if (areAllTold(told) || missing.length === 0) return [];
  return [unexercisedLine(missing, places, 'in any interleaving')];
}

/** Who may starve, where that is no failure already. */
function starvationTexts({ plan, verdict, places }: CheckToTell): readonly string[] {
  const { judgements, coverage } = verdict;
  if (judgements.some(({ name, result }) => name === 'starvation' && result === 'failed')) return [];
  const { starving, avoided } = coverage.liveness ?? { starving: null, avoided: [] };
  const told = avoided.flatMap((one) => (one?.by === 'loop' ? one.starving.map(({ task }) => task) : []));
  const others = (starving ?? []).filter(({ task }) => !told.includes(task));
  return starvingTexts(plan, others).map(({ text, step }) => {
    const place = places.text(plan.steps[step]?.span);
    return `note: ${harmless(text)}${place === '' ? '' : ` (${place})`}`;
  });
}

/** Where a search said nothing, what made it large. */
function asymmetryTexts({ plan, verdict, symmetry, places }: CheckToTell): readonly string[] {
  if (verdict.outcome !== 'inconclusive') return [];
  return symmetry.asymmetries.map(({ group, reason, step }) => {
    const place = places.text(plan.steps[step]?.span);
    const where = place === '' ? '' : ` (${place})`;
    return `the replicas of ${quoted(harmless(group))} are not interchangeable: ${harmless(reason)}${where}`;
  });
}

/** A scenario that `concur check` does not look at, and why. */
export function notCheckedText(plan: Plan, reason: string, palette: Palette): string {
  const name = palette.bold(harmless(scenarioTitle(plan)));
  return `${name}: ${outcomeText(palette, 'inconclusive')}\n  ${reason}\n`;
}
