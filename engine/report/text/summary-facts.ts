/**
 * The facts of a run, one line each: how tasks ended, what resources had to bear, which expectations held.
 */

import { harmless } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { UNSYNCHRONIZED } from '../../verdict/expectations/race-judgement.ts';
import { quoted } from '../../verdict/show.ts';
import type { Judgement, RaceAccess, ResourceSummary, Verdict } from '../../verdict/verdict.ts';
import { cellWidth } from './cell-width.ts';
import { judgementTitle } from './judgement-title.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { counted, judgementWords, resourceText } from './wording.ts';

type Fact = readonly [label: string, text: string];

const mostResources = 10;
const mostRaces = 4;
const mostNames = 6;
const widestLabel = 20;
const raceLabel = 'data race';
/** A run may pass with one. */
const allowed = ' (a failure only with `races: never`)';

/** Lines with aligned labels. */
export function factLines(verdict: Verdict, palette: Palette, places: Places): readonly string[] {
  const facts = [
    endsFact(verdict),
    ...resourceFacts(verdict.resources),
    ...raceFacts(verdict, places),
    ...judgementFacts(verdict),
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

function resourceFact(resource: ResourceSummary): Fact {
  return [
    resourceText(resource).replace(/^the /, ''),
    [...peakTexts(resource), ...waitTexts(resource)].join(' · '),
  ];
}

/** That one task at a time had a lock goes without saying. */
function peakTexts({ kind, peak, limit }: ResourceSummary): readonly string[] {
  if (limit !== null && limit > 0 && peak > limit)
    return [
      `switched off (\`enabled: false\`): ${counted(peak, 'task')} had it at once; it would allow ${limit}`,
    ];
  const of = limit === null ? `${peak}` : `${peak} of ${limit}`;
  switch (kind) {
    case 'semaphore':
      // Without permits at first, nobody holds any.
      return limit === 0 ? [] : [`peak ${limit === null ? counted(peak, 'permit') : `${of} permits`} in use`];
    case 'queue':
    case 'pipeEnd':
      return [`peak ${counted(peak, 'item')}${limit === null ? '' : `, room for ${limit}`}`];
    case 'pool':
      return [`peak ${of} at work`];
    case 'condition':
      return peak === 1 ? [] : [`peak ${of} waiting`];
    default:
      return [];
  }
}

/** Of a wait that did not end nobody knows how long it would have been. */
function waitTexts({ waits, unendedWaits, medianWaitUs, longestWaitUs }: ResourceSummary): readonly string[] {
  if (waits === 0) return ['nobody waited'];
  const ended = waits - unendedWaits;
  const never = unendedWaits === 0 ? [] : [`${counted(unendedWaits, 'wait')} never ended`];
  if (ended === 0) return never;
  return [`${counted(ended, 'wait')}${lengthsText(ended, medianWaitUs, longestWaitUs)}`, ...never];
}

/** In virtual time a wait may take none at all: those that are to end it come at the same time. */
function lengthsText(waits: number, medianUs: number, longestUs: number): string {
  if (longestUs === 0) return ' that took no time';
  const longest = durationText(longestUs);
  if (waits === 1) return ` of ${longest}`;
  return waits === 2 ? `, longest ${longest}` : `, median ${durationText(medianUs)}, longest ${longest}`;
}

/** One line for each var of which tasks touched the same cell, one of them writing, and nothing ordered the two. */
function raceFacts({ races, judgements }: Verdict, places: Places): readonly Fact[] {
  if (judgements.some(({ name, result }) => name === 'races' && result === 'failed')) return [];
  const names = [...new Set(races.map(({ variable }) => variable))];
  const facts = names.slice(0, mostRaces).map((name, index) => {
    const those = races.filter(({ variable }) => variable === name);
    const [first] = those;
    const pair =
      first === undefined
        ? []
        : [accessText(first.first, quoted(name), places), accessText(first.second, 'it', places)];
    const more = those.length > 1 ? ` · ${those.length - 1} more like it` : '';
    return [
      raceLabel,
      harmless(`${pair.join(' and ')} ${UNSYNCHRONIZED}${more}${index === 0 ? allowed : ''}`),
    ] as const;
  });
  const others = names.length - facts.length;
  return others > 0 ? [...facts, [raceLabel, `${others} more vars`]] : facts;
}

/** `` `p1` wrote n (line 7) `` */
function accessText({ task, deed, span }: RaceAccess, what: string, places: Places): string {
  const line = places.position(span)?.line;
  return `\`${task}\` ${deed} ${what}${line === undefined ? '' : ` (line ${line})`}`;
}

/** What failed is told in full below; how tasks ended that are stuck is no merit of theirs. */
function judgementFacts({ judgements, deadlock }: Verdict): readonly Fact[] {
  const isMerit = ({ name }: Judgement) => name !== 'tasks' || deadlock === null;
  const passed = judgements.filter((judgement) => judgement.result === 'passed' && isMerit(judgement));
  return [
    ...(passed.length > 0 ? [[judgementWords.passed, titles(passed)] as const] : []),
    ...notJudgedTexts(judgements).map(([names, reason]) => {
      return [judgementWords.notJudged, `${names}${reason === '' ? '' : `: ${reason}`}`] as const;
    }),
  ];
}

/** All of them, for what is not judged must not look as if it held: those for the same reason on one line. */
export function notJudgedTexts(
  judgements: readonly Judgement[],
): readonly (readonly [titles: string, reason: string])[] {
  const byReason = new Map<string, Judgement[]>();
  for (const judgement of judgements.filter(({ result }) => result === 'notJudged')) {
    const reason = judgement.reason ?? '';
    byReason.set(reason, [...(byReason.get(reason) ?? []), judgement]);
  }
  return [...byReason].map(([reason, some]) => [titles(some, some.length), harmless(reason)] as const);
}

/** Those beyond what is told in full. */
export function othersText(failures: readonly Judgement[]): string {
  const count = counted(failures.length, 'more expectation');
  return `… and ${count} not met (${titles(failures)}); --json has all of it`;
}

/** `no deadlock · output count (2) · peak stall` */
function titles(judgements: readonly Judgement[], most = mostNames): string {
  const counts = new Map<string, number>();
  for (const judgement of judgements) {
    const title = judgementTitle(judgement);
    counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const texts = [...counts].map(([title, count]) => `${harmless(title)}${count > 1 ? ` (${count})` : ''}`);
  const others = texts.length - most;
  return `${texts.slice(0, most).join(' · ')}${others > 0 ? ` and ${others} more` : ''}`;
}
