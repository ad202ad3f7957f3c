/**
 * Whether a run is where it was: all of core that can matter, whatever host it is of. Words that only say how it came there are
 * left out, as are locals that nothing will read, and the marks of waits.
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { STATE, TASK } from '../../kernel/memory/layout.ts';
import { int } from '../../log/int.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { subjectsOf } from '../claims/subjects.ts';
import { deadSlots } from '../reductions/live-slots.ts';
import { relevantWords } from '../reductions/relevance.ts';

/** Takes what tells the state of a run from others, as a text. */
function createStateReader(plan: Plan, kinds: readonly Uint8Array[]): (k: Kernel) => string {
  const dead = plan.programs.map(deadSlots);
  const times = plan.programs.map(({ instructions }) => instructions.flatMap(timeSlots));
  const subjects = subjectsOf(plan);
  let relevant: Uint8Array | undefined;
  return (k) => {
    relevant ??= relevantWords(k, subjects, kinds);
    const { words, layout } = k;
    const state = words.slice(layout.coreStart, layout.coreEnd);
    for (let index = 0; index < state.length; index++) if (relevant[index] === 0) state[index] = 0;
    plan.tasks.forEach(({ program }, task) => {
      const at = int(layout.taskAt[task]) - layout.coreStart;
      state.fill(0, at + TASK.waiting, at + TASK.begun + 1);
      if (state[at + TASK.state] !== STATE.live) return;
      const slots = at + TASK.slots;
      const ranges = dead[program]?.[int(words[int(layout.taskAt[task]) + TASK.pc])] ?? [];
      for (let range = 0; range < ranges.length; range += 2)
        state.fill(0, slots + int(ranges[range]), slots + int(ranges[range + 1]));
      for (const slot of times[program] ?? []) state[slots + slot] = 0;
    });
    return state.join();
  };
}

/** Follows a run that goes twice around a loop, and says whether it was in the same state behind both rounds. */
export function createLoopWatch(
  plan: Plan,
  kinds: readonly Uint8Array[],
  { length, loopAt }: { readonly length: number; readonly loopAt: number },
) {
  const read = createStateReader(plan, kinds);
  const ends = [length, 2 * length - loopAt];
  const states: string[] = [];
  return {
    /** To be called when so many steps were done. */
    look(count: number, k: Kernel): void {
      if (ends.includes(count)) states.push(read(k));
    },
    hasClosed: () => states.length === 2 && states[0] === states[1],
  };
}

/** A slot that holds a time says how late it is, which is nothing to a search. */
function timeSlots(instruction: Instruction): readonly number[] {
  const keep = 'timeout' in instruction ? instruction.timeout?.keep : undefined;
  return keep === undefined ? [] : [keep];
}
