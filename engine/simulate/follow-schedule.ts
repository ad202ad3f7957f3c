/**
 * The chooser of a run that begins as it is told: task by task, each step when the schedule says so, and each wait over when it says
 * so. Where the schedule ends the run goes on by itself.
 *
 * The steps are those of a search (`explore`): the instruction a task is at, and all behind it that nobody else can see. The
 * clock jumps to wherever a step needs it; whoever should have woken before is late, as in real runs.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ASKING, MODEL, RUN, SLEEPING, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import type { EventOf } from '../log/event.ts';
import { int } from '../log/int.ts';
import { ordinal, placeText } from '../log/schedule.ts';
import type { Turn } from '../machine/score.ts';
import { successorsOf } from '../plan/control-flow.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Chooser, Steps } from './chooser.ts';
import { EAGER, LOCAL, stopsOf, VISIBLE } from './task-steps.ts';

/** A step of a task: in time or late, with what chance decides in it. */
export type ScheduledStep = {
  readonly task: number;
  readonly late: boolean;
  readonly choices: readonly number[];
  /** What the task is to do, where the schedule may be older than the scenario; else it is what it comes to. */
  readonly place?: Place;
};

/** A step by its text, and the so manieth time that its task does one with that text. */
export type Place = { readonly step: string; readonly time: number };

