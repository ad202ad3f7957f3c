/**
 * A way through a scenario, moment by moment, as people are told it: who did what, and what the vars are then. What only
 * hosts see, and what the planner's own tasks do, is left out.
 */

import { errorText } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import type { Event, EventOf } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { quoted, shown } from '../../verdict/show.ts';
import { answeredText, didText, waitingText, wroteText } from '../text/wording.ts';

/** One thing that was done; `object` is the var, resource or task that it was done to, null where there is none. */
export type Deed = { readonly event: Event; readonly text: string; readonly object: string | null };

export type Moment = {
  readonly task: number;
  readonly step: number;
  readonly deeds: readonly Deed[];
  /** What every var is behind it, as the main program sees it. */
  readonly values: ReadonlyMap<number, Value>;
  /** All events up to it, those that are not told included: how many they are. */
  readonly events: number;
};

export function momentsOf(plan: Plan, events: readonly Event[]): readonly Moment[] {
  let values: ReadonlyMap<number, Value> = new Map(
    plan.variables.map((variable, index) => [index, variable.initial[0] ?? null]),
  );
  const moments: Moment[] = [];
  let deeds: Deed[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type === 'wrote' && isMains(plan, event))
      values = new Map([...values, [event.variable, event.value]]);
    const deed = deedOf(plan, event, values);
    if (deed !== undefined && deeds.every(({ text }) => text !== deed.text)) deeds.push(deed);
    if (!event.last || deeds.length === 0) continue;
    const task = event.type === 'ended' ? event.target : event.task;
    const moment = { task, step: event.step, deeds, values, events: index + 1 };
    const before = moments.at(-1);
    if (before !== undefined && isOneUpdate(plan, before, moment))
      moments.splice(-1, 1, joined(before, moment));
    else moments.push(moment);
    deeds = [];
  }
  return moments;
}

/** What an `update` reads, and what it then writes: nobody comes between them. */
function isOneUpdate({ steps }: Plan, before: Moment, { task, step }: Moment): boolean {
  if (task !== before.task || step !== before.step || steps[step]?.verb !== 'update') return false;
  return before.deeds.every(({ event }) => event.type === 'read');
}

function joined(before: Moment, moment: Moment): Moment {
  return { ...moment, deeds: [...before.deeds, ...moment.deeds] };
}

/** The text of all of it. */
export function momentText({ deeds }: Moment): string {
  return deeds.map(({ text }) => text).join(', ');
}

export function taskName(plan: Plan, task: number): string {
  return harmless(plan.tasks[task]?.name ?? '');
}

/** A process other than the main program's writes a copy of its own. */
function isMains(plan: Plan, { variable, process }: EventOf<'wrote' | 'read'>): boolean {
  return process === 0 || plan.variables[variable]?.shared === true;
}

/** Undefined for what is not told. */
function deedOf(plan: Plan, event: Event, values: ReadonlyMap<number, Value>): Deed | undefined {
  if (!isShown(plan, event.task)) return undefined;
  const text = textOf(plan, event, values);
  return text === undefined ? undefined : { event, text, object: objectOf(plan, event) };
}

function textOf(plan: Plan, event: Event, values: ReadonlyMap<number, Value>): string | undefined {
  switch (event.type) {
    case 'read':
      return readText(plan, event, values);
    case 'wrote':
      return isMains(plan, event) ? wroteText(plan, event) : `${wroteText(plan, event)}, its own copy`;
    case 'operated':
      return event.operation === 'task.start' ? undefined : didText(plan, event.operation, event.target);
    case 'started':
      if (event.target === event.task || !plan.mainIsWritten) return undefined;
      return `started ${quoted(taskName(plan, event.target))}`;
    case 'waiting':
      return waitingText(plan, event);
    case 'timedOut':
      return `no longer ${waitingText(plan, event)}: timeout`;
    case 'spurious':
      return `wakes up without a notify of ${objectText(plan, event)}`;
    case 'printed':
      return `printed ${harmless(shown(event.text))}`;
    case 'passed':
      return 'saw its condition hold';
    case 'raised':
      return harmless(errorText(event.error));
    case 'ended':
      // A failure says so itself.
      if (event.state === 'failed' && event.target === event.task) return undefined;
      return event.target === 0 && !plan.mainIsWritten ? undefined : event.state;
    case 'entered':
      return `entered ${objectText(plan, event)}`;
    case 'left':
      return `left ${objectText(plan, event)}`;
    case 'answered':
      return answeredText(event);
    default:
      return undefined;
  }
}

function readText(plan: Plan, event: EventOf<'read'>, values: ReadonlyMap<number, Value>): string {
  const name = `read ${objectText(plan, event)}`;
  if (!isMains(plan, event)) return `${name}, its own copy`;
  if (plan.variables[event.variable]?.array === true) return name;
  return `read ${objectOf(plan, event)} = ${harmless(shown(values.get(event.variable) ?? null))}`;
}

/** The same as it stands in a sentence. */
function objectText(plan: Plan, event: Event): string {
  return quoted(objectOf(plan, event) ?? '');
}

function objectOf(plan: Plan, event: Event): string | null {
  switch (event.type) {
    case 'read':
    case 'wrote':
      return harmless(plan.variables[event.variable]?.name ?? '');
    case 'operated':
    case 'waiting':
    case 'timedOut':
    case 'spurious':
      if (event.operation === 'await' || event.operation === 'end') return null;
      if (event.operation.startsWith('task.')) return taskName(plan, event.target);
      return harmless(plan.resources[event.target]?.name ?? '');
    case 'started':
      return taskName(plan, event.target);
    case 'entered':
    case 'left':
      return harmless(plan.points[event.point]?.name ?? '');
    default:
      return null;
  }
}
