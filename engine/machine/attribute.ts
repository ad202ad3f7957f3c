/**
 * The attributes that expressions read off resources, task declarations and steps' ids (section 5 of the language), from
 * the kernel's memory. To be called in the critical section.
 */

import type { Read } from '../expression/expression.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { POINT, SLEEPING, STATE, TASK } from '../kernel/memory/layout.ts';
import { isThere, stateOf } from '../kernel/memory/task-block.ts';
import { countInside, isBroken } from '../kernel/primitives/barrier.ts';
import { countInLine, isCalledOut } from '../kernel/primitives/condition.ts';
import { operationNames } from '../log/record.ts';
import type { Resource } from '../plan/plan.ts';

type Attributes = Record<string, unknown>;
type ReadOf<F extends Read['from']> = Extract<Read, { readonly from: F }>;

export function resourceAttributes(k: Kernel, read: ReadOf<'resource'>): () => unknown {
  const elements = Array.from({ length: read.count }, (_, index) => read.first + index);
  const one = (resource: number): Attributes =>
    pick(read.attributes, (name) => resourceAttribute(k, resource, name));
  if (!read.array) return () => one(read.first);
  return () => elements.map(one);
}

export function groupAttributes(k: Kernel, read: ReadOf<'group'>): () => unknown {
  const group = k.plan.groups[read.group];
  const tasks = Array.from({ length: group?.count ?? 0 }, (_, index) => (group?.first ?? 0) + index);
  if (read.elements)
    return () => tasks.map((task) => pick(read.attributes, (name) => taskAttribute(k, task, name)));
  return () => pick(read.attributes, (name) => groupAttribute(k, tasks, name));
}

export function pointAttributes(k: Kernel, read: ReadOf<'point'>): () => unknown {
  const at = k.layout.pointAt[read.point] as number;
  return () => pick(read.attributes, (name) => whole(k, at + POINT[name as keyof typeof POINT]));
}

function pick(names: readonly string[], value: (name: string) => unknown): Attributes {
  const attributes: Attributes = {};
  for (const name of names) attributes[name] = value(name);
  return attributes;
}

function whole(k: Kernel, index: number): bigint {
  return BigInt(k.words[index] as number);
}

function resourceAttribute(k: Kernel, id: number, name: string): unknown {
  const resource = k.plan.resources[id] as Resource;
  const at = k.layout.resourceAt[id] as number;
  if (name === 'waiting') return BigInt(countWaiting(k, id, resource));
  switch (resource.kind) {
    case 'lock':
    case 'rlock':
      return lockAttribute(k, at, name);
    case 'semaphore':
      if (name === 'permits') return BigInt(resource.permits);
      return whole(k, name === 'free' ? at : at + 1);
    case 'queue':
      return queueAttribute(k, at, resource.capacity, name);
    case 'event':
      return k.words[at] === 1;
    case 'condition':
    case 'file':
    case 'pool':
      return null;
    case 'barrier':
      return name === 'parties' ? BigInt(resource.parties) : isBroken(k, id);
    case 'pipeEnd':
      return name === 'closed' ? k.words[at + 2] === 1 : whole(k, at + 1);
    default:
      return resource satisfies never;
  }
}

const isOfResource = operationNames.map(
  (name) => name !== 'await' && name !== 'end' && !name.startsWith('task.'),
);

/** Those to whom it said no. One that was woken waits until it got what it waits for. */
function countWaiting(k: Kernel, id: number, { kind }: Resource): number {
  if (kind === 'barrier') return countInside(k, id);
  if (kind === 'condition') return countInLine(k, id);
  let count = 0;
  for (let task = 0; task < k.plan.tasks.length; task++) {
    const at = k.layout.taskAt[task] as number;
    const waiting = k.words[at + TASK.waiting] as number;
    if (waiting > 0 && isOfResource[waiting - 1] === true && awaitedBy(k, task) === id) count++;
  }
  return count;
}

/** Whoever was called out of a condition's line waits for its lock. */
function awaitedBy(k: Kernel, task: number): number {
  const target = k.words[(k.layout.taskAt[task] as number) + TASK.target] as number;
  const resource = k.plan.resources[target];
  return resource?.kind === 'condition' && isCalledOut(k, target, task) ? resource.lock : target;
}

function lockAttribute(k: Kernel, at: number, name: string): unknown {
  const owner = k.words[at] as number;
  switch (name) {
    case 'held':
      return owner !== 0;
    case 'owner':
      return owner === 0 ? '' : (k.plan.tasks[owner - 1]?.name ?? '');
    default:
      return whole(k, at + 1);
  }
}

function queueAttribute(k: Kernel, at: number, capacity: number, name: string): unknown {
  switch (name) {
    case 'size':
      return whole(k, at + 1);
    case 'unfinished':
      return whole(k, at + 2);
    case 'closed':
      return k.words[at + 3] === 1;
    default:
      return BigInt(capacity);
  }
}

const endStates: Readonly<Record<string, number>> = {
  finished: STATE.finished,
  failed: STATE.failed,
  terminated: STATE.terminated,
  skipped: STATE.skipped,
};

/** `running` counts all that live, whatever they are doing. */
function groupAttribute(k: Kernel, tasks: readonly number[], name: string): bigint {
  const wanted = endStates[name];
  return BigInt(
    tasks.filter((task) => (wanted === undefined ? isThere(k, task) : stateOf(k, task) === wanted)).length,
  );
}

const stateNames = ['notStarted', 'running', 'finished', 'failed', 'terminated', 'skipped'] as const;

/** A task's `.state`; one that lives is `running`, `waiting` or `sleeping`, and `stopping` once it was told to end. */
export function stateName(k: Kernel, task: number): string {
  const at = k.layout.taskAt[task] as number;
  const state = k.words[at + TASK.state] as number;
  const waiting = k.words[at + TASK.waiting] as number;
  if (state === STATE.stopping) return 'stopping';
  if (state === STATE.live && waiting > 0) return 'waiting';
  if (state === STATE.live && waiting === SLEEPING) return 'sleeping';
  return stateNames[state] ?? 'notStarted';
}

function taskAttribute(k: Kernel, task: number, name: string): unknown {
  if (name === 'state') return stateName(k, task);
  if (stateOf(k, task) <= STATE.live) return null;
  return whole(k, (k.layout.taskAt[task] as number) + TASK.exitCode);
}
