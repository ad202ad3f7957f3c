/**
 * Replicas that nothing tells apart: states that differ only in which of them is where are one.
 *
 * A replica's *frame* is all that belongs to it: its own block, what it holds, its process's vars; and each place that names
 * it (the owner of a lock, a place in a line). Each frame has a sum of its own over (key, value), and the fingerprint takes
 * the frames' sums mixed, one by one: a plain sum over all words would confuse one replica's words with another's.
 *
 * A group is left alone where something tells its replicas apart, and then the reason is said.
 */

import { createEvaluator } from '../../expression/evaluator.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Value } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { PROCESS, TASK } from '../../kernel/memory/layout.ts';
import { primitiveOf } from '../../kernel/primitives/table.ts';
import { int } from '../../log/int.ts';
import type { OutputCheck } from '../../plan/expectations.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';
import type { Group, Plan } from '../../plan/plan.ts';
import type { Span } from '../../source/source.ts';
import { claimsOf, expressionsOf } from '../claims/subjects.ts';
import { aimsOf, overlaps } from './targets.ts';

/** Why the replicas of a group are not taken for one another, and the step that is the reason, if it is one. */
export type Asymmetry = { readonly group: string; readonly reason: string; readonly step: number };

export type Symmetry = {
  /** By word from the beginning of core: the frame it belongs to, or -1. */
  readonly frameOf: Int32Array;
  /** By word: the same for the same word of another replica. */
  readonly keyOf: Int32Array;
  /** By word: 1 where its value, less one, is a task. */
  readonly names: Uint8Array;
  /** By task: the number of its class, or -1. */
  readonly classOf: Int32Array;
  readonly groups: readonly string[];
  readonly asymmetries: readonly Asymmetry[];
};

/** Of no task anything is known. */
export const NO_SYMMETRY: Symmetry = {
  ...{ frameOf: new Int32Array(0), keyOf: new Int32Array(0), names: new Uint8Array(0) },
  ...{ classOf: new Int32Array(0), groups: [], asymmetries: [] },
};

/** Attributes of the running task that tell replicas apart. */
const TELLING = new Set(['index', 'name', 'item', 'pid', 'thread']);

/** Undefined where no group has replicas that can be taken for one another. */
export function findSymmetry(k: Kernel, words: number, ofTasks: readonly OfTasks[] = []): Symmetry {
  const { plan } = k;
  const asymmetries: Asymmetry[] = [];
  const groups: string[] = [];
  const classOf = new Int32Array(plan.tasks.length).fill(-1);
  plan.groups.forEach((group, id) => {
    if (group.count < 2) return;
    const reason = asymmetryOf(plan, group, id);
    if (reason !== undefined) {
      if (group.made === undefined) asymmetries.push({ group: group.name, ...reason });
      return;
    }
    if (group.made === undefined) groups.push(group.name);
    classOf.fill(id, group.first, group.first + group.count);
  });
  const isSymmetric = classOf.some((own) => own >= 0);
  const places = isSymmetric ? placesOf(k, words, classOf, ofTasks) : NO_SYMMETRY;
  return { ...places, classOf, groups, asymmetries };
}

/** No task is taken for another, for a reason that has nothing to do with what any of them does. */
export function withoutSymmetry(found: Symmetry, reason: string): Symmetry {
  const others = found.groups.map((group) => ({ group, reason, step: -1 }));
  return {
    ...found,
    classOf: found.classOf.map(() => -1),
    groups: [],
    asymmetries: [...found.asymmetries, ...others],
  };
}

type Reason = { readonly reason: string; readonly step: number };

function asymmetryOf(plan: Plan, group: Group, id: number): Reason | undefined {
  const replicas = plan.tasks.slice(group.first, group.first + group.count);
  const [one] = replicas;
  if (one === undefined) return undefined;
  if (
    replicas.some(
      ({ item, daemon }) => textFromValue(item) !== textFromValue(one.item) || daemon !== one.daemon,
    )
  )
    return { reason: 'each has an item of its own', step: -1 };
  const own = plan.programs[one.program] as Program;
  return toldApartByItself(plan, group, own) ?? toldApartByOthers(plan, group, id);
}

