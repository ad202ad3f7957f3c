/**
 * Where a program may go on from an instruction: all that can come after it, whatever the values.
 */
import type { Instruction, Program } from './instruction.ts';

/**
 * The places of the instructions that can be come to, those where it begins included.
 *
 * @param isEnd where the walk ends; that instruction is no part of it
 */
export function placesFrom(
  { instructions, handlers }: Pick<Program, 'instructions' | 'handlers'>,
  begin: readonly number[],
  isEnd: (instruction: Instruction) => boolean = () => false,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...begin];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const instruction = instructions[at];
    if (instruction === undefined || seen.has(at) || isEnd(instruction)) continue;
    seen.add(at);
    open.push(...successorsOf(instruction, at));
    for (const { from, to, target } of handlers) if (from <= at && at < to) open.push(target);
  }
  return seen;
}

/** What comes after it, unless it raises. */
export function successorsOf(instruction: Instruction, at: number): readonly number[] {
  switch (instruction.op) {
    case 'jump':
      return [instruction.to];
    case 'branch':
      return [at + 1, instruction.otherwise];
    case 'next':
    case 'each':
      return [at + 1, instruction.exit];
    case 'operate':
    case 'await':
    case 'external': {
      const after = instruction.timeout?.onTimeout;
      return after === undefined ? [at + 1] : [at + 1, after];
    }
    case 'raise':
    case 'reraise':
    case 'end':
    case 'exit':
      return [];
    default:
      return [at + 1];
  }
}

/** Where one comes to by way of jumps alone; in a loop of nothing else, at some place in it. */
export function landing(instructions: readonly Instruction[], from: number): number {
  let pc = from;
  for (let jumps = 0; jumps < instructions.length; jumps++) {
    const instruction = instructions[pc];
    if (instruction?.op !== 'jump') break;
    pc = instruction.to;
  }
  return pc;
}
