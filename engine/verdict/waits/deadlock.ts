/**
 * Deadlock, as a fold over what the model knows: every live task waits without a timeout, and none of them can go on.
 *
 * It is stable, so it may be looked for at any time, and asking costs nothing while anybody can still act. Where only
 * daemons wait, the program ends normally. A part of the tasks that waits for ever is a deadlock as well, a partial one.
 */

import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Model } from '../model/model.ts';
import { isForResource, isLive, type ModelState, type TaskRecord } from '../model/model-state.ts';
import { modelOf } from '../model/primitives/table.ts';
import { spanOf } from '../show.ts';
import type { DeadlockReport } from '../verdict.ts';
import type { Abilities } from './abilities.ts';
import { canGoOn } from './blockage.ts';
import { createExplainer, type Explainer, type WhenAndWhere } from './explanation.ts';
import { createHolderReport } from './holder-report.ts';
import { findStuck } from './stuck.ts';
import { createSupport, type Support } from './support.ts';

type WaitReport = DeadlockReport['waiting'][number];
/** What the search needs besides the model. */
export type DeadlockContext = WhenAndWhere & { readonly abilities: Abilities };

/**
 * The deadlock the run is in, or null: somebody can still act, or nobody but daemons is left.
 *
 * Tasks are reported in the plan's order. Linear in tasks, but for an early answer while somebody can act.
 *
 * @param context with `lineOf` the explanations have line numbers
 */
export function findDeadlock(model: Model, context: DeadlockContext): DeadlockReport | null {
  const { state } = model;
  if (!standsStill(state)) return null;
  const waiting = state.tasks.filter(isLive);
  if (waiting.some((task) => canGoOn(state, task))) return null;
  return reportDeadlock(state, waiting, context);
}

/**
 * The tasks that wait for ever though others can go on, or null if nobody does or everybody.
 *
 * @param atEnd the program ends of itself, and daemons with it: that nobody sends them anything any more is as it should be
 */
export function findPartialDeadlock(
  model: Model,
  atEnd: boolean,
  context: DeadlockContext,
): DeadlockReport | null {
  const { state } = model;
  const stuck = findStuck(state, context.abilities).filter((task) => !atEnd || isHeldUp(state, task));
  // What only serves the others is no news by itself: a worker waits for work that waits for ever.
  const isNews = stuck.some(({ id }) => isShown(state.plan, id));
  if (!isNews || stuck.length === state.live) return null;
  return reportDeadlock(state, stuck, context);
}

/**
 * The deadlock of a run that can never come to its end, or null: all tasks that it lives as long as wait for ever, and
 * only daemons can go on. A look costs nothing while one of them can.
 */
export function findEndlessWait(model: Model, context: DeadlockContext): DeadlockReport | null {
  const { state } = model;
  const isWhole = state.live === state.blocked;
  if (isWhole || state.needed === 0 || state.neededBlocked < state.needed) return null;
  const stuck = findStuck(state, context.abilities);
  if (stuck.filter(({ needed }) => needed).length < state.needed) return null;
  return reportDeadlock(state, stuck, context);
}

/** Whether it waits for what others have, not for what they could do. */
function isHeldUp(state: ModelState, task: TaskRecord): boolean {
  if (!isForResource(task.wait.operation)) return task.wait.operation === 'task.join';
  const resource = state.resources[task.wait.target];
  if (resource === undefined) return false;
  return modelOf(resource).isHeldUp?.(resource, task) ?? resource.holders > 0;
}

function reportDeadlock(
  state: ModelState,
  waiting: readonly TaskRecord[],
  { abilities, ...words }: DeadlockContext,
): DeadlockReport {
  const { plan } = state;
  const support = createSupport(state, abilities);
  const report = createReporter(plan, state, createExplainer(state, support, words));
  // A main that nobody wrote only joins the others: that it waits for them explains nothing, unless it is all there is.
  const shown = waiting.filter(({ id }) => isShown(plan, id));
  return {
    waiting: (shown.length > 0 ? shown : waiting).map(report),
    cycle: findCycle(state, waiting, support).map((task) => task.name),
  };
}

/** Whether every live task waits without a timeout, and not all of them are daemons. */
function standsStill(state: ModelState): boolean {
  if (state.live === 0 || state.live !== state.blocked) return false;
  return state.tasks.some((task) => isLive(task) && !task.daemon);
}

function createReporter(
  plan: Plan,
  state: ModelState,
  explainer: Explainer,
): (task: TaskRecord) => WaitReport {
  const holdersOf = createHolderReport(state);
  return (task) => {
    const { operation, target, sinceUs, step } = task.wait;
    return {
      task: task.name,
      operation,
      resource: explainer.awaited(task),
      sinceUs,
      span: spanOf(plan, step),
      holders: isForResource(operation) ? holdersOf(target) : [],
      why: explainer.why(task),
    };
  };
}

/**
 * Tasks each waiting for the next, the last for the first. First along waits for one certain task (the owner of a lock,
 * a task to end), then also along waits for any of several.
 */
function findCycle(
  state: ModelState,
  waiting: readonly TaskRecord[],
  support: Support,
): readonly TaskRecord[] {
  const certain = cycleAlong(state, waiting, support.certain);
  return certain.length > 0 ? certain : cycleAlong(state, waiting, support.possible);
}

function cycleAlong(
  state: ModelState,
  waiting: readonly TaskRecord[],
  next: (task: TaskRecord) => readonly number[],
): readonly TaskRecord[] {
  const done = new Set<number>();
  const inside = new Set(waiting.map((task) => task.id));
  for (const start of waiting) {
    if (done.has(start.id)) continue;
    const path = [{ task: start, next: next(start).values() }];
    const onPath = new Set([start.id]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      if (step.done === true) {
        path.pop();
        onPath.delete(top.task.id);
        done.add(top.task.id);
        continue;
      }
      if (onPath.has(step.value)) {
        const tasks = path.map((entry) => entry.task);
        return tasks.slice(tasks.findIndex((task) => task.id === step.value));
      }
      const task = state.tasks[step.value];
      if (task === undefined || done.has(task.id) || !inside.has(task.id)) continue;
      path.push({ task, next: next(task).values() });
      onPath.add(task.id);
    }
  }
  return [];
}
