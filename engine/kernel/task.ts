/**
 * Tasks: start, join, end, terminate; by the rules of `threading.Thread` and `multiprocessing.Process`.
 *
 * A process's first task is its main thread: it is never a daemon thread, and the process is a daemon or not as a whole.
 */
import type { EndState, TaskError, TerminationCause } from '../log/event.ts';
import { carriesItem, causes, endStates, OPERATION, RECORD } from '../log/record.ts';
import type { ValueMap } from '../plan/value.ts';
import { textFromValue } from '../plan/value-text.ts';
import { callCarriers, processCarrier } from './carriers.ts';
import { ALL, forget, isCalling, makeReady, park, wake, wakeAwaiting } from './channel.ts';
import { REQUEST, request } from './external.ts';
import { leaveHeld } from './holder-exit.ts';
import type { Kernel } from './kernel.ts';
import { ASKING, CONTROL, condemnedAt, DONE, POINT, PROCESS, STATE, TASK } from './layout.ts';
import type { Operation } from './operation.ts';
import { ERROR, NO, YES } from './outcome.ts';
import { joinPool, leavePool } from './pool.ts';
import { abandonWait } from './resource-operations.ts';
import { copyCells } from './variable.ts';

/** As Python's `exitcode` of a process ended by SIGTERM, SIGKILL. */
const SIGTERM_EXIT = -15;
const SIGKILL_EXIT = -9;

export function stateOf(k: Kernel, task: number): number {
  return k.words[(k.layout.taskAt[task] as number) + TASK.state] as number;
}

export function processOf(k: Kernel, task: number): number {
  return k.words[(k.layout.taskAt[task] as number) + TASK.process] as number;
}

/** Whether a task is the first of its process. */
export function isFirst(k: Kernel, task: number): boolean {
  return k.plan.tasks[task]?.process !== undefined;
}

function start(k: Kernel, task: number, target: number, input: number): number {
  if (stateOf(k, target) !== STATE.notStarted) return ERROR.startedTwice;
  const starter = processOf(k, task);
  const own = k.plan.tasks[target]?.process;
  if (own !== undefined && k.words[processAt(k, starter) + PROCESS.daemon] === 1)
    return ERROR.daemonicChildren;
  const pool = k.plan.tasks[target]?.pool;
  // What a pool works off keeps no program alive, as its workers do not.
  const daemon =
    pool !== undefined || (k.plan.tasks[target]?.daemon ?? inheritedDaemon(k, task, own !== undefined));
  // Before anything is changed: what it takes over may find no room.
  if (own !== undefined) copyCells(k, starter, own);
  if (pool !== undefined) joinPool(k, target, pool);
  const at = k.layout.taskAt[target] as number;
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
  return !isFirst(k, task) && k.words[(k.layout.taskAt[task] as number) + TASK.daemon] === 1;
}

function beginProcess(k: Kernel, starter: number, process: number, daemon: boolean): void {
  const at = processAt(k, process);
  k.words[at + PROCESS.parent] = starter;
  k.words[at + PROCESS.daemon] = daemon ? 1 : 0;
  count(k, starter, PROCESS.children, daemon ? 0 : 1);
}

function processAt(k: Kernel, process: number): number {
  return k.layout.processAt[process] as number;
}

function count(k: Kernel, process: number, what: number, change: number): void {
  const at = processAt(k, process) + what;
  k.words[at] = (k.words[at] as number) + change;
}

/** What follows a start: the task is ready, and a process is asked for. */
function launch(k: Kernel, task: number, target: number, step: number): void {
  const at = k.layout.taskAt[target] as number;
  k.words[CONTROL.active] = (k.words[CONTROL.active] as number) + 1;
  const process = k.words[at + TASK.process] as number;
  k.record(RECORD.started, task, step, 3, target, process, k.words[at + TASK.daemon] as number);
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
  wake(k, k.layout.resourceChannel[pool] as number, 1);
}

/** Begins the run: main starts itself. */
export function startMain(k: Kernel): void {
  const at = k.layout.taskAt[0] as number;
  k.words[at + TASK.state] = STATE.live;
  k.words[at + TASK.input] = 1;
  launch(k, 0, 0, -1);
}

