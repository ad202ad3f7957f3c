/**
 * The processes of a real run: children over the mapped memory, started when the kernel asks for them, and what it means
 * when one dies that should not.
 */
import { constants } from 'node:os';
import { serialize } from 'node:v8';
import type { Kernel } from '../kernel/kernel.ts';
import { CONTROL, condemnedAt, PROCESS, processCarrier, STATE } from '../kernel/layout.ts';
import type { Mutex } from '../kernel/mutex.ts';
import { type End, endTask, processOf, stateOf } from '../kernel/task.ts';
import { type Bell, createBell } from './bell.ts';
import type { RunContext } from './carrier-kernel.ts';
import { type CarrierProcess, createLauncher, type Launcher, type ProcessEnd } from './child-process.ts';
import { createSharedFile } from './mapped-memory.ts';
import type { Native, Refusal } from './native.ts';
import type { Processes, Supervisor } from './supervisor.ts';

export type ProcessHostOptions = {
  readonly k: Kernel;
  readonly mutex: Mutex;
  readonly run: RunContext;
  readonly native: Native;
  readonly memoryFd: number;
  readonly entry: string;
  readonly onBell: () => void;
  readonly supervisor: () => Supervisor;
};

export type ProcessHost = {
  readonly kind: 'host';
  readonly processes: Processes;
  /** That process has shown its first sign of life: the next may start. */
  readonly markStarted: (process: number) => void;
  /** Kills what is left; gives the ids of those that would not go. */
  readonly close: () => Promise<readonly number[]>;
};

/** Children between spawn and first sign of life: as many as there are processors here to use, and one to overlap. */
const STARTING_AT_ONCE = 3;
const CLOSE_GRACE_MS = 5000;

export function createProcessHost(options: ProcessHostOptions): ProcessHost | Refusal {
  const { native, run, onBell, memoryFd, entry } = options;
  const bell = createBell(native, onBell);
  if (bell.kind === 'refused') return bell;
  const plan = createSharedFile(native, serialize(run));
  if (typeof plan !== 'number') {
    bell.close();
    return plan;
  }
  const launcher = createLauncher({
    entry,
    fds: { memory: memoryFd, bell: bell.fd, plan },
    native: native.path,
    startingAtOnce: STARTING_AT_ONCE,
  });
  return hostOf(options, launcher, bell);
}

function hostOf(options: ProcessHostOptions, launcher: Launcher, bell: Bell): ProcessHost {
  const children = new Map<number, CarrierProcess>();
  const spawn = (process: number): void => {
    const child = launcher.launch(process);
    children.set(process, child);
    void child.ended.then((end) => lookAtEnd(options, process, child, end));
  };
  return {
    kind: 'host',
    processes: { spawn, signal: (process, signal) => children.get(process)?.kill(signal) },
    markStarted: (process) => children.get(process)?.markStarted(),
    close: async () => {
      const left = await launcher.close(CLOSE_GRACE_MS);
      bell.close();
      return left;
    },
  };
}

async function lookAtEnd(
  options: ProcessHostOptions,
  process: number,
  child: CarrierProcess,
  end: ProcessEnd,
): Promise<void> {
  const supervisor = options.supervisor();
  const name = options.run.plan.tasks.find((task) => task.process === process)?.name ?? '';
  if (end.refused !== null) {
    supervisor.stop('inconclusive', `the system refused a process for \`${name}\`: ${end.refused}`);
    return;
  }
  const errors = end.code === null || end.code === 0 ? '' : await child.errorOutput();
  if (errors !== '') supervisor.abandon(`bug in concur: the process of \`${name}\` broke:\n${errors}`, true);
  else if (diedInside(options, process)) {
    supervisor.abandon(`\`${name}\` was killed from outside while it changed the shared state`, false);
  } else supervisor.errand(() => settleDeath(options.k, process, end));
}

/** A death inside the critical section leaves half-done writes, unless the carrier was condemned: then it wrote nothing. */
function diedInside({ k, mutex, run }: ProcessHostOptions, process: number): boolean {
  const carrier = processCarrier(run.layoutOptions, process);
  if (!mutex.seize(carrier)) return false;
  mutex.leave();
  return k.words[condemnedAt(carrier)] === 0;
}

/** In the critical section. */
function settleDeath(k: Kernel, process: number, end: ProcessEnd): void {
  const ended = k.words[(k.layout.processAt[process] as number) + PROCESS.ended] === 1;
  if (!ended && k.words[CONTROL.stop] === 0) endAsKilled(k, process, end);
}

/** What it held stays held; the report says who waits for it. */
function endAsKilled(k: Kernel, process: number, { signal, code }: ProcessEnd): void {
  const message =
    signal === null ? `its process ended with code ${code}` : `killed from outside by ${signal}`;
  const end: End = {
    state: 'failed',
    cause: null,
    error: { name: 'ProcessDied', message },
    exitCode: signal === null ? (code ?? 1) : -(constants.signals[signal] ?? 0),
  };
  const first = k.plan.tasks.findIndex((task) => task.process === process);
  for (let task = k.plan.tasks.length - 1; task >= 0; task--) {
    if (task === first || stateOf(k, task) !== STATE.live || processOf(k, task) !== process) continue;
    endTask(k, task, -1, task, end);
    k.ring.joinNext();
  }
  endTask(k, first, -1, first, end);
}
