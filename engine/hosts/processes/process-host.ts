/**
 * The processes of a real run: children over the mapped memory, started when the kernel asks for them, and what it means
 * when one dies that should not.
 */

import { constants } from 'node:os';
import { serialize } from 'node:v8';
import { type End, endTask, gone } from '../../kernel/end.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { CONTROL, condemnedAt, LEFT, PROCESS, STATE } from '../../kernel/memory/layout.ts';
import { processOf, stateOf } from '../../kernel/memory/task-block.ts';
import { isProcessWorker, loseProcess, renewProcess } from '../../kernel/primitives/lost-worker.ts';
import { callCarriers, processCarrier } from '../../kernel/runtime/carriers.ts';
import type { Mutex } from '../../kernel/runtime/mutex.ts';
import { halt } from '../../kernel/runtime/stop-run.ts';
import { int } from '../../log/int.ts';
import { lackInWords, reasonOf } from '../machine-fault.ts';
import { createSharedFile } from '../memory/mapped-memory.ts';
import type { Native, Refusal } from '../memory/native.ts';
import { createBell } from '../real/bell.ts';
import type { RunContext } from '../real/carrier-kernel.ts';
import { packRun } from '../real/packed-run.ts';
import type { Processes, Supervisor } from '../real/supervisor.ts';
import { type CarrierProcess, createLauncher, type Launcher, type ProcessEnd } from './child-process.ts';
import { FAULT_CODE } from './inheritance.ts';

export type ProcessHostOptions = {
  readonly k: Kernel;
  readonly mutex: Mutex;
  readonly run: RunContext;
  readonly native: Native;
  readonly memoryFd: number;
  readonly entry: string;
  readonly onBell: () => void;
  readonly supervisor: () => Supervisor;
  readonly environment: () => NodeJS.ProcessEnv;
  /** In the critical section: with the process of the task, its function is gone. */
  readonly processEnded: (task: number) => void;
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

/** What ends a process that ran out of memory, or whose machine code went wrong: nobody outside had a hand in it. */
const CRASHES: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]);

export function createProcessHost(options: ProcessHostOptions): ProcessHost | Refusal {
  const { native, run, onBell, memoryFd, entry } = options;
  const bell = createBell(native, onBell);
  if (bell.kind === 'refused') return bell;
  const plan = createSharedFile(native, serialize(packRun(run)));
  if (typeof plan !== 'number') {
    bell.close();
    return plan;
  }
  const launcher = createLauncher({
    entry,
    fds: { memory: memoryFd, bell: bell.fd, plan },
    native: native.path,
    env: options.environment(),
    // Where turns are forced, one that has started may have nothing to do before another one has.
    startingAtOnce: run.score === undefined ? STARTING_AT_ONCE : Number.POSITIVE_INFINITY,
  });
  const closeAll = async (): Promise<readonly number[]> => {
    const left = await launcher.close(CLOSE_GRACE_MS);
    bell.close();
    native.close(plan);
    return left;
  };
  return hostOf(options, launcher, closeAll);
}

function hostOf(
  options: ProcessHostOptions,
  launcher: Launcher,
  close: () => Promise<readonly number[]>,
): ProcessHost {
  const children = new Map<number, CarrierProcess>();
  const spawn = (process: number): void => {
    const child = launcher.launch(process);
    children.set(process, child);
    void child.ended.then((end) => lookAtEnd(options, process, child, end));
  };
  const signal = (process: number, name: 'SIGTERM' | 'SIGKILL'): void => {
    const child = children.get(process);
    const settle = (): void => options.supervisor().errand(() => isGone(options, process));
    child?.kill(name);
    // One that was never asked for is gone, as is one that has ended by itself meanwhile.
    void Promise.resolve(child?.ended).then(settle);
  };
  return {
    kind: 'host',
    processes: { spawn, signal },
    markStarted: (process) => children.get(process)?.markStarted(),
    close,
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
    supervisor.stop('inconclusive', `the system refused a process for \`${name}\`: ${reasonOf(end.refused)}`);
    return;
  }
  const errors = isBreakdown(end) ? await child.errorOutput() : '';
  if (end.code === FAULT_CODE && errors !== '') {
    supervisor.abandon(`\`${name}\`: ${errors}`);
    return;
  }
  if (end.signal !== null && isBreakdown(end)) {
    supervisor.abandon(`the process of \`${name}\` broke down with ${end.signal}\n${errors}`.trim());
  } else if (lackInWords(errors) !== undefined) {
    supervisor.abandon(`the system refused the process of \`${name}\`: ${lackInWords(errors)}`);
  } else if (errors !== '') {
    supervisor.fail(new Error(`the process of \`${name}\` broke:\n${errors}`));
  } else if (diedInside(options, process)) {
    supervisor.abandon(`\`${name}\` was killed from outside while it changed the shared state`);
  } else {
    supervisor.errand(() => {
      settleDeath(options.k, process, end);
      isGone(options, process);
    });
  }
}

