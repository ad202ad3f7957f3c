/**
 * A run in virtual time: the stepper, and around it what the world wants. The events are handed over; a signal ends it; and it
 * goes on in slices of work, whoever does that work: between two of them the event loop has its turn, and Ctrl-C is heard.
 */

import { type Meter, SLICE } from '../expression/meter.ts';
import type { Value } from '../expression/values/value.ts';
import { ringPlace } from '../kernel/kernel.ts';
import type { Event, RunEnd } from '../log/event.ts';
import { isFailure } from '../log/is-failure.ts';
import { RingReader } from '../log/ring.ts';
import type { Plan } from '../plan/plan.ts';
import { NOBODY } from '../simulate/chooser.ts';
import { contentsOf, type FileContents } from '../simulate/files.ts';
import { FollowLog } from '../simulate/follow-log.ts';
import { FollowSchedule } from '../simulate/follow-schedule.ts';
import { seededChooser } from '../simulate/seeded.ts';
import { Stepper } from '../simulate/stepper.ts';
import type { Stop } from '../simulate/stop.ts';
import { passTime, stopInTime } from '../simulate/time.ts';
import { EventFlow } from './event-flow.ts';
import { createMainVars, type MainVarsFold } from './main-vars.ts';
import type { RunOptions } from './run-options.ts';

/** How much of the log is kept before it is handed over: what a cache holds; less where to judge it costs much. */
const MOST_KEPT_WORDS = 1 << 15;
const FIRST_KEPT_WORDS = 1 << 6;
const LEAST_KEPT_WORDS = 1 << 3;
/** Two to the power of this: so many tasks are looked at as fast as one unit of other work. */
const LOOKED_AT = 3;
/** A replay is one of thousands: memory to clear would be most of it. A search keeps no more in a queue. */
const REPLAY = { unboundedCells: 1 << 10, ringWords: 1 << 18 };

/** Runs a plan in virtual time. The same plan and seed give the same events, byte for byte. */
export async function runVirtual(plan: Plan, options: RunOptions): Promise<RunEnd> {
  const vars = createMainVars(plan);
  const run = new VirtualRun(plan, options.followUp === undefined ? options : hearing(vars, options));
  const end = await run.toEnd();
  const next = await options.followUp?.(end, vars.cells);
  if (next !== undefined) next.done(await runVirtual(next.plan, { ...next.options, files: run.files() }));
  return end;
}

function hearing(vars: MainVarsFold, options: RunOptions): RunOptions {
  const handle = (event: Event): void => {
    vars.handle(event);
    options.handle(event);
  };
  return { ...options, handle };
}

class VirtualRun {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  /** What the run has cost since the event loop had its turn. */
  readonly #meter: Meter;
  readonly #follow: FollowSchedule | undefined;
  readonly #goAs: FollowLog | undefined;
  readonly #stepper: Stepper;
  readonly #reader: RingReader;
  readonly #flow: EventFlow;
  #keptWords = FIRST_KEPT_WORDS;
  /** A task has failed, for `failFast`. */
  #hasFailed = false;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#meter = options.meter ?? { spent: 0 };
    const { schedule, mostMoments, mostValueBytes, files, environment } = options;
    const flush = (): void => this.#flow.flush();
    const seeded = seededChooser(plan.seed);
    this.#follow = schedule === undefined ? undefined : new FollowSchedule(schedule, seeded, flush);
    this.#goAs = options.log === undefined ? undefined : new FollowLog(options.log, seeded, flush);
    this.#stepper = new Stepper(plan, {
      chooser: this.#goAs ?? this.#follow ?? seeded,
      makeRoom: flush,
      meter: this.#meter,
      small: schedule === undefined ? undefined : REPLAY,
      ...{ mostMoments, mostValueBytes, files, environment },
    });
    const { k } = this.#stepper;
    this.#reader = new RingReader(k.words, ringPlace(k.layout));
    this.#flow = new EventFlow(this.#reader, {
      ...options,
      meter: this.#meter,
      ...(plan.failFast || this.#goAs !== undefined ? { handle: this.#hear } : {}),
    });
  }

  readonly #hear = (event: Event): void => {
    if (this.#plan.failFast && isFailure(event)) this.#hasFailed = true;
    this.#goAs?.hear(event);
    this.#options.handle(event);
  };

  files(): FileContents {
    return contentsOf(this.#stepper.k);
  }

  async toEnd(): Promise<RunEnd> {
    const { reason, cause, place } = await this.#untilStopped();
    if (reason === null) this.#follow?.mustBeDone();
    else stopInTime(this.#stepper, reason);
    await this.#handOver();
    if (reason === null) this.#goAs?.mustBeDone();
    return {
      mode: 'virtual',
      stopped: this.#flow.hasGivenUp ? 'interrupt' : reason,
      cause,
      ...(place === undefined ? {} : { place }),
      events: this.#reader.count,
      durationUs: this.#stepper.now,
      ...this.#namedFiles(),
    };
  }

  #namedFiles(): { readonly files?: Readonly<Record<string, Value>> } {
    const { resources } = this.#plan;
    if (!resources.some(({ kind }) => kind === 'file')) return {};
    const named = [...this.files()].map(([file, value]) => [resources[file]?.name ?? '', value] as const);
    return { files: Object.fromEntries(named) };
  }

  async #untilStopped(): Promise<Stop> {
    const stepper = this.#stepper;
    const { failFast } = this.#plan;
    const canNeverEnd = (): boolean => this.#options.canNeverEnd?.() === true;
    for (;;) {
      const over = stepper.isOver() ?? this.#isToStop();
      if (over !== undefined) return over;
      if (this.#meter.spent > SLICE) await this.#breathe();
      // Each task is looked at behind each step.
      if (this.#follow !== undefined) this.#meter.spent += this.#plan.tasks.length >> LOOKED_AT;
      const task = stepper.turn();
      const isDue = task === NOBODY || failFast || this.#reader.pending() > this.#keptWords;
      if (isDue && !this.#handOverSlice()) await this.#handOver();
      if (this.#hasFailed) return FAILED;
      const stop =
        task === NOBODY ? passTime(stepper, canNeverEnd) : (stepper.serve() ?? stepper.isEndless(task));
      if (stop !== undefined) return stop;
    }
  }

  #isToStop(): Stop | undefined {
    if (this.#options.signal?.aborted === true) return { reason: 'interrupt', cause: null };
    return this.#hasFailed ? FAILED : undefined;
  }

  async #breathe(): Promise<void> {
    this.#meter.spent = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** All that is in the log, in slices; where somebody wants the run to end meanwhile, in short. */
  async #handOver(): Promise<void> {
    while (!this.#handOverSlice()) {
      await this.#breathe();
      if (this.#options.signal?.aborted === true) this.#flow.giveUp();
    }
  }

  /**
   * Hands over what is in the log, until this slice's work is done. Where that costs much the log is kept short, so that little
   * is left to judge when the run is stopped.
   *
   * @returns whether that was all
   */
  #handOverSlice(): boolean {
    const before = this.#meter.spent;
    const isAll = this.#flow.slice();
    const { spent } = this.#meter;
    if (spent > SLICE) this.#keptWords = Math.max(LEAST_KEPT_WORDS, this.#keptWords >> 1);
    else if (spent - before < SLICE / 4) this.#keptWords = Math.min(MOST_KEPT_WORDS, this.#keptWords << 1);
    return isAll;
  }
}

const FAILED: Stop = { reason: 'failFast', cause: null };
