/**
 * The threads of the user's functions: one for each task that calls, kept for its next call. They are started where the
 * task runs: by the supervisor for the main program, by the carrier of a child process for its own.
 *
 *     loading ──▶ busy ◀──▶ idle
 *        │          │         │
 *        └──────────┴─────────┴──▶ left
 *
 * How far a thread has come stands in a word that it shares with who started it, as the carrier of a child process never
 * comes to its event loop, and hears no message. A thread that is loading is never terminated: the native library breaks
 * the whole process down if that happens while it is loaded. It leaves by itself, once it is loaded and finds that it was left.
 */
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gone } from '../../kernel/end.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { condemnedAt, LEFT } from '../../kernel/memory/layout.ts';
import type { Call } from '../../kernel/runtime/call.ts';
import { CALL_CARRIERS, callCarriers } from '../../kernel/runtime/carriers.ts';
import { graceMsOf, isStopping } from '../../kernel/runtime/service.ts';
import { lackIn, MachineFault } from '../machine-fault.ts';
import { mustHaveAddressSpace } from '../memory/address-space.ts';
import type { MemoryHandle } from '../memory/shared-memory.ts';
import type { RunContext } from '../real/carrier-kernel.ts';
import { type PackedRun, packRun } from '../real/packed-run.ts';

/** What such a thread is given. */
export type CallWorkerInput = {
  readonly run: PackedRun;
  readonly memory: MemoryHandle;
  readonly carrier: number;
  readonly task: number;
  readonly ticket: number;
  /** How far it has come: one of `THREAD`. */
  readonly state: Int32Array;
  /** How it rings the supervisor: by this descriptor, or by a message where the supervisor started it. */
  readonly bellFd: number | null;
};

export type CallHostOptions = Pick<CallWorkerInput, 'memory' | 'bellFd'> & {
  readonly run: RunContext;
  readonly k: Kernel;
  /** The carriers' entry: the functions' is beside it. */
  readonly entry: string;
  readonly onBell: () => void;
  /** What functions find in their environment, and what they start. */
  readonly environment: () => NodeJS.ProcessEnv;
  /** There is no thread for the call. */
  readonly refuse: (call: Call, why: string) => void;
  /** The machine gives no thread, in a sentence why: the run is to end. */
  readonly onFault: (cause: string) => void;
  /** Does something while nobody else is in the critical section. */
  readonly excluded: (deed: () => void) => void;
};

export type CallHost = {
  readonly begin: (call: Call) => void;
  /** In the critical section: the task was told to end. Its function has its time for that, then its thread is ended. */
  readonly cancel: (task: number) => void;
  /** In the critical section: it has no more time. */
  readonly hurry: (task: number) => void;
  readonly close: () => Promise<void>;
};

/** Functions that may run at once in one process: each has a thread with an engine of its own. */
const MOST_CALLS = 64;

/** How far a thread has come. */
export const THREAD = { loading: 0, busy: 1, idle: 2, left: 3 } as const;

type Thread = {
  readonly worker: Worker;
  readonly carrier: number;
  readonly state: Int32Array;
  /** Which call of the task it is at, or was at last. */
  ticket: number;
  /** Settles when it is gone; never in a process that does not come to its event loop. */
  readonly gone: Promise<void>;
};

