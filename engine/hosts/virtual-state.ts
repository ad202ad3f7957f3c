/**
 * What a run in virtual time consists of: the kernel on a plain array, a clock that is a number, and who is ready.
 */

import type { Meter } from '../expression/meter.ts';
import { Kernel, ringPlace } from '../kernel/kernel.ts';
import { createLayout } from '../kernel/memory/create-layout.ts';
import { READY } from '../kernel/memory/layout.ts';
import { createInternedStore } from '../kernel/memory/values.ts';
import type { Event } from '../log/event.ts';
import { isFailure } from '../log/is-failure.ts';
import { RingReader } from '../log/ring.ts';
import { Machine } from '../machine/machine.ts';
import type { Plan } from '../plan/plan.ts';
import { BusyWaits } from '../simulate/busy-waits.ts';
import type { ChangeWatch } from '../simulate/change-watch.ts';
import type { ScheduledStep } from '../simulate/follow-schedule.ts';
import { createVirtualServices, type VirtualServices } from '../simulate/services.ts';
import { EventFlow } from './event-flow.ts';
import type { RunOptions } from './run-options.ts';

/** Cells of an unbounded queue, and of all of them together. */
const UNBOUNDED_CELLS = 1 << 18;
const UNBOUNDED_TOTAL = 1 << 26;
/** A replay is one of thousands: memory to clear would be most of it. A search keeps no more in a queue. */
const REPLAYED_CELLS = 1 << 10;
const REPLAYED_RING_WORDS = 1 << 18;
/** Process ids as programs see them: stable, so that the same seed gives the same log. */
const FIRST_PID = 1001;

export type VirtualState = {
  readonly k: Kernel;
  readonly machine: Machine;
  readonly services: VirtualServices;
  readonly waits: BusyWaits;
  /** From when on somebody does nothing but look. */
  changes: ChangeWatch | null;
  readonly reader: RingReader;
  readonly flow: EventFlow;
  readonly plan: Plan;
  readonly options: RunOptions;
  /** What the run has cost since the event loop had its turn. */
  readonly meter: Meter;
  /** Who is ready, in no order that means anything. */
  readonly ready: number[];
  /** Processes whose ready list has something. */
  readonly touched: number[];
  now: number;
  /** A task has failed, for `failFast`. */
  isFailed: boolean;
  /** Moments since time passed. */
  moments: number;
  /** How much of the log is kept before it is handed over. */
  drainAt: number;
  /** The step of a schedule that is being done, and how much of what chance decides in it is used up. */
  step: ScheduledStep | undefined;
  chosen: number;
};

export function createVirtualState(plan: Plan, options: RunOptions, drainAt: number): VirtualState {
  const layout = createLayout(plan, {
    threadCarriers: 1,
    valueWords: 0,
    unboundedCells: options.schedule === undefined ? unboundedCells(plan) : REPLAYED_CELLS,
    ...(options.schedule === undefined ? {} : { ringWords: REPLAYED_RING_WORDS }),
  });
  const words = new Int32Array(layout.size);
  const meter = options.meter ?? { spent: 0 };
  const touched: number[] = [];
  const firstReady = layout.readyAt[0] as number;
  const k = new Kernel(words, layout, createInternedStore(meter, options.mostValueBytes), {
    carrier: 0,
    gate: { enter: () => true, leave: () => {} },
    parking: {
      wait: () => {},
      notify: (_words, index) => touched.push((index - READY.wake - firstReady) / READY.size),
    },
    clock: () => state.now,
    bell: () => {},
    // Where the log has no room left there is no other way.
    waitForRoom: () => state.flow.flush(),
    canonical: true,
  });
  // Every process counts as asleep, so that whoever becomes ready is announced.
  for (let process = 0; process < plan.processes; process++) {
    words[(layout.readyAt[process] as number) + READY.sleepers] = 1;
  }
  const waits = new BusyWaits();
  const identity = {
    pidOf: (process: number) => FIRST_PID + process,
    carrier: 1,
    isVirtual: true,
    env: {},
    ...(options.schedule === undefined
      ? {}
      : {
          choose: () => state.step?.choices[state.chosen++],
          isLate: () => state.step?.late,
        }),
  };
  const reader = new RingReader(words, ringPlace(layout));
  const handle = (event: Event): void => {
    if (isFailure(event)) state.isFailed = true;
    options.handle(event);
  };
  const sink = plan.failFast ? { ...options, handle } : options;
  const state: VirtualState = {
    k,
    machine: new Machine(k, identity, { meter, onRound: (task, end) => waits.round(task, end) }),
    services: createVirtualServices(k, options.files),
    waits,
    changes: null,
    reader,
    flow: new EventFlow(reader, { ...sink, meter }),
    plan,
    options,
    meter,
    ready: [],
    touched,
    now: 0,
    isFailed: false,
    moments: 0,
    drainAt,
    step: undefined,
    chosen: 0,
  };
  return state;
}

function unboundedCells(plan: Plan): number {
  const unbounded = plan.resources.filter(
    (resource) => resource.kind === 'pipeEnd' || (resource.kind === 'queue' && resource.capacity === 0),
  ).length;
  const share = Math.max(1024, Math.floor(UNBOUNDED_TOTAL / Math.max(1, unbounded)));
  return Math.min(UNBOUNDED_CELLS, share);
}
