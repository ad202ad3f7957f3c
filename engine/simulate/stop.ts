/**
 * Why a run in virtual time does not go on.
 */

import type { Exhaustion } from '../kernel/exhaustion.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { TASK } from '../kernel/memory/layout.ts';
import type { StopReason } from '../log/event.ts';
import { int } from '../log/int.ts';

export type Stop = {
  /** Null: its main program has ended. */
  readonly reason: StopReason | null;
  readonly cause: string | null;
  readonly place?: Exhaustion['place'];
};

export const ENDED: Stop = { reason: null, cause: null };

/** So many moments have passed in which no time did. */
export function endless(k: Kernel, task: number, moments: number): Stop {
  const cause = `\`${nameOf(k, task)}\` seems to loop for ever: ${moments} steps, and virtual time still stands at ${timeOf(k)} s`;
  return { reason: 'inconclusive', cause };
}

/** A task goes on for ever, and nothing it looks at changes. */
export function loopsForEver(k: Kernel, task: number): Stop {
  const cause = `\`${nameOf(k, task)}\` loops for ever: from ${timeOf(k)} s of virtual time on, nothing that it looks at changes any more`;
  return { reason: 'inconclusive', cause };
}

/** A task has asked for what nobody can do without real time. */
export function lacksModel(k: Kernel, task: number): Stop {
  const step = int(k.words[int(k.layout.taskAt[task]) + TASK.step]);
  const text = k.plan.steps[step]?.text ?? '';
  const cause = `\`${text}\` has no model: in virtual time, say how long it lasts and what it returns (model: { takes: 1s, result: … })`;
  return { reason: 'inconclusive', cause };
}

function nameOf({ plan }: Kernel, task: number): string {
  return plan.tasks[task]?.name ?? '';
}

function timeOf({ now }: Kernel): string {
  return (now / 1e6).toFixed(3);
}
