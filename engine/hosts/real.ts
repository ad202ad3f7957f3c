/**
 * The real host: threads on tinypool workers, processes as children, over shared memory, watched by the supervisor.
 */
import { availableParallelism } from 'node:os';
import { createLayout, type LayoutOptions } from '../kernel/layout.ts';
import { initializeMemory } from '../kernel/memory.ts';
import { startMain } from '../kernel/task.ts';
import type { Event, RunEnd } from '../log/event.ts';
import type { Plan } from '../plan/plan.ts';
import { type CarrierKernel, createCarrierKernel, monotonicUs, type RunContext } from './carrier-kernel.ts';
import type { Refusal } from './native.ts';
import { MUTEX_SPINS } from './pace.ts';
import { createProcessHost, type ProcessHost } from './process-host.ts';
import type { RunOptions } from './run-options.ts';
import { createSharedMemory, type SharedMemory } from './shared-memory.ts';
import { type Stop, Supervisor } from './supervisor.ts';
import { startThreadPool, type ThreadPool } from './thread-pool.ts';

/** Words for texts, lists and maps: 256 MiB of address space, touched only where they are used. */
const VALUE_WORDS = 1 << 26;
/** Cells of an unbounded queue. */
const UNBOUNDED_CELLS = 1 << 20;
/** What all unbounded queues together may reserve. */
const UNBOUNDED_TOTAL = 1 << 26;

/** Runs a plan for real. What the machine refuses is told as an inconclusive run. */
export async function runReal(plan: Plan, options: RunOptions, entry: string): Promise<RunEnd> {
  const layoutOptions = chooseLayout(plan);
  const layout = createLayout(plan, layoutOptions);
  const memory = await createSharedMemory(layout.size, plan.processes > 1);
  if (memory.kind === 'refused') return inconclusive(memory.cause);
  try {
    const run: RunContext = { plan, layoutOptions, beginUs: monotonicUs() };
    return await runIn(memory, run, options, entry);
  } finally {
    memory.close();
  }
}

function inconclusive(cause: string): RunEnd {
  return { mode: 'real', stopped: 'inconclusive', cause, events: 0, durationUs: 0 };
}

function chooseLayout(plan: Plan): LayoutOptions {
  const threads = plan.tasks.filter((task) => task.process === undefined).length;
  const unbounded = plan.resources.filter(
    (resource) => resource.kind === 'queue' && resource.capacity === 0,
  ).length;
  return {
    threadCarriers: Math.max(1, Math.min(availableParallelism(), threads)),
    valueWords: VALUE_WORDS,
    unboundedCells: Math.max(
      1024,
      Math.min(UNBOUNDED_CELLS, Math.floor(UNBOUNDED_TOTAL / Math.max(1, unbounded))),
    ),
  };
}

async function runIn(
  memory: SharedMemory,
  run: RunContext,
  options: RunOptions,
  entry: string,
): Promise<RunEnd> {
  let supervisor: Supervisor | undefined;
  const ring = (): void => supervisor?.ring();
  const makeRoom = (): void => supervisor?.drainAll();
  const { words, parking } = memory;
  const carrierKernel = createCarrierKernel(run, {
    words,
    parking,
    carrier: 0,
    spins: MUTEX_SPINS,
    bell: ring,
    supervisor: { makeRoom },
  });
  const host = hostFor(memory, run, carrierKernel, entry, ring, () => supervisor as Supervisor);
  if (host.kind === 'refused') return inconclusive(host.cause);
  const { k } = carrierKernel;
  const handle = (event: Event): void => {
    if (event.type === 'began') host.markStarted(run.plan.tasks[event.task]?.process ?? 0);
    options.handle(event);
    if (run.plan.failFast && event.type === 'ended' && event.state === 'failed') supervisor?.stop('failFast');
  };
  supervisor = new Supervisor({ k, plan: run.plan, handle, processes: host.processes });
  begin(carrierKernel);
  const pool = await startThreadPool({ run, memory: memory.handle, entry, onBell: ring });
  const watch = watchOver(supervisor, run.plan, options, pool);
  try {
    const stop = await supervisor.supervise();
    const durationUs = k.host.clock();
    await pool.done;
    supervisor.drainAll();
    return endOf(stop, supervisor, durationUs);
  } finally {
    watch.end();
    await Promise.all([host.close(), pool.close()]);
  }
}

/** A plan without processes needs none of their machinery. */
const noHost: ProcessHost = {
  kind: 'host',
  processes: { spawn: () => {}, signal: () => {} },
  markStarted: () => {},
  close: async () => [],
};

function hostFor(
  memory: SharedMemory,
  run: RunContext,
  { k, mutex }: CarrierKernel,
  entry: string,
  onBell: () => void,
  supervisor: () => Supervisor,
): ProcessHost | Refusal {
  const { native, handle } = memory;
  if (native === undefined || handle.kind !== 'mapped') return noHost;
  return createProcessHost({ k, mutex, run, native, memoryFd: handle.fd, entry, onBell, supervisor });
}

function begin({ k }: CarrierKernel): void {
  k.enter();
  initializeMemory(k);
  startMain(k);
  k.leave();
}

function endOf(stop: Stop, supervisor: Supervisor, durationUs: number): RunEnd {
  return { mode: 'real', stopped: stop.reason, cause: stop.cause, events: supervisor.events, durationUs };
}

/** Everything that can end a run from outside: the signal, the run's timeout, a carrier that broke. */
function watchOver(
  supervisor: Supervisor,
  plan: Plan,
  options: RunOptions,
  pool: ThreadPool,
): { readonly end: () => void } {
  const interrupt = (): void => supervisor.stop('interrupt');
  const timer = setTimeout(() => supervisor.stop('timeout'), plan.timeoutUs / 1000);
  if (options.signal?.aborted === true) interrupt();
  options.signal?.addEventListener('abort', interrupt);
  pool.done.catch((error: unknown) => supervisor.stop('inconclusive', String(error)));
  return {
    end: () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', interrupt);
    },
  };
}
