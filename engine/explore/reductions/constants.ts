/**
 * Programs as one task runs them: targets that are computed from `task.index` alone are known before the search, task by task.
 */
import { createEvaluator } from '../../expression/evaluator.ts';
import type { Expression } from '../../expression/expression.ts';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import type { Program, Target } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';

export type Targets = {
  /** What a target may be, for that task: one, or several where it is computed when it is due; undefined: anything. */
  readonly of: (task: number, target: Target) => readonly number[] | undefined;
};

export function targetsOf(plan: Plan): Targets {
  const evaluator = createEvaluator({ random: (min) => min });
  const known = new Map<string, readonly number[] | undefined>();
  const find = (task: number, slot: number): readonly number[] | undefined => {
    const program = plan.programs[plan.tasks[task]?.program ?? 0] as Program;
    const writers = program.instructions.filter((one) => writes(one, slot));
    const [only] = writers;
    if (only?.op !== 'resolve' || writers.length > 1) return rangeOf(writers);
    const index = indexOf(plan, task, only.index, evaluator.compile);
    if (index === undefined || index < 0 || index >= only.count) return rangeOf(writers);
    return [only.first + index];
  };
  return {
    of: (task, target) => {
      if (target.kind === 'fixed') return [target.id];
      const key = `${task} ${target.slot}`;
      if (!known.has(key)) known.set(key, find(task, target.slot));
      return known.get(key);
    },
  };
}

type Instruction = Program['instructions'][number];

/** Whether it may write that slot with what is no other value's business. */
function writes(instruction: Instruction, slot: number): boolean {
  switch (instruction.op) {
    case 'resolve':
    case 'assign':
      return instruction.slot === slot;
    case 'copy':
      return instruction.to === slot;
    case 'evaluate':
      return instruction.slots.includes(slot);
    case 'update':
      return instruction.old === slot;
    case 'operate':
    case 'await':
    case 'external':
      return instruction.result === slot;
    case 'next':
    case 'each':
      return instruction.as === slot;
    default:
      return false;
  }
}

/** Elements of arrays, where nothing but their numbers is written there. */
function rangeOf(writers: readonly Instruction[]): readonly number[] | undefined {
  const ids = new Set<number>();
  for (const one of writers) {
    if (one.op !== 'resolve') return undefined;
    for (let id = one.first; id < one.first + one.count; id++) ids.add(id);
  }
  return ids.size === 0 ? undefined : [...ids];
}

/** Undefined where it reads anything but parameters and the task's own number. */
function indexOf(
  { tasks }: Plan,
  task: number,
  index: Expression,
  compile: ReturnType<typeof createEvaluator>['compile'],
): number | undefined {
  const context: Record<string, Value> = {};
  for (const read of index.reads) {
    if (read.from === 'constant') context[read.name] = read.value;
    else if (read.from === 'task' && read.attributes.every((name) => name === 'index'))
      context[read.name] = { index: BigInt(tasks[task]?.index ?? 0) };
    else return undefined;
  }
  if (/\b(random|pick)\s*\(/.test(index.cel)) return undefined;
  try {
    const value = compile(index)(context);
    return typeof value === 'bigint' ? Number(value) : undefined;
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return undefined;
    throw thrown;
  }
}
