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
  /** What the record of a wait tells beside: see `amount` of `waiting` in `log/event.ts`. */
  readonly tells?: (k: Kernel, task: number, target: number, a: number) => number;
  /** Where the time of a wait does not run all along: whether it does now. */
  readonly isTimeRunning?: (k: Kernel, task: number, target: number) => boolean;
  /**
   * At the timeout, where that need not be the end of the wait: `changed` if it now waits for something else, without a
   * limit, and will be told in the end; `over` if it is the end.
   */
  readonly expire?: (k: Kernel, task: number, target: number) => 'changed' | 'over';
  /** Where a wait may go on though nobody has ended it: whether it may now, and what it does then. */
  readonly wakesUp?: {
    readonly may: (k: Kernel, task: number, target: number) => boolean;
    readonly go: (k: Kernel, task: number, target: number) => void;
  };
  /** What else a timeout does. */
  readonly timedOut?: (k: Kernel, task: number, target: number) => void;
  /** What a task leaves undone in core that is ended from outside while it waits. */
  readonly abandoned?: (k: Kernel, task: number, target: number) => void;
  readonly wakes: readonly Wake[];
  /** What follows an error, in wait. */
  readonly failed?: (k: Kernel, task: number, target: number) => void;
  /** What else follows a `YES`, in wait and log. */
  readonly follow?: (k: Kernel, task: number, target: number, step: number) => void;
};
