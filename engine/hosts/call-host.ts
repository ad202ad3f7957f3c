/**
 * The threads of the user's functions: one for each task that calls, kept for its next call. They are started where the
 * task runs: by the supervisor for the main program, by the carrier of a child process for its own.
 */
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Call } from '../kernel/call.ts';
import { CALL_CARRIERS } from '../kernel/carriers.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { condemnedAt } from '../kernel/layout.ts';
import type { RunContext } from './carrier-kernel.ts';
import { type PackedRun, packRun } from './packed-run.ts';
import type { MemoryHandle } from './shared-memory.ts';

/** What such a thread is given. */
export type CallWorkerInput = {
  readonly run: PackedRun;
  readonly memory: MemoryHandle;
  readonly carrier: number;
  readonly task: number;
  readonly ticket: number;
  /** How it rings the supervisor: by this descriptor, or by a message where the supervisor started it. */
  readonly bellFd: number | null;
};

export type CallHostOptions = Pick<CallWorkerInput, 'memory' | 'bellFd'> & {
  readonly run: RunContext;
  readonly k: Kernel;
  /** The carriers' entry: the functions' is beside it. */
  readonly entry: string;
  readonly onBell: () => void;
  /** There is no thread for the call. */
  readonly refuse: (call: Call, why: string) => void;
  /** Does something while nobody else is in the critical section. */
  readonly excluded: (deed: () => void) => void;
};

export type CallHost = {
  readonly begin: (call: Call) => void;
  /** In the critical section: the task has ended, and its function with it. */
  readonly cancel: (task: number) => void;
  readonly close: () => Promise<void>;
};

/** Functions that may run at once in one process: each has a thread with an engine of its own. */
export const MOST_CALLS = 64;

type Thread = { readonly worker: Worker; readonly carrier: number; isBusy: boolean };

export function createCallHost(options: CallHostOptions): CallHost {
  const { k, refuse, excluded } = options;
  const threads = new Map<number, Thread>();
  const leaving = new Set<Promise<unknown>>();
  let packed: PackedRun | undefined;
  const end = ({ worker }: Thread): void => {
    const left = worker.terminate();
    leaving.add(left);
    void left.finally(() => leaving.delete(left));
  };
  const makeRoom = (): boolean => {
    if (threads.size < MOST_CALLS) return true;
    const [idle] = [...threads].filter(([, { isBusy }]) => !isBusy);
    if (idle === undefined) return false;
    threads.delete(idle[0]);
    excluded(() => end(idle[1]));
    return true;
  };
  /** By task, how many of its calls were given up and may not be at their end yet. */
  const givenUp = new Map<number, number>();
  /** Termination is no matter of a moment: until the thread is gone it may take the mutex, and is not to write any more. */
  const condemn = ({ carrier }: Thread): void => {
    Atomics.store(k.words, condemnedAt(carrier), 1);
  };
  const giveUp = (task: number, thread: Thread): void => {
    threads.delete(task);
    givenUp.set(task, (givenUp.get(task) ?? 0) + 1);
    excluded(() => {
      condemn(thread);
      end(thread);
    });
  };
  return {
    begin: (call) => {
      const known = threads.get(call.task);
      if (known !== undefined && !known.isBusy) {
        known.isBusy = true;
        known.worker.postMessage(call.ticket);
        return;
      }
      // Its last call was given up, and still has not come to an end.
      if (known !== undefined) giveUp(call.task, known);
      const turn = givenUp.get(call.task) ?? 0;
      if (turn >= CALL_CARRIERS)
        refuse(call, `can't start new thread: ${turn} functions of this task were given up`);
      else if (!makeRoom())
        refuse(call, `can't start new thread: ${MOST_CALLS} functions run at once already`);
      else {
        packed ??= packRun(options.run);
        threads.set(call.task, startThread(options, packed, call, turn));
      }
    },
    cancel: (task) => {
      const thread = threads.get(task);
      if (thread === undefined) return;
      threads.delete(task);
      condemn(thread);
      end(thread);
    },
    close: async () => {
      for (const thread of threads.values()) {
        condemn(thread);
        end(thread);
      }
      threads.clear();
      await Promise.all(leaving);
    },
  };
}

/** @param turn which of the carriers of the task's calls it is */
function startThread(
  { k, memory, bellFd, entry, onBell, refuse }: CallHostOptions,
  run: PackedRun,
  call: Call,
  turn: number,
): Thread {
  const carrier = (k.layout.callCarrierOf[call.task] as number) + turn;
  const input: CallWorkerInput = { run, memory, carrier, bellFd, ...call };
  const worker = new Worker(join(dirname(entry), 'call-worker.cjs'), {
    workerData: input,
    // What the function writes is taken up in the thread itself.
    execArgv: ['--no-warnings'],
    stdout: true,
    stderr: true,
  });
  const thread: Thread = { worker, carrier, isBusy: true };
  worker.unref();
  worker.on('message', (message: 'bell' | 'idle') => {
    if (message === 'bell') onBell();
    else thread.isBusy = false;
  });
  worker.on('error', (error) => refuse(call, `the thread of the function could not run: ${error.message}`));
  return thread;
}
