/**
 * What the steps of a plan touch, for strategies: vars and resources as numbers. It only guides samples, so that what it
 * does not see costs luck, and nothing else.
 */

import type { Expression } from '../../expression/expression.ts';
import { TASK } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { expressionsOf } from '../claims/subjects.ts';
import { aimsOf } from '../reductions/targets.ts';
import type { State } from '../state.ts';

type Touch = { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> };

export type Touches = {
  /** Those that two tasks may touch. */
  readonly shared: readonly number[];
  /** Where a task is in its program. */
  readonly placeOf: (task: number) => number;
  /** Whether a task's step at a place touches an object. */
  readonly at: (task: number, place: number, object: number) => boolean;
  /** Whether a task's step at a place, and the next one of another, touch the same, and one of them writes it. */
  readonly race: (task: number, place: number, other: number) => boolean;
};

export function touchesOf(state: State): Touches {
  const { plan, k } = state;
  const byProgram = plan.programs.map((program) =>
    program.instructions.map((_, place) => touchAt(plan, program, place)),
  );
  const programOf = (task: number): number => plan.tasks[task]?.program ?? 0;
  const touch = (task: number, place: number): Touch => byProgram[programOf(task)]?.[place] ?? NOTHING;
  const placeOf = (task: number): number => int(k.words[int(k.layout.taskAt[task]) + TASK.pc]);
  return {
    shared: sharedObjects(plan, byProgram),
    placeOf,
    at: (task, place, object) => has(touch(task, place), object),
    race: (task, place, other) => {
      const one = touch(task, place);
      const two = touch(other, placeOf(other));
      for (const object of one.writes) if (has(two, object)) return true;
      for (const object of two.writes) if (one.reads.has(object)) return true;
      return false;
    },
  };
}

const NOTHING: Touch = { reads: new Set(), writes: new Set() };

function has({ reads, writes }: Touch, object: number): boolean {
  return writes.has(object) || reads.has(object);
}

function sharedObjects(plan: Plan, byProgram: readonly (readonly Touch[])[]): readonly number[] {
  const users = new Map<number, number>();
  const tasks = new Int32Array(plan.programs.length);
  for (const { program } of plan.tasks) tasks[program] = int(tasks[program]) + 1;
  plan.programs.forEach((_, program) => {
    const own = new Set((byProgram[program] ?? []).flatMap(({ reads, writes }) => [...reads, ...writes]));
    for (const object of own) users.set(object, (users.get(object) ?? 0) + int(tasks[program]));
  });
  return [...users].filter(([, count]) => count > 1).map(([object]) => object);
}

/** From `begin` to `commit` all is one step. */
function touchAt(plan: Plan, program: Program, place: number): Touch {
  const { instructions } = program;
  const first = instructions[place] as Instruction;
  const part = first.op === 'begin' ? instructions.slice(place, commitBehind(instructions, place)) : [first];
  const expressions = part.flatMap(expressionsOf);
  return {
    reads: new Set(expressions.flatMap((expression) => objectsRead(plan, expression))),
    writes: new Set(part.flatMap((instruction) => objectsWritten(plan, program, instruction))),
  };
}

function commitBehind(instructions: readonly Instruction[], place: number): number {
  let at = place;
  while (at < instructions.length && instructions[at]?.op !== 'commit') at++;
  return at;
}

function objectsRead(plan: Plan, { reads }: Expression): readonly number[] {
  return reads.flatMap((read) => {
    if (read.from === 'variable') return [read.variable];
    if (read.from === 'resource') return resources(plan, read.first, read.count);
    return [];
  });
}

function objectsWritten(plan: Plan, program: Program, instruction: Instruction): readonly number[] {
  if (instruction.op === 'write') return [instruction.variable];
  if (instruction.op === 'update') return instruction.writes.map(({ variable }) => variable);
  if (instruction.op !== 'operate' || instruction.operation.startsWith('task.')) return [];
  return aimsOf(program, instruction.target).flatMap((aim) =>
    aim.kind === 'handle' ? [] : resources(plan, aim.range.first, aim.range.count),
  );
}

/** Vars come first, resources behind them. */
function resources({ variables }: Plan, first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => variables.length + first + index);
}
