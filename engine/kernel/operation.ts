/**
 * What every operation of the kernel is: an attempt over core, and what it has to do with waiting.
 */
import type { Kernel } from './kernel.ts';

/** `count` waiters of a channel are woken (`ALL`); `completes`: what they wait for is done for them at this moment. */
export type Wake = { readonly channel: number; readonly count: number; readonly completes: boolean };

export type Operation = {
  /** What its target is. */
  readonly of: 'resource' | 'task';
  /**
   * If it can happen now, makes it happen: `YES`, with `k.amount` and `k.result` set where they mean something. Else `NO`,
   * or an error. On `YES` it takes over the values among its operands; writes core only, and only its footprint.
   */
  readonly attempt: (k: Kernel, task: number, target: number, a: number, b: number) => number;
  /** The channel, among the target's, where those wait to whom it says no; -1 if it never does. */
  readonly waitsOn: number;
  /** Where that is not always the same: the number of any channel. */
  readonly waitsWhere?: (k: Kernel, task: number, target: number) => number;
  /** What follows the first `NO`, in wait. */
  readonly refused?: (k: Kernel, task: number, target: number) => void;
  /** At the timeout: true if the operation now waits for something else, without a limit, and will say yes in the end. */
  readonly expire?: (k: Kernel, task: number, target: number) => boolean;
  /** What else a timeout does. */
  readonly timedOut?: (k: Kernel, task: number, target: number) => void;
  /** What a task leaves undone in core that is ended from outside while it waits. */
  readonly abandoned?: (k: Kernel, task: number, target: number) => void;
  readonly wakes: readonly Wake[];
  /** What else follows a `YES`, in wait and log. */
  readonly follow?: (k: Kernel, task: number, target: number, step: number) => void;
};
