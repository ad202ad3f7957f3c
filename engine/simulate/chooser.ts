/**
 * What a run in virtual time leaves open, and who decides it: whose turn it is, what chance gives, whether a wait is over
 * too soon. A strategy is one file.
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { Stop } from './stop.ts';

export type Chooser = {
  /** Has somebody do a step. @returns who that was, or `NOBODY`: time is to pass */
  turn(steps: Steps): number;
  /** One of `count` possibilities, from 0. Undefined, or missing: the seed decides, by who draws where. */
  choose?(count: number): number | undefined;
  /** Hears what chance gave where the seed has decided. */
  drew?(choice: number): void;
  /** Whether the time of a modelled step is over before its model's. Undefined, or missing: their lengths say. */
  isLate?(): boolean | undefined;
  /** How long something lasts that may take shorter or longer, in microseconds. Undefined, or missing: chance decides. */
  lengthUs?(): number | undefined;
};

export const NOBODY = -1;

/** What a chooser may do. */
export type Steps = {
  readonly k: Kernel;
  /** Whether nobody is ready, or all that are do nothing but look, in vain: only time can change anything then. */
  isIdle(): boolean;
  /** Who is ready, in no order that means anything, as `isIdle` has found. */
  readonly ready: readonly number[];
  /** One visible moment of one of those that are ready, by its place among them. @returns who that is */
  doMoment(index: number): number;
  /** The instruction a task is at, and all behind it up to the next that `stops` has a 1 for. */
  doStep(task: number, stops: Uint8Array): 'moved' | 'parked' | 'ended';
  /** Whether the task, where it can go on, does so at once: what it does next nobody sees. */
  isUnsettled(task: number, kinds: readonly Uint8Array[]): boolean;
  /** A waiting task is to try again. */
  wake(task: number): void;
  /** The clock moves on to that time, if it is not there yet. */
  passTo(us: number): void;
  /** The same at the end of its time, to which the clock moves. */
  wakeInTime(task: number): void;
  /** Does what tasks ask for outside of the kernel. @returns why the run cannot go on, if so */
  serve(): Stop | undefined;
};
