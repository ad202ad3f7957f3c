/**
 * The chooser of a run that begins as it is told: task by task, each step when the schedule says so, and each wait over when it says
 * so. Where the schedule ends the run goes on by itself.
 *
 * The steps are those of a search (`explore`): the instruction a task is at, and all behind it that nobody else can see. The
 * clock jumps to wherever a step needs it; whoever should have woken before is late, as in real runs.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ASKING, RUN, SLEEPING, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { successorsOf } from '../plan/control-flow.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Chooser, Steps } from './chooser.ts';

/** A step of a task: in time or late, with what chance decides in it. */
export type ScheduledStep = {
  readonly task: number;
  readonly late: boolean;
  readonly choices: readonly number[];
};

export type Schedule = {
  readonly steps: readonly ScheduledStep[];
  /** By program, then by place: 1 where a step of the search ends, 2 where it is done as soon as it can be. */
  readonly kinds: readonly Uint8Array[];
  /** Called when all steps were done, and all events of them handed over. */
  readonly onDone?: () => void;
};

const VISIBLE = 1;
const AT_ONCE = 2;

/** Follows a schedule to its end; then the other chooser decides. */
export class FollowSchedule implements Chooser {
  readonly #schedule: Schedule;
  readonly #then: Chooser;
  readonly #drain: () => void;
  #follower: Follower | undefined;
  /** The step that is being done, and how much of what chance decides in it is used up. */
  #step: ScheduledStep | undefined;
  #chosen = 0;
  #done = 0;

  /** @param drain hands the log over: when the schedule is done, all of it is known */
  constructor(schedule: Schedule, then: Chooser, drain: () => void) {
    this.#schedule = schedule;
    this.#then = then;
    this.#drain = drain;
  }

