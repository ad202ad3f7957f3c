/**
 * What is said after a run: the facts, what was not as expected and why, and last, where people look, the verdict, what
 * it covers, and how to have the same again.
 *
 * All text in it is bounded: a run with 100,000 waiters says the same on one screen.
 */
import type { Plan } from '../../plan/plan.ts';
import { harmless, withoutCommands } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import type { Judgement, Verdict } from '../../verdict/verdict.ts';
import { unexercisedBlock, unexercisedLine } from '../check/unexercised-text.ts';
import { atStopLines } from './at-stop-text.ts';
import { deadlockLines } from './deadlock-text.ts';
import { judgementLines } from './judgement-text.ts';
import { outcomeText } from './outcome-text.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { scenarioTitle } from './scenario-title.ts';
import { factLines, othersText } from './summary-facts.ts';
import { againText } from './wording.ts';

export type SummaryOptions = {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly places: Places;
  readonly palette: Palette;
  /** `brief`: a run that passed is one line; `verbose`: also where it is that something was not exercised. */
  readonly detail: 'full' | 'brief' | 'verbose';
  /** The command that runs the same again: see `repeatCommand`. */
  readonly command: string;
};

/** Whole lines, the last one ended too. */
export function summaryText(options: SummaryOptions): string {
  const blocks = [...detailBlocks(options), verdictBlock(options)].filter((block) => block.length > 0);
  return withoutCommands(`${blocks.map((block) => block.join('\n')).join('\n\n')}\n`);
}

const mostFailures = 5;

function detailBlocks(options: SummaryOptions): readonly (readonly string[])[] {
  const { verdict, detail, places, palette } = options;
  if (detail === 'brief' && verdict.outcome === 'passed') return [];
  const failures = verdict.judgements.filter((judgement) => isToExplain(judgement, verdict));
  const shown = failures
    .slice(0, mostFailures)
    .map((judgement) => judgementLines(judgement, places, palette));
  const others = failures.length - shown.length;
  return [
    factLines(verdict, palette, places),
    ...shown,
    others > 0 ? [othersText(failures.slice(mostFailures))] : [],
    verdict.deadlock === null
      ? []
      : deadlockLines(verdict.deadlock, places, palette, {
          isExpected: isDeadlockExpected(verdict),
        }),
    atStopLines(verdict.atStop, places, palette),
    exerciseLines(options),
  ];
}

/** Of a run that did not pass it is no news that it did not come to everything. */
function exerciseLines({ verdict, places, palette, detail }: SummaryOptions): readonly string[] {
  const { unexercised, outcome, judgements } = verdict;
  const isAsked = detail === 'verbose' || judgements.some(({ name }) => name === 'exercised');
  if (unexercised.length === 0 || (outcome !== 'passed' && !isAsked)) return [];
  if (detail === 'verbose') return unexercisedBlock(unexercised, places, palette, 'in this run');
  return [unexercisedLine(unexercised, places, 'in this run')];
}

function isDeadlockExpected({ judgements }: Verdict): boolean {
  return judgements.some(({ name, result }) => name === 'deadlock' && result !== 'failed');
}

/** A deadlock has an explanation of its own, which says more. */
function isToExplain({ name, result }: Judgement, { deadlock }: Verdict): boolean {
  return result === 'failed' && !(name === 'deadlock' && deadlock !== null);
}

function verdictBlock({ plan, verdict, palette, detail, command }: SummaryOptions): readonly string[] {
  const name = harmless(scenarioTitle(plan));
  const time = verdict.run.mode === 'virtual' ? 'of virtual time' : '';
  const took = `in ${durationText(verdict.run.durationUs)} ${time}`.trim();
  const headline = `${palette.bold(name)}: ${outcomeText(palette, verdict.outcome)} ${took}, seed ${plan.seed}`;
  if (detail === 'brief' && verdict.outcome === 'passed') return [headline];
  // Where the cause decides, it is the summary.
  const reasons = new Set([verdict.summary, verdict.run.cause ?? verdict.summary]);
  const lines = [...reasons, ...(verdict.run.notes ?? [])].map((reason) => `  ${harmless(reason)}`);
  return [headline, ...lines, palette.dim(`  ${againText(command)}`)];
}
