/**
 * The attributes that expressions read off resources, task declarations and steps' ids (section 5 of the language), from
 * the kernel's memory. To be called in the critical section.
 */

import type { Read } from '../expression/expression.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { POINT, SLEEPING, STATE, TASK } from '../kernel/memory/layout.ts';
import { isThere, stateOf } from '../kernel/memory/task-block.ts';
import { primitiveOf } from '../kernel/primitives/table.ts';
import { endStates } from '../log/event.ts';
import { int } from '../log/int.ts';
import { numbered } from '../log/numbered.ts';
import { isOperation, operationNames } from '../log/record.ts';
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
  const at = int(k.layout.pointAt[read.point]);
  return () => pick(read.attributes, (name) => whole(k, at + POINT[name as keyof typeof POINT]));
}

function pick(names: readonly string[], value: (name: string) => unknown): Attributes {
  const attributes: Attributes = {};
  for (const name of names) attributes[name] = value(name);
  return attributes;
}

function whole(k: Kernel, index: number): bigint {
  return BigInt(int(k.words[index]));
}

function resourceAttribute(k: Kernel, id: number, name: string): unknown {
  const resource = k.plan.resources[id] as Resource;
  const { attributes, waiting } = primitiveOf(resource);
  if (name === 'waiting') return BigInt(waiting?.(k, id) ?? countWaiting(k, id));
  const read = (attributes as Readonly<Record<string, Reader | undefined>>)[name];
  // The planner lets no other name through.
  if (read === undefined) throw new Error(`bug in concur: nothing reads ${resource.kind}.${name}`);
  return read(k, id, resource);
}

type Reader = (k: Kernel, id: number, resource: Resource) => unknown;

const isOfResource = operationNames.map((name) => isOperation(name) && !name.startsWith('task.'));

/** Those to whom it said no. One that was woken waits until it got what it waits for. */
function countWaiting(k: Kernel, id: number): number {
  let count = 0;
  for (let task = 0; task < k.plan.tasks.length; task++) {
    const at = int(k.layout.taskAt[task]);
    const waiting = int(k.words[at + TASK.waiting]);
    if (waiting > 0 && isOfResource[waiting - 1] === true && awaitedBy(k, task) === id) count++;
  }
  return count;
}

function awaitedBy(k: Kernel, task: number): number {
  const target = int(k.words[int(k.layout.taskAt[task]) + TASK.target]);
  return primitiveOf(k.plan.resources[target] as Resource).awaited?.(k, target, task) ?? target;
}

/** `running` counts all that live, whatever they are doing. */
function groupAttribute(k: Kernel, tasks: readonly number[], name: string): bigint {
  const ended = endStates.find((state) => state === name);
  const wanted = ended === undefined ? undefined : STATE[ended];
  return BigInt(
    tasks.filter((task) => (wanted === undefined ? isThere(k, task) : stateOf(k, task) === wanted)).length,
  );
}

/** By the number in `STATE`. */
const stateNames: readonly string[] = Object.entries(STATE)
  .filter(([, state]) => state >= 0)
  .toSorted(([, one], [, other]) => one - other)
  .map(([name]) => (name === 'live' ? 'running' : name));

/** A task's `.state`; one that lives is `running`, `waiting` or `sleeping`, and `stopping` once it was told to end. */
export function stateName(k: Kernel, task: number): string {
  const at = int(k.layout.taskAt[task]);
  const state = int(k.words[at + TASK.state]);
  const waiting = int(k.words[at + TASK.waiting]);
  if (state === STATE.stopping) return 'stopping';
  if (state === STATE.live && waiting > 0) return 'waiting';
  if (state === STATE.live && waiting === SLEEPING) return 'sleeping';
  return numbered(stateNames, state);
}

function taskAttribute(k: Kernel, task: number, name: string): unknown {
  if (name === 'state') return stateName(k, task);
  if (stateOf(k, task) <= STATE.live) return null;
  return whole(k, int(k.layout.taskAt[task]) + TASK.exitCode);
}
