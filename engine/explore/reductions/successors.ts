/**
 * Where a task may be after an instruction, whatever the values: all that may come next, failures included.
 */
import { handlerAt } from '../../machine/handle.ts';
import { successorsOf } from '../../plan/control-flow.ts';
import type { Instruction, Program } from '../../plan/instruction.ts';

/** Places that may follow, each once; an uncaught failure leads to the `end`. */
export function placesAfter(program: Program, pc: number): readonly number[] {
  const instruction = program.instructions[pc] as Instruction;
  const targets = new Set(successorsOf(instruction, pc));
  if (mayFail(instruction)) targets.add(handlerAt(program.handlers, pc)?.target ?? endOf(program));
  return [...targets];
}

const ends = new WeakMap<Program, number>();

/** Where a program's steps end. */
function endOf(program: Program): number {
  const end = ends.get(program) ?? program.instructions.findIndex(({ op }) => op === 'end');
  ends.set(program, end);
  return end;
}

/** Everything may that evaluates, or asks the kernel. */
export function mayFail({ op }: Instruction): boolean {
  switch (op) {
    case 'assign':
    case 'copy':
    case 'jump':
    case 'begin':
    case 'commit':
    case 'enter':
    case 'leave':
    case 'end':
      return false;
    default:
      return true;
  }
}
