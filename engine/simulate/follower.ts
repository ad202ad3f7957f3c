/**
 * A run as those see it who follow something step by step, a schedule or a log: where each task is, what keeps it from its
 * next step, and that step done.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ASKING, MODEL, RUN, SLEEPING, STATE, TASK, WAIT } from '../kernel/memory/layout.ts';
import { stateOf } from '../kernel/memory/task-block.ts';
import { deadlineOf } from '../kernel/waiting/timers.ts';
import type { EventOf } from '../log/event.ts';
import { int } from '../log/int.ts';
import { ordinal, placeText } from '../log/schedule.ts';
import type { Turn } from '../machine/score.ts';
import { successorsOf } from '../plan/control-flow.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Steps } from './chooser.ts';
import { EAGER, LOCAL, stopsOf, VISIBLE } from './task-steps.ts';

/** A step of a task: in time or late, with what chance decides in it. */
export type ScheduledStep = {
  readonly task: number;
  readonly late: boolean;
  readonly choices: readonly number[];
  /** How long what it begins to wait for lasts, where that is a range. */
  readonly lengthUs?: number;
  /** What the task is to do, where the schedule may be older than the scenario; else it is what it comes to. */
  readonly place?: Place;
};

/** A step by its text, and the so manieth time that its task does one with that text. */
export type Place = { readonly step: string; readonly time: number };

export type Following = {
  /** Each step is done in its time, as by the clock of a search: that a task falls asleep, and wakes up, are steps. */
  readonly isInTime?: boolean | undefined;
  readonly onTurn?: ((turn: Omit<Turn, 'choices'>) => void) | undefined;
};

export class Follower {
  readonly #steps: Steps;
  readonly #k: Kernel;
  readonly #stops: readonly Uint8Array[];
  readonly #kinds: readonly Uint8Array[];
  readonly #onTurn: NonNullable<Following['onTurn']>;
  readonly #isInTime: boolean;
  /** By task: how often it has done a step with which text. */
  readonly #times: Map<string, number>[] = [];

  constructor(
    steps: Steps,
    kinds: readonly Uint8Array[],
    { isInTime = false, onTurn = () => {} }: Following = {},
  ) {
    this.#steps = steps;
    this.#onTurn = onTurn;
    this.#isInTime = isInTime;
    this.#k = steps.k;
    this.#kinds = kinds;
    this.#stops = stopsOf(kinds);
  }

  /** All that is done as soon as it can be, task by task: there may be thousands. */
  *settle(): Generator<void, void, void> {
    const { length } = this.#k.plan.tasks;
    for (let again = true; again; ) {
      again = false;
      for (let task = 0; task < length; task++) {
        const isWoken = this.#sleepsBeforeWhatIsDone(task);
        if (isWoken) this.#steps.wakeInTime(task);
        if (!this.#isUnsettled(task)) continue;
        // One that was woken may sleep once more.
        if (this.#step(task) !== 'parked' || isWoken) again = true;
        yield;
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
      if (this.#isInTime || !this.#sleeps(task) || this.#isAtModel(task)) return true;
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
    return this.#isInTime ? this.#performInTime(step) : this.#perform(step);
  }

  /** The clock goes to where a wait is over that the step ends. */
  #performInTime({ task, late }: ScheduledStep): boolean {
    if (!late && this.#sleeps(task)) return false;
    const hasBegun = this.#taskWord(task, TASK.waiting) !== 0;
    if (late && hasBegun) this.#steps.passTo(deadlineOf(this.#k, task));
    if (this.#waitWord(task, WAIT.state) === RUN.parked) this.#steps.wake(task);
    while (this.#step(task) === 'parked' && this.isAsking(task)) this.#steps.serve();
    return true;
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
