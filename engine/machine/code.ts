/**
 * What an instruction is once it is linked: a function over the running task's frame that says how to go on.
 */
import { ScenarioError } from '../expression/values/scenario-error.ts';
import type { Value } from '../expression/values/value.ts';
import { textFromValue } from '../expression/values/value-text.ts';
import type { Frame } from './frame.ts';

/** `jumped`: the place was set; `parked`: the task waits and is not to be touched any more; `ended`: it is over. */
export const FLOW = { next: 0, jumped: 1, parked: 2, ended: 3 } as const;
export type Flow = (typeof FLOW)[keyof typeof FLOW];

/** @throws ScenarioError what the scenario did wrong */
export type Code = (frame: Frame) => Flow;

export function jump(frame: Frame, to: number): Flow {
  frame.pc = to;
  return FLOW.jumped;
}

/** @throws ScenarioError `TypeError` where the value is no boolean */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw new ScenarioError('TypeError', `a condition must be true or false, not ${textFromValue(value)}`);
}
