/**
 * The lines of the live view: what a task does and why it waits, a group of replicas on one line, the whole run.
 */

import { errorText } from '../../expression/values/scenario-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { clockText } from '../../verdict/duration-text.ts';
import { counted, resourceText, waitingText } from '../text/wording.ts';
import { type Activity, type ActivityState, isEnded, type Tally, type TaskActivity } from './activity.ts';
import { heldText } from './held.ts';

export type Clock = { readonly nowUs: number };

/** `` waiting for `stall` with 2 others, 1.3 s `` · `` holds `stall` `` · `` holds `fork[0]` · sleeping 0.8 s `` · `failed: Full` */
export function taskText(plan: Plan, activity: Activity, task: number, { nowUs }: Clock): string {
  const doing = activity.task(task);
  const held = activity.heldBy(task);
  const names = held.map(heldText).join(', ');
  const holds = names === '' ? '' : `${isEnded(doing.state) ? 'still ' : ''}holds ${names}`;
  const does = doingText(plan, doing, nowUs);
  if (holds === '') return does;
  return doing.state === 'running' ? holds : `${holds} · ${does}`;
}

function doingText(plan: Plan, doing: TaskActivity, nowUs: number): string {
  switch (doing.state) {
    case 'notStarted':
      return 'not started';
    case 'running':
      return 'running';
    case 'sleeping':
      return `sleeping ${clockText(doing.untilUs - nowUs)}`;
    case 'stopping':
      return `stopping, ${clockText(nowUs - doing.sinceUs)} of ${clockText(doing.untilUs - doing.sinceUs)}`;
    case 'waiting':
      return `${waitText(plan, doing)}, ${clockText(nowUs - doing.sinceUs)}`;
    case 'finished':
      return 'finished';
    case 'failed':
      return doing.error === null ? 'failed' : harmless(`failed: ${errorText(doing.error)}`);
    case 'terminated':
      return doing.cause === '' ? 'terminated' : harmless(`terminated: ${doing.cause}`);
    case 'skipped':
      return doing.error === null ? 'skipped' : harmless(`skipped: ${doing.error.message}`);
    default:
      return doing.state satisfies never;
  }
}

/** Who was called by a condition waits for its lock. */
function waitText(plan: Plan, { wait, awaited, company }: TaskActivity): string {
  const text = awaited === null ? waitingText(plan, wait) : `waiting for ${resourceText(awaited)}`;
  return company > 0 ? `${text} with ${counted(company, 'other')}` : text;
}

const tallyWords = {
  running: 'running',
  waiting: 'waiting',
  sleeping: 'sleeping',
  stopping: 'stopping',
  notStarted: 'not started',
  finished: 'finished',
  failed: 'failed',
  terminated: 'terminated',
  skipped: 'skipped',
} as const satisfies Record<ActivityState, string>;

const tallyOrder = [
  'running',
  'waiting',
  'sleeping',
  'stopping',
  'notStarted',
  'failed',
  'terminated',
  'skipped',
  'finished',
] as const;

/** `` 3 hold `stall` · 3 sleeping, 12 waiting, 985 finished ``: each task is counted once among those that do something. */
export function groupText(activity: Activity, group: number): string {
  const tally = activity.tally(group);
  const holders = [...activity.holdersIn(group)].map(
    ([name, count]) => `${count} ${count === 1 ? 'holds' : 'hold'} ${name}`,
  );
  const states = tallyOrder
    .filter((state) => tally[state] > 0)
    .map((state) => `${tally[state]} ${tallyWords[state]}`);
  return [holders, states].flatMap((some) => (some.length === 0 ? [] : [some.join(', ')])).join(' · ');
}

/** `985/1000`: how many have ended, for lines too short for more. */
export function shortGroupText(tally: Tally): string {
  return `${endedOf(tally)}/${totalOf(tally)}`;
}

/** `985 of 1000 tasks ended, 2 failed · 12 waiting · 4.2 s` */
export function progressText(tally: Tally, nowUs: number): string {
  const parts = [`${endedOf(tally)} of ${counted(totalOf(tally), 'task')} ended`];
  if (tally.failed > 0) parts[0] += `, ${tally.failed} failed`;
  if (tally.waiting > 0) parts.push(`${tally.waiting} waiting`);
  parts.push(clockText(nowUs));
  return parts.join(' · ');
}

/** `985/1000 · 4.2 s` */
export function shortProgressText(tally: Tally, nowUs: number): string {
  return `${shortGroupText(tally)} · ${clockText(nowUs)}`;
}

function endedOf(tally: Tally): number {
  return tally.finished + tally.failed + tally.terminated + tally.skipped;
}

function totalOf(tally: Tally): number {
  return endedOf(tally) + tally.notStarted + tally.running + tally.waiting + tally.sleeping + tally.stopping;
}

/** Of a group, the state that its line's mark shows: the worst end, or that it is still at work. */
export function groupState(tally: Tally): ActivityState {
  if (tally.failed > 0) return 'failed';
  if (tally.running + tally.waiting + tally.sleeping + tally.stopping > 0) return 'running';
  if (tally.notStarted > 0) return endedOf(tally) > 0 ? 'running' : 'notStarted';
  if (tally.terminated > 0) return 'terminated';
  return tally.finished > 0 ? 'finished' : 'skipped';
}
