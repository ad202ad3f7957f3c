/**
 * Many runs of one scenario, for people: a line a run, and tables of how often each outcome and each result came, with
 * the seed by which it can be had again.
 */
import type { Unexercised } from '../../log/unexercised.ts';
import type { Grade } from '../../plan/expectations.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless, withoutCommands } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import type { OutcomeCount, RepetitionVerdict, ResultCount } from '../../verdict/repetition.ts';
import type { Judgement, Verdict } from '../../verdict/verdict.ts';
import { unexercisedBlock, unexercisedLine } from '../check/unexercised-text.ts';
import { cellWidth, fitCells } from './cell-width.ts';
import { judgementTitle } from './judgement-title.ts';
import { outcomeText } from './outcome-text.ts';
import type { Paint, Palette } from './palette.ts';
import type { Places } from './places.ts';
import { scenarioTitle } from './scenario-title.ts';
import { againText, counted, judgementWords } from './wording.ts';

/** `run 3 of 10 failed in 1.2 s, seed 42: always stall.holders <= 2`, a whole line. */
export function repeatedRunText(
  run: { readonly number: number; readonly of: number; readonly plan: Plan; readonly verdict: Verdict },
  palette: Palette,
): string {
  const { number, of, plan, verdict } = run;
  const because = verdict.outcome === 'passed' ? '' : `: ${harmless(verdict.summary)}`;
  const took = `in ${durationText(verdict.run.durationUs)}`;
  const word = outcomeText(palette, verdict.outcome);
  const outcomeWord = verdict.outcome === 'inconclusive' ? `was ${word}` : word;
  return `run ${number} of ${of} ${outcomeWord} ${took}, seed ${plan.seed}${because}\n`;
}

export type RepetitionToTell = {
  /** With the seed of the whole series. */
  readonly plan: Plan;
  readonly verdict: RepetitionVerdict;
  readonly places: Places;
  readonly palette: Palette;
  /** Where it is that something was not exercised. */
  readonly isVerbose?: boolean;
  /** The command that does the run with a seed again, or all of them. */
  readonly command: (seed: number | 'all') => string;
};

const mostLines = 20;
const widestResult = 40;

/** The tables and the verdict on all runs together, whole lines. */
export function repetitionText({
  plan,
  verdict,
  places,
  palette,
  command,
  isVerbose = false,
}: RepetitionToTell): string {
  const { outcome, outcomes, results, judgements, unexercised } = verdict;
  const bad = outcomes.find((count) => count.outcome !== 'passed');
  const name = palette.bold(harmless(scenarioTitle(plan)));
  const lines = [
    'how the runs ended, with a seed to repeat each:',
    ...limited(outcomeLines(outcomes, palette), 'outcome'),
    ...(results.length === 0
      ? []
      : [resultsHeading(plan), ...limited(resultLines(results, plan, palette), 'result')]),
    ...judgements.map((judgement) => judgementLine(judgement, places, palette)),
    ...exerciseLines(unexercised, places, palette, isVerbose),
    `${name}: ${outcomeText(palette, outcome)} ${runsText(verdict)}, seeds drawn from ${plan.seed}`,
    ...(outcome === 'passed' ? [] : [palette.dim(`  ${againText(command(bad?.firstSeed ?? 'all'))}`)]),
    '',
  ];
  return withoutCommands(lines.join('\n'));
}

function exerciseLines(
  missing: readonly Unexercised[],
  places: Places,
  palette: Palette,
  isVerbose: boolean,
): readonly string[] {
  if (missing.length === 0) return [];
  if (isVerbose) return unexercisedBlock(missing, places, palette, 'in any of the runs');
  return [unexercisedLine(missing, places, 'in any of the runs')];
}

