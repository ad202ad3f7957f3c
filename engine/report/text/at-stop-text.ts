/**
 * What tasks did when a run was stopped that took too long or was interrupted: who waits for what since when, who has it.
 */
import { harmless } from '../../source/harmless.ts';
import { durationText } from '../../verdict/duration-text.ts';
import type { AtStop } from '../../verdict/verdict.ts';
import { holderLines, inBrackets, namesText } from './deadlock-text.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { counted } from './wording.ts';

/** Tasks that did the same at the same step; `first` has done so for the longest time. */
type Alike = { first: AtStop; readonly tasks: string[] };

const mostShown = 8;

/** Nothing where the run came to its end. */
export function atStopLines(tasks: readonly AtStop[], places: Places, palette: Palette): readonly string[] {
  if (tasks.length === 0) return [];
  const alike = groupAlike(tasks);
  const others = alike.slice(mostShown).reduce((sum, group) => sum + group.tasks.length, 0);
  return [
    palette.bold('when the run was stopped:'),
    ...alike.slice(0, mostShown).flatMap((group) => taskLines(group, places)),
    ...(others > 0 ? [`  … and ${counted(others, 'other task')}`] : []),
  ];
}

function groupAlike(tasks: readonly AtStop[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const one of tasks) {
    const key = JSON.stringify([one.does, one.span]);
    const group = groups.get(key) ?? { first: one, tasks: [] };
    groups.set(key, group);
    group.tasks.push(one.task);
    if ((one.wait?.sinceUs ?? 0) < (group.first.wait?.sinceUs ?? 0)) group.first = one;
  }
  return [...groups.values()];
}

/** `p0 and p1: each waits for `a`, (from 0.2 s on, x.yaml:7)`, and who has it. */
function taskLines({ first, tasks }: Alike, places: Places): readonly string[] {
  const { does, span, wait } = first;
  const from = wait === null ? [] : [`from ${durationText(wait.sinceUs)} on`];
  const where = [...from, places.text(span)].filter((part) => part !== '').join(', ');
  const who = `${namesText(tasks)}${tasks.length > 1 ? ': each' : ''}`;
  const line = `  ${who} ${harmless(does)}${inBrackets(where)}`;
  return [line, ...(wait === null ? [] : holderLines(wait.holders, places))];
}
