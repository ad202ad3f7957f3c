/**
 * A plan of which nothing is stood for by models: what commands and functions came to is known otherwise.
 */
import type { Instruction } from './instruction.ts';
import type { Plan } from './plan.ts';

export function unmodelled(plan: Plan): Plan {
  const programs = plan.programs.map((program) => ({
    ...program,
    instructions: program.instructions.map(withoutModel),
  }));
  return { ...plan, programs };
}

function withoutModel(instruction: Instruction): Instruction {
  if (instruction.op !== 'external') return instruction;
  const { model: _, ...rest } = instruction;
  return rest;
}