function join(k: Kernel, task: number, target: number): number {
  const state = stateOf(k, target);
  if (state === STATE.notStarted) return ERROR.joinedBeforeStart;
  if (task === target) return ERROR.joinedItself;
  k.amount = 0;
  return state === STATE.live ? NO : YES;
}

export type End = {
  readonly state: EndState;
  readonly cause: TerminationCause | null;
  readonly error: TaskError | null;
  readonly exitCode: number;
};

/**
 * Ends a task that lives: its frame is cleared, whoever joins it is woken. Locks it holds stay locked, but for
 * those that say otherwise.
 *
 * @param by the task that ends it, for the log; itself where it ends by itself
 * @param how unless its main code has failed before: nothing that comes later hides that
 */
export function endTask(k: Kernel, by: number, step: number, task: number, how: End): void {
  const at = k.layout.taskAt[task] as number;
  if (k.words[at + TASK.state] !== STATE.live) return;
  const kept = k.words[at + TASK.error] as number;
  const end = kept === 0 ? how : failedEnd(by === task, how, k.value(kept) as ValueMap);
  // Before anything is changed: it may find no room.
  const error = end.error === null || kept !== 0 ? kept : k.wordOf({ ...end.error });
  leavePoints(k, task);
  abandonWait(k, task);
  if (k.words[at + TASK.waiting] === ASKING || isCalling(k, task)) request(k, task, REQUEST.cancel);
  const pool = k.plan.tasks[task]?.pool;
  if (pool !== undefined) leavePool(k, task, pool);
  clearFrame(k, task);
  k.words[at + TASK.state] = STATE[end.state];
  k.words[at + TASK.exitCode] = end.exitCode;
  k.words[at + TASK.error] = error;
  forget(k, task);
  recordEnd(k, by, step, task, end);
  leaveHeld(k, task);
  settle(k, task);
  wake(k, k.layout.taskChannel + task, ALL);
  wakeAwaiting(k);
}

/** Of a program whose main code failed: what ended it otherwise says only with which exit code. */
function failedEnd(isOwn: boolean, { state, cause, exitCode }: End, error: ValueMap): End {
  const comesToIt = isOwn && cause !== 'exit';
  return {
    state: 'failed',
    cause: comesToIt ? null : cause,
    error: { name: String(error['name']), message: String(error['message']) },
    exitCode: comesToIt && state !== 'failed' ? 1 : exitCode,
  };
}

function recordEnd(k: Kernel, by: number, step: number, task: number, end: End): void {
  const numbers = [
    task,
    endStates.indexOf(end.state),
    causes.indexOf(end.cause),
    end.exitCode,
    end.error === null ? 0 : 1,
  ];
  k.recordTexts(
    RECORD.ended,
    by,
    step,
    numbers,
    end.error === null ? [] : [end.error.name, end.error.message],
  );
}

/** The books of its process, or of its parent, are one less; who waits for them to be empty looks again. */
function settle(k: Kernel, task: number): void {
  const at = k.layout.taskAt[task] as number;
  const first = isFirst(k, task);
  const process = k.words[at + (first ? TASK.parent : TASK.process)] as number;
  if (first) endCarriers(k, processOf(k, task));
  if (k.words[at + TASK.daemon] === 0 && task !== 0)
    count(k, process, first ? PROCESS.children : PROCESS.threads, -1);
  wake(k, k.layout.processChannel + process, ALL);
  if (task === 0) k.ringBell();
}

function endCarriers(k: Kernel, process: number): void {
  k.words[processAt(k, process) + PROCESS.ended] = 1;
  k.wakeCarriers(process);
}

/** Everything but state, exit code, error and where it ran goes back to zero: an ended frame is no state. */
function clearFrame(k: Kernel, task: number): void {
  const at = k.layout.taskAt[task] as number;
  const slots = k.plan.programs[k.plan.tasks[task]?.program ?? -1]?.slots.length ?? 0;
  for (let index = TASK.slots; index < TASK.slots + slots; index++) k.replace(at + index, 0);
  k.replace(at + TASK.input, 0);
  if (ownsOperand(k.words[at + TASK.waiting] as number)) k.freeWord(k.words[at + TASK.operandA] as number);
  for (const word of [
    TASK.pc,
    TASK.phase,
    TASK.waiting,
    TASK.target,
    TASK.operandA,
    TASK.operandB,
    TASK.step,
    TASK.begun,
  ]) {
    k.words[at + word] = 0;
  }
  k.words.fill(0, k.layout.drawsAt[task] as number, k.layout.insideAt[task] as number);
}

