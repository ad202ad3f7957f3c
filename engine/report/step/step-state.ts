/**
 * How everything stands at one moment of a run, as rows for people: each task with what it does and has, each resource with
 * who has it and who waits for it, each var with what it holds.
 */
import type { Value } from '../../expression/values/value.ts';
import type { Event } from '../../log/event.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { harmless } from '../../source/harmless.ts';
import { resourceAttribute } from '../../verdict/expectations/context.ts';
import { createModel } from '../../verdict/model/model.ts';
import {
  cellsOf,
  type ModelState,
  type TaskRecord,
  type VariableRecord,
} from '../../verdict/model/model-state.ts';
import { holdersOf } from '../../verdict/model/primitives/holding-rules.ts';
import type { ResourceRecord } from '../../verdict/model/primitives/resource-record.ts';
import { modelOf } from '../../verdict/model/primitives/table.ts';
import { awaitedBy } from '../../verdict/model/wait-rules.ts';
import { shown } from '../../verdict/show.ts';
import { type Activity, createActivity } from '../run/activity.ts';
import { taskText } from '../run/activity-text.ts';
import { resourceText } from '../text/wording.ts';

/** All of it is harmless. */
export type StateRow = {
  readonly name: string;
  readonly text: string;
  /** The same as long as nothing happens to it: also when time passes, or others come to wait beside it. */
  readonly own: string;
  /** Its number, for its colour; -1 where it is no task's. */
  readonly task: number;
};

export type StepState = {
  readonly tasks: readonly StateRow[];
  readonly resources: readonly StateRow[];
  readonly vars: readonly StateRow[];
};

export type StateFold = {
  readonly handle: (event: Event) => void;
  readonly rows: () => StepState;
};

export function createStateFold(plan: Plan): StateFold {
  const activity = createActivity(plan);
  const model = createModel(plan);
  const { state } = model;
  return {
    handle(event) {
      activity.handle(event);
      model.handle(event);
    },
    rows() {
      const waiting = waitersIn(state);
      return {
        tasks: plan.tasks.flatMap(({ name }, task) => {
          if (!isShown(plan, task)) return [];
          const text = taskText(plan, activity, task, { nowUs: state.now });
          return [{ name: harmless(name), text, own: ownState(activity, task), task }];
        }),
        resources: state.resources.map((resource) =>
          row(resourceText(resource), resourceRow(state, resource, waiting.get(resource.id) ?? [])),
        ),
        vars: state.variables.map((variable) => row(harmless(variable.name), variableRow(state, variable))),
      };
    },
  };
}

function row(name: string, text: string): StateRow {
  return { name, text, own: text, task: -1 };
}

function ownState(activity: Activity, task: number): string {
  const { state, wait, awaited, untilUs } = activity.task(task);
  const held = activity.heldBy(task).map(({ id }) => id);
  const what = state === 'waiting' ? [wait.operation, wait.target, awaited?.id] : [];
  return [state, ...what, state === 'sleeping' ? untilUs : '', ...held].join(' ');
}

/** By resource: the tasks that wait for it. */
function waitersIn(state: ModelState): ReadonlyMap<number, readonly TaskRecord[]> {
  const waiting = new Map<number, TaskRecord[]>();
  for (const task of state.tasks) {
    const resource = task.state === 'waiting' ? awaitedBy(state, task) : undefined;
    if (resource === undefined || !isShown(state.plan, task.id)) continue;
    const others = waiting.get(resource.id);
    if (others === undefined) waiting.set(resource.id, [task]);
    else others.push(task);
  }
  return waiting;
}

/** These are said by the names beside them. */
const SAID: ReadonlySet<string> = new Set(['holders', 'owner', 'writer', 'waiting', 'held']);

/** `permits: 3, free: 1 · held by a, b · awaited by c, d` */
function resourceRow(state: ModelState, resource: ResourceRecord, waiters: readonly TaskRecord[]): string {
  const facts = Object.keys(modelOf(resource).attributes).flatMap((name) =>
    SAID.has(name) ? [] : [`${name}: ${shown(resourceAttribute(state, resource, name))}`],
  );
  const holders = holdersOf(state, resource);
  const parts = [
    ...(resource.enabled ? [] : ['off']),
    ...(facts.length === 0 ? [] : [facts.join(', ')]),
    ...(holders.length === 0 ? [] : [`held by ${names(holders)}`]),
    ...(waiters.length === 0 ? [] : [`awaited by ${names(waiters)}`]),
  ];
  if (parts.length > 0) return harmless(parts.join(' · '));
  return resource.kind.endsWith('lock') ? 'free' : 'nobody waits';
}

function names(tasks: readonly TaskRecord[]): string {
  return tasks.map(({ name }) => name).join(', ');
}

/** What the main program sees; processes with a copy of their own that differs are named with it. */
function variableRow(state: ModelState, variable: VariableRecord): string {
  const text = cellsText(cellsOf(state, variable, 0), variable);
  if (variable.shared) return harmless(text);
  const copies = state.processes.flatMap(({ first, cells }, process) => {
    const task = state.tasks[first];
    if (process === 0 || cells === null || task === undefined || task.ending !== null) return [];
    const own = cellsText(cellsOf(state, variable, process), variable);
    return own === text ? [] : [`${task.name}: ${own}`];
  });
  return harmless([text, ...copies].join(' · '));
}

function cellsText(cells: readonly Value[], { count }: VariableRecord): string {
  const texts = cells.map(shown);
  return count === 1 ? texts.join() : `[${texts.join(', ')}]`;
}