/** Neither left in good order nor killed by somebody: what it wrote to standard error says why. */
function isBreakdown({ code, signal }: ProcessEnd): boolean {
  return signal === null ? code !== 0 : CRASHES.has(signal);
}

/** A death inside the critical section leaves half-done writes, unless the carrier was condemned: then it wrote nothing. */
function diedInside({ k, mutex, run }: ProcessHostOptions, process: number): boolean {
  const calls = run.plan.tasks.flatMap((_, task) =>
    processOf(k, task) === process ? callCarriers(k.layout, task) : [],
  );
  const carrier = [processCarrier(run.layoutOptions, process), ...calls].find((own) => mutex.seize(own));
  if (carrier === undefined) return false;
  const isTorn = k.words[condemnedAt(carrier)] === 0;
  // Before anybody else can come in and take it for whole.
  if (isTorn) halt(k);
  mutex.leave();
  return isTorn;
}

/** In the critical section: the process is gone, and with it the functions that it ran. */
function isGone({ k, run, processEnded }: ProcessHostOptions, process: number): void {
  const first = run.plan.tasks.findIndex((task) => task.process === process);
  for (let task = 0; task < run.plan.tasks.length; task++)
    if (stateOf(k, task) === STATE.stopping && processOf(k, task) === process) processEnded(task);
  gone(k, first, LEFT.process);
}

/** In the critical section. */
function settleDeath(k: Kernel, process: number, end: ProcessEnd): void {
  const ended = k.words[int(k.layout.processAt[process]) + PROCESS.ended] === 1;
  if (k.words[CONTROL.stop] !== 0) return;
  const first = k.plan.tasks.findIndex((task) => task.process === process);
  if (isProcessWorker(k, first) && stateOf(k, first) === STATE.live) replace(k, first, end);
  else if (!ended) endAsKilled(k, process, end);
}

/** The worker's process is gone, by itself or not: it gets another one. */
function replace(k: Kernel, worker: number, end: ProcessEnd): void {
  const at = int(k.layout.processAt[processOf(k, worker)]) + PROCESS.ended;
  const killed = endOf(end);
  if (k.words[at] === 0) loseProcess(k, worker, { by: -1, step: -1 }, killed.error?.message ?? '', killed);
  renewProcess(k, worker);
}

/** What it held stays held; the report says who waits for it. */
function endAsKilled(k: Kernel, process: number, how: ProcessEnd): void {
  const end = endOf(how);
  const first = k.plan.tasks.findIndex((task) => task.process === process);
  for (let task = k.plan.tasks.length - 1; task >= 0; task--) {
    if (task === first || stateOf(k, task) !== STATE.live || processOf(k, task) !== process) continue;
    endTask(k, task, -1, task, end);
    k.ring.joinNext();
  }
  endTask(k, first, -1, first, end);
}

function endOf({ signal, code }: ProcessEnd): End {
  const message =
    signal === null ? `its process ended with code ${code}` : `killed from outside by ${signal}`;
  return {
    state: 'failed',
    cause: null,
    error: { name: 'ProcessDied', message },
    exitCode: signal === null ? (code ?? 1) : -(constants.signals[signal] ?? 0),
  };
}
