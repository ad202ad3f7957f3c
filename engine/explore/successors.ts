/**
 * Where a task may be after an instruction, whatever the values: all that may come next, failures included.
 */
import type { Instruction, Program } from '../plan/instruction.ts';

/** Places that may follow, each once; an uncaught failure leads to the `end`. */
export function successorsOf(program: Program, pc: number): readonly number[] {
  const instruction = program.instructions[pc] as Instruction;
  const targets = new Set(ordinarySuccessors(instruction, pc));
  if (mayFail(instruction)) targets.add(handlerOf(program, pc)?.target ?? endOf(program));
  return [...targets];
}

/** The handler that takes a failure there; undefined where it ends the task. */
export function handlerOf({ handlers }: Program, pc: number) {
  return handlers.find(({ from, to }) => from <= pc && pc < to);
}

/** Where a program's steps end. */
export function endOf({ instructions }: Program): number {
  return instructions.findIndex(({ op }) => op === 'end');
}

/** What comes after it unless it fails, the next place first. */
export function ordinarySuccessors(instruction: Instruction, pc: number): readonly number[] {
  switch (instruction.op) {
    case 'jump':
      return [instruction.to];
    case 'branch':
      return [pc + 1, instruction.otherwise];
    case 'next':
    case 'each':
      return [pc + 1, instruction.exit];
    case 'operate':
    case 'await':
    case 'external': {
      const after = instruction.timeout?.onTimeout;
      return after === undefined ? [pc + 1] : [pc + 1, after];
    }
    case 'raise':
    case 'reraise':
    case 'end':
    case 'exit':
      return [];
    default:
      return [pc + 1];
  }
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
