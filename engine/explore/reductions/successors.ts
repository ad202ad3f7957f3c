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

/** Where a program's steps end. */
function endOf({ instructions }: Program): number {
  return instructions.findIndex(({ op }) => op === 'end');
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
