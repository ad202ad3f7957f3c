/**
 * What parts of core each operation may write: the one declaration behind undo, incremental fingerprints and the
 * independence of operations.
 *
 * It holds for a task's whole step, waiting and giving up included, where core is kept canonical. (Elsewhere a release may
 * do an impatient waiter's operation for it.) Control, wait, ring and values are no part of core.
 */
import { int } from '../log/int.ts';
import type { OperationName } from '../plan/operation.ts';
import type { ConditionResource, PipeEndResource, Plan } from '../plan/plan.ts';
import type { Kernel } from './kernel.ts';
import { type Layout, POINT, PROCESS, TASK, WAIT } from './memory/layout.ts';
import { isFirst, isThere, processOf } from './memory/task-block.ts';

/** Words `start` ≤ index < `end` of the kernel's memory. */
export type Region = { readonly start: number; readonly end: number };

type Footprint = (k: Kernel, task: number, target: number) => readonly Region[];

/** Of those that write more, or less, than the resource itself. A test looks at all of core after each operation. */
const footprints: Readonly<Partial<Record<OperationName, Footprint>>> = {
  'event.signal': (k, _task, target) => [resourceRegion(k.layout, target), ...waitersOf(k, target)],
  'condition.wait': withLock,
  'condition.notify': withLock,
  'pipe.send': (k, _task, target) => [
    resourceRegion(k.layout, (k.plan.resources[target] as PipeEndResource).peer),
  ],
  'pool.adopt': (k, _task, target) => [
    resourceRegion(k.layout, target),
    ...k.plan.tasks.map((_, id) => taskRegion(k.layout, id)),
  ],
  'pool.close': poolEndRegions,
  'pool.terminate': poolEndRegions,
  'pool.kill': poolEndRegions,
  'task.start': startRegions,
  'task.join': () => [],
  'task.terminate': endRegions,
  'task.kill': endRegions,
  'task.timeOut': endRegions,
  'task.skip': (k, _task, target) => [taskRegion(k.layout, target)],
};

/**
 * The regions that a task's operation may write, as things stand: who waits and who runs where is taken from memory.
 * They may overlap.
 */
export function footprintOf(
  k: Kernel,
  operation: OperationName,
  task: number,
  target: number,
): readonly Region[] {
  const own = footprints[operation]?.(k, task, target) ?? [resourceRegion(k.layout, target)];
  return [taskRegion(k.layout, task), ...own];
}

/** A task's block: what it is, its frame, the steps it is inside. */
function taskRegion(layout: Layout, task: number): Region {
  const start = int(layout.taskAt[task]);
  return { start, end: int(layout.insideAt[task]) + Math.ceil(layout.plan.points.length / 31) };
}

function resourceRegion({ resourceAt, resourceEnd }: Layout, id: number): Region {
  return { start: int(resourceAt[id]), end: int(resourceEnd[id]) };
}

function processRegion({ processAt }: Layout, process: number): Region {
  const start = int(processAt[process]);
  return { start, end: start + PROCESS.size };
}

/** A process's own copies of vars. */
function copiesRegion({ processCells, cellsPerProcess }: Layout, process: number): Region {
  const start = processCells + process * cellsPerProcess;
  return { start, end: start + cellsPerProcess };
}

/** A condition releases its lock and takes it back; who is notified stands in its line. */
function withLock(k: Kernel, _task: number, target: number): readonly Region[] {
  const { lock } = k.plan.resources[target] as ConditionResource;
  return [resourceRegion(k.layout, target), resourceRegion(k.layout, lock)];
}

/** Setting an event completes the waits of all who wait for it. */
function waitersOf({ words, layout }: Kernel, event: number): readonly Region[] {
  const regions: Region[] = [];
  let next = int(words[layout.channelAt + 2 * int(layout.resourceChannel[event])]);
  while (next !== 0) {
    const at = int(layout.taskAt[next - 1]);
    regions.push({ start: at + TASK.waiting, end: at + TASK.operandB + 1 });
    next = int(words[int(layout.waitAt[next - 1]) + WAIT.next]);
  }
  return regions;
}

/** The task, the books of the starter's process, and what a new process begins with. */
function startRegions(k: Kernel, task: number, target: number): readonly Region[] {
  const { layout } = k;
  const regions = [taskRegion(layout, target), processRegion(layout, processOf(k, task))];
  const pool = k.plan.tasks[target]?.pool;
  if (pool !== undefined) regions.push(resourceRegion(layout, pool));
  const own = k.plan.tasks[target]?.process;
  if (own === undefined) return regions;
  return [...regions, processRegion(layout, own), copiesRegion(layout, own)];
}

/** All who end with the target: their blocks, the books that count them, the steps and the lines they stand in. */
function endRegions(k: Kernel, _task: number, target: number): readonly Region[] {
  return regionsOfEnds(k, (task) => endsWith(k, task, target));
}

/** Of a pool, what is in line, what is at work, and its workers. */
function poolEndRegions(k: Kernel, _task: number, pool: number): readonly Region[] {
  const { groups, tasks } = k.plan;
  const isOfPool = (task: number): boolean =>
    tasks[task]?.pool === pool || groups[tasks[task]?.group ?? -1]?.worksFor === pool;
  const own = tasks.map((_, task) => task).filter(isOfPool);
  return [
    resourceRegion(k.layout, pool),
    ...regionsOfEnds(k, (task) => own.some((one) => endsWith(k, task, one))),
  ];
}

function regionsOfEnds(k: Kernel, ends: (task: number) => boolean): readonly Region[] {
  const ending = k.plan.tasks.map((_, task) => task).filter(ends);
  return ending.flatMap((task) => regionsOfEnd(k, task));
}

/** What the end of one task may write, whoever ends it, as things stand before it. */
export function regionsOfEnd(k: Kernel, task: number): readonly Region[] {
  return [
    taskRegion(k.layout, task),
    processRegion(k.layout, processOf(k, task)),
    processRegion(k.layout, int(k.words[int(k.layout.taskAt[task]) + TASK.parent])),
    ...(isFirst(k, task) ? [copiesRegion(k.layout, processOf(k, task))] : []),
    ...lineOf(k, task),
    ...pointRegions(k.layout, k.plan),
    ...k.layout.holderExits.map((id) => resourceRegion(k.layout, id)),
  ];
}

function endsWith(k: Kernel, task: number, target: number): boolean {
  if (!isThere(k, task)) return false;
  if (task === target || target === 0) return true;
  return isFirst(k, target) && processOf(k, task) === processOf(k, target);
}

/** What a task that waits leaves behind it: a place in a line, at a condition and at its lock, at a barrier, in a pool. */
function lineOf(k: Kernel, task: number): readonly Region[] {
  const at = int(k.layout.taskAt[task]);
  const target = int(k.words[at + TASK.target]);
  const waited = int(k.words[at + TASK.waiting]) > 0 ? k.plan.resources[target] : undefined;
  const ids = [
    ...(waited === undefined ? [] : [target]),
    ...(waited?.kind === 'condition' ? [waited.lock] : []),
    ...poolOf(k.plan, task),
  ];
  return ids.map((id) => resourceRegion(k.layout, id));
}

function poolOf(plan: Plan, task: number): readonly number[] {
  const pool = plan.tasks[task]?.pool;
  return pool === undefined ? [] : [pool];
}

function pointRegions({ pointAt }: Layout, plan: Plan): readonly Region[] {
  return plan.points.map((_, point) => {
    const start = int(pointAt[point]);
    return { start, end: start + POINT.size };
  });
}