/** `in all of 10 runs`, `in 3 of 10 runs`, `in 3 of 10 runs, inconclusive in 1`: behind the outcome. */
function runsText({ outcome, runs: { passed, failed, inconclusive } }: RepetitionVerdict): string {
  const all = counted(passed + failed + inconclusive, 'run');
  const unsure = inconclusive > 0 ? `, inconclusive in ${inconclusive}` : '';
  if (failed > 0) return `in ${failed} of ${all}${unsure}`;
  if (outcome === 'failed') return `by what ${all} came to together${unsure}`;
  if (inconclusive > 0) return `in ${inconclusive} of ${all}`;
  return passed === 1 ? 'in 1 run' : `in all of ${all}`;
}

function limited(lines: readonly string[], noun: string): readonly string[] {
  const others = lines.length - mostLines;
  if (others <= 0) return lines;
  return [...lines.slice(0, mostLines), `  … and ${counted(others, `other ${noun}`)}`];
}

function outcomeLines(counts: readonly OutcomeCount[], palette: Palette): readonly string[] {
  const times = widest(counts.map((count) => `${count.times}`));
  const words = widest(counts.map(({ outcome }) => outcome));
  const seeds = widest(counts.map(({ firstSeed }) => `${firstSeed}`));
  return counts.map((count) => {
    const because = count.why === '' ? '' : `  ${harmless(count.why)}`;
    const seed = `${count.firstSeed}`.padEnd(because === '' ? 0 : seeds);
    return `  ${`${count.times}`.padStart(times)} ${count.times === 1 ? 'run ' : 'runs'} ${outcomeText(palette, count.outcome, words)}  seed ${seed}${because}`;
  });
}

function resultsHeading({ expect }: Plan): string {
  return `values of \`${harmless(expect.outcome?.text ?? 'outcome')}\` at the end:`;
}

const gradePaints = {
  expected: 'good',
  allowed: 'dim',
  forbidden: 'bad',
} as const satisfies Record<Grade, keyof Palette>;

/** `   6 runs: 1  seed 17  forbidden: an update is lost` */
function resultLines(counts: readonly ResultCount[], plan: Plan, palette: Palette): readonly string[] {
  const texts = counts.map(({ text }) => fitCells(harmless(text), widestResult));
  const cells = Math.max(0, ...texts.map(cellWidth));
  const times = widest(counts.map((count) => `${count.times}`));
  const seeds = widest(counts.map((count) => seedText(count)));
  return counts.map((count, index) => {
    const text = texts[index] ?? '';
    const padding = ' '.repeat(cells - cellWidth(text));
    const line = `  ${`${count.times}`.padStart(times)} ${count.times === 1 ? 'run: ' : 'runs:'} ${text}${padding}  ${seedText(count).padEnd(seeds)}  ${gradeText(count, plan, palette)}`;
    return line.trimEnd();
  });
}

function seedText({ firstSeed }: ResultCount): string {
  return firstSeed === null ? 'never seen' : `seed ${firstSeed}`;
}

function gradeText({ grade, why }: ResultCount, { expect }: Plan, palette: Palette): string {
  if (grade === null) {
    if (expect.outcomes.length === 0) return '';
    return expect.others === 'forbidden' ? palette.bad('forbidden: not listed') : palette.dim('not listed');
  }
  const paint: Paint = palette[gradePaints[grade]];
  return `${paint(grade)}${why === null ? '' : `: ${harmless(why)}`}`;
}

const judgementPaints = {
  passed: 'good',
  failed: 'bad',
  notJudged: 'unsure',
} as const satisfies Record<Judgement['result'], keyof Palette>;

/** `passed: sometimes n == 3: true in 3 of 10 runs, first with seed 7 (race.yaml:12)` */
function judgementLine(judgement: Judgement, places: Places, palette: Palette): string {
  const { seen, result, span, reason } = judgement;
  const place = places.text(span);
  const word = palette[judgementPaints[result]](`${judgementWords[result]}:`);
  const because = reason === undefined ? '' : `: ${harmless(reason)}`;
  const where = place === '' ? '' : ` (${place})`;
  return `${word} ${harmless(judgementTitle(judgement))}, ${seen}${because}${where}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
