/**
 * The virtual host: the whole scenario in one loop, on a plain array and a virtual clock. A seeded chooser picks who takes
 * the next visible moment; time passes only when nobody is ready, or all that are do nothing but look, in vain.
 */

import { takeReady } from '../kernel/channel.ts';
import { type Exhaustion, exhaustionOf } from '../kernel/exhaustion.ts';
import { Kernel, ringPlace } from '../kernel/kernel.ts';
import { CONTROL, createLayout, READY, STATE } from '../kernel/layout.ts';
import { initializeMemory } from '../kernel/memory.ts';
import { startMain, stateOf } from '../kernel/task.ts';
import { earliestDeadline } from '../kernel/timers.ts';
import { createInternedStore } from '../kernel/values.ts';
import type { Event, RunEnd, StopReason } from '../log/event.ts';
import { RingReader } from '../log/ring.ts';
import { fireTimers } from '../machine/carrier.ts';
import { Machine } from '../machine/machine.ts';
import { createStream } from '../machine/random.ts';
import type { Plan } from '../plan/plan.ts';
import { BusyWaits } from './busy-waits.ts';
import { ChangeWatch } from './change-watch.ts';
import { lostWake } from './deadlock-watch.ts';
import { isFailure } from './is-failure.ts';
import type { RunOptions } from './run-options.ts';
import { stopRun } from './stop-run.ts';
import { createVirtualServices, type VirtualServices } from './virtual-services.ts';

/** Cells of an unbounded queue, and of all of them together. */
const UNBOUNDED_CELLS = 1 << 18;
const UNBOUNDED_TOTAL = 1 << 26;
/** Moments in one instant of virtual time before an endless loop is suspected. */
const MOST_MOMENTS = 5_000_000;
/** Instructions without a visible moment before others get their turn, and as how many moments they count. */
const LOCAL_SLICE = 10_000;
const LOCAL_WEIGHT = 2_500;
/** Process ids as programs see them: stable, so that the same seed gives the same log. */
const FIRST_PID = 1001;
/** How much of the log is kept before it is handed over: what a cache holds. */
const DRAIN_AT_WORDS = 1 << 15;
/** Moments between two looks at the event loop, so that Ctrl-C is seen. */
const BREATH = 200_000;

type State = {
  readonly k: Kernel;
  readonly machine: Machine;
  readonly services: VirtualServices;
  readonly waits: BusyWaits;
  /** From when on somebody does nothing but look. */
  changes: ChangeWatch | null;
  readonly reader: RingReader;
  readonly plan: Plan;
  readonly options: RunOptions;
  /** Who is ready, in no order that means anything. */
  readonly ready: number[];
  /** Processes whose ready list has something. */
  readonly touched: number[];
  now: number;
  /** A task has failed, for `failFast`. */
  isFailed: boolean;
  /** Since time passed, and since the event loop had its turn. */
  moments: number;
  breath: number;
};

/** Runs a plan in virtual time. The same plan and seed give the same events, byte for byte. */
export async function runVirtual(plan: Plan, options: RunOptions): Promise<RunEnd> {
  const state = createState(plan, options);
  const { k } = state;
  k.enter();
  initializeMemory(k);
  startMain(k);
  k.leave();
  const stopped = await runToEnd(state);
  if (stopped.reason !== null) {
    const { reason } = stopped;
    k.enter();
    stopRun(k, reason);
    k.leave();
  }
  drain(state);
  return {
    mode: 'virtual',
    stopped: stopped.reason,
    cause: stopped.cause,
    ...(stopped.place === undefined ? {} : { place: stopped.place }),
    events: state.reader.count,
    durationUs: state.now,
    ...(hasFiles(plan) ? { files: state.services.contents() } : {}),
  };
}

function hasFiles(plan: Plan): boolean {
  return plan.resources.some((resource) => resource.kind === 'file');
}

function createState(plan: Plan, options: RunOptions): State {
  const unbounded = plan.resources.filter(
    (resource) => resource.kind === 'pipeEnd' || (resource.kind === 'queue' && resource.capacity === 0),
  ).length;
  const share = Math.max(1024, Math.floor(UNBOUNDED_TOTAL / Math.max(1, unbounded)));
  const unboundedCells = Math.min(UNBOUNDED_CELLS, share);
  const layout = createLayout(plan, { threadCarriers: 1, valueWords: 0, unboundedCells });
  const words = new Int32Array(layout.size);
  const reader = new RingReader(words, ringPlace(layout));
  const touched: number[] = [];
  const firstReady = layout.readyAt[0] as number;
  const k = new Kernel(words, layout, createInternedStore(), {
    carrier: 0,
    gate: { enter: () => true, leave: () => {} },
    parking: {
      wait: () => {},
      notify: (_words, index) => touched.push((index - READY.wake - firstReady) / READY.size),
    },
    clock: () => state.now,
    bell: () => {},
    waitForRoom: () => drain(state),
    canonical: true,
  });
  // Every process counts as asleep, so that whoever becomes ready is announced.
  for (let process = 0; process < plan.processes; process++) {
    words[(layout.readyAt[process] as number) + READY.sleepers] = 1;
  }
  const waits = new BusyWaits();
  const identity = { pidOf: (process: number) => FIRST_PID + process, carrier: 1, isVirtual: true, env: {} };
  const machine = new Machine(k, identity, (task, end) => waits.round(task, end));
  const state: State = {
    k,
    machine,
    services: createVirtualServices(k),
    waits,
    changes: null,
    reader,
    plan,
    options,
    ready: [],
    touched,
    now: 0,
    isFailed: false,
    moments: 0,
    breath: 0,
  };
  return state;
}