export type Schedule = {
  readonly steps: readonly ScheduledStep[];
  /** By program, then by place: 1 where a step of the search ends, 2 where it is done as soon as it can be. */
  readonly kinds: readonly Uint8Array[];
  /** Called when all steps were done, and all events of them handed over. */
  readonly onDone?: () => void;
  /** Called before each step. */
  readonly onStep?: (place: Place) => void;
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
    const step = this.#schedule.steps[this.#done];
    if (step === undefined) return this.#then.turn(steps);
    this.#approach(follower, step);
    this.#schedule.onStep?.(follower.placeOf(step.task));
    this.#step = step;
    this.#chosen = 0;
    if (!follower.perform(step)) throw this.#misfit(follower, step);
    this.#step = undefined;
    this.#done++;
    follower.settle();
    this.#drain();
    if (this.#done === this.#schedule.steps.length) this.#schedule.onDone?.();
    return step.task;
  }

  /** What is done before the first step is a turn of its own: the run may be over then. */
  #begin(steps: Steps): number {
    const { kinds, onTurn } = this.#schedule;
    this.#follower = new Follower(steps, kinds, (turn) => onTurn?.({ ...turn, choices: this.#takeUsed() }));
    this.#follower.settle();
    this.#drain();
    if (this.#schedule.steps.length === 0) this.#schedule.onDone?.();
    return 0;
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
      follower.settle();
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
    return this.#step?.late;
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.step === other.step && one.time === other.time;
}

/** A run as those see it who follow something step by step. */
export class Follower {
  readonly #steps: Steps;
  readonly #k: Kernel;
  readonly #stops: readonly Uint8Array[];
  readonly #kinds: readonly Uint8Array[];
  readonly #onTurn: (turn: Omit<Turn, 'choices'>) => void;
  /** By task: how often it has done a step with which text. */
  readonly #times: Map<string, number>[] = [];

  constructor(
    steps: Steps,
    kinds: readonly Uint8Array[],
    onTurn: (turn: Omit<Turn, 'choices'>) => void = () => {},
  ) {
    this.#steps = steps;
    this.#onTurn = onTurn;
    this.#k = steps.k;
    this.#kinds = kinds;
    this.#stops = stopsOf(kinds);
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
    return this.#waitWord(task, WAIT.state) === RUN.ready && this.#steps.isUnsettled(task, this.#kinds);
  }

  /**
   * Whether a task sleeps, and what comes behind that is done as soon as it can be: no step of the schedule wakes it. (A
   * search sleeps for no time: there, a task whose steps end with a `sleep` has ended, and whoever joins it goes on.)
   */
  #sleepsBeforeWhatIsDone(task: number): boolean {
    if (stateOf(this.#k, task) !== STATE.live || !this.#sleeps(task)) return false;
    if (this.#opOf(task) !== 'sleep') return false;
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    const kinds = this.#kinds[program] as Uint8Array;
    const at = this.#taskWord(task, TASK.pc);
    if (kinds[at] !== LOCAL) return false;
    const instructions = this.#k.plan.programs[program]?.instructions ?? [];
    const seen = new Set([at]);
    const open = [at];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const next of successorsOf(instructions[place] as Instruction, place)) {
        if (kinds[next] === EAGER) return true;
        if (kinds[next] !== LOCAL || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    return false;
  }

  /** Wakes a task that sleeps: what comes behind a sleep is the step that is meant. False: it has ended, or not begun. */
  reach(task: number): boolean {
    for (;;) {
      if (stateOf(this.#k, task) !== STATE.live) return false;
      if (!this.#sleeps(task) || this.#isAtModel(task)) return true;
      this.#steps.wakeInTime(task);
      if (this.#step(task) === 'ended') return false;
    }
  }

  #sleeps(task: number): boolean {
    return this.#waitWord(task, WAIT.state) === RUN.parked && this.#taskWord(task, TASK.waiting) === SLEEPING;
  }

  hasStep(task: number, step: string): boolean {
    const { plan } = this.#k;
    const { instructions = [] } = plan.programs[plan.tasks[task]?.program ?? 0] ?? {};
    return instructions.some((_, pc) => placeText(plan, task, pc) === step);
  }

  /** Its step was tried, and cannot be done now. */
  waits(task: number): boolean {
    return this.#waitWord(task, WAIT.state) === RUN.parked && !this.#sleeps(task);
  }

  placeOf(task: number): Place {
    const step = placeText(this.#k.plan, task, this.#taskWord(task, TASK.pc));
    return { step, time: (this.#times[task]?.get(step) ?? 0) + 1 };
  }

  /** What keeps a task from what it is to do, or what it is at. */
  standing(task: number): string {
    const name = this.#k.plan.tasks[task]?.name ?? '';
    const state = stateOf(this.#k, task);
    if (state === STATE.notStarted) return `\`${name}\` has not been started`;
    if (state !== STATE.live) return `\`${name}\` has ended`;
    const { step, time } = this.placeOf(task);
    return `\`${name}\` is at \`${step}\`, for the ${ordinal(time)} time`;
  }

  /** False: it cannot be done. */
  perform(step: ScheduledStep): boolean {
    const { task } = step;
    if (!this.reach(task)) return false;
    const place = this.placeOf(task);
    this.#times[task] ??= new Map();
    this.#times[task].set(place.step, place.time);
    return this.#perform(step);
  }

  #perform({ task, late }: ScheduledStep): boolean {
    let isWoken = false;
    for (;;) {
      if (!this.reach(task)) return false;
      if (this.#waitWord(task, WAIT.state) === RUN.parked) {
        const slept = this.#sleeps(task);
        if (!slept && isWoken) return true;
        if (slept || late) this.#steps.wakeInTime(task);
        else this.#steps.wake(task);
        isWoken = !slept;
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

  /** Whether that it waits would be a step of its own, and it does not yet. */
  isSeenToWait(task: number): boolean {
    if (stateOf(this.#k, task) !== STATE.live || this.isAsking(task) || this.waits(task)) return false;
    const program = this.#k.plan.tasks[task]?.program ?? 0;
    return this.#sleeps(task) || this.#kinds[program]?.[this.#taskWord(task, TASK.pc)] === VISIBLE;
  }

  /** Whether it is where that wait began. */
  isAtOperation(task: number, { operation, step }: Pick<EventOf<'waiting'>, 'operation' | 'step'>): boolean {
    const program = this.#k.plan.programs[this.#k.plan.tasks[task]?.program ?? 0];
    const instruction = program?.instructions[this.#taskWord(task, TASK.pc)];
    if (instruction?.step !== step) return instruction?.op === operation;
    return instruction.op === 'operate' ? instruction.operation === operation : instruction.op === operation;
  }

  /** Its command, its function or its file is not there yet. */
  isAsking(task: number): boolean {
    return stateOf(this.#k, task) === STATE.live && this.#taskWord(task, TASK.waiting) === ASKING;
  }

  /** It asks for what its step is to do outside, and waits for the answer. False: it does something else. */
  ask(task: number): boolean {
    return this.reach(task) && this.#step(task) === 'parked' && this.isAsking(task);
  }

  /** Where a model stands for its step, that begins. @returns whether the step's time is over before the model's */
  beginModel(task: number): boolean {
    const program = this.#k.plan.programs[this.#k.plan.tasks[task]?.program ?? 0];
    const instruction = program?.instructions[this.#taskWord(task, TASK.pc)];
    if (instruction?.op !== 'external' || instruction.model === undefined) return false;
    if (this.#taskWord(task, TASK.waiting) === 0) this.#step(task);
    return this.#sleeps(task) && (this.#taskWord(task, TASK.operandB) & MODEL.tooLate) !== 0;
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
    const pc = this.#taskWord(task, TASK.pc);
    const atUs = this.#k.host.clock();
    const stops = this.#stops[this.#k.plan.tasks[task]?.program ?? 0] as Uint8Array;
    const end = this.#steps.doStep(task, stops);
    this.#onTurn({ task, pc, atUs, end });
    return end;
  }

  #taskWord(task: number, word: number): number {
    return int(this.#k.words[int(this.#k.layout.taskAt[task]) + word]);
  }

  #waitWord(task: number, word: number): number {
    return int(this.#k.words[int(this.#k.layout.waitAt[task]) + word]);
  }
}
