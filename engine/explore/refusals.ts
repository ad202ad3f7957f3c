/**
 * What a search cannot explore: it is said before anything is searched.
 */
import type { Expression } from '../expression/expression.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Plan } from '../plan/plan.ts';
import { claimsOf, expressionsOf } from './claims/subjects.ts';
import { clockProblem } from './clock/timed-steps.ts';
import { memoryProblem } from './explored-layout.ts';
import type { Refusal } from './refusal.ts';

/** Each place once, in the order of the file. */
export function refusalsOf(plan: Plan): readonly Refusal[] {
  const found = new Map<string, Refusal>();
  const add = (span: Refusal['span'], reason: string): void => {
    found.set(`${span?.start} ${reason}`, { span, reason });
  };
  const instructions = plan.programs.flatMap((program) => program.instructions);
  for (const instruction of instructions) {
    const reason = withoutModel(instruction);
    if (reason !== undefined) add(plan.steps[instruction.step]?.span ?? null, reason);
  }
  for (const { span } of [...instructions.flatMap(expressionsOf), ...claimsOf(plan)].filter(readsTime))
    add(span, 'it reads `now`, and a check has no clock (`concur run` has one)');
  return [...found.values()].toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

function withoutModel(instruction: Instruction): string | undefined {
  if (instruction.op !== 'external' || instruction.model !== undefined) return undefined;
  if (instruction.service === 'load' || instruction.service === 'save') return undefined;
  return 'it has no model: say how long it lasts and what it returns (model: { takes: 1s, result: … })';
}

function readsTime({ reads }: Expression): boolean {
  return reads.some(({ from }) => from === 'now');
}

/** Why a scenario is not explored, though nothing is wrong with it; undefined if it is. */
export function unexplored(plan: Plan): Refusal | undefined {
  const reason = memoryProblem(plan);
  return reason === undefined ? clockProblem(plan) : { span: null, reason };
}
