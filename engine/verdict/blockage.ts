/**
 * Whether a waiting task could go on, and for whom it waits: what both the model's check of waits and the search for
 * deadlocks need to know.
 */
import type { Plan } from '../plan/plan.ts';
import { type Deed, isIn, rangesOf } from './abilities.ts';
import { canPass } from './barrier-rules.ts';
import { isEnded, type ModelState, type TaskRecord } from './model-state.ts';
import { type ConditionRecord, NOBODY, type PipeEndRecord, type ResourceRecord } from './resource-record.ts';

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
  return resource === undefined || !resource.enabled || isFreeFor(state, resource, task);
}

/** For a thread the first task of its own process is over with its steps. */
export function isOverFor(state: ModelState, task: TaskRecord, joined: TaskRecord): boolean {
  if (isEnded(joined)) return true;
  const isFirst = state.processes[task.process]?.first === joined.id;
  return isFirst && task !== joined && joined.state === 'waiting' && joined.wait.operation === 'end';
}

function isFreeFor(state: ModelState, resource: ResourceRecord, task: TaskRecord): boolean {
  switch (resource.kind) {
    case 'lock':
      return resource.owner === NOBODY || failsForDead(state, resource);
    case 'rlock':
      return resource.owner === NOBODY || resource.owner === task.id || failsForDead(state, resource);
    case 'semaphore':
      // Most often nothing is free, and then it does not matter how many permits are asked for.
      if (resource.free > 0 && resource.free >= task.wait.amount) return true;
      return failsForDead(state, resource);
    case 'queue':
      return isQueueFreeFor(resource, task.wait.operation);
    case 'event':
      return resource.set;
    case 'condition':
      return resource.called.has(task.id) && isLockFree(state, resource);
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

/** Who was notified takes the lock back, whatever became of its holder. */
function isLockFree(state: ModelState, { plan }: ConditionRecord): boolean {
  const lock = state.resources[plan.lock];
  return lock === undefined || !lock.enabled || lock.holders === 0;
}

/** A receive fails where the stream has ended, and so does whatever is done with a closed end. */
function isPipeReady(state: ModelState, end: PipeEndRecord, operation: string): boolean {
  if (end.closed || operation !== 'pipe.receive') return true;
  const peer = state.resources[end.plan.peer];
  return end.inbox.size() > 0 || (peer?.kind === 'pipeEnd' && peer.closed);
}

function isQueueFreeFor(queue: ResourceRecord & { readonly kind: 'queue' }, operation: string): boolean {
  const size = queue.items.size();
  if (operation === 'queue.join') return queue.unfinished === 0;
  if (queue.closed) return true;
  if (operation === 'queue.get') return size > 0;
  return queue.plan.capacity === 0 || size < queue.plan.capacity;
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
