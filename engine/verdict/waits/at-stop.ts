/**
 * What tasks did when the run was stopped: for a run that was interrupted or took too long, where nobody knows whether a
 * wait would have ended.
 */
import { isShown } from '../../plan/is-shown.ts';
import type { Model } from '../model/model.ts';
import { isForResource, isLive, type ModelState, type TaskRecord } from '../model/model-state.ts';
import { spanOf } from '../show.ts';
import type { AtStop } from '../verdict.ts';
import { awaitedName, doingNow } from './doing.ts';
import { createHolderReport } from './holder-report.ts';

/** The live tasks, and those that were still to be started, in the plan's order. */
export function findAtStop({ state }: Model): readonly AtStop[] {
  const holdersOf = createHolderReport(state);
  const launched = new Map(state.tasks.flatMap((task) => launchOf(state, task) ?? []));
  return state.tasks.flatMap((task): readonly AtStop[] => {
    const { plan } = state;
    const needs = launched.get(plan.groups[task.plan.group]?.name ?? '');
    if (task.state === 'notStarted' && needs !== undefined) return [{ ...needs, task: task.name }];
    if (!isLive(task) || !isShown(plan, task.id)) return [];
    const isWaiting = task.state === 'waiting';
    const { operation, target, sinceUs, step } = task.wait;
    const holders = isForResource(operation) ? holdersOf(target) : [];
    return [
      {
        task: task.name,
        does: doingNow(state, task),
        span: spanOf(plan, isWaiting ? step : task.step),
        wait: isWaiting ? { operation, resource: awaitedName(state, task), sinceUs, holders } : null,
      },
    ];
  });
}

/** Of a task that waits until another may be started: whom it is to start, and for what it waits. */
function launchOf(
  state: ModelState,
  task: TaskRecord,
): readonly (readonly [string, Omit<AtStop, 'task'>])[] | null {
  const { serves } = state.plan.groups[task.plan.group] ?? {};
  const step = state.plan.steps[task.wait.step];
  if (serves === undefined || task.state !== 'waiting' || step?.verb !== 'needs') return null;
  return [[serves, { does: `is not started: it ${step.text}`, span: step.span, wait: null }]];
}
