/**
 * Tasks: start, join, end, terminate; by the rules of `threading.Thread` and `multiprocessing.Process`.
 *
 * A process's first task is its main thread: it is never a daemon thread, and the process is a daemon or not as a whole.
 */

import type { ValueMap } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import type { TaskError, TerminationCause } from '../../log/event.ts';
import { int } from '../../log/int.ts';
import { OPERATION, RECORD } from '../../log/record.ts';
import { type End, endTask, hurry, recordEnd, SIGKILL_EXIT } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { CONTROL, condemnedAt, LEFT, PROCESS, STATE, TASK } from '../memory/layout.ts';
import { count, endsWith, isFirst, isThere, processAt, processOf, stateOf } from '../memory/task-block.ts';
import type { Operation } from '../operation.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { callCarriers, processCarrier } from '../runtime/carriers.ts';
import { ALL, makeReady, park, wake } from '../waiting/channel.ts';
import { REQUEST, request } from '../waiting/external.ts';
import { isClosed, joinPool } from './pool.ts';
import { copyCells } from './variable.ts';

/** As Python's `exitcode` of a process ended by SIGTERM. */
const SIGTERM_EXIT = -15;

function start(k: Kernel, task: number, target: number, input: number): number {
  if (stateOf(k, target) !== STATE.notStarted) return ERROR.startedTwice;
  const starter = processOf(k, task);
  const own = k.plan.tasks[target]?.process;
  if (own !== undefined && k.words[processAt(k, starter) + PROCESS.daemon] === 1)
    return ERROR.daemonicChildren;
  const pool = k.plan.tasks[target]?.pool;
  if (pool !== undefined && isClosed(k, pool)) return ERROR.poolNotRunning;
  // What a pool works off keeps no program alive, as its workers do not.
  const daemon =
    pool !== undefined || (k.plan.tasks[target]?.daemon ?? inheritedDaemon(k, task, own !== undefined));
  // Before anything is changed: what it takes over may find no room.
  if (own !== undefined) copyCells(k, starter, own);
  if (pool !== undefined) joinPool(k, target, pool);
  const at = int(k.layout.taskAt[target]);
  k.words[at + TASK.state] = STATE.live;
  k.words[at + TASK.process] = own ?? starter;
  k.words[at + TASK.parent] = starter;
  k.words[at + TASK.daemon] = daemon ? 1 : 0;
  k.words[at + TASK.input] = input;
  if (own === undefined) count(k, starter, PROCESS.threads, daemon ? 0 : 1);
  else beginProcess(k, starter, own, daemon);
  return YES;
}

/** A thread inherits from the thread that starts it, a process from the process. */
function inheritedDaemon(k: Kernel, task: number, isProcess: boolean): boolean {
  if (isProcess) return k.words[processAt(k, processOf(k, task)) + PROCESS.daemon] === 1;
  return !isFirst(k, task) && k.words[int(k.layout.taskAt[task]) + TASK.daemon] === 1;
}

function beginProcess(k: Kernel, starter: number, process: number, daemon: boolean): void {
  const at = processAt(k, process);
  k.words[at + PROCESS.parent] = starter;
  k.words[at + PROCESS.daemon] = daemon ? 1 : 0;
  count(k, starter, PROCESS.children, daemon ? 0 : 1);
}

/** What follows a start: the task is ready, and a process is asked for. */
function launch(k: Kernel, task: number, target: number, step: number): void {
  const at = int(k.layout.taskAt[target]);
  k.words[CONTROL.active] = int(k.words[CONTROL.active]) + 1;
  const process = int(k.words[at + TASK.process]);
  k.record(RECORD.started, task, step, 3, target, process, int(k.words[at + TASK.daemon]));
  const pool = k.plan.tasks[target]?.pool;
  if (pool !== undefined) {
    standInPool(k, target, pool);
    return;
  }
  makeReady(k, target);
  if (isFirst(k, target) && target !== 0) request(k, target, REQUEST.spawn);
}

/** It waits, as long as it takes, until a worker adopts it. */
function standInPool(k: Kernel, task: number, pool: number): void {
  k.record(RECORD.waiting, task, -1, 4, OPERATION['pool.adopt'], pool, 0, 0);
  park(k, task, -1, Number.POSITIVE_INFINITY, false);
  wake(k, int(k.layout.resourceChannel[pool]), 1);
}

/** Begins the run: main starts itself. */
export function startMain(k: Kernel): void {
  const at = int(k.layout.taskAt[0]);
  k.words[at + TASK.state] = STATE.live;
  k.words[at + TASK.input] = 1;
  launch(k, 0, 0, -1);
}

function join(k: Kernel, task: number, target: number): number {
  if (stateOf(k, target) === STATE.notStarted) return ERROR.joinedBeforeStart;
  if (task === target) return ERROR.joinedItself;
  k.amount = 0;
  return isThere(k, target) && !isDoneFor(k, task, target) ? NO : YES;
}