  /** @throws Error where a step cannot be done */
  turn(steps: Steps): number {
    const follower = this.#follower ?? this.#begin(steps);
    const step = this.#schedule.steps[this.#done];
    if (step === undefined) return this.#then.turn(steps);
    this.#step = step;
    this.#chosen = 0;
    if (!follower.perform(step)) throw cannotBeDone(this.#done);
    this.#step = undefined;
    this.#done++;
    follower.settle();
    this.#drain();
    if (this.#done === this.#schedule.steps.length) this.#schedule.onDone?.();
    return step.task;
  }

  #begin(steps: Steps): Follower {
    const follower = new Follower(steps, this.#schedule.kinds);
    this.#follower = follower;
    follower.settle();
    if (this.#schedule.steps.length === 0) this.#schedule.onDone?.();
    return follower;
  }

  /** @throws Error where steps are left, and the run is over */
  mustBeDone(): void {
    if (this.#done < this.#schedule.steps.length) throw cannotBeDone(this.#done);
  }

  choose(): number | undefined {
    return this.#step?.choices[this.#chosen++];
  }

  isLate(): boolean | undefined {
    return this.#step?.late;
  }
}

function cannotBeDone(step: number): Error {
  return new Error(`bug in concur: step ${step} of a schedule cannot be done`);
}

class Follower {
  readonly #steps: Steps;
  readonly #k: Kernel;
  readonly #stops: readonly Uint8Array[];
  readonly #kinds: readonly Uint8Array[];

  constructor(steps: Steps, kinds: readonly Uint8Array[]) {
    this.#steps = steps;
    this.#k = steps.k;
    this.#kinds = kinds;
    this.#stops = kinds.map((places) => places.map((kind) => (kind === 0 ? 0 : 1)));
  }

  /** All that is done as soon as it can be. */
  settle(): void {
    const { length } = this.#k.plan.tasks;
    for (let again = true; again; ) {
      again = false;
      for (let task = 0; task < length; task++) {
        const isWoken = this.#sleepsBeforeWhatIsDone(task);
        if (isWoken) this.#steps.wakeInTime(task);
        if (!this.#isUnsettled(task)) continue;
        // One that was woken may sleep once more.
        if (this.#step(task) !== 'parked' || isWoken) again = true;
      }
    }
  }

  #isUnsettled(task: number): boolean {
    if (stateOf(this.#k, task) !== STATE.live || stateOf(this.#k, 0) !== STATE.live) return false;
    if (this.#waitWord(task, WAIT.state) !== RUN.ready) return false;
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    return this.#kinds[program]?.[this.#taskWord(task, TASK.pc)] !== VISIBLE;
  }

  /**
   * Whether a task sleeps, and what comes behind that is done as soon as it can be: no step of the schedule wakes it. (A
   * search sleeps for no time: there, a task whose steps end with a `sleep` has ended, and whoever joins it goes on.)
   */
  #sleepsBeforeWhatIsDone(task: number): boolean {
    if (stateOf(this.#k, task) !== STATE.live || this.#waitWord(task, WAIT.state) !== RUN.parked)
      return false;
    if (this.#taskWord(task, TASK.waiting) !== SLEEPING || this.#opOf(task) !== 'sleep') return false;
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    const kinds = this.#kinds[program] as Uint8Array;
    const at = this.#taskWord(task, TASK.pc);
    if (kinds[at] !== 0) return false;
    const instructions = this.#k.plan.programs[program]?.instructions ?? [];
    const seen = new Set([at]);
    const open = [at];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const next of successorsOf(instructions[place] as Instruction, place)) {
        if (kinds[next] === AT_ONCE) return true;
        if (kinds[next] !== 0 || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    return false;
  }

  /** False: it cannot be done. */
  perform({ task, late }: ScheduledStep): boolean {
    let isWoken = false;
    for (;;) {
      if (stateOf(this.#k, task) !== STATE.live) return false;
      if (this.#waitWord(task, WAIT.state) === RUN.parked) {
        const slept = this.#taskWord(task, TASK.waiting) === SLEEPING;
        if (!slept && isWoken) return true;
        if (slept || late) this.#steps.wakeInTime(task);
        else this.#steps.wake(task);
        isWoken = !slept;
        if (slept && !this.#isAtModel(task)) {
          // What comes behind a sleep is the step that is meant.
          if (this.#step(task) === 'ended') return false;
          continue;
        }
      }
      const place = this.#taskWord(task, TASK.pc);
      const isSleep = this.#opOf(task) === 'sleep';
      if (this.#step(task) !== 'parked') return true;
      if (isSleep) return this.#sleepThrough(task);
      const waiting = this.#taskWord(task, TASK.waiting);
      if (waiting === ASKING) this.#steps.serve();
      else if (waiting === SLEEPING && this.#taskWord(task, TASK.pc) !== place) return true;
      else if (waiting !== SLEEPING && (!late || isWoken)) return true;
    }
  }

  /** A sleep that is a step of its own, as it is all that a loop does. */
  #sleepThrough(task: number): true {
    this.#steps.wakeInTime(task);
    this.#step(task);
    return true;
  }

  /** A command or a function that its model stands for takes its time within the step. */
  #isAtModel(task: number): boolean {
    return this.#opOf(task) === 'external';
  }

  #opOf(task: number): string | undefined {
    const program = this.#k.plan.programs[this.#k.plan.tasks[task]?.program ?? 0];
    return program?.instructions[this.#taskWord(task, TASK.pc)]?.op;
  }

  #step(task: number): 'moved' | 'parked' | 'ended' {
    return this.#steps.doStep(task, this.#stops[this.#k.plan.tasks[task]?.program ?? 0] as Uint8Array);
  }

  #taskWord(task: number, word: number): number {
    return this.#k.words[(this.#k.layout.taskAt[task] as number) + word] as number;
  }

  #waitWord(task: number, word: number): number {
    return this.#k.words[(this.#k.layout.waitAt[task] as number) + word] as number;
  }
}