type Stop = {
  readonly reason: StopReason | null;
  readonly cause: string | null;
  readonly place?: Exhaustion['place'];
};

const ENDED: Stop = { reason: null, cause: null };

async function runToEnd(state: State): Promise<Stop> {
  const { k, plan, options } = state;
  const choose = createStream(plan.seed);
  for (;;) {
    const exhaustion = exhaustionOf(k);
    if (exhaustion !== undefined) return { reason: 'inconclusive', ...exhaustion };
    if (stateOf(k, 0) !== STATE.live) return ENDED;
    if (options.signal?.aborted === true) return { reason: 'interrupt', cause: null };
    collectReady(state);
    const { ready, waits } = state;
    if (ready.length === 0 || waits.isAllInVain(ready.length)) {
      const stop = passTime(state);
      if (stop !== undefined) return stop;
      continue;
    }
    const index = Math.floor(choose() * ready.length);
    const task = ready[index] as number;
    ready[index] = ready[ready.length - 1] as number;
    ready.pop();
    waits.taken(task);
    state.moments += runOne(state, task);
    watch(state, task);
    if (plan.failFast) {
      drain(state);
      if (state.isFailed) return { reason: 'failFast', cause: null };
    }
    if (k.words[CONTROL.externalHead] !== 0) {
      const cause = state.services.serve();
      if (cause !== undefined) return { reason: 'inconclusive', cause };
    }
    if (state.moments > (options.mostMoments ?? MOST_MOMENTS)) return endless(state, task);
    if (state.reader.pending() > DRAIN_AT_WORDS) drain(state);
    if (state.breath > BREATH) await breathe(state);
  }
}

/** @returns how many moments that was worth */
function runOne(state: State, task: number): number {
  const isOver = stateOf(state.k, task) !== STATE.live;
  const exit = isOver ? 'ended' : state.machine.run(task, LOCAL_SLICE, 1);
  const weight = exit === 'preempted' ? LOCAL_WEIGHT : 1;
  state.breath += weight;
  return weight;
}

/** What the task has done may be a change for those that do nothing but look. */
function watch(state: State, task: number): void {
  const { k, machine, waits } = state;
  const due = machine.takeDue();
  if (due !== Number.POSITIVE_INFINITY) waits.note(task, due);
  if (!waits.isNeeded) return;
  state.changes ??= new ChangeWatch(k);
  if (state.changes.hasChanged()) waits.change();
}

async function breathe(state: State): Promise<void> {
  state.breath = 0;
  await new Promise((resolve) => setImmediate(resolve));
}

function collectReady({ k, ready, touched, waits }: State): void {
  while (touched.length > 0) {
    const process = touched.pop() as number;
    for (let task = takeReady(k, process); task >= 0; task = takeReady(k, process)) {
      ready.push(task);
      waits.ready(task);
    }
  }
}

/** On to the earliest timer, or to the moment at which one that only looks sees another time; there may be none. */
function passTime(state: State): Stop | undefined {
  const { k, plan, waits } = state;
  let next = waits.earliest(state.ready);
  for (let process = 0; process < plan.processes; process++)
    next = Math.min(next, earliestDeadline(k, process));
  if (next === Number.POSITIVE_INFINITY) return standstill(state);
  if (next > plan.timeoutUs) {
    state.now = plan.timeoutUs;
    k.refreshClock();
    return { reason: 'timeout', cause: null };
  }
  drain(state);
  if (state.options.canNeverEnd?.() === true) return { reason: 'deadlock', cause: null };
  if (next > state.now) {
    state.now = next;
    state.moments = 0;
    waits.change();
  }
  k.refreshClock();
  k.enter();
  for (let process = 0; process < plan.processes; process++) fireTimers(k, process);
  k.leave();
  return undefined;
}

/** Nothing can change any more: nobody can go on, or some loop for ever. */
function standstill(state: State): Stop {
  const { k, plan, ready } = state;
  if (ready.length === 0) {
    const lost = lostWake(k);
    if (lost !== undefined) throw new Error(`bug in concur: ${lost}`);
    return { reason: 'deadlock', cause: null };
  }
  drain(state);
  if (state.options.canNeverEnd?.() === true) return { reason: 'deadlock', cause: null };
  const name = plan.tasks[Math.min(...ready)]?.name ?? '';
  const at = (k.now / 1e6).toFixed(3);
  const cause = `\`${name}\` loops for ever: from ${at} s of virtual time on, nothing changes any more that it looks at`;
  return { reason: 'inconclusive', cause };
}

function endless({ plan, k, moments }: State, task: number): Stop {
  const name = plan.tasks[task]?.name ?? '';
  const at = (k.now / 1e6).toFixed(3);
  const cause = `${moments} moments at ${at} s of virtual time, in which no time passes: \`${name}\` seems to loop without end`;
  return { reason: 'inconclusive', cause };
}

function drain(state: State): void {
  const { handle } = state.options;
  const watched = (event: Event): void => {
    if (isFailure(event)) state.isFailed = true;
    handle(event);
  };
  state.reader.drain(state.plan.failFast ? watched : handle, Number.POSITIVE_INFINITY);
}