function toldApartByItself(plan: Plan, group: Group, program: Program): Reason | undefined {
  for (const instruction of program.instructions) {
    if (instruction.op === 'print' && printsAlike(plan, group, instruction.text)) continue;
    const telling = expressionsOf(instruction).flatMap(tellingReads);
    if (telling.length > 0) return { reason: `it reads \`task.${telling[0]}\``, step: instruction.step };
    if (instruction.op === 'operate' && looksOf(plan).readsOwners) break;
  }
  return undefined;
}

function tellingReads({ reads }: Expression): readonly string[] {
  return reads.flatMap((read) =>
    read.from === 'task' ? read.attributes.filter((name) => TELLING.has(name)) : [],
  );
}

/** What of a plan is looked at for each of its groups, gathered once. */
type Looks = {
  readonly readsOwners: boolean;
  /** By group, where something reads one of its tasks by its number. */
  readonly byNumber: ReadonlyMap<number, Span>;
  readonly onTasks: readonly { readonly program: Program; readonly instruction: Operate }[];
};

type Operate = Extract<Instruction, { readonly op: 'operate' }>;

const looks = new WeakMap<Plan, Looks>();

function looksOf(plan: Plan): Looks {
  const known = looks.get(plan) ?? lookAt(plan);
  looks.set(plan, known);
  return known;
}

function lookAt(plan: Plan): Looks {
  const instructions = plan.programs.flatMap((program) =>
    program.instructions.map((instruction) => ({ program, instruction })),
  );
  const expressions = instructions.flatMap(({ instruction }) => expressionsOf(instruction));
  const byNumber = new Map<number, Span>();
  let readsOwners = false;
  for (const { reads, span } of [...expressions, ...claimsOf(plan)])
    for (const read of reads) {
      readsOwners ||= read.from === 'resource' && read.attributes.includes('owner');
      if (read.from === 'group' && read.elements && !byNumber.has(read.group)) byNumber.set(read.group, span);
    }
  const onTasks = instructions.flatMap(({ program, instruction }) =>
    instruction.op === 'operate' && instruction.operation.startsWith('task.')
      ? [{ program, instruction }]
      : [],
  );
  return { readsOwners, byNumber, onTasks };
}

/** Whether no expectation can tell what one replica prints from what another does. */
function printsAlike(plan: Plan, group: Group, text: Expression): boolean {
  const { output } = plan.expect;
  if (output.length === 0) return true;
  if (text.reads.some(({ from }) => from !== 'constant' && from !== 'task')) {
    // What else it says may be anything; only what tells replicas apart matters.
    if (tellingReads(text).length === 0) return true;
    return false;
  }
  const run = createEvaluator({ random: (min) => min }).compile(text);
  const effects = plan.tasks.slice(group.first, group.first + group.count).map((task) => {
    const own = {
      name: task.name,
      index: BigInt(task.index),
      item: task.item,
      input: null,
      pid: 0n,
      thread: 0n,
      daemon: false,
    };
    const context: Record<string, Value> = {};
    for (const read of text.reads) {
      if (read.from === 'constant') context[read.name] = read.value;
      if (read.from === 'task') context[read.name] = own;
    }
    const line = textFromValue(run(context));
    return output.map((check) => effectOf(check, line)).join();
  });
  return (
    new Set(effects).size === 1 && tellingReads(text).every((name) => name === 'name' || name === 'index')
  );
}

/** What a line does to a check, as a text. */
function effectOf(check: OutputCheck, line: string): string {
  switch (check.check) {
    case 'count':
      return String(line.includes(check.text));
    case 'contains':
    case 'excludes':
      return check.lines.map((part) => line.includes(part)).join('');
    case 'equals':
    case 'inOrder':
    case 'matches':
      return line;
    default:
      return check satisfies never;
  }
}

function toldApartByOthers(plan: Plan, group: Group, id: number): Reason | undefined {
  const { readsOwners, byNumber, onTasks } = looksOf(plan);
  if (readsOwners) return { reason: 'something reads the `.owner` of a lock', step: -1 };
  const span = byNumber.get(id);
  if (span !== undefined) {
    const step = plan.steps.findIndex((one) => one.span.start <= span.start && span.start <= one.span.end);
    return { reason: 'something reads one of them by its number', step };
  }
  const { expect } = plan;
  const isOne = (tasks: readonly number[]): boolean =>
    tasks.some((task) => isIn(group, task)) && tasks.filter((task) => isIn(group, task)).length < group.count;
  const activities = [
    ...expect.order.flatMap(({ before, after }) => [before, after]),
    ...expect.neverTogether.flatMap((one) => one.activities),
  ];
  if (
    expect.tasks.some(({ tasks }) => isOne(tasks)) ||
    activities.some((activity) => activity.kind === 'tasks' && isOne(activity.tasks))
  )
    return { reason: '`expect` names one of them', step: -1 };
  for (const { program, instruction } of onTasks)
    if (namesOne(program, instruction, group))
      return { reason: 'a step names one of them', step: instruction.step };
  return undefined;
}

