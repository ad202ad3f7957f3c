/**
 * The clock of a search in which durations count (`time: ordered`): steps take no time; time passes only where nobody can move,
 * to where the first of those is over who wait for time; who wait for the same instant go in any order.
 *
 * It follows core: who waits, and for what, is written there. What is left of each wait lies in words behind it.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { MODEL, SLEEPING, STATE, TASK } from '../../kernel/memory/layout.ts';
import { isTimeRunning, waitingRequest } from '../../kernel/waiting/perform.ts';
import { int } from '../../log/int.ts';
import { OPERATION } from '../../log/record.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Length, type TimedStep, type TimedSteps, timedStepsOf } from './timed-steps.ts';
import { FixedTimers, type Timers } from './timers.ts';
import { ZoneTimers, zoneWords } from './zones.ts';

/** What the block of a task says that waits in an `await`. */
const AWAITING = OPERATION.await + 1;

/** Of a wait: none that takes time; its time runs; its time is over, and it goes on all the same. */
const MARK = { none: 0, runs: 1, over: 2 } as const;

export class Clock {
  /** How many words behind core it needs. */
  readonly size: number;
  /** What is left of a task's wait may depend on that of others: then no task is like another. */
  readonly hasRanges: boolean;
  readonly unitUs: number;
  readonly #k: Kernel;
  readonly #at: number;
  readonly #tasks: number;
  readonly #timed: readonly number[];
  readonly #steps: TimedSteps['steps'];
  readonly #timers: Timers;

  /** @param at where its words begin */
  constructor(k: Kernel, at: number) {
    const { plan, words } = k;
    const { steps, unitUs, hasRanges } = timedStepsOf(plan);
    this.#k = k;
    this.#at = at;
    this.#tasks = plan.tasks.length;
    this.#steps = steps;
    this.unitUs = unitUs;
    this.hasRanges = hasRanges;
    this.#timed = timedTasks(plan, steps);
    const timersAt = at + this.#tasks;
    this.#timers = hasRanges
      ? new ZoneTimers(words, timersAt, this.#timed, this.#tasks)
      : new FixedTimers(words, timersAt, this.#tasks);
    this.size = this.#tasks + (hasRanges ? zoneWords(this.#timed.length) : this.#tasks);
  }

  /** Where words begin of which each task has one. */
  get wordsOfTasks(): readonly number[] {
    return this.hasRanges ? [this.#at] : [this.#at, this.#at + this.#tasks];
  }

  /** Whether the time of the wait that the task is in, or about to begin, may be over next. */
  mayBeLate(task: number): boolean {
    if (this.#k.words[this.#at + task] === MARK.runs) return this.#timers.mayBeFirst(task);
    return this.#mayBeNone(task);
  }

  /**
   * Whether the task may have a move, as far as time goes: one that sleeps only at the end of its time.
   *
   * @param isAtOnce others can move at this instant, so that no time may pass
   */
  allows(task: number, late: boolean, isAtOnce: boolean): boolean {
    if (!late) return this.#waiting(task) !== SLEEPING;
    if (this.#k.words[this.#at + task] !== MARK.runs) return this.#mayBeNone(task);
    return this.#timers.mayBeFirst(task) && (!isAtOnce || this.#timers.mayBeOver(task));
  }

  /** The time of its wait is over. @returns whether time may have passed meanwhile */
  end(task: number, isAtOnce: boolean): boolean {
    const mark = this.#at + task;
    if (this.#k.words[mark] !== MARK.runs) return false;
    this.#k.words[mark] = MARK.over;
    return this.#timers.end(task, isAtOnce);
  }

  /** A range that begins with no time at all: the wait that is about to begin may be over at once. */
  #mayBeNone(task: number): boolean {
    if (this.#waiting(task) !== 0) return false;
    const { min = 1, max = 0 } = this.#stepOf(task)?.times ?? {};
    return min === 0 && max > 0;
  }

  #waiting(task: number): number {
    return int(this.#k.words[int(this.#k.layout.taskAt[task]) + TASK.waiting]);
  }

  #stepOf(task: number): TimedStep | undefined {
    const { words, layout, plan } = this.#k;
    return this.#steps[plan.tasks[task]?.program ?? 0]?.[int(words[int(layout.taskAt[task]) + TASK.pc])];
  }

  /** Whether the task has just begun to wait for time. */
  isToBegin(task: number): boolean {
    return this.#k.words[this.#at + task] === MARK.none && this.#lengthOf(task) !== undefined;
  }

  /** What began to wait, and what waits no more. */
  follow(): void {
    const { words } = this.#k;
    for (const task of this.#timed) {
      const mark = this.#at + task;
      const length = this.#lengthOf(task);
      if (length === undefined) {
        if (words[mark] === MARK.runs) this.#timers.drop(task);
        words[mark] = MARK.none;
      } else if (words[mark] === MARK.none) {
        words[mark] = MARK.runs;
        this.#timers.begin(task, length);
      }
    }
  }

  /** Whether anybody's time runs. */
  somebodyWaits(): boolean {
    return this.#timed.some((task) => this.#k.words[this.#at + task] === MARK.runs);
  }

  /** Of the wait whose time runs, if it does. */
  runningOf(task: number): Length | undefined {
    return this.#k.words[this.#at + task] === MARK.runs ? this.#lengthOf(task) : undefined;
  }

  /** How long the wait lasts that a task is in; undefined where it does not wait for time. */
  #lengthOf(task: number): Length | undefined {
    const { words, layout } = this.#k;
    const at = int(layout.taskAt[task]);
    const waiting = int(words[at + TASK.waiting]);
    if (waiting === 0 || words[at + TASK.state] !== STATE.live) return undefined;
    const step = this.#stepOf(task);
    if (step === undefined) return undefined;
    if (waiting === SLEEPING) {
      const isCut = (int(words[at + TASK.operandB]) & MODEL.tooLate) !== 0;
      return isCut ? step.cut : step.sleeps;
    }
    if (step.times === undefined || waiting < 0) return undefined;
    if (waiting !== AWAITING && !isTimeRunning(this.#k, waitingRequest(this.#k, task))) return undefined;
    return lastsAWhile(step.times);
  }
}

/** Where its time may be none at all, the wait is over with the attempt; one that has begun lasts a while. */
function lastsAWhile({ min, max }: Length): Length {
  return { min: Math.max(1, min), max };
}

function timedTasks({ tasks }: Plan, steps: TimedSteps['steps']): readonly number[] {
  const isTimed = steps.map((program) => program.some((step) => step !== undefined));
  return [...tasks.keys()].filter((task) => isTimed[tasks[task]?.program ?? 0] === true);
}
