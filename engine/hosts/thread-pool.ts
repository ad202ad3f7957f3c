/**
 * The carriers of the main program's threads: tinypool workers, each in one long blocking run over the shared memory.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import type { RunContext } from './carrier-kernel.ts';
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

/** How long a worker may take to be terminated. */
const TERMINATE_MS = 2000;

/** Starts them; if that fails, `done` does. */
export function startThreadPool(options: ThreadPoolOptions): ThreadPool {
  const opening = openPool(options);
  return {
    done: opening.then((pool) => carryAll(pool, options)),
    close: async () => {
      const pool = await opening.catch(() => undefined);
      await pool?.destroy();
    },
  };
}

async function openPool({ run, entry }: ThreadPoolOptions): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  const threads = run.layoutOptions.threadCarriers;
  return new Tinypool({
    filename: entry,
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    useAtomics: false,
    terminateTimeout: TERMINATE_MS,
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
