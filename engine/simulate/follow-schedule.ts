/**
 * The chooser of a run that begins as it is told: task by task, each step when the schedule says so, and each wait over when it says
 * so. Where the schedule ends the run goes on by itself.
 *
 * The steps are those of a search (`explore`): the instruction a task is at, and all behind it that nobody else can see. The
 * clock jumps to wherever a step needs it; whoever should have woken before is late, as in real runs.
 */

import type { Kernel } from '../kernel/kernel.ts';
import type { Turn } from '../machine/score.ts';
import type { Chooser, Steps } from './chooser.ts';
import { Follower, type Place, type ScheduledStep } from './follower.ts';

export type Schedule = {
  readonly steps: readonly ScheduledStep[];
  /** By program, then by place: 1 where a step of the search ends, 2 where it is done as soon as it can be. */
  readonly kinds: readonly Uint8Array[];
  /** Its steps are in the order in which they come about in time: see `Following`. */
  readonly isInTime?: boolean;
  /** Called when all steps were done, and all events of them handed over. */
  readonly onDone?: () => void;
  /** Called before each step. */
  readonly onStep?: (place: Place) => void;
  /** Called when so many steps were done, and all events of them handed over. */
  readonly onStepped?: (count: number, k: Kernel) => void;
  /** Called behind each turn of the score that comes about. */
  readonly onTurn?: (turn: Turn) => void;
};

/** A schedule that cannot be followed: at which of its steps, and why. */
export class ScheduleMisfit extends Error {
  readonly step: number;
  readonly why: string;

  constructor(step: number, why: string) {
    super(`bug in concur: step ${step} of a schedule cannot be done: ${why}`);
    this.step = step;
    this.why = why;
  }
}

/** So many steps that the schedule does not know are done on the way to one that it does. */
const MOST_ON_THE_WAY = 10_000;
/** So many tasks go on in a turn where no step is due: others may want to stop the run meanwhile. */
const SETTLED_A_TURN = 256;

/** Follows a schedule to its end; then the other chooser decides. */
export class FollowSchedule implements Chooser {
  readonly #schedule: Schedule;
  readonly #then: Chooser;
  readonly #drain: () => void;
  #follower: Follower | undefined;
  /** The step that is being done, and how much of what chance decides in it is used up. */
  #step: ScheduledStep | undefined;
  #chosen = 0;
  /** What of that was used in the turn at hand. */
  readonly #used: number[] = [];
  #done = 0;
  /** What is being done that no step is about, and who did the last step. */
  #settling: Generator<void, void, void> | undefined;
  #mover = 0;

  /** @param drain hands the log over: when the schedule is done, all of it is known */
  constructor(schedule: Schedule, then: Chooser, drain: () => void) {
    this.#schedule = schedule;
    this.#then = then;
    this.#drain = drain;
  }

  /** @throws Error where a step cannot be done */
  turn(steps: Steps): number {
    const follower = this.#follower;
    if (follower === undefined) return this.#begin(steps);
    if (this.#settling !== undefined) return this.#settle(steps, this.#settling);
    const step = this.#schedule.steps[this.#done];
    if (step === undefined) return this.#then.turn(steps);
    this.#approach(follower, step);
    this.#schedule.onStep?.(follower.placeOf(step.task));
    this.#step = step;
    this.#chosen = 0;
    if (!follower.perform(step)) throw this.#misfit(follower, step);
    this.#step = undefined;
    this.#done++;
    this.#mover = step.task;
    return this.#settle(steps, follower.settle());
  }

  /** What is done behind a step, or before the first, as soon as it can be: some of it a turn. */
  #settle({ k }: Steps, settling: Generator<void, void, void>): number {
    this.#settling = settling;
    for (let count = 0; count < SETTLED_A_TURN; count++) {
      if (settling.next().done !== true) continue;
      this.#settling = undefined;
      this.#drain();
      this.#schedule.onStepped?.(this.#done, k);
      if (this.#done === this.#schedule.steps.length) this.#schedule.onDone?.();
      break;
    }
    return this.#mover;
  }

  /** What is done before the first step is a turn of its own: the run may be over then. */
  #begin(steps: Steps): number {
    const { kinds, isInTime, onTurn } = this.#schedule;
    const tell = (turn: Omit<Turn, 'choices'>): void => onTurn?.({ ...turn, choices: this.#takeUsed() });
    this.#follower = new Follower(steps, kinds, { isInTime, onTurn: tell });
    return this.#settle(steps, this.#follower.settle());
  }

  /** Brings the task to the step that is meant: what the schedule does not know of it was written later, and is done before. */
  #approach(follower: Follower, step: ScheduledStep): void {
    for (let count = 0; ; count++) {
      if (!follower.reach(step.task)) throw this.#misfit(follower, step);
      const { place } = step;
      if (place === undefined) return;
      const at = follower.placeOf(step.task);
      if (isSame(at, place)) return;
      if (!follower.hasStep(step.task, place.step)) throw this.#unknown(follower, step, place);
      const isKnown = this.#schedule.steps.some(
        (other, index) =>
          index >= this.#done &&
          other.task === step.task &&
          other.place !== undefined &&
          isSame(other.place, at),
      );
      if (isKnown || count === MOST_ON_THE_WAY || !follower.perform({ ...step, late: false, choices: [] }))
        throw this.#misfit(follower, step);
      if (follower.waits(step.task)) throw this.#misfit(follower, step);
      for (const _ of follower.settle());
    }
  }

  #unknown(follower: Follower, { task }: ScheduledStep, { step }: Place): ScheduleMisfit {
    return new ScheduleMisfit(this.#done, `no step is \`${step}\` any more; ${follower.standing(task)}`);
  }

  #misfit(follower: Follower, { task }: ScheduledStep): ScheduleMisfit {
    return new ScheduleMisfit(this.#done, follower.standing(task));
  }

  /** @throws ScheduleMisfit where steps are left, and the run is over */
  mustBeDone(): void {
    const step = this.#schedule.steps[this.#done];
    if (step !== undefined) throw new ScheduleMisfit(this.#done, 'the run is over');
  }

  choose(): number | undefined {
    const choice = this.#step?.choices[this.#chosen++];
    if (choice !== undefined) this.#used.push(choice);
    return choice;
  }

  #takeUsed(): readonly number[] {
    return this.#used.splice(0);
  }

  isLate(): boolean | undefined {
    const late = this.#step?.late;
    // Where lengths count, they say whether a model takes longer than its step has.
    return this.#schedule.isInTime === true && late === false ? undefined : late;
  }

  lengthUs(): number | undefined {
    return this.#step?.lengthUs;
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.step === other.step && one.time === other.time;
}
