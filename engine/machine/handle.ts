/**
 * What the scenario did wrong, on its way to the handler that takes it.
 */

import type { ScenarioError } from '../expression/values/scenario-error.ts';
import { TASK } from '../kernel/memory/layout.ts';
import { RECORD } from '../log/record.ts';
import type { Handler } from '../plan/instruction.ts';
import { type Flow, jump } from './code.ts';
import type { Frame } from './frame.ts';

/** The innermost handler of that place; they stand in this order. */
export function handlerAt(handlers: readonly Handler[], pc: number): Handler | undefined {
  return handlers.find(({ from, to }) => from <= pc && pc < to);
}

/** The task goes on at the handler, which finds the error in its slot: one visible moment, but for what nothing takes yet. */
export function handle(frame: Frame, { slot, target, isLast }: Handler, error: ScenarioError): Flow {
  const { k, slots } = frame;
  const { name, message } = error;
  if (isLast === true) {
    k.words[frame.at + TASK.step] = frame.step;
    frame.setLocal(slot, { name, message });
    return jump(frame, target);
  }
  frame.enter();
  recordRaised(frame, error, true);
  k.replace(slots + slot, k.wordOf({ name, message }));
  k.leave();
  return jump(frame, target);
}

/** In the critical section. */
export function recordRaised(
  { k, task, step }: Frame,
  { name, message }: ScenarioError,
  isHandled: boolean,
): void {
  k.recordTexts(RECORD.raised, task, step, [isHandled ? 1 : 0], [name, message]);
}
