/**
 * Where everything lies in the kernel's array, computed alike by everyone who maps it: from the plan, and from what the
 * primitives say of their words.
 */
import { int } from '../../log/int.ts';
import type { Plan, Resource } from '../../plan/plan.ts';
import type { Words } from '../primitive.ts';
import { primitiveOf } from '../primitives/table.ts';
import { carrierCount, layCallCarriers } from '../runtime/carriers.ts';
import { CONTROL, type Layout, type LayoutOptions, POINT, PROCESS, READY, TASK, WAIT } from './layout.ts';

/** 32 MB of address space: writers go on while the supervisor is busy, and a record may be as long as an eighth of the ring. */
const MIN_RING_WORDS = 1 << 23;
/** What one moment may log for each task at the most (the end of all of them), times four. */
const RING_WORDS_A_TASK = 64;

class Cursor {
  at: number;
  constructor(start: number) {
    this.at = start;
  }
  take(words: number): number {
    const start = this.at;
    this.at += words;
    return start;
  }
}

/** What all queues without a capacity and all ends of pipes may reserve together, in cells; each has at least a few. */
const UNBOUNDED_TOTAL = 1 << 26;
const LEAST_UNBOUNDED = 1 << 10;

/** Places are 32-bit words, in here as in the memory itself: one further away would be another place. */
const MOST_WORDS = 2 ** 31 - 1;

/** The scenario needs more memory than there are places for. The message is a sentence for the user. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** @throws TooLarge before anything is allocated */
export function createLayout(plan: Plan, given: LayoutOptions): Layout {
  const options = { ...given, unboundedCells: shareOf(plan, given.unboundedCells) };
  const cursor = new Cursor(CONTROL.carriers + 2 * carrierCount(plan, options));
  const wait = layWait(plan, cursor);
  const coreStart = cursor.at;
  const core = layCore(plan, options, cursor);
  const coreEnd = cursor.at;
  const ringWords = Math.max(
    options.ringWords ?? MIN_RING_WORDS,
    powerOfTwo(plan.tasks.length * RING_WORDS_A_TASK),
  );
  const ringAt = cursor.take(ringWords);
  const valuesAt = cursor.take(options.valueWords);
  if (cursor.at > MOST_WORDS) {
    const gigabytes = ((cursor.at * Int32Array.BYTES_PER_ELEMENT) / 1e9).toFixed(1);
    throw new TooLarge(
      `there is no memory for this scenario: what its tasks, resources and vars need together is ${gigabytes} GB, and the most is 8.5 GB`,
    );
  }
  return {
    plan,
    options,
    ...wait,
    ...core,
    coreStart,
    coreEnd,
    callCarrierOf: layCallCarriers(plan, options),
    ringAt,
    ringWords,
    valuesAt,
    size: cursor.at,
  };
}

/** How many cells each that has no capacity gets: `most`, unless there are many. */
function shareOf({ resources }: Plan, most: number): number {
  const unbounded = resources.filter(
    (resource) => resource.kind === 'pipeEnd' || (resource.kind === 'queue' && resource.capacity === 0),
  ).length;
  const share = Math.floor(UNBOUNDED_TOTAL / Math.max(1, unbounded));
  return Math.min(most, Math.max(LEAST_UNBOUNDED, share));
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}

function offsets(count: number, cursor: Cursor, words: (index: number) => number): Int32Array {
  const starts = new Int32Array(count);
  for (let index = 0; index < count; index++) starts[index] = cursor.take(words(index));
  return starts;
}

function layWait(plan: Plan, cursor: Cursor) {
  const tasks = plan.tasks.length;
  const waitAt = offsets(tasks, cursor, () => WAIT.size);
  const readyAt = offsets(plan.processes, cursor, () => READY.size);
  const timersAt = offsets(plan.processes, cursor, () => tasks);
  let channels = 0;
  const resourceChannel = Int32Array.from(plan.resources, (resource) => {
    const first = channels;
    channels += primitiveOf(resource).channels;
    return first;
  });
  const taskChannel = channels;
  const processChannel = taskChannel + tasks;
  const awaitChannel = processChannel + plan.processes;
  const channelAt = cursor.take(2 * (awaitChannel + 1));
  const versionAt = cursor.take(plan.variables.length * (plan.processes + 1));
  const drawsAt = offsets(tasks, cursor, (task) => drawsOf(plan, task));
  return {
    waitAt,
    readyAt,
    timersAt,
    resourceChannel,
    taskChannel,
    processChannel,
    awaitChannel,
    channelAt,
    versionAt,
    drawsAt,
  };
}