/** Whether the first operand kept by a waiting task is a value it owns: an item to hand over, or a result it was given. */
function ownsOperand(waiting: number): boolean {
  return waiting === DONE || waiting === ASKING || (waiting > 0 && carriesItem(waiting - 1));
}

/** A step with an `id` begins. */
export function enterPoint(k: Kernel, task: number, point: number): void {
  const at = k.layout.pointAt[point] as number;
  k.words[at + POINT.running] = (k.words[at + POINT.running] as number) + 1;
  k.words[at + POINT.begun] = (k.words[at + POINT.begun] as number) + 1;
  const inside = insideWord(k, task, point);
  k.words[inside] = (k.words[inside] as number) | (1 << (point % 31));
  wakeAwaiting(k);
}

export function leavePoint(k: Kernel, task: number, point: number): void {
  const inside = insideWord(k, task, point);
  if (((k.words[inside] as number) & (1 << (point % 31))) === 0) return;
  const at = k.layout.pointAt[point] as number;
  k.words[at + POINT.running] = (k.words[at + POINT.running] as number) - 1;
  k.words[at + POINT.ended] = (k.words[at + POINT.ended] as number) + 1;
  k.words[inside] = (k.words[inside] as number) & ~(1 << (point % 31));
  wakeAwaiting(k);
}

function insideWord(k: Kernel, task: number, point: number): number {
  return (k.layout.insideAt[task] as number) + Math.floor(point / 31);
}

/** A task that ends inside a step is inside no more; that the step ended is not said. */
function leavePoints(k: Kernel, task: number): void {
  for (let point = 0; point < k.plan.points.length; point++) {
    const inside = insideWord(k, task, point);
    if (((k.words[inside] as number) & (1 << (point % 31))) === 0) continue;
    const at = (k.layout.pointAt[point] as number) + POINT.running;
    k.words[at] = (k.words[at] as number) - 1;
    k.words[inside] = (k.words[inside] as number) & ~(1 << (point % 31));
  }
}

/** Ends a task from outside; a process with all that runs in it; main with all there is. One moment. */
export function terminateTask(
  k: Kernel,
  by: number,
  step: number,
  target: number,
  cause: TerminationCause,
): void {
  if (stateOf(k, target) !== STATE.live) return;
  const exitCode = cause === 'kill' ? SIGKILL_EXIT : SIGTERM_EXIT;
  const end: End = { state: 'terminated', cause, error: null, exitCode };
  if (isFirst(k, target)) terminateOthers(k, by, step, target, cause);
  endTask(k, by, step, target, end);
  if (!isFirst(k, target) || target === 0) return;
  condemn(k, processOf(k, target));
  request(k, target, cause === 'kill' ? REQUEST.kill : REQUEST.terminate);
}

/** All that end with the first task of a process, before it. */
export function terminateOthers(
  k: Kernel,
  by: number,
  step: number,
  first: number,
  cause: TerminationCause,
): void {
  const process = processOf(k, first);
  for (let task = 0; task < k.plan.tasks.length; task++) {
    if (task === first || stateOf(k, task) !== STATE.live) continue;
    if (first !== 0 && processOf(k, task) !== process) continue;
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
  k.replace((k.layout.taskAt[target] as number) + TASK.error, k.wordOf({ name: 'NeedNotMet', message }));
  return YES;
}

/** A task that was not started never will be. */
function skipTask(k: Kernel, by: number, target: number, step: number): void {
  if (stateOf(k, target) !== STATE.notStarted) return;
  const at = k.layout.taskAt[target] as number;
  k.words[at + TASK.state] = STATE.skipped;
  const { name, message } = k.value(k.words[at + TASK.error] as number) as ValueMap;
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