export function createCallHost(options: CallHostOptions): CallHost {
  const { k, refuse, excluded } = options;
  /** By task. */
  const threads = new Map<number, Thread>();
  /** All that may not be gone yet, by carrier. */
  const known = new Map<number, Thread>();
  /** Those that were told to end, by task. */
  const leaving = new Map<number, Thread>();
  let packed: PackedRun | undefined;

  const start = (call: Call, carrier: number): void => {
    packed ??= packRun(options.run);
    const thread = startThread(options, packed, call, carrier);
    if (thread === undefined) return;
    threads.set(call.task, thread);
    known.set(carrier, thread);
    void thread.gone.then(() =>
      excluded(() => {
        // Whoever is in the critical section has the mutex, also from a thread that left with it: the next may be trusted.
        Atomics.store(k.words, condemnedAt(carrier), 0);
        known.delete(carrier);
        // One that the machine let down is gone before its task is told to end, and would never say so again.
        for (const group of [threads, leaving]) if (group.get(call.task) === thread) group.delete(call.task);
        if (isStopping(k, { task: call.task, ticket: thread.ticket })) gone(k, call.task, LEFT.work);
      }),
    );
  };
  const freeCarrier = (task: number): number | undefined =>
    callCarriers(k.layout, task).find((carrier) => !known.has(carrier));
  const makeRoom = (): boolean => {
    if (threads.size < MOST_CALLS) return true;
    for (const [task, thread] of threads) {
      if (!moves(thread, THREAD.idle, THREAD.left)) continue;
      threads.delete(task);
      excluded(() => void thread.worker.terminate());
      return true;
    }
    return false;
  };
  /** In the critical section. Termination is no matter of a moment: until it is gone a thread may take the mutex, and is not to write any more. */
  const leave = (thread: Thread): void => {
    // It may be gone by now, and its carrier be another's.
    if (known.get(thread.carrier) !== thread) return;
    if (moves(thread, THREAD.loading, THREAD.left)) return;
    Atomics.store(k.words, condemnedAt(thread.carrier), 1);
    void thread.worker.terminate();
  };
  return {
    begin: (call) => {
      const thread = threads.get(call.task);
      if (thread !== undefined && moves(thread, THREAD.idle, THREAD.busy)) {
        thread.ticket = call.ticket;
        thread.worker.postMessage(call.ticket);
        return;
      }
      if (thread !== undefined) {
        // Its last call was given up, and still has not come to an end.
        threads.delete(call.task);
        excluded(() => leave(thread));
      }
      const carrier = freeCarrier(call.task);
      if (carrier === undefined)
        refuse(call, `can't start new thread: ${CALL_CARRIERS} functions of this task were given up`);
      else if (!makeRoom())
        refuse(call, `can't start new thread: ${MOST_CALLS} functions run at once already`);
      else start(call, carrier);
    },
    cancel: (task) => {
      const thread = threads.get(task);
      if (thread === undefined) {
        gone(k, task, LEFT.work);
        return;
      }
      threads.delete(task);
      leaving.set(task, thread);
      const late = (): void => excluded(() => leave(thread));
      const timer = setTimeout(late, graceMsOf(k, task)).unref();
      void thread.gone.then(() => clearTimeout(timer));
    },
    hurry: (task) => {
      const thread = leaving.get(task) ?? threads.get(task);
      threads.delete(task);
      if (thread !== undefined) leave(thread);
    },
    close: async () => {
      const left = [...known.values()];
      for (const thread of left) {
        leave(thread);
        thread.worker.ref();
      }
      threads.clear();
      await Promise.all(left.map(({ gone }) => gone));
    },
  };
}

/** Whether the thread was there, and is here now. */
function moves({ state }: Thread, from: number, to: number): boolean {
  return Atomics.compareExchange(state, 0, from, to) === from;
}

/** An event loop of its own, and the file that the thread begins with, which loads the function's. */
const DESCRIPTORS_OF_THREAD = 5;

/**
 * Node tells by an event that a thread has none for its event loop, and a child process hears of no event.
 *
 * @throws Error of the system's where there are too few
 */
function mustHaveDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < DESCRIPTORS_OF_THREAD) opened.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if (lackIn(error) !== undefined) throw error;
  } finally {
    opened.forEach(closeSync);
  }
}

function startThread(
  options: CallHostOptions,
  run: PackedRun,
  call: Call,
  carrier: number,
): Thread | undefined {
  const { memory, bellFd, entry, onBell, refuse, onFault } = options;
  const fail = (error: Error): void => {
    const lack = error instanceof MachineFault ? error.message : lackIn(error);
    if (lack !== undefined) onFault(`the system refused a thread for a function: ${lack}`);
    else refuse(call, `the thread of the function could not run: ${error.message}`);
  };
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const input: CallWorkerInput = { run, memory, carrier, bellFd, state, ...call };
  let worker: Worker;
  try {
    mustHaveAddressSpace();
    mustHaveDescriptors();
    worker = new Worker(join(dirname(entry), 'call-worker.cjs'), {
      workerData: input,
      // What it starts is known by the mark of the run, and goes with it.
      env: options.environment(),
      // What the function writes is taken up in the thread itself.
      execArgv: ['--no-warnings'],
      stdout: true,
      stderr: true,
    });
  } catch (error) {
    fail(error as Error);
    return undefined;
  }
  worker.unref();
  worker.on('message', onBell);
  worker.on('error', fail);
  const left = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return { worker, carrier, state, gone: left, ticket: call.ticket };
}
