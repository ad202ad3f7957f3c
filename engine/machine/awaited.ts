/**
 * Whether what a parked task awaits is true, for whoever must know that without running the task.
 */

import type { Expression, Read } from '../expression/expression.ts';
import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type Binder, createExpressionBinder } from './bound-expression.ts';
import { truth } from './code.ts';
import { Frame, type Identity } from './frame.ts';

/** Nobody's: only what is alike for all who look is looked at. */
const anybody: Identity = { pidOf: () => 0, carrier: 0, isVirtual: false, env: {} };

/**
 * @param k on a copy of the memory: to look may log, and draw at random
 * @returns whether the task, if it looked, would go on, be it with an error; false where it does not await, or where what it
 *   awaits can only be seen from its own process
 */
export function createAwaitedLook(k: Kernel): (task: number) => boolean {
  const frame = new Frame(k, anybody);
  const bind = createExpressionBinder(frame);
  return (task) => {
    frame.resume(task);
    const program = k.plan.programs[k.plan.tasks[task]?.program ?? -1];
    const instruction = program?.instructions[frame.pc];
    if (instruction?.op !== 'await' || instruction.condition.reads.some(isOfItsProcess)) return false;
    const answer = holds(instruction.condition, bind);
    // What was read is in the log of the copy, which nobody reads.
    k.ring.dropMoment();
    return answer;
  };
}

function isOfItsProcess(read: Read): boolean {
  return read.from === 'env' || (read.from === 'task' && read.attributes.includes('pid'));
}

function holds(condition: Expression, bind: Binder): boolean {
  const bound = bind(condition);
  bound.prepare();
  bound.snapshot();
  try {
    return truth(bound.compute());
  } catch (error) {
    if (error instanceof ScenarioError) return true;
    throw error;
  }
}
