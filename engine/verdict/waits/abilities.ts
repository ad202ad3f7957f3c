/**
 * What a task may still do, by the step it is at: the instructions that can be reached from there.
 *
 * Over-approximate, so that "nobody can" is certain: conditions may go either way, every instruction may fail, and of a
 * task whose step is not known anything its program says is possible.
 */

import { placesFrom, successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program, Target } from '../../plan/instruction.ts';
import type { OperationName } from '../../plan/operation.ts';
import type { Plan } from '../../plan/plan.ts';
import { isEnded, type TaskRecord } from '../model/model-state.ts';
import { type Giving, mayGiveMore } from './giving.ts';

export type Abilities = {
  /** Whether the task may still do one of these operations on that resource or task. */
  readonly may: (task: TaskRecord, names: readonly Deed[], target: number) => boolean;
  /** On what the task may still do one of these operations: numbers `first` ≤ id < `first + count`. */
  readonly targets: (task: TaskRecord, names: readonly Deed[]) => readonly Range[];
  readonly mayReach: (task: TaskRecord, what: Reachable) => boolean;
  /** Whether the task, which holds nothing of it, may give back more of it than it takes. */
  readonly mayGive: (task: TaskRecord, giving: Giving) => boolean;
};

/** The end of its whole program; a function of the user's own. */
type Reachable = 'exit' | 'call';

export type Range = { readonly first: number; readonly count: number };

/** An operation; of the closing of queues and pools, only what drops what is left in them. */
export type Deed = OperationName | 'queue.drop' | 'pool.drop';

type Reach = readonly Instruction[];

/** One for a plan: what has been found is kept. */
export function createAbilities(plan: Plan): Abilities {
  const reached = new Map<string, Reach>();
  const answers = new Map<string, boolean>();
  const ranges = new Map<string, readonly Range[]>();

  function reachOf(task: TaskRecord): Reach {
    if (isEnded(task) || (task.state === 'waiting' && task.wait.operation === 'end')) return [];
    const key = keyOf(task);
    const known = reached.get(key);
    if (known !== undefined) return known;
    const program = plan.programs[task.plan.program];
    const found = program === undefined ? [] : reachableFrom(program, task.step);
    reached.set(key, found);
    return found;
  }

  function answer(task: TaskRecord, question: string, find: (reach: Reach) => boolean): boolean {
    const reach = reachOf(task);
    if (reach.length === 0) return false;
    const key = `${keyOf(task)} ${question}`;
    const known = answers.get(key) ?? find(reach);
    answers.set(key, known);
    return known;
  }

  return {
    may: (task, names, target) =>
      answer(task, `${names.join()} ${target}`, (reach) =>
        rangesOf(reach, names, plan.programs[task.plan.program]?.instructions ?? []).some(isIn(target)),
      ),
    targets(task, names) {
      const reach = reachOf(task);
      const key = `${keyOf(task)} ${names.join()}`;
      const all = plan.programs[task.plan.program]?.instructions ?? [];
      const found = reach.length === 0 ? [] : (ranges.get(key) ?? rangesOf(reach, names, all));
      if (reach.length > 0) ranges.set(key, found);
      return found;
    },
    mayReach: (task, what) => answer(task, what, (reach) => reach.some(reachables[what])),
    mayGive(task, giving) {
      const program = plan.programs[task.plan.program];
      if (program === undefined || reachOf(task).length === 0) return false;
      const waitsFor = task.state === 'waiting' ? task.wait.operation : null;
      const isWaitingThere = waitsFor === 'condition.wait' && giving.conditions.includes(task.wait.target);
      const question = `gives ${giving.id} ${waitsFor} ${isWaitingThere}`;
      return answer(task, question, () => {
        const begin = whereItIs(program, task.step, waitsFor);
        return mayGiveMore(program, begin, { ...giving, isWaitingThere }, (target, id) =>
          targetsOf(target, program.instructions).some(isIn(id)),
        );
      });
    },
  };
}

const reachables: Readonly<Record<Reachable, (instruction: Instruction) => boolean>> = {
  exit: ({ op }) => op === 'exit',
  call: (instruction) => instruction.op === 'external' && instruction.service === 'call',
};

function keyOf({ plan, step }: TaskRecord): string {
  return `${plan.program} ${step}`;
}

/** The targets of these operations among some of a program's instructions. */
export function rangesOf(
  reach: Reach,
  names: readonly Deed[],
  program: readonly Instruction[],
): readonly Range[] {
  return reach.flatMap((instruction) => {
    const target = targetIn(instruction, names);
    return target === undefined ? [] : targetsOf(target, program);
  });
}

/** What the instruction does one of these operations on; the lines of a command are put into a queue. */
function targetIn(instruction: Instruction, names: readonly Deed[]): Target | undefined {
  if (instruction.op === 'operate' && names.some((name) => isDeed(instruction, name)))
    return instruction.target;
  return instruction.op === 'external' && names.includes('queue.put') ? instruction.feeds : undefined;
}

const dropping = { 'queue.drop': 'queue.close', 'pool.drop': 'pool.close' } as const;

function isDeed(
  { operation, operands }: Extract<Instruction, { readonly op: 'operate' }>,
  name: Deed,
): boolean {
  if (name === 'queue.drop' || name === 'pool.drop')
    return operation === dropping[name] && operands[0]?.constant !== false;
  return operation === name;
}

/** A computed target is one of those that the program computes there; a handle comes from elsewhere, and may be anything. */
function targetsOf(target: Target, program: readonly Instruction[]): readonly Range[] {
  if (target.kind === 'fixed') return [{ first: target.id, count: 1 }];
  const computed = program.flatMap((other) =>
    other.op === 'resolve' && other.slot === target.slot ? [{ first: other.first, count: other.count }] : [],
  );
  return computed.length > 0 ? computed : [{ first: 0, count: Number.POSITIVE_INFINITY }];
}

/**
 * The instructions at which it may be: of one that has done nothing yet, the first; of one that waits, where it does; of any
 * other, also those that come next.
 */
function whereItIs(program: Program, step: number, waitsFor: string | null): readonly number[] {
  const { instructions } = program;
  if (step < 0) return [0];
  const all = [...instructions.keys()];
  const own = all.filter((at) => instructions[at]?.step === step);
  if (own.length === 0) return all;
  if (waitsFor === null)
    return own.flatMap((at) => [at, ...successorsOf(instructions[at] as Instruction, at)]);
  const waiting = own.filter((at) => isWaitFor(instructions[at], waitsFor));
  return waiting.length === 0 ? own : waiting;
}

function isWaitFor(instruction: Instruction | undefined, operation: string): boolean {
  return instruction?.op === 'operate' ? instruction.operation === operation : instruction?.op === operation;
}

export function isIn(id: number): (range: Range) => boolean {
  return ({ first, count }) => first <= id && id < first + count;
}

/** All from the step's own instructions on; the whole program where the step is none of its own. */
function reachableFrom(program: Program, step: number): Reach {
  const { instructions } = program;
  const begin = instructions.flatMap((instruction, at) => (instruction.step === step ? [at] : []));
  if (step < 0 || begin.length === 0) return instructions;
  const places = placesFrom(program, begin);
  return instructions.filter((_, at) => places.has(at));
}
