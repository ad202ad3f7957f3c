/**
 * A virtual run that begins as it is told: task by task, each step when the schedule says so, and each wait over when it says
 * so. Where the schedule ends the run goes on by itself.
 *
 * The steps are those of a search (`explore`): the instruction a task is at, and all behind it that nobody else can see. The
 * clock jumps to wherever a step needs it; whoever should have woken before is late, as in real runs.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ASKING, RUN, SLEEPING, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { makeReady, takeOutOfReady, wakeTask } from '../kernel/waiting/channel.ts';
import { deadlineOf } from '../kernel/waiting/timers.ts';
import type { Machine } from '../machine/machine.ts';

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

/** What of a virtual run it works on. */
export type Scheduled = {
  readonly k: Kernel;
  readonly machine: Machine;
  /** Moves the clock on. */
  readonly setTime: (us: number) => void;
  readonly now: () => number;
  /** Answers what is asked of the supervisor. */
  readonly serve: () => void;
  /** What chance and time decide, from here on; undefined: the seed, and lengths of time. */
  readonly setStep: (step: ScheduledStep | undefined) => void;
  /** Hands the log over. */
  readonly drain: () => void;
};

const VISIBLE = 1;

/** @returns the number of the step that could not be done; undefined if all were */
export function followSchedule(run: Scheduled, schedule: Schedule): number | undefined {
  const follower = new Follower(run, schedule.kinds);
  follower.settle();
  for (let index = 0; index < schedule.steps.length; index++) {
    const step = schedule.steps[index] as ScheduledStep;
    run.setStep(step);
    if (!follower.perform(step)) return index;
    run.setStep(undefined);
    follower.settle();
    run.drain();
  }
  schedule.onDone?.();
  return undefined;
}

class Follower {
  readonly #run: Scheduled;
  readonly #k: Kernel;
  readonly #stops: readonly Uint8Array[];
  readonly #kinds: readonly Uint8Array[];

  constructor(run: Scheduled, kinds: readonly Uint8Array[]) {
    this.#run = run;
    this.#k = run.k;
    this.#kinds = kinds;
    this.#stops = kinds.map((places) => places.map((kind) => (kind === 0 ? 0 : 1)));
  }

  /** All that is done as soon as it can be. */
  settle(): void {
    const { length } = this.#k.plan.tasks;
    for (let again = true; again; ) {
      again = false;
      for (let task = 0; task < length; task++) {
        if (!this.#isUnsettled(task)) continue;
        if (this.#step(task) !== 'parked') again = true;
      }
    }
  }

  #isUnsettled(task: number): boolean {
    if (stateOf(this.#k, task) !== STATE.live || stateOf(this.#k, 0) !== STATE.live) return false;
    if (this.#waitWord(task, WAIT.state) !== RUN.ready) return false;
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    return this.#kinds[program]?.[this.#taskWord(task, TASK.pc)] !== VISIBLE;
  }

  /** False: it cannot be done. */
  perform({ task, late }: ScheduledStep): boolean {
    let isWoken = false;
    for (;;) {
      if (stateOf(this.#k, task) !== STATE.live) return false;
      if (this.#waitWord(task, WAIT.state) === RUN.parked) {
        const slept = this.#taskWord(task, TASK.waiting) === SLEEPING;
        if (!slept && isWoken) return true;
        if (slept || late) this.#wakeByTime(task);
        else this.#wake(task);
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
      if (waiting === ASKING) this.#run.serve();
      else if (waiting === SLEEPING && this.#taskWord(task, TASK.pc) !== place) return true;
      else if (waiting !== SLEEPING && (!late || isWoken)) return true;
    }
  }

  /** A sleep that is a step of its own, as it is all that a loop does. */
  #sleepThrough(task: number): true {
    this.#wakeByTime(task);
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
    const k = this.#k;
    if (this.#waitWord(task, WAIT.state) === RUN.ready) {
      takeOutOfReady(k, task);
      k.words[(k.layout.waitAt[task] as number) + WAIT.state] = RUN.running;
    }
    const exit = this.#run.machine.step(task, this.#stops[k.plan.tasks[task]?.program ?? 0] as Uint8Array);
    if (exit === 'moved') {
      k.enter();
      makeReady(k, task);
      k.leave();
    }
    return exit;
  }

  #wakeByTime(task: number): void {
    const { now, setTime } = this.#run;
    const deadline = deadlineOf(this.#k, task);
    if (deadline > now()) setTime(deadline);
    this.#k.refreshClock();
    this.#wake(task);
  }

  #wake(task: number): void {
    this.#k.enter();
    wakeTask(this.#k, task, -1);
    this.#k.leave();
  }

  #taskWord(task: number, word: number): number {
    return this.#k.words[(this.#k.layout.taskAt[task] as number) + word] as number;
  }

  #waitWord(task: number, word: number): number {
    return this.#k.words[(this.#k.layout.waitAt[task] as number) + word] as number;
  }
}
