/**
 * The kernel as a carrier of a real run has it: over shared memory, with the mutex, the run's clock and a bell.
 */

import { type Gate, Kernel } from '../../kernel/kernel.ts';
import { createLayout } from '../../kernel/memory/create-layout.ts';
import { CONTROL, condemnedAt, type Layout, type LayoutOptions } from '../../kernel/memory/layout.ts';
import { createSharedStore } from '../../kernel/memory/values.ts';
import { Mutex } from '../../kernel/runtime/mutex.ts';
import type { Parking } from '../../kernel/runtime/parking.ts';
import { listed } from '../../kernel/waiting/listed.ts';
import { forcedClock } from '../../machine/forced-turns.ts';
import type { Score } from '../../machine/score.ts';
import type { Plan } from '../../plan/plan.ts';

/** What every carrier of a run must know alike. */
export type RunContext = {
  readonly plan: Plan;
  readonly layoutOptions: LayoutOptions;
  /** `process.hrtime` at the beginning of the run, microseconds: the clock that all processes share. */
  readonly beginUs: number;
  /** The turns that are forced on it, before tasks go on as they can. */
  readonly score?: Score | undefined;
};

/** How long one sleeps for a mutex before it looks whether the owner was condemned. */
const PATIENCE_MS = 50;
/** How long a carrier sleeps for room in the ring before it looks again. */
const ROOM_MS = 100;

/** Microseconds of the system-wide monotonic clock, whole. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Two clocks that run alike, from different origins; whole microseconds. */
export type Clocks = { readonly shared: () => number; readonly own: () => number };

const systemClocks: Clocks = { shared: monotonicUs, own: () => Math.floor(performance.now() * 1000) };

/** How often the two clocks are compared. */
const COMPARISONS = 8;

/**
 * A cheap clock in microseconds since `beginUs`: `performance.now` runs on the same clock, from another origin.
 *
 * Where this thread is kept waiting between two readings, the second is too late, and the clock would be behind for good:
 * sleeps that one carrier begins and another ends would be too short. So the comparison with the least delay counts.
 */
export function createClock(beginUs: number, { shared, own }: Clocks = systemClocks): () => number {
  let offset = Number.NEGATIVE_INFINITY;
  for (let count = 0; count < COMPARISONS; count++) {
    const read = shared();
    offset = Math.max(offset, read - own());
  }
  return () => own() + offset - beginUs;
}

export type CarrierOptions = {
  readonly words: Int32Array;
  readonly parking: Parking;
  readonly carrier: number;
  readonly spins: number;
  readonly bell: () => void;
  /** For the supervisor: it enters with bounded waits, and makes room itself. */
  readonly supervisor?: { readonly makeRoom: () => void };
  /** Where it is computed already. */
  readonly layout?: Layout;
};

export type CarrierKernel = {
  readonly k: Kernel;
  readonly mutex: Mutex;
  readonly layout: Layout;
  /** The real time since the run began, in microseconds. */
  readonly clock: () => number;
};

export function createCarrierKernel(run: RunContext, options: CarrierOptions): CarrierKernel {
  const { words, parking, carrier, bell } = options;
  const layout = options.layout ?? createLayout(run.plan, run.layoutOptions);
  const mutex = new Mutex({
    words,
    index: CONTROL.mutex,
    carrier,
    condemnedIndexOf: condemnedAt,
    parking,
    spins: options.spins,
    patienceMs: PATIENCE_MS,
  });
  const clock = createClock(run.beginUs);
  const store = createSharedStore(words, layout.valuesAt, run.layoutOptions.valueWords);
  const k = new Kernel(words, layout, store, {
    carrier,
    scheduler: listed,
    gate: options.supervisor === undefined ? mutex : boundedGate(mutex),
    parking,
    clock: run.score === undefined ? clock : forcedClock(words, run.score, clock),
    bell,
    waitForRoom:
      options.supervisor?.makeRoom ?? ((tail) => parking.wait(words, CONTROL.ringTail, tail, ROOM_MS)),
    // Nobody does what another one waits for where each has its turn.
    canonical: run.score !== undefined,
    isReal: true,
    // While carriers fill what is theirs, there is room for the supervisor's few records.
    ...(options.supervisor === undefined ? {} : { margin: 3 }),
  });
  return { k, mutex, layout, clock };
}

/** How often the supervisor sleeps for the mutex before it looks after other things. */
const SUPERVISOR_SLEEPS = 2;

function boundedGate(mutex: Mutex): Gate {
  return { enter: () => mutex.tryEnter(SUPERVISOR_SLEEPS), leave: () => mutex.leave() };
}