/** Each instruction of a task's program counts how often it has drawn. */
function drawsOf(plan: Plan, task: number): number {
  return plan.programs[plan.tasks[task]?.program ?? -1]?.instructions.length ?? 0;
}

function layCore(plan: Plan, options: LayoutOptions, cursor: Cursor) {
  const insideAt = new Int32Array(plan.tasks.length);
  const pointWords = Math.ceil(plan.points.length / 31);
  const taskAt = Int32Array.from(plan.tasks, (task, index) => {
    const program = plan.programs[task.program];
    const slots = program?.slots.length ?? 0;
    const at = cursor.take(TASK.slots + slots);
    insideAt[index] = cursor.take(pointWords);
    return at;
  });
  const resources = layResources(plan, options, cursor);
  const processAt = offsets(plan.processes, cursor, () => PROCESS.size);
  const pointAt = offsets(plan.points.length, cursor, () => POINT.size);
  const cells = layCells(plan);
  const sharedCells = cursor.take(cells.shared);
  const processCells = cursor.take(cells.own * plan.processes);
  return {
    taskAt,
    insideAt,
    severalPermits: severalPermits(plan),
    disabled: Uint8Array.from(plan.resources, (resource) => (resource.enabled ? 0 : 1)),
    holderExits: plan.resources.flatMap((resource, id) => (isLeftBehind(resource) ? [id] : [])),
    ...resources,
    processAt,
    pointAt,
    cellOf: cells.cellOf,
    sharedCells,
    processCells,
    cellsPerProcess: cells.own,
  };
}

function severalPermits(plan: Plan): Uint8Array {
  const several = new Uint8Array(plan.resources.length);
  for (const program of plan.programs) {
    for (const instruction of program.instructions) {
      if (instruction.op !== 'operate' || instruction.operation !== 'semaphore.acquire') continue;
      if (instruction.operands[0]?.constant === 1n) continue;
      if (instruction.target.kind === 'fixed') several[instruction.target.id] = 1;
      else several.fill(1);
    }
  }
  return several;
}

function isLeftBehind(resource: Resource): boolean {
  return resource.onHolderExit !== 'keep' && primitiveOf(resource).holding !== undefined;
}

/** A block begins with the words of its primitive; a fair one keeps the order of arrival behind them. */
function layResources({ resources, tasks }: Plan, options: LayoutOptions, cursor: Cursor) {
  const capacity = Int32Array.from(resources, (one) => primitiveOf(one).capacity?.(one, options) ?? 0);
  const resourceAt = new Int32Array(resources.length);
  const resourceEnd = new Int32Array(resources.length);
  const arrivalAt = new Int32Array(resources.length);
  const arrivalLines = Uint8Array.from(resources, linesOf);
  resources.forEach((resource, id) => {
    const sizes = { tasks: tasks.length, capacity: int(capacity[id]) };
    resourceAt[id] = cursor.take(sum(primitiveOf(resource).words(resource, sizes)));
    const lines = int(arrivalLines[id]);
    if (lines > 0) arrivalAt[id] = cursor.take(lines * (1 + tasks.length));
    resourceEnd[id] = cursor.at;
  });
  return { capacity, resourceAt, resourceEnd, arrivalAt, arrivalLines };
}

/** At what is disabled nobody waits, and nobody stands in line. */
function linesOf(resource: Resource): number {
  return resource.fair && resource.enabled ? primitiveOf(resource).lines : 0;
}

function sum(words: readonly Words[]): number {
  return words.reduce((total, { count }) => total + count, 0);
}

function layCells(plan: Plan): { cellOf: Int32Array; shared: number; own: number } {
  let shared = 0;
  let own = 0;
  const cellOf = Int32Array.from(plan.variables, (variable) => {
    const at = variable.shared ? shared : own;
    if (variable.shared) shared += variable.initial.length;
    else own += variable.initial.length;
    return at;
  });
  return { cellOf, shared, own };
}
