/**
 * Who could end a task's wait, as far as the plan and the model can tell.
 */
import type { OperationName } from '../../plan/operation.ts';
import { isEnded, isLive, type ModelState, type TaskRecord } from '../model/model-state.ts';
import { holdersOf } from '../model/primitives/holding-rules.ts';
import type { ResourceRecord } from '../model/primitives/resource-record.ts';
import { modelOf } from '../model/primitives/table.ts';
import type { Abilities, Deed } from './abilities.ts';
import { tasksThat, whoIsBefore } from './blockage.ts';

export type Support = {
  /** Tasks of which each must act before the wait can end: the owner of a lock, the tasks whose end is awaited. */
  certain(task: TaskRecord): readonly number[];
  /** These, or live tasks of which any may end the wait: holders of permits, those who put, get, signal … */
  possible(task: TaskRecord): readonly number[];
  /** All that hold that resource, those that have ended included. */
  holders(resource: ResourceRecord): readonly TaskRecord[];
  /** Tasks whose programs have an operation that ends waits in that one: live ones only if they may still come to it. */
  able(operation: OperationName, resource: number): Able;
  /** Whether the task may do what most often ends such waits, not only something else that would. */
  doesUsual(task: TaskRecord, operation: OperationName, resource: number): boolean;
};

export type Able = {
  readonly live: readonly TaskRecord[];
  readonly ended: readonly TaskRecord[];
  readonly notStarted: readonly TaskRecord[];
};

/** The answers are kept: make a new one when the model has gone on. */
export function createSupport(state: ModelState, abilities: Abilities): Support {
  const ableTo = new Map<string, Able>();
  const held = new Map<number, readonly TaskRecord[]>();
  const ends = new Map<number, readonly number[]>();

  function certain(task: TaskRecord): readonly number[] {
    const { operation, target } = task.wait;
    if (operation === 'task.join') return [target];
    if (operation === 'end') return endsAwaited(task);
    const resource = operation === 'await' ? undefined : state.resources[target];
    const before = whoIsBefore(state, task);
    if (before !== undefined) return [before.id];
    return resource === undefined ? [] : (modelOf(resource).certain?.(state, resource, task) ?? []);
  }

  function endsAwaited(task: TaskRecord): readonly number[] {
    const known = ends.get(task.process);
    if (known !== undefined) return known;
    const awaited = awaitedAtEnd(state, task).map((other) => other.id);
    ends.set(task.process, awaited);
    return awaited;
  }

  function holders(resource: ResourceRecord): readonly TaskRecord[] {
    const known = held.get(resource.id);
    if (known !== undefined) return known;
    const tasks = holdersOf(state, resource);
    held.set(resource.id, tasks);
    return tasks;
  }

  function able(operation: OperationName, resource: number): Able {
    const key = `${operation} ${resource}`;
    const known = ableTo.get(key);
    if (known !== undefined) return known;
    const source = sourceOf(resource);
    const names = endedBy(operation, resource);
    const tasks = tasksThat(state, names, source);
    const fresh = {
      live: tasks.filter((task) => isLive(task) && abilities.may(task, names, source)),
      ended: tasks.filter(isEnded),
      notStarted: tasks.filter((task) => task.state === 'notStarted'),
    };
    ableTo.set(key, fresh);
    return fresh;
  }

  function endedBy(operation: OperationName, resource: number): readonly Deed[] {
    const record = state.resources[resource];
    return record === undefined ? [] : (modelOf(record).endedBy[operation] ?? []);
  }

  function sourceOf(resource: number): number {
    const record = state.resources[resource];
    return record === undefined ? resource : (modelOf(record).source?.(record) ?? resource);
  }

  function doesUsual(task: TaskRecord, operation: OperationName, resource: number): boolean {
    return abilities.may(task, endedBy(operation, resource).slice(0, 1), sourceOf(resource));
  }

  function possible(task: TaskRecord): readonly number[] {
    const those = certain(task);
    const { operation, target } = task.wait;
    if (isIdleWorker(state, task)) return [];
    if (those.length > 0 || operation === 'await' || operation === 'end') return those;
    const resource = state.resources[target];
    const holding = resource === undefined ? [] : holders(resource);
    const others: number[] = [];
    for (const list of [holding, able(operation, target).live]) {
      for (const other of list) {
        if (others.length === MOST_POSSIBLE) return others;
        // Who stands behind the task does nothing for it.
        if (other !== task && isLive(other) && whoIsBefore(state, other) !== task) others.push(other.id);
      }
    }
    return others;
  }

  return { certain, possible, holders, able, doesUsual };
}

/** A cycle through one of many is found as well through the first few of them. */
const MOST_POSSIBLE = 8;

/** The live tasks that the end of this task's process waits for: its non-daemon threads and child processes. */
export function awaitedAtEnd(state: ModelState, task: TaskRecord): readonly TaskRecord[] {
  return state.tasks.filter((other) => {
    if (other === task || other.daemon || !isLive(other)) return false;
    const process = state.processes[other.process];
    return process?.first === other.id ? process.parent === task.process : other.process === task.process;
  });
}

/** It waits for work, and nobody owes it any. */
function isIdleWorker({ plan }: ModelState, { wait, plan: { group } }: TaskRecord): boolean {
  return wait.operation === 'pool.adopt' && plan.groups[group]?.worksFor === wait.target;
}
