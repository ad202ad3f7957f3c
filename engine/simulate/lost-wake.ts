/**
 * Looking whether a run in which nobody can go on is a deadlock, or a wake that was lost (a bug in concur).
 */

import { Kernel } from '../kernel/kernel.ts';
import { RUN, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { couldGoOn } from '../kernel/waiting/perform.ts';
import { int } from '../log/int.ts';
import { OPERATION } from '../log/record.ts';
import { createAwaitedLook } from '../machine/awaited.ts';

/**
 * Tries what each waiting task waits for, on a copy of the memory up to the end of core: what is logged there goes nowhere.
 * What an `await` waits for is computed here, in the critical section; nobody is kept from anything by that.
 *
 * To be called in the critical section, or where nobody else runs. @returns what was found wrong, in a sentence
 */
export function lostWake(k: Kernel): string | undefined {
  const words = k.words.slice(0, k.layout.coreEnd);
  const copy = new Kernel(words, k.layout, k.values, k.host);
  copy.now = k.now;
  let holds: ((task: number) => boolean) | undefined;
  const couldPass = (task: number): boolean => {
    if (k.words[int(k.layout.taskAt[task]) + TASK.waiting] !== OPERATION.await + 1) return false;
    holds ??= createAwaitedLook(copy);
    return holds(task);
  };
  for (let task = 0; task < k.plan.tasks.length; task++) {
    if (stateOf(k, task) !== STATE.live) continue;
    const name = k.plan.tasks[task]?.name ?? '';
    const run = k.words[int(k.layout.waitAt[task]) + WAIT.state];
    if (run !== RUN.parked) return `\`${name}\` is ready and nobody runs it`;
    if (couldGoOn(copy, task) || couldPass(task))
      return `\`${name}\` waits for what it could have: a wake was lost`;
  }
  return undefined;
}
