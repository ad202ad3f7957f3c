/**
 * The carriers of the main program's threads: tinypool workers, each in one long blocking run over the shared memory.
 *
 * A run begins with one. While tasks do little but meet in the critical section, one carrier is faster than several that
 * wait for each other, and a worker's start and its compiling cost more than many a run. Where others are ready while a
 * task computes, its carrier asks for another one.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import { mustHaveAddressSpace } from '../memory/address-space.ts';
import type { MemoryHandle } from '../memory/shared-memory.ts';
import type { RunContext } from './carrier-kernel.ts';
import { LONGEST_TIMER_MS } from './pace.ts';
import { type PackedRun, packRun } from './packed-run.ts';
import { BELL, type ThreadCarrierInput } from './thread-input.ts';

export type ThreadPool = {
  /** Settles when all carriers have left their loops; fails with the first error of one. */
  readonly done: Promise<void>;
  /** Starts one more carrier, if the plan has use for it. For when the first has begun. */
  readonly another: () => void;
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

type Opened = {
  readonly pool: Tinypool;
  /** Settles when its first worker can be given work. */
  readonly loaded: Promise<void>;
};

/** A pool for the next run, with a worker that starts while there is no plan yet. */
let prepared: Promise<Opened> | undefined;

/** Begins to start a worker for the next run, which is in most of the time that a short run takes. */
export function prepareThreadPool(entry: string): void {
  prepared ??= openPool(entry);
  // Whoever takes it is told.
  prepared.catch(() => {});
}

/** Starts the first carrier; if one fails, `done` does. */
export function startThreadPool(options: ThreadPoolOptions): ThreadPool {
  const opening = prepared ?? openPool(options.entry);
  prepared = undefined;
  let carriers: Carriers | undefined;
  const begin = async ({ pool, loaded }: Opened): Promise<void> => {
    const packed = packRun(options.run);
    await loaded;
    carriers = createCarriers(pool, options, packed);
    carriers.another();
    return carriers.done;
  };
  return {
    done: opening.then(begin),
    another: () => carriers?.another(),
    close: async () => {
      const opened = await opening.catch(() => undefined);
      if (opened === undefined) return;
      await Promise.all(opened.pool.threads.map(terminate));
      // Its timers would keep the pool, and with it all of the run and its memory, for weeks. It waits for ends that have
      // been, so nobody waits for it.
      void opened.pool.destroy();
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

/** @throws MachineFault */
async function openPool(entry: string): Promise<Opened> {
  mustHaveAddressSpace();
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
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
  const loaded = new Promise<void>((resolve) => {
    // What goes wrong here is told by the first carrier, which it happens to again.
    pool.on('error', () => resolve());
    pool.run(null).then(
      () => resolve(),
      () => resolve(),
    );
  });
  return { pool, loaded };
}

function isRoomForAnother(): boolean {
  try {
    mustHaveAddressSpace();
    return true;
  } catch {
    return false;
  }
}

type Carriers = Pick<ThreadPool, 'done' | 'another'>;

function createCarriers(
  pool: Tinypool,
  { run, memory, onBell }: ThreadPoolOptions,
  packed: PackedRun,
): Carriers {
  let another = (): void => {};
  const done = new Promise<void>((resolve, reject) => {
    let started = 0;
    let running = 0;
    // A worker that could not even begin has no task whose failure would tell it. Without the first nothing goes on; of the
    // others' work, the first does what is left.
    pool.on('error', (error) => {
      if (started === 1) reject(error);
    });
    const leave = (): void => {
      running -= 1;
      if (running === 0) resolve();
    };
    another = () => {
      if (started === run.layoutOptions.threadCarriers || (started > 0 && !isRoomForAnother())) return;
      started += 1;
      running += 1;
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (said) => (said === BELL.another ? another() : onBell()));
      port1.unref();
      const input: ThreadCarrierInput = { run: packed, memory, carrier: started, bell: port2 };
      const left: Promise<void> = pool.run(input, { transferList: [port2] });
      left.finally(() => port1.close()).then(leave, reject);
    };
  });
  return { done, another };
}
