/**
 * A deadlock explained: who waits for what since when, who holds it, why it can never be, and the circle if there is one.
 */

import { harmless } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import { quoted } from '../../verdict/show.ts';
import type { DeadlockReport, Holder } from '../../verdict/verdict.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { counted, waitingWords } from './wording.ts';

type Waiting = DeadlockReport['waiting'][number];

const mostWaiting = 8;
const mostHolders = 3;
const mostNames = 3;
const longestCycle = 12;

export type DeadlockTelling = {
  /** It is what the scenario is about, and no reason for alarm. */
  readonly isExpected?: boolean;
  /** Time says nothing, as in a check. */
  readonly isTimeless?: boolean;
};

export function deadlockLines(
  report: DeadlockReport,
  places: Places,
  palette: Palette,
  { isExpected = false, isTimeless = false }: DeadlockTelling = {},
): readonly string[] {
  const alike = groupAlike(waitingFirstInCycle(report));
  const shown = alike.slice(0, mostWaiting);
  const others = alike.slice(mostWaiting).reduce((sum, { tasks }) => sum + tasks.length, 0);
  return [
    `${isExpected ? palette.bold('deadlock, as expected:') : palette.bad('deadlock:')} ${counted(report.waiting.length, 'task')} ${report.waiting.length === 1 ? 'waits' : 'wait'} for ever`,
    ...(isAtOneBarrier(report) ? [] : cycleLines(report.cycle, palette)),
    ...shown.flatMap((group, index) => waitingLines(group, { framed: index === 0, isTimeless }, places)),
    ...(others > 0 ? [`  … and ${others} more wait`] : []),
  ];
}

/** The members of the cycle explain the others, so they come first, in the cycle's order. */
function waitingFirstInCycle({ waiting, cycle }: DeadlockReport): readonly Waiting[] {
  const place = new Map(cycle.map((task, index) => [task, index]));
  const placeOf = ({ task }: Waiting) => place.get(task) ?? cycle.length;
  return [...waiting].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Tasks that wait at the same place for the same thing and reason; `first` has waited for it the longest. */
type Alike = { first: Waiting; readonly tasks: string[] };

function groupAlike(waiting: readonly Waiting[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const one of waiting) {
    const key = JSON.stringify([one.operation, one.resource, one.span, one.why]);
    const group = groups.get(key) ?? { first: one, tasks: [] };
    groups.set(key, group);
    group.tasks.push(one.task);
    if (one.sinceUs < group.first.sinceUs) group.first = one;
  }
  return [...groups.values()];
}

/** The step's text says what the others wait for. */
function isNamed(operation: string): boolean {
  return operation !== 'await' && operation !== 'end';
}

/** Those who are at a barrier wait for who is not there, not for each other. */
function isAtOneBarrier({ waiting, cycle }: DeadlockReport): boolean {
  const those = waiting.filter(({ task }) => cycle.includes(task));
  return those.every(
    ({ operation, resource }) => operation === 'barrier.wait' && resource === those[0]?.resource,
  );
}

function cycleLines(cycle: readonly string[], palette: Palette): readonly string[] {
  const [first] = cycle;
  // That a task waits for itself its own line tells.
  if (first === undefined || cycle.length === 1) return [];
  const others = cycle.length - longestCycle;
  const names = cycle.slice(0, longestCycle).map((name) => quoted(harmless(name)));
  const shown = [...names, ...(others > 0 ? [`… ${others} more …`] : []), quoted(harmless(first))];
  return [`  each waits for the next: ${palette.bold(shown.join(' → '))}`];
}

type Telling = { readonly framed: boolean; readonly isTimeless: boolean };

function waitingLines(
  { first, tasks }: Alike,
  { framed, isTimeless }: Telling,
  places: Places,
): readonly string[] {
  const { operation, resource, sinceUs, span, why } = first;
  const does = waitingWords(operation, isNamed(operation) ? quoted(harmless(resource)) : harmless(resource));
  const at = isTimeless ? '' : `at ${durationText(sinceUs)}`;
  const when = [at, places.text(span)].filter((part) => part !== '').join(', ');
  return [
    `  ${namesText(tasks)} began ${does}${inBrackets(when)}`,
    ...(framed ? places.frame(span).map((line) => `      ${line}`) : []),
    ...(why === '' ? [] : [`    ${harmless(why)}`]),
    // A single holder is part of the explanation already.
    ...(first.holders.length === 1 && why !== '' ? [] : holderLines(first.holders, places, isTimeless)),
  ];
}

/** `` `p0` `` · `` `p0`, `p1` and `p2` `` · `` `p0`, `p1`, `p2` and 9 others `` */
export function namesText(tasks: readonly string[]): string {
  const shown = tasks.slice(0, mostNames).map((name) => quoted(harmless(name)));
  const others = tasks.length - shown.length;
  const last = others > 0 ? counted(others, 'other') : shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`;
}

export function holderLines(
  holders: readonly Holder[],
  places: Places,
  isTimeless = false,
): readonly string[] {
  const others = holders.length - mostHolders;
  return [
    ...holders.slice(0, mostHolders).map((holder) => `    ${holderText(holder, places, isTimeless)}`),
    ...(others > 0 ? [`    … and ${others} more`] : []),
  ];
}

function holderText({ task, sinceUs, span, ended }: Holder, places: Places, isTimeless: boolean): string {
  const dead = ended ? ' and has ended' : '';
  return `held by ${quoted(harmless(task))}, which took it${isTimeless ? '' : ` at ${durationText(sinceUs)}`}${inBrackets(places.text(span))}${dead}`;
}

export function inBrackets(place: string): string {
  return place === '' ? '' : ` (${place})`;
}
