/**
 * Whether a waiting task could go on, and for whom it waits: what both the model's check of waits and the search for
 * deadlocks need to know.
 */
import type { Plan } from '../../plan/plan.ts';
import { canPass } from '../model/barrier-rules.ts';
import { lockOf } from '../model/condition-rules.ts';
import { firstIn, isNext, type Line } from '../model/line.ts';
import { isEnded, isForResource, type ModelState, type TaskRecord } from '../model/model-state.ts';
import {
  type ConditionRecord,
  NOBODY,
  type PipeEndRecord,
  type ResourceRecord,
} from '../model/resource-record.ts';
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
export function lineFor(state: ModelState, { id, wait }: TaskRecord): Line {
  if (!isForResource(wait.operation)) return null;
  const resource = state.resources[wait.target];
  switch (resource?.kind) {
    case 'lock':
    case 'rlock':
    case 'semaphore':
      return resource.line;
    case 'queue':
      if (wait.operation === 'queue.join') return null;
      return wait.operation === 'queue.put' ? resource.puts : resource.gets;
    case 'condition':
      return resource.called.has(id) ? (lockOf(state, resource)?.line ?? null) : null;
    default:
      return null;
  }
}

/** For a thread the first task of its own process is over with its steps. */
export function isOverFor(state: ModelState, task: TaskRecord, joined: TaskRecord): boolean {
  if (isEnded(joined)) return true;
  const isFirst = state.processes[task.process]?.first === joined.id;
  return isFirst && task !== joined && joined.state === 'waiting' && joined.wait.operation === 'end';
}

/** @param first whether nobody stands before the task */
function isFreeFor(state: ModelState, resource: ResourceRecord, task: TaskRecord, first: boolean): boolean {
  switch (resource.kind) {
    case 'lock':
    case 'rlock':
      if (resource.owner === NOBODY) return first;
      return (resource.kind === 'rlock' && resource.owner === task.id) || failsForDead(state, resource);
    case 'semaphore':
      return resource.free >= task.wait.amount ? first : failsForDead(state, resource);
    case 'queue':
      return isQueueFreeFor(resource, task.wait.operation, first);
    case 'event':
      return resource.set;
    case 'condition':
      return resource.called.has(task.id) && isLockFree(state, resource, task, first);
    case 'barrier':
      return canPass(resource, task);
    case 'pipeEnd':
      return isPipeReady(state, resource, task.wait.operation);
    case 'pool':
      // A task in line waits for a worker, a worker for a task.
      return resource.line.size > 0 && !resource.line.has(task.id) && task.plan.pool === undefined;
    case 'file':
      return true;
  }
}

/** Who was called out of the line takes the lock back, as any other who wants it. */
function isLockFree(
  state: ModelState,
  condition: ConditionRecord,
  task: TaskRecord,
  first: boolean,
): boolean {
  const lock = lockOf(state, condition);
  return lock === null || !lock.enabled || isFreeFor(state, lock, task, first);
}

/** A receive fails where the stream has ended, and so does whatever is done with a closed end. */
function isPipeReady(state: ModelState, end: PipeEndRecord, operation: string): boolean {
  if (end.closed || operation !== 'pipe.receive') return true;
  const peer = state.resources[end.plan.peer];
  return end.inbox.size() > 0 || (peer?.kind === 'pipeEnd' && peer.closed);
}

/** In a closed queue nobody waits for room, nor for an item where there is none: that fails. */
function isQueueFreeFor(
  queue: ResourceRecord & { readonly kind: 'queue' },
  operation: string,
  first: boolean,
): boolean {
  const size = queue.items.size();
  if (operation === 'queue.join') return queue.unfinished === 0;
  if (operation === 'queue.get') return size > 0 ? first : queue.closed;
  if (queue.closed) return true;
  return (queue.plan.capacity === 0 || size < queue.plan.capacity) && first;
}

/** Where a holder that ended makes others fail, they do not wait. */
function failsForDead(state: ModelState, resource: ResourceRecord): boolean {
  if (resource.plan.onHolderExit !== 'fail') return false;
  return holdersOf(state, resource).some(isEnded);
}

/** All tasks that hold it, those that have ended included, in the plan's order. */
export function holdersOf(state: ModelState, resource: ResourceRecord): readonly TaskRecord[] {
  if (resource.holders === 0) return [];
  return state.tasks.filter((task) => {
    for (let entry = task.held.first; entry !== null; entry = entry.next)
      if (entry.key === resource.id) return true;
    return false;
  });
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
