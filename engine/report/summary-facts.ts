/**
 * The facts of a run, one line each: how tasks ended, what resources had to bear, which expectations held.
 */

import { harmless } from '../source/harmless.ts';
import type { Judgement, RaceAccess, ResourceSummary, Verdict } from '../verdict/verdict.ts';
import { cellWidth } from './cell-width.ts';
import { durationText } from './duration-text.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { counted } from './wording.ts';

type Fact = readonly [label: string, text: string];

const mostResources = 10;
const mostRaces = 4;
const mostNames = 6;
const widestLabel = 20;

/** Lines with aligned labels. */
export function factLines(verdict: Verdict, palette: Palette, places: Places): readonly string[] {
  const facts = [
    endsFact(verdict),
    ...resourceFacts(verdict.resources),
    ...raceFacts(verdict, places),
    ...judgementFacts(verdict.judgements),
  ];
  const width = Math.min(widestLabel, Math.max(...facts.map(([label]) => cellWidth(label))));
  return facts.map(([label, text]) => {
    const padding = ' '.repeat(Math.max(0, width - cellWidth(label)));
    return `  ${palette.dim(label)}${padding}  ${text}`;
  });
}

const endWords = [
  ['finished', 'finished'],
  ['failed', 'failed'],
  ['terminated', 'terminated'],
  ['skipped', 'skipped'],
  ['notStarted', 'not started'],
] as const satisfies readonly (readonly [keyof Verdict['ends'], string])[];

function endsFact({ ends }: Verdict): Fact {
  const parts = endWords.filter(([end]) => ends[end] > 0).map(([end, words]) => `${ends[end]} ${words}`);
  return ['tasks', parts.length === 0 ? 'none' : parts.join(', ')];
}

/** Those that made tasks wait the longest; what nobody touched is left out. */
function resourceFacts(resources: readonly ResourceSummary[]): readonly Fact[] {
  const used = resources.filter(({ peak, waits }) => peak > 0 || waits > 0);
  const shown = new Set([...used].sort((a, b) => b.longestWaitUs - a.longestWaitUs).slice(0, mostResources));
  const facts = used.filter((resource) => shown.has(resource)).map(resourceFact);
  const others = used.length - shown.size;
  return others > 0 ? [...facts, ['…', `and ${counted(others, 'resource')} more`]] : facts;
}

function resourceFact({
  name,
  kind,
  peak,
  limit,
  waits,
  medianWaitUs,
  longestWaitUs,
}: ResourceSummary): Fact {
  const most = kind === 'event' ? [] : [limit === null ? `peak ${peak}` : `peak ${peak} of ${limit}`];
  const times = `median ${durationText(medianWaitUs)}, longest ${durationText(longestWaitUs)}`;
  const waited = waits === 0 ? 'no waits' : `${counted(waits, 'wait')}, ${times}`;
  return [name, [...most, waited].join(' · ')];
}

/** One line for each var of which tasks touched the same cell, one of them writing, and nothing ordered the two. */
function raceFacts({ races, judgements }: Verdict, places: Places): readonly Fact[] {
  if (judgements.some(({ name, result }) => name === 'races' && result === 'failed')) return [];
  const names = [...new Set(races.map(({ variable }) => variable))];
  const facts = names.slice(0, mostRaces).map((name) => {
    const those = races.filter(({ variable }) => variable === name);
    const [first] = those;
    const pair = first === undefined ? [] : [first.first, first.second].map((one) => accessText(one, places));
    const more = those.length > 1 ? ` · and ${those.length - 1} more` : '';
    return ['race', harmless(`${name}: ${pair.join(', ')}, and nothing orders the two${more}`)] as const;
  });
  const others = names.length - facts.length;
  return others > 0 ? [...facts, ['race', `and ${counted(others, 'var')} more`]] : facts;
}

/** `` `p1` wrote it (line 7) `` */
function accessText({ task, deed, span }: RaceAccess, places: Places): string {
  const line = places.position(span)?.line;
  return `\`${task}\` ${deed} it${line === undefined ? '' : ` (line ${line})`}`;
}

function judgementFacts(judgements: readonly Judgement[]): readonly Fact[] {
  const passed = judgements.filter(({ result }) => result === 'passed');
  const failed = judgements.filter(({ result }) => result === 'failed');
  const notJudged = judgements.filter(({ result }) => result === 'notJudged');
  return [
    ...(passed.length > 0 ? [['as expected', names(passed)] as const] : []),
    ...(failed.length > 0 ? [['not as expected', names(failed)] as const] : []),
    ...notJudged.slice(0, mostNames).map(notJudgedFact),
  ];
}

function notJudgedFact({ name, reason }: Judgement): Fact {
  return ['not judged', harmless(reason === undefined ? name : `${name}: ${reason}`)];
}

/** `deadlock · output count (2) · peak stall` */
function names(judgements: readonly Judgement[]): string {
  const counts = new Map<string, number>();
  for (const { name } of judgements) counts.set(name, (counts.get(name) ?? 0) + 1);
  const texts = [...counts].map(([name, count]) => `${harmless(name)}${count > 1 ? ` (${count})` : ''}`);
  const others = texts.length - mostNames;
  return `${texts.slice(0, mostNames).join(' · ')}${others > 0 ? ` and ${others} more` : ''}`;
}
