/**
 * What follows a timeout: `onTimeout`, true or false, or the operation's own error.
 */

import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { TimeoutRule } from '../plan/instruction.ts';
import { FLOW, type Flow } from './code.ts';
import type { Frame } from './frame.ts';

export type TimedOut = {
  /** The error's name. */
  readonly name: string;
  readonly rule: TimeoutRule | undefined;
  readonly result: number | undefined;
  /** The operation answers yes or no. */
  readonly boolean: boolean;
};

/** After the wait was given up and the critical section left. @throws ScenarioError where nothing handles it */
export function timeOut(frame: Frame, { name, rule, result, boolean }: TimedOut): Flow {
  frame.identity.freeTime?.exercise.timedOut(frame.step);
  if (boolean && result !== undefined) frame.setLocal(result, false);
  if (rule?.onTimeout !== undefined) {
    frame.pc = rule.onTimeout;
    return FLOW.jumped;
  }
  if (rule?.raises === true) throw new ScenarioError(name, '');
  return FLOW.next;
}
