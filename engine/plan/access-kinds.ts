/**
 * How steps touch vars: plainly, as one moment that reads and writes, or in waiting for a condition.
 *
 * Two that update a var as one moment do not race, and each comes after the one before. An `await` reads what others write
 * meanwhile: that is what it is for.
 */

import type { Expression } from '../expression/expression.ts';
import { placesFrom } from './control-flow.ts';
import type { Instruction, Program } from './instruction.ts';
import type { Plan } from './plan.ts';

export type AccessKind = 'plain' | 'atomic' | 'awaiting';

/** Tells them apart by step and var; fast where a step has nothing but plain accesses. */
export function createAccessKinds(plan: Plan): (step: number, variable: number) => AccessKind {
  const isSpecial = new Uint8Array(plan.steps.length);
  const kinds = new Map<number, AccessKind>();
  const variables = plan.variables.length;
  const note = (step: number, variable: number, kind: AccessKind): void => {
    isSpecial[step] = 1;
    kinds.set(step * variables + variable, kind);
  };
  for (const program of plan.programs) {
    for (const instruction of program.instructions) noteOwn(instruction, note);
    for (const { step } of atomicInstructions(program)) {
      for (let variable = 0; variable < variables; variable += 1) note(step, variable, 'atomic');
    }
  }
  return (step, variable) => {
    if (isSpecial[step] !== 1) return 'plain';
    return kinds.get(step * variables + variable) ?? 'plain';
  };
}

function noteOwn(
  instruction: Instruction,
  note: (step: number, variable: number, kind: AccessKind) => void,
): void {
  const { step, op } = instruction;
  if (op === 'await') {
    for (const variable of variablesOf(instruction.condition)) note(step, variable, 'awaiting');
  }
  if (op !== 'update') return;
  for (const { variable, value } of instruction.writes) {
    for (const touched of [variable, ...variablesOf(value)]) note(step, touched, 'atomic');
  }
}

function variablesOf({ reads }: Expression): readonly number[] {
  return reads.flatMap((read) => (read.from === 'variable' ? [read.variable] : []));
}

/** Those between a `begin` and the `commit`s that it comes to. */
function atomicInstructions({ instructions }: Program): readonly Instruction[] {
  const begin = instructions.flatMap(({ op }, at) => (op === 'begin' ? [at + 1] : []));
  // A failure in between ends the moment: who handles it is no part of it.
  const places = placesFrom({ instructions, handlers: [] }, begin, ({ op }) => op === 'commit');
  return instructions.filter((_, at) => places.has(at));
}
