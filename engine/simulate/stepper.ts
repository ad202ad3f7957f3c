/**
 * A scenario in virtual time, step by step: the kernel on a plain array, the machine, a clock that is a number, and who is
 * ready. All of it is synchronous and depends on nothing but what it is given; the chooser decides what is open.
 *
 * As long as `isOver` gives nothing, there is a `turn` to be had; then tasks are served, or, where nobody had one, time is
 * to pass (`time.ts`).
 */

import type { Meter } from '../expression/meter.ts';
import { exhaustionOf } from '../kernel/exhaustion.ts';
import { Kernel } from '../kernel/kernel.ts';
import { createLayout } from '../kernel/memory/create-layout.ts';
import { CONTROL, READY, STATE } from '../kernel/memory/layout.ts';
import { isThere, stateOf } from '../kernel/memory/task-block.ts';
import { createOwnedStore } from '../kernel/memory/values.ts';
import { takeReady, wakeTask } from '../kernel/waiting/channel.ts';
import { REQUEST, takeRequest } from '../kernel/waiting/external.ts';
import { listed } from '../kernel/waiting/listed.ts';
import { deadlineOf } from '../kernel/waiting/timers.ts';
import { Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import type { Machine } from '../machine/machine.ts';
import type { Plan } from '../plan/plan.ts';
import { BusyWaits } from './busy-waits.ts';
import { ChangeWatch } from './change-watch.ts';
import type { Chooser, Steps } from './chooser.ts';
import { answerFromFiles, type FileContents } from './files.ts';
import { pidOf, plainHost } from './plain-host.ts';
import { ENDED, endless, lacksModel, type Stop } from './stop.ts';
import { TaskSteps } from './task-steps.ts';

/** Moments in one instant of virtual time before an endless loop is suspected. */
const MOST_MOMENTS = 5_000_000;
/** Instructions without a visible moment before others get their turn, and as how many moments they count. */
const LOCAL_SLICE = 10_000;
const LOCAL_WEIGHT = 2_500;
/** The same of what they cost, where that is much: somebody may want the run to end meanwhile. */
const LOCAL_COST = 200_000;
const COST_WEIGHT = 500;
/** What it costs to have a task do a moment, beside what is spent by others. */
const MOMENT = 10;
/** Cells of an unbounded queue, where there are few. */
const UNBOUNDED_CELLS = 1 << 18;

export type StepperOptions = {
  readonly chooser: Chooser;
  /** Called where the log has no room left: who reads it makes some. */
  readonly makeRoom: () => void;
  /** Counts what the run costs. */
  readonly meter: Meter;
  /** How many moments one instant may have before it seems endless. */
  readonly mostMoments?: number | undefined;
  /** How much values may take, about, in bytes. */
  readonly mostValueBytes?: number | undefined;
  /** What files hold when the run begins; without it, what the scenario says. */
  readonly files?: FileContents | undefined;
  /** What `env` holds in steps; nothing, but where a real run is gone through again. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** A run that will be short needs less memory, which has to be cleared. */
  readonly small?: { readonly unboundedCells: number; readonly ringWords: number } | undefined;
};

export class Stepper implements Steps {
  readonly plan: Plan;
  readonly k: Kernel;
  readonly machine: Machine;
  readonly #steps: TaskSteps;
  /** Who is ready, in no order that means anything. */
  readonly ready: number[] = [];
  readonly waits = new BusyWaits();
  /** The time, in microseconds. */
  now = 0;
  /** Moments since time passed. */
  moments = 0;
  readonly #chooser: Chooser;
  readonly #meter: Meter;
  readonly #mostMoments: number;
  /** Processes whose ready list has something. */
  readonly #touched: number[] = [];
  /** From when on somebody does nothing but look. */
  #changes: ChangeWatch | null = null;

  constructor(plan: Plan, options: StepperOptions) {
    const { chooser, meter } = options;
    this.plan = plan;
    this.#chooser = chooser;
    this.#meter = meter;
    this.#mostMoments = options.mostMoments ?? MOST_MOMENTS;
    this.k = this.#createKernel(options);
    const identity = {
      pidOf,
      carrier: 1,
      isVirtual: true,
      env: options.environment ?? {},
      ...(chooser.choose === undefined ? {} : { choose: (count: number) => chooser.choose?.(count) }),
      ...(chooser.drew === undefined ? {} : { drew: (choice: number) => chooser.drew?.(choice) }),
      ...(chooser.lengthUs === undefined ? {} : { lengthUs: () => chooser.lengthUs?.() }),
      ...(chooser.isLate === undefined ? {} : { isLate: () => chooser.isLate?.() }),
    };
    this.#steps = new TaskSteps(this.k, identity, {
      meter,
      mostSpent: LOCAL_COST,
      onRound: (task, end) => this.waits.round(task, end),
    });
    this.machine = this.#steps.machine;
    this.#begin(options.files);
  }

  #createKernel({ small, meter, mostValueBytes, makeRoom }: StepperOptions): Kernel {
    const layout = createLayout(this.plan, {
      threadCarriers: 1,
      valueWords: 0,
      ...(small ?? { unboundedCells: UNBOUNDED_CELLS }),
    });
    const firstReady = int(layout.readyAt[0]);
    return new Kernel(new Int32Array(layout.size), layout, createOwnedStore(meter, mostValueBytes), {
      ...plainHost,
      scheduler: listed,
      parking: {
        wait: () => {},
        notify: (_words, index) => this.#touched.push((index - READY.wake - firstReady) / READY.size),
      },
      clock: () => this.now,
      waitForRoom: makeRoom,
    });
  }

  #begin(files: FileContents | undefined): void {
    const { k } = this;
    // Every process counts as asleep, so that whoever becomes ready is announced.
    for (const at of k.layout.readyAt) k.words[at + READY.sleepers] = 1;
    this.#inSection(() => this.#steps.begin(files));
  }

  /** What is done in the critical section by nobody of the scenario. */
  #inSection(action: () => void): void {
    const { k } = this;
    k.enter();
    try {
      action();
      k.leave();
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      k.runOut(error, 0, -1);
    }
  }

  /** Why no task has a turn any more, if none has. */
  isOver(): Stop | undefined {
    const exhaustion = exhaustionOf(this.k);
    if (exhaustion !== undefined) return { reason: 'inconclusive', ...exhaustion };
    return isThere(this.k, 0) ? undefined : ENDED;
  }

  isIdle(): boolean {
    if (this.#touched.length > 0) this.#collectReady();
    return this.ready.length === 0 || this.waits.isAllInVain(this.ready.length);
  }

  #collectReady(): void {
    const { ready, waits, k } = this;
    while (this.#touched.length > 0) {
      const process = int(this.#touched.pop());
      for (let task = takeReady(k, process); task >= 0; task = takeReady(k, process)) {
        ready.push(task);
        waits.ready(task);
      }
    }
  }

  /** As the chooser decides. @returns who had a turn, or `NOBODY` */
  turn(): number {
    return this.#chooser.turn(this);
  }

  doMoment(index: number): number {
    const { ready } = this;
    const task = int(ready[index]);
    ready[index] = int(ready[ready.length - 1]);
    ready.pop();
    this.waits.taken(task);
    const isGone = stateOf(this.k, task) !== STATE.live;
    const exit = isGone ? 'ended' : this.machine.run(task, LOCAL_SLICE, 1);
    this.moments += exit === 'preempted' ? LOCAL_WEIGHT : exit === 'spent' ? COST_WEIGHT : 1;
    this.#meter.spent += MOMENT;
    this.#watch(task);
    return task;
  }

  /** What the task has done may be a change for those that do nothing but look. */
  #watch(task: number): void {
    const { machine, waits } = this;
    const due = machine.takeDue();
    if (due !== Number.POSITIVE_INFINITY) waits.note(task, due);
    if (!waits.isNeeded) return;
    this.#changes ??= new ChangeWatch(this.k);
    if (this.#changes.hasChanged()) waits.change();
  }

  doStep(task: number, stops: Uint8Array): 'moved' | 'parked' | 'ended' {
    this.#meter.spent += MOMENT;
    const exit = this.#steps.doStep(task, stops);
    this.#watch(task);
    return exit;
  }

  isUnsettled(task: number, kinds: readonly Uint8Array[]): boolean {
    return this.#steps.isUnsettled(task, kinds);
  }

  wake(task: number): void {
    this.k.enter();
    wakeTask(this.k, task, -1);
    this.k.leave();
  }

  passTo(us: number): void {
    this.now = Math.max(this.now, us);
    this.k.refreshClock();
  }

  wakeInTime(task: number): void {
    this.passTo(deadlineOf(this.k, task));
    this.wake(task);
  }

  /** Commands and code of the user are stood for by their models; one without a model stops the run. */
  serve(): Stop | undefined {
    const { k } = this;
    if (k.words[CONTROL.externalHead] === 0) return undefined;
    let refused: Stop | undefined;
    this.#inSection(() => {
      for (let next = takeRequest(k); next !== undefined; next = takeRequest(k)) {
        const isServed = (next.bits & REQUEST.serve) === 0 || answerFromFiles(k, next.task);
        if (!isServed) refused = lacksModel(k, next.task);
      }
    });
    return refused;
  }

  /** Looks whether time stands still, `task` having had the last turn. */
  isEndless(task: number): Stop | undefined {
    return this.moments > this.#mostMoments ? endless(this.k, task, this.moments) : undefined;
  }
}