function isIn({ first, count }: Group, task: number): boolean {
  return first <= task && task < first + count;
}

/** Whether a step is about one replica, and not about each in turn. */
function namesOne(program: Program, instruction: Operate, group: Group): boolean {
  const own = { first: group.first, count: group.count };
  return aimsOf(program, instruction.target).some((aim) => {
    if (aim.kind === 'handle') return true;
    if (!overlaps(aim.range, own)) return false;
    const isWhole = aim.kind === 'each' && aim.range.first === own.first && aim.range.count === own.count;
    // Between the ends of two of them it matters which one is next.
    const ends = instruction.operation !== 'task.start' && instruction.operation !== 'task.join';
    return !isWhole || ends || instruction.result !== undefined;
  });
}

/** Where words begin of which each task has one, and where those of which each process has one. */
export type OfTasks = { readonly tasksAt: number; readonly processesAt?: number };

/** Tags of keys: what kind of place it is, above all offsets within one. */
const TAG = 1 << 20;
/** Below those of resources. */
const OF_TASKS = 4;

function placesOf(k: Kernel, words: number, classOf: Int32Array, ofTasks: readonly OfTasks[]) {
  const { layout, plan } = k;
  const frameOf = new Int32Array(words).fill(-1);
  const keyOf = new Int32Array(words);
  for (let index = 0; index < words; index++) keyOf[index] = index;
  const names = new Uint8Array(words);
  const own = (task: number, at: number, count: number, tag: number): void => {
    if (classOf[task] === -1) return;
    for (let offset = 0; offset < count; offset++) {
      frameOf[at - layout.coreStart + offset] = task;
      keyOf[at - layout.coreStart + offset] = tag * TAG + offset;
    }
  };
  const name = (at: number, count: number): void => {
    names.fill(1, at - layout.coreStart, at - layout.coreStart + count);
  };
  const tasks = plan.tasks.length;
  plan.tasks.forEach((task, id) => {
    const at = int(layout.taskAt[id]);
    own(id, at, int(layout.insideAt[id]) + Math.ceil(plan.points.length / 31) - at, 1);
    ofTasks.forEach(({ tasksAt }, index) => {
      own(id, tasksAt + id, 1, OF_TASKS + 2 * index);
    });
    if (task.process === undefined || id === 0) return;
    const process = task.process;
    ofTasks.forEach(({ processesAt }, index) => {
      if (processesAt !== undefined) own(id, processesAt + process, 1, OF_TASKS + 2 * index + 1);
    });
    own(id, int(layout.processAt[task.process]), PROCESS.size, 2);
    own(id, layout.processCells + task.process * layout.cellsPerProcess, layout.cellsPerProcess, 3);
  });
  plan.resources.forEach((resource, id) => {
    const at = int(layout.resourceAt[id]);
    const sizes = { tasks, capacity: int(layout.capacity[id]) };
    let part = at;
    primitiveOf(resource)
      .words(resource, sizes)
      .forEach(({ are, count }, index) => {
        const first = part;
        part += count;
        if (are === 'names') name(first, count);
        if (are === 'ofTasks')
          for (let task = 0; task < tasks; task++) own(task, first + task, 1, 8 + 8 * id + index);
      });
    const line = int(layout.arrivalAt[id]);
    if (line === 0) return;
    const lines = int(layout.arrivalLines[id]);
    for (let index = 0; index < lines; index++) name(line + index * (1 + tasks) + 1, tasks);
  });
  return { frameOf, keyOf, names };
}

/** Words that are the same for a replica whatever it does, and differ from one to another: its process's number. */
export function constantOfReplicas({ layout, plan }: Kernel): readonly number[] {
  return plan.tasks.flatMap(({ process }, task) =>
    process === undefined || task === 0 ? [] : [int(layout.taskAt[task]) + TASK.process],
  );
}
