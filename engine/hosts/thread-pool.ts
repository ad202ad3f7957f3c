/**
 * The carriers of the main program's threads: tinypool workers, each in one long blocking run over the shared memory.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import type { RunContext } from './carrier-kernel.ts';
import { LONGEST_TIMER_MS } from './pace.ts';
import { type PackedRun, packRun } from './packed-run.ts';
import type { MemoryHandle } from './shared-memory.ts';

/** What a worker is given. */
export type ThreadCarrierInput = {
  readonly run: PackedRun;
  readonly memory: MemoryHandle;
  readonly carrier: number;
  readonly bell: MessagePort;
};

export type ThreadPool = {
  /** Settles when all carriers have left their loops; fails with the first error of one. */
  readonly done: Promise<void>;
  /** Terminates the workers, busy ones too. @throws Error if one does not go */
  readonly close: () => Promise<void>;
};

export type ThreadPoolOptions = {
  readonly run: RunContext;
  readonly memory: MemoryHandle;
  /** The built carrier module. */
  readonly entry: string;
  readonly onBell: () => void;
};

/** Carriers of the main program's threads: no more of them can run at once. */
export const MOST_CARRIERS = availableParallelism();

/** How long a worker may take to be terminated. */
const TERMINATE_MS = 2000;

/** A pool for the next run, with a worker that starts while there is no plan yet. */
let prepared: Promise<Tinypool> | undefined;

/** Begins to start a worker for the next run, which is in most of the time that a short run takes. */
export function prepareThreadPool(entry: string): void {
  prepared ??= openPool(entry).then((pool) => {
    // What goes wrong is told to the run, whose carriers it happens to again.
    pool.on('error', () => {});
    pool.run(null).catch(() => {});
    return pool;
  });
}

/** Starts them; if that fails, `done` does. */
export function startThreadPool(options: ThreadPoolOptions): ThreadPool {
  const opening = prepared ?? openPool(options.entry);
  prepared = undefined;
  return {
    done: opening.then((pool) => carryAll(pool, options)),
    close: async () => {
      const pool = await opening.catch(() => undefined);
      await Promise.all((pool?.threads ?? []).map(terminate));
    },
  };
}

/** `destroy` of the pool throws past everybody if a worker fails to start in the meantime: `node:events` cannot detach from its workers. */
async function terminate(worker: Tinypool['threads'][number]): Promise<void> {
  const late = new AbortController();
  const { signal } = late;
  const limit = delay(TERMINATE_MS, 'late', { signal, ref: false }).catch(() => {});
  const outcome = await Promise.race([worker.terminate(), limit]);
  late.abort();
  if (outcome === 'late') throw new Error('a worker thread could not be terminated');
}

async function openPool(entry: string): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  return new Tinypool({
    filename: entry,
    runtime: 'worker_threads',
    // A worker that breaks is not replaced, and one at the end of its run stays until it is terminated.
    minThreads: 0,
    maxThreads: MOST_CARRIERS,
    idleTimeout: LONGEST_TIMER_MS,
    concurrentTasksPerWorker: 1,
    useAtomics: false,
    env: process.env as Record<string, string>,
  });
}

async function carryAll(pool: Tinypool, { run, memory, onBell }: ThreadPoolOptions): Promise<void> {
  const packed = packRun(run);
  const carriers = Array.from({ length: run.layoutOptions.threadCarriers }, (_, index) => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onBell);
    port1.unref();
    const input: ThreadCarrierInput = { run: packed, memory, carrier: index + 1, bell: port2 };
    return (pool.run(input, { transferList: [port2] }) as Promise<void>).finally(() => port1.close());
  });
  // A worker that could not even begin has no task whose failure would tell it.
  const refused = new Promise<never>((_, reject) => pool.on('error', reject));
  await Promise.race([Promise.all(carriers), refused]);
}