/** A thread that joins the first of its own process waits for its steps: the rest of its end waits for that thread. */
function isDoneFor(k: Kernel, task: number, target: number): boolean {
  if (!isFirst(k, target) || processOf(k, task) !== processOf(k, target)) return false;
  return k.words[int(k.layout.taskAt[target]) + TASK.waiting] === OPERATION.end + 1;
}

/**
 * Ends a task from outside; a process with all that runs in it; main with all there is. One moment, unless something of it
 * takes time to be gone; what is killed has no time for that.
 *
 * @param error what is told to whoever joins it, where it was work
 */
export function terminateTask(
  k: Kernel,
  by: number,
  step: number,
  target: number,
  cause: TerminationCause,
  error: TaskError | null = null,
): void {
  if (!isThere(k, target)) return;
  const exitCode = cause === 'kill' ? SIGKILL_EXIT : SIGTERM_EXIT;
  const end: End = { state: 'terminated', cause, error, exitCode };
  if (isFirst(k, target)) terminateOthers(k, by, step, target, cause);
  if (stateOf(k, target) === STATE.live) tellToEnd(k, by, step, target, end);
  if (cause === 'kill') hurry(k, target);
}

/** Its program, where it is the first task of one, writes nothing more. */
export function tellToEnd(k: Kernel, by: number, step: number, target: number, end: End): void {
  const isProcess = isFirst(k, target) && target !== 0;
  endTask(k, by, step, target, end, isProcess && k.host.isReal === true ? LEFT.process : 0);
  if (!isProcess) return;
  condemn(k, processOf(k, target));
  request(k, target, end.cause === 'kill' ? REQUEST.kill : REQUEST.terminate);
}

/** All that end with the first task of a process, before it. */
export function terminateOthers(
  k: Kernel,
  by: number,
  step: number,
  first: number,
  cause: TerminationCause,
): void {
  for (let task = 0; task < k.plan.tasks.length; task++) {
    if (!isThere(k, task) || !endsWith(k, task, first)) continue;
    terminateTask(k, by, step, task, cause);
    k.ring.joinNext();
  }
}

/**
 * The process's carrier may write nothing more. A carrier never condemns itself: it is inside the mutex now, and may not
 * lose it; it stops by itself, and the supervisor condemns it before it signals.
 */
export function condemn(k: Kernel, process: number): void {
  const carrier = processCarrier(k.layout.options, process);
  if (carrier !== k.host.carrier) k.words[condemnedAt(carrier)] = 1;
  k.layout.callCarrierOf.forEach((own, task) => {
    if (own < 0 || processOf(k, task) !== process || stateOf(k, task) === STATE.notStarted) return;
    for (const call of callCarriers(k.layout, task))
      if (call !== k.host.carrier) k.words[condemnedAt(call)] = 1;
  });
}

/** Why it is skipped is kept with it, as an error is. */
function maySkip(k: Kernel, _task: number, target: number, why: number): number {
  k.amount = 0;
  k.result = why;
  if (stateOf(k, target) !== STATE.notStarted) return YES;
  const message = textFromValue(k.value(why));
  k.replace(int(k.layout.taskAt[target]) + TASK.error, k.wordOf({ name: 'NeedNotMet', message }));
  return YES;
}

/** A task that was not started never will be. */
function skipTask(k: Kernel, by: number, target: number, step: number): void {
  if (stateOf(k, target) !== STATE.notStarted) return;
  const at = int(k.layout.taskAt[target]);
  k.words[at + TASK.state] = STATE.skipped;
  const { name, message } = k.value(int(k.words[at + TASK.error])) as ValueMap;
  const error = { name: String(name), message: String(message) };
  recordEnd(k, by, step, target, { state: 'skipped', cause: null, error, exitCode: 0 });
  wake(k, k.layout.taskChannel + target, ALL);
}

function always(k: Kernel): number {
  k.amount = 0;
  return YES;
}

function mayTerminate(k: Kernel, _task: number, target: number): number {
  k.amount = 0;
  return stateOf(k, target) === STATE.notStarted ? ERROR.terminatedBeforeStart : YES;
}

export const taskOperations = {
  'task.start': { of: 'task', attempt: start, waitsOn: -1, wakes: [], follow: launch },
  'task.join': { of: 'task', attempt: join, waitsOn: 0, wakes: [] },
  'task.terminate': {
    of: 'task',
    attempt: mayTerminate,
    waitsOn: -1,
    wakes: [],
    follow: (k, task, target, step) => terminateTask(k, task, step, target, 'terminate'),
  },
  'task.timeOut': {
    of: 'task',
    attempt: always,
    waitsOn: -1,
    wakes: [],
    follow: (k, task, target, step) => terminateTask(k, task, step, target, 'timeout'),
  },
  'task.skip': { of: 'task', attempt: maySkip, waitsOn: -1, wakes: [], follow: skipTask },
  'task.kill': {
    of: 'task',
    attempt: mayTerminate,
    waitsOn: -1,
    wakes: [],
    follow: (k, task, target, step) => terminateTask(k, task, step, target, 'kill'),
  },
} as const satisfies Record<string, Operation>;
