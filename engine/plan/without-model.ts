/**
 * What needs the real world: without real time and real processes, a `run` or a `call` is what its `model` says.
 */
import type { Plan, Step } from './plan.ts';

/** The steps that say no `model`, in the order of the file: a plan that has any runs only for real. */
export function withoutModel(plan: Plan): readonly Step[] {
  const numbers = new Set<number>();
  for (const { instructions } of plan.programs) {
    for (const instruction of instructions) {
      if (instruction.op !== 'external' || instruction.model !== undefined) continue;
      const { service } = instruction;
      if (service === 'run' || service === 'call' || service === 'probe') numbers.add(instruction.step);
    }
  }
  const steps = [...numbers].flatMap((number) => plan.steps[number] ?? []);
  return steps.sort((a, b) => a.span.start - b.span.start);
}
