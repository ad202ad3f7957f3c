/**
 * Whether a waiting task could go on, and for whom it waits: what both the model's check of waits and the search for
 * deadlocks need to know.
 */

import type { Plan } from '../../plan/plan.ts';
import { isEnded, isForResource, type ModelState, type TaskRecord } from '../model/model-state.ts';
import { firstIn, isNext, type Line } from '../model/primitives/line.ts';
import { NOBODY, type ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';
import { type Deed, isIn, rangesOf } from './abilities.ts';

/** Whether what the waiting task waits for is possible now. Of an `await` nobody knows but the task: taken as not. */
export function canGoOn(state: ModelState, task: TaskRecord): boolean {
  const { operation, target } = task.wait;
  if (operation === 'await') return false;
  if (operation === 'end') {
    const process = state.processes[task.process];
    return process === undefined || (process.threads === 0 && process.children === 0);
  }
  if (operation === 'task.join') {
    const joined = state.tasks[target];
    return joined === undefined || isOverFor(state, task, joined);
  }
  const resource = state.resources[target];
  return (
    resource === undefined ||
    !resource.enabled ||
    isFreeFor(state, resource, task, isNext(lineFor(state, task), task.id))
  );
}

/** Whether it could go on if it stood first in line: nothing but the order of arrival holds it up. */
export function couldGoOnFirst(state: ModelState, task: TaskRecord): boolean {
  const resource = state.resources[task.wait.target];
  return lineFor(state, task) !== null && resource !== undefined && isFreeFor(state, resource, task, true);
}

/** Who stands first in the line of what the waiting task waits for, where nothing but that holds the task up. */
export function whoIsBefore(state: ModelState, task: TaskRecord): TaskRecord | undefined {
  const line = task.state === 'waiting' ? lineFor(state, task) : null;
  if (isNext(line, task.id) || !couldGoOnFirst(state, task)) return undefined;
  return state.tasks[firstIn(line) ?? NOBODY];
}

/** The line in which the waiting task stands, or is about to; null where order does not count. */
export function lineFor(state: ModelState, task: TaskRecord): Line {
  if (!isForResource(task.wait.operation)) return null;
  const resource = state.resources[task.wait.target];
  return resource === undefined ? null : (modelOf(resource).line?.(state, resource, task) ?? null);
}

/** For a thread the first task of its own process is over with its steps. */
export function isOverFor(state: ModelState, task: TaskRecord, joined: TaskRecord): boolean {
  if (isEnded(joined)) return true;
  const isFirst = state.processes[task.process]?.first === joined.id;
  return isFirst && task !== joined && joined.state === 'waiting' && joined.wait.operation === 'end';
}

/** @param first whether nobody stands before the task */
function isFreeFor(state: ModelState, resource: ResourceRecord, task: TaskRecord, first: boolean): boolean {
  return modelOf(resource).isFree(state, resource, task, first);
}

/** Tasks whose program has one of these operations on that resource, at whichever step, in the plan's order. */
export function tasksThat(
  state: ModelState,
  names: readonly Deed[],
  resource: number,
): readonly TaskRecord[] {
  const able = programsThat(state.plan, names, resource);
  return state.tasks.filter((task) => able[task.plan.program] === true);
}

/** By program, whether it has one of these operations on that resource. */
function programsThat(plan: Plan, names: readonly Deed[], resource: number): readonly boolean[] {
  return plan.programs.map(({ instructions }) =>
    rangesOf(instructions, names, instructions).some(isIn(resource)),
  );
}
