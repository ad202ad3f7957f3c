/**
 * Which steps may race for a var: what each program does to it, and which of that does not go together in two tasks that
 * nothing orders. The kinds of accesses are those of the verdict.
 */
import { int } from '../../log/int.ts';
import { createAccessKinds } from '../../plan/access-kinds.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { expressionsOf } from '../claims/subjects.ts';

/** Kinds of accesses, as bits. */
const ACCESS = { read: 1, write: 2, atomicRead: 4, atomicWrite: 8 } as const;

/** What an access of a kind races with. */
const CONFLICTS: Readonly<Record<number, number>> = {
  [ACCESS.read]: ACCESS.write | ACCESS.atomicWrite,
  [ACCESS.write]: ACCESS.read | ACCESS.write | ACCESS.atomicRead | ACCESS.atomicWrite,
  [ACCESS.atomicRead]: ACCESS.write,
  [ACCESS.atomicWrite]: ACCESS.read | ACCESS.write,
};

export type Accesses = {
  /** What a step's access to a var is; 0 where it races with nothing. */
  readonly kindOf: (step: number, variable: number, isWrite: boolean) => number;
  /** Whether it is part of a moment that comes after all moments of that var before it. */
  readonly isMoment: (step: number, variable: number) => boolean;
  /** Whether two kinds do not go together. */
  readonly conflict: (one: number, other: number) => boolean;
  /** Whether another task than one of that program may do what an access of that kind races with. */
  readonly mayRace: (program: number, variable: number, kind: number) => boolean;
  /** Whether that program may do what an access of that kind races with. */
  readonly hasConflict: (program: number, variable: number, kind: number) => boolean;
  /** Vars that may be raced for. */
  readonly raced: readonly number[];
};

export function accessesOf(plan: Plan): Accesses {
  const accessKindOf = createAccessKinds(plan);
  const kindOf = kindsOf(plan, accessKindOf);
  const width = plan.variables.length;
  /** By program and var: what its steps do to it. */
  const done = plan.programs.map(({ instructions }) => {
    const own = new Uint8Array(width);
    const add = (step: number, variable: number, isWrite: boolean): void => {
      own[variable] = int(own[variable]) | kindOf(step, variable, isWrite);
    };
    for (const instruction of instructions) noteAccesses(instruction, add);
    return own;
  });
  const tasks = plan.programs.map((_, program) => plan.tasks.filter((one) => one.program === program).length);
  const hasConflict = (program: number, variable: number, kind: number): boolean =>
    ((done[program]?.[variable] ?? 0) & (CONFLICTS[kind] ?? 0)) !== 0;
  const mayRace = (program: number, variable: number, kind: number): boolean =>
    tasks.some((count, other) => count > (other === program ? 1 : 0) && hasConflict(other, variable, kind));
  const isRaced = (variable: number): boolean =>
    done.some((own, program) =>
      Object.values(ACCESS).some(
        (kind) => (int(own[variable]) & kind) !== 0 && mayRace(program, variable, kind),
      ),
    );
  return {
    kindOf,
    isMoment: (step, variable) => accessKindOf(step, variable) === 'atomic',
    conflict: (one, other) => ((CONFLICTS[one] ?? 0) & other) !== 0,
    mayRace,
    hasConflict,
    raced: plan.variables.flatMap((_, variable) => (isRaced(variable) ? [variable] : [])),
  };
}

/** An array's read says not which of its cells it used: it races with nothing. */
function kindsOf(plan: Plan, kindOf: ReturnType<typeof createAccessKinds>): Accesses['kindOf'] {
  return (step, variable, isWrite) => {
    const kind = kindOf(step, variable);
    if (kind === 'awaiting' || (!isWrite && plan.variables[variable]?.array === true)) return 0;
    if (kind === 'atomic') return isWrite ? ACCESS.atomicWrite : ACCESS.atomicRead;
    return isWrite ? ACCESS.write : ACCESS.read;
  };
}

function noteAccesses(
  instruction: Instruction,
  add: (step: number, variable: number, isWrite: boolean) => void,
): void {
  const { step } = instruction;
  for (const { reads } of expressionsOf(instruction))
    for (const read of reads) if (read.from === 'variable') add(step, read.variable, false);
  if (instruction.op === 'write') add(step, instruction.variable, true);
  if (instruction.op === 'update') for (const { variable } of instruction.writes) add(step, variable, true);
}
