/**
 * Many runs of one scenario: how often each outcome came, and with which seed it can be had again.
 */
import type { Plan } from '../plan/plan.ts';
import type { Outcome, Verdict } from '../verdict/verdict.ts';
import { durationText } from './duration-text.ts';
import { harmless } from './harmless.ts';
import { outcomeText } from './outcome-text.ts';
import type { Palette } from './palette.ts';
import { counted } from './wording.ts';

/** One kind of outcome: the same verdict for the same reasons. */
type Kind = { readonly outcome: Outcome; readonly reason: string; readonly firstSeed: number; runs: number };

export type Repetition = {
  add(seed: number, verdict: Verdict): void;
  /** The whole: failed if any run failed, then inconclusive if any was. Passed if there was none. */
  outcome(): Outcome;
  /** How many runs, by outcome. */
  runs(): Readonly<Record<Outcome, number>>;
  /** The table of outcomes, whole lines; `command` gives the command that repeats the run with a seed. */
  table(palette: Palette, command: (seed: number) => string): string;
};

const mostKinds = 20;

export function createRepetition(): Repetition {
  const kinds = new Map<string, Kind>();
  const runs = { passed: 0, failed: 0, inconclusive: 0 };
  return {
    add(seed, verdict) {
      const { outcome } = verdict;
      const reason = reasonOf(verdict);
      const key = `${outcome} ${reason}`;
      const kind = kinds.get(key) ?? { outcome, reason, firstSeed: seed, runs: 0 };
      kinds.set(key, kind);
      kind.runs += 1;
      runs[outcome] += 1;
    },
    outcome: () => (runs.failed > 0 ? 'failed' : runs.inconclusive > 0 ? 'inconclusive' : 'passed'),
    runs: () => runs,
    table: (palette, command) => tableText([...kinds.values()], palette, command),
  };
}

/** `run 3 of 10, seed 42: failed in 1.2 s: always stall.holders <= 2`, a whole line. */
export function repeatedRunText(
  run: { number: number; of: number; plan: Plan; verdict: Verdict },
  palette: Palette,
): string {
  const { number, of, plan, verdict } = run;
  const reason = reasonOf(verdict);
  const because = reason === '' ? '' : `: ${harmless(reason)}`;
  const took = `in ${durationText(verdict.run.durationUs)}`;
  return `run ${number} of ${of}, seed ${plan.seed}: ${outcomeText(palette, verdict.outcome)} ${took}${because}\n`;
}

function reasonOf({ outcome, judgements, deadlock, run }: Verdict): string {
  if (outcome === 'passed') return '';
  if (outcome === 'inconclusive') return run.cause ?? run.stopped ?? '';
  const failed = judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  const reasons = failed.length > 0 || deadlock === null ? failed : ['deadlock'];
  return reasons.join(' · ');
}

function tableText(kinds: readonly Kind[], palette: Palette, command: (seed: number) => string): string {
  const mostOftenFirst = [...kinds].sort((a, b) => b.runs - a.runs);
  const widths = widthsOf(kinds);
  const others = kinds.length - mostKinds;
  const bad = mostOftenFirst.find(({ outcome }) => outcome !== 'passed');
  return [
    'outcomes, each with the seed that gave it first:',
    ...mostOftenFirst.slice(0, mostKinds).map((kind) => kindLine(kind, widths, palette)),
    ...(others > 0 ? [`  … and ${counted(others, 'other kind')}`] : []),
    ...(bad === undefined ? [] : [palette.dim(`  repeat it with: ${command(bad.firstSeed)}`)]),
    '',
  ].join('\n');
}

type Widths = { readonly runs: number; readonly outcome: number; readonly seed: number };

function kindLine({ outcome, reason, firstSeed, runs }: Kind, widths: Widths, palette: Palette): string {
  const seed = `${firstSeed}`.padEnd(reason === '' ? 0 : widths.seed);
  const because = reason === '' ? '' : `  ${harmless(reason)}`;
  return `  ${`${runs}`.padStart(widths.runs)} × ${outcomeText(palette, outcome, widths.outcome)}  seed ${seed}${because}`;
}

function widthsOf(kinds: readonly Kind[]): Widths {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  return {
    runs: widest(kinds.map(({ runs }) => `${runs}`)),
    outcome: widest(kinds.map(({ outcome }) => outcome)),
    seed: widest(kinds.map(({ firstSeed }) => `${firstSeed}`)),
  };
}
