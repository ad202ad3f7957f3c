/**
 * The frame of the running task, as instructions see it: its locals, its place, its way into a visible moment.
 *
 * One object serves a carrier for all its tasks: it keeps nothing between two of them, all that a task is lies in memory.
 */

import type { Meter } from '../expression/meter.ts';
import type { Value } from '../expression/values/value.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL, STATE, TASK } from '../kernel/memory/layout.ts';
import { inlineWord, isReference } from '../log/inline-value.ts';
import { int } from '../log/int.ts';
import type { Plan } from '../plan/plan.ts';
import { draw } from './random.ts';

/** Who runs the task, for `task.pid` and `env`. */
export type Identity = {
  readonly pidOf: (process: number) => number;
  readonly carrier: number;
  /** There is no real time: what commands would do is taken from their models. */
  readonly isVirtual: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the function that the task has asked for, on a thread of its own. Missing where the supervisor does that. */
  readonly call?: (task: number) => void;
  /** Decides what is drawn elsewhere: one of `count` possibilities, from 0. Undefined: the seed does. */
  readonly choose?: (count: number) => number | undefined;
  /** Hears what the seed has decided of that. */
  readonly drew?: (choice: number) => void;
  /** Whether the time of a modelled step is over before its model's. Undefined: their lengths say. */
  readonly isLate?: () => boolean | undefined;
  /** Decides elsewhere how long something lasts that is given as a range. Undefined: chance does. */
  readonly lengthUs?: () => number | undefined;
  /**
   * Time is free: whatever takes time may take any time, and each wait with a timeout may be over before its operation can be
   * done. Missing: the kernel's clock says.
   */
  readonly freeTime?: FreeTime;
};

export type FreeTime = {
  /** The time of the wait at hand is over. Such a wait still ends only where its operation cannot be done now. */
  readonly isLate: boolean;
  /** Set where a task goes on that waits to be notified, and was not. */
  hasWokenUp: boolean;
  /** Durations count all the same: whoever sleeps goes on when it is told that its time is over. */
  readonly hasClock: boolean;
  /** Is told of each attempt that says no, and of each step whose wait ends by its timeout. */
  readonly exercise: {
    readonly refused: (operation: number, target: number) => void;
    readonly timedOut: (step: number) => void;
  };
};

/** Thrown where the task or the carrier was ended from outside: unwinds past all handlers of the scenario. */
export const STOPPED = Symbol('stopped');

/** Later than any run. */
const LATEST = 2 ** 52;
/** How far a comparison in doubles may change behind the microsecond that was computed for it. */
const MARGIN_US = 2;

export class Frame {
  readonly k: Kernel;
  readonly plan: Plan;
  readonly identity: Identity;
  readonly meter: Meter;
  task = 0;
  /** Where its block begins, and where its slots do. */
  at = 0;
  slots = 0;
  process = 0;
  pc = 0;
  step = 0;
  /** How often a task was resumed: what was read from this frame's own slots stands until then. */
  turn = 0;
  /** Visible moments since it was resumed. */
  moments = 0;
  /** The earliest moment still to come at which some comparison with the time changes, of those evaluated since it was reset. */
  due = Number.POSITIVE_INFINITY;

  constructor(k: Kernel, identity: Identity, meter: Meter = { spent: 0 }) {
    this.k = k;
    this.plan = k.plan;
    this.identity = identity;
    this.meter = meter;
  }

  /** Turns to another task, where that left off. */
  resume(task: number): void {
    const { words, layout } = this.k;
    this.turn++;
    this.task = task;
    this.at = int(layout.taskAt[task]);
    this.slots = this.at + TASK.slots;
    this.process = int(words[this.at + TASK.process]);
    this.pc = int(words[this.at + TASK.pc]);
    this.moments = 0;
  }

  /** Begins a visible moment. @throws STOPPED if this carrier, or this task, was ended from outside */
  enter(): void {
    this.moments++;
    if (!this.k.enter()) throw STOPPED;
    if (this.k.words[this.at + TASK.state] === STATE.live && this.k.words[CONTROL.stop] === 0) return;
    this.k.leave();
    throw STOPPED;
  }

  /** Before the task can be taken by another carrier: where it will go on. */
  savePlace(): void {
    this.k.words[this.at + TASK.pc] = this.pc;
  }

  local(slot: number): Value {
    return this.k.value(int(this.k.words[this.slots + slot]));
  }

  /** Only values that need the store need the critical section: nobody else looks into a frame. */
  setLocal(slot: number, value: Value): void {
    const word = inlineWord(value);
    if (word !== undefined) {
      this.setWord(slot, word);
      return;
    }
    this.enter();
    this.k.replace(this.slots + slot, this.k.wordOf(value));
    this.k.leave();
    this.moments--;
  }

  /** The word of a local, as it lies there. */
  word(slot: number): number {
    return int(this.k.words[this.slots + slot]);
  }

  /** Sets a local to a word that is no reference. */
  setWord(slot: number, word: number): void {
    const cell = this.slots + slot;
    if (!isReference(int(this.k.words[cell]))) {
      this.k.words[cell] = word;
      return;
    }
    this.enter();
    this.k.replace(cell, word);
    this.k.leave();
    this.moments--;
  }

  /**
   * A comparison with the time changes about then. Rounding is not to decide what the expression says: the microseconds
   * around it are moments to look at, too.
   */
  noteMoment(us: number): void {
    if (!(us < LATEST)) return;
    const first = Math.round(us);
    for (let moment = first; moment <= first + MARGIN_US; moment++) {
      if (moment <= this.k.now) continue;
      this.due = Math.min(this.due, moment);
      return;
    }
  }

  /** Uniform over 0 ≤ x < 1: the next draw of this task at this instruction. */
  random(): number {
    const at = int(this.k.layout.drawsAt[this.task]) + this.pc;
    const occurrence = int(this.k.words[at]);
    this.k.words[at] = occurrence + 1;
    return draw(this.plan.seed, this.task, this.pc, occurrence);
  }

  /** Where the draws of the instruction at hand stand. */
  markDraws(): number {
    return int(this.k.words[int(this.k.layout.drawsAt[this.task]) + this.pc]);
  }

  /** Takes back the draws since `mark`, where an evaluation is repeated. */
  rewindDraws(mark: number): void {
    this.k.words[int(this.k.layout.drawsAt[this.task]) + this.pc] = mark;
  }
}
