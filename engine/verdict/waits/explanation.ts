/**
 * Why a wait can never end, in plain words for a learner: what the task waits for, who has it or could give it, and
 * what keeps that one from doing so.
 */
import { isShown } from '../../plan/is-shown.ts';
import type { OperationName } from '../../plan/operation.ts';
import { durationText } from '../duration-text.ts';
import { isLive, type ModelState, type TaskRecord, taskName } from '../model/model-state.ts';
import type { ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';
import { type LineOf, listed, MOST_NAMES, quoted } from '../show.ts';
import { whoIsBefore } from './blockage.ts';
import { awaitedName, doing } from './doing.ts';
import { type Explaining, named, plural } from './explaining.ts';
import type { Support } from './support.ts';

/** What an explanation may say of times and places. */
export type WhenAndWhere = {
  readonly lineOf?: LineOf | undefined;
  /** Time says nothing. */
  readonly isTimeless?: boolean | undefined;
};

export type Explainer = {
  /** The name of what the task waits for; of an `await` or the end of a program, the step's text or nothing. */
  awaited(task: TaskRecord): string;
  /** One or two short sentences' worth, without a full stop. */
  why(task: TaskRecord): string;
};

/** @param words for line numbers and times; where one of them is missing, there are none in the texts */
export function createExplainer(
  state: ModelState,
  support: Support,
  { lineOf, isTimeless = false }: WhenAndWhere = {},
): Explainer {
  const explaining: Explaining = {
    state,
    lineOf,
    when: (us) => (isTimeless ? '' : ` at ${durationText(us)}`),
    doing: (task) => doing(state, task),
    holders: support.holders,
    absence,
  };
  return { awaited: (task) => awaitedName(state, task), why };

  function why(task: TaskRecord): string {
    const { operation, target } = task.wait;
    if (operation === 'await') return `its condition is false, and ${whoIsLeft(task)}`;
    if (operation === 'end') return whyEnd(task);
    if (operation === 'task.join') return whyJoin(task, target);
    const resource = state.resources[target];
    const before = whoIsBefore(state, task);
    if (before !== undefined) return whyOrder(task, before);
    return resource === undefined ? '' : modelOf(resource).why(explaining, resource, task, operation);
  }

  function whyOrder(task: TaskRecord, before: TaskRecord): string {
    return `${quoted(before.name)} stands before it in the line for ${quoted(awaitedName(state, task))}, and ${doing(state, before)}`;
  }

  /** Of those who have ended nobody says that they wait. */
  function whoIsLeft(task: TaskRecord): string {
    const isOther = (other: TaskRecord) => other !== task && isLive(other) && isShown(state.plan, other.id);
    return state.tasks.some(isOther)
      ? 'all remaining tasks wait too'
      : 'no other task is left to change that';
  }

  function whyEnd(task: TaskRecord): string {
    const awaited = support.certain(task);
    const names = awaited.slice(0, MOST_NAMES).map((other) => taskName(state, other));
    return `its program ends only after ${listed(names, awaited.length)}, which ${plural(awaited, 'waits', 'wait')} too`;
  }

  function whyJoin(task: TaskRecord, target: number): string {
    const joined = state.tasks[target];
    if (joined === undefined) return '';
    if (joined === task) return 'it waits for its own end';
    return `${quoted(joined.name)} never ends: it ${doing(state, joined)}`;
  }

  /** Why nobody does it: those who could wait themselves, have ended, were never started, or never were. */
  function absence(
    task: TaskRecord,
    resource: ResourceRecord,
    operation: OperationName,
    deed: string,
    done?: ReadonlyMap<number, unknown>,
  ): string {
    const able = support.able(operation, resource.id);
    const live = others(able.live, task).filter(({ id }) => done?.has(id) !== true);
    const [first] = live;
    if (first !== undefined && live.length === 1) {
      const does = support.doesUsual(first, operation, resource.id) ? deed : 'could end that';
      return `${quoted(first.name)}, the only other task that ${does}, ${doing(state, first)}`;
    }
    if (first !== undefined) return `${named(live)}, which could do that, wait themselves`;
    const nobody = done === undefined ? `no remaining task ${deed}` : `no other task ${deed}`;
    if (able.ended.length > 0)
      return `${nobody}: ${named(able.ended)} ${plural(able.ended, 'has', 'have')} ended`;
    if (able.notStarted.length === 0) return nobody;
    return `${nobody}: ${named(able.notStarted)} ${plural(able.notStarted, 'was', 'were')} never started`;
  }
}

function others(tasks: readonly TaskRecord[], task: TaskRecord): readonly TaskRecord[] {
  const place = tasks.indexOf(task);
  return place < 0 ? tasks : tasks.toSpliced(place, 1);
}
