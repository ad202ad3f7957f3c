/**
 * The end of a task: at once where it has nothing outside of the kernel, else by way of *stopping*, which lasts until all of
 * that is gone. Until then it keeps what it holds, and whoever waits for its end waits.
 *
 *     live ──told to end, or ended──▶ stopping ──its command, function and process are gone──▶ ended
 *       └──────────────────────── nothing outside ────────────────────────────────────────────▶ ended
 */

import type { ValueMap } from '../expression/values/value.ts';
import { type EndState, endStates, type TaskError, type TerminationCause } from '../log/event.ts';
import { int } from '../log/int.ts';
import { numbered } from '../log/numbered.ts';
import { carriesItem, causes, RECORD, takesTimeToStop } from '../log/record.ts';
import type { Kernel } from './kernel.ts';
import { ASKING, DONE, LEFT, MODEL, PROCESS, SLEEPING, STATE, STOP, TASK, WAIT } from './memory/layout.ts';
import {
  count,
  endsWith,
  firstOf,
  isFirst,
  isThere,
  processAt,
  processOf,
  stateOf,
} from './memory/task-block.ts';
import { readTime, writeTime } from './memory/word-time.ts';
import { leavePoints } from './points.ts';
import { leaveHeld } from './primitives/holder-exit.ts';
import { leavePool } from './primitives/pool.ts';
import { abandonWait } from './primitives/table.ts';
import { clearCells } from './primitives/variable.ts';
import { ALL, deactivate, detach, forget, isCalling, wake, wakeAwaiting } from './waiting/channel.ts';
import { REQUEST, request } from './waiting/external.ts';
import { addTimer, deadlineOf, removeTimer } from './waiting/timers.ts';

export type End = {
  readonly state: EndState;
  readonly cause: TerminationCause | null;
  readonly error: TaskError | null;
  readonly exitCode: number;
};

/**
 * Ends a task that lives, or lets it begin to: its frame is cleared. Once it has ended, whoever joins it is woken. Locks it
 * holds stay locked, but for those that say otherwise.
 *
 * @param by the task that ends it, for the log; itself where it ends by itself
 * @param how unless its main code has failed before: nothing that comes later hides that
 * @param also what more of it is to be gone before it has ended: bits of `LEFT`
 */
export function endTask(k: Kernel, by: number, step: number, task: number, how: End, also = 0): void {
  const at = int(k.layout.taskAt[task]);
  if (k.words[at + TASK.state] !== STATE.live) return;
  const kept = int(k.words[at + TASK.error]);
  const end = kept === 0 ? how : failedEnd(by === task, how, k.value(kept) as ValueMap);
  // Before anything is changed: it may find no room.
  const error = end.error === null || kept !== 0 ? kept : k.wordOf({ ...end.error });
  const left = leftOf(k, task) | also;
  const untilUs = left === 0 ? 0 : stopsBy(k, task);
  abandonWait(k, task);
  if (k.words[at + TASK.waiting] === ASKING || isCalling(k, task)) request(k, task, REQUEST.cancel);
  const pool = k.plan.tasks[task]?.pool;
  if (pool !== undefined) leavePool(k, task, pool);
  clearFrame(k, task);
  k.words[at + TASK.exitCode] = end.exitCode;
  k.words[at + TASK.error] = error;
  if (left !== 0) {
    beginStop(k, by, step, task, end, left, untilUs);
    return;
  }
  k.words[at + TASK.state] = STATE[end.state];
  leavePoints(k, task);
  forget(k, task);
  haveEnded(k, by, step, task, end);
  letFirstEnd(k, task);
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

/** What it has outside of the kernel, and for whom it waits. */
function leftOf(k: Kernel, task: number): number {
  const at = int(k.layout.taskAt[task]);
  const waiting = int(k.words[at + TASK.waiting]);
  const isModel = waiting === SLEEPING && (int(k.words[at + TASK.operandB]) & MODEL.stops) !== 0;
  const isAsking = waiting === ASKING && takesTimeToStop(int(k.words[at + TASK.target]));
  const hasWork = k.host.isReal === true && (isAsking || isCalling(k, task));
  return (
    (hasWork ? LEFT.work : 0) |
    (isModel ? LEFT.time : 0) |
    (isFirst(k, task) && hasOthers(k, task) ? LEFT.others : 0)
  );
}

/** Whether a task that lives, or one that ends with it, would be stopping for some time if it were told to end now. */
export function takesTime(k: Kernel, task: number): boolean {
  if (hasOutside(k, task)) return true;
  if (!isFirst(k, task) || task === 0) return false;
  return k.plan.tasks.some((_, one) => isThere(k, one) && endsWith(k, one, task) && hasOutside(k, one));
}

function hasOutside(k: Kernel, task: number): boolean {
  const isProcess = k.host.isReal === true && isFirst(k, task);
  return isProcess || (leftOf(k, task) & ~LEFT.others) !== 0;
}

function hasOthers(k: Kernel, first: number): boolean {
  for (let task = 0; task < k.plan.tasks.length; task++)
    if (isThere(k, task) && endsWith(k, task, first)) return true;
  return false;
}

/** When it is gone at the latest. */
function stopsBy(k: Kernel, task: number): number {
  const { words } = k;
  const wait = int(k.layout.waitAt[task]);
  const isStopping = (int(words[int(k.layout.taskAt[task]) + TASK.operandB]) & MODEL.isStopping) !== 0;
  if (words[wait + WAIT.timer] !== 0 && isStopping) return deadlineOf(k, task);
  return k.now + readTime(words, wait + WAIT.grace);
}

/** How long what the task asked for may take to stop, in microseconds. */
export function setGrace(k: Kernel, task: number, us: number): void {
  writeTime(k.words, int(k.layout.waitAt[task]) + WAIT.grace, us);
}

function beginStop(
  k: Kernel,
  by: number,
  step: number,
  task: number,
  end: End,
  left: number,
  untilUs: number,
): void {
  const { words } = k;
  const at = int(k.layout.taskAt[task]);
  words[at + TASK.state] = STATE.stopping;
  detach(k, task);
  words[at + STOP.left] = left;
  words[at + STOP.by] = by;
  words[at + STOP.step] = step;
  words[at + STOP.state] = endStates.indexOf(end.state);
  words[at + STOP.cause] = causes.indexOf(end.cause);
  if ((left & LEFT.time) !== 0) addTimer(k, task, untilUs);
  recordStopping(k, by, step, task, end.cause, untilUs);
  wakeAwaiting(k);
}

/** @param cause null: it has failed; or, where there is a step, the time of that is over, and the task goes on after it */
export function recordStopping(
  k: Kernel,
  by: number,
  step: number,
  task: number,
  cause: TerminationCause | null,
  untilUs: number,
): void {
  const at = k.ring.begin(RECORD.stopping, by, step, 4);
  k.words[at] = task;
  k.words[at + 1] = causes.indexOf(cause);
  writeTime(k.words, at + 2, Math.floor(untilUs));
}

/** In the critical section: that is gone of a task that is stopping. When nothing is left, it has ended. */
export function gone(k: Kernel, task: number, what: number): void {
  const { words } = k;
  const at = int(k.layout.taskAt[task]);
  if (words[at + TASK.state] !== STATE.stopping) return;
  const left = int(words[at + STOP.left]) & ~what;
  words[at + STOP.left] = left;
  if (left === 0) endAfterStop(k, task);
}

function endAfterStop(k: Kernel, task: number): void {
  const { words } = k;
  const at = int(k.layout.taskAt[task]);
  const [by, step] = [int(words[at + STOP.by]), int(words[at + STOP.step])];
  const end = keptEnd(k, task);
  for (const word of Object.values(STOP)) words[at + word] = 0;
  words[at + TASK.state] = STATE[end.state];
  leavePoints(k, task);
  deactivate(k);
  haveEnded(k, by, step, task, end);
  tellFirst(k, task);
}

function keptEnd(k: Kernel, task: number): End {
  const at = int(k.layout.taskAt[task]);
  const state = numbered(endStates, int(k.words[at + STOP.state]));
  const error = int(k.words[at + TASK.error]);
  const kept = error === 0 ? undefined : (k.value(error) as ValueMap);
  return {
    state,
    cause: numbered(causes, int(k.words[at + STOP.cause])),
    error: kept === undefined ? null : { name: String(kept['name']), message: String(kept['message']) },
    exitCode: int(k.words[at + TASK.exitCode]),
  };
}

/** The programs that wait for it to be gone look again. */
function tellFirst(k: Kernel, task: number): void {
  for (const first of new Set([firstOf(k, task), 0])) {
    if (first !== task) wake(k, k.layout.processChannel + processOf(k, first), ALL);
  }
  letFirstEnd(k, task);
}

/** Programs that are stopping, and had nobody left but the task, have ended. */
function letFirstEnd(k: Kernel, task: number): void {
  const first = firstOf(k, task);
  if (first !== 0) endWithoutOthers(k, first, task);
  endWithoutOthers(k, 0, task);
}

function endWithoutOthers(k: Kernel, first: number, task: number): void {
  if (first === task || stateOf(k, first) !== STATE.stopping) return;
  const left = int(k.words[int(k.layout.taskAt[first]) + STOP.left]);
  if ((left & LEFT.others) !== 0 && !hasOthers(k, first)) gone(k, first, LEFT.others);
}

/** In the critical section: a task that is stopping has no more time for it. It will have been killed. */
export function hurry(k: Kernel, task: number): void {
  const { words } = k;
  const at = int(k.layout.taskAt[task]);
  if (words[at + TASK.state] !== STATE.stopping) return;
  const left = int(words[at + STOP.left]);
  if ((left & ~LEFT.others) !== 0 && endStates[int(words[at + STOP.state])] === 'terminated')
    words[at + TASK.exitCode] = SIGKILL_EXIT;
  if ((left & LEFT.work) !== 0) request(k, task, REQUEST.hurry);
  if ((left & LEFT.process) !== 0) request(k, task, REQUEST.kill);
  if ((left & LEFT.time) === 0) return;
  removeTimer(k, task);
  gone(k, task, LEFT.time);
}

/** As Python's `exitcode` of a process ended by SIGKILL. */
export const SIGKILL_EXIT = -9;

function haveEnded(k: Kernel, by: number, step: number, task: number, end: End): void {
  recordEnd(k, by, step, task, end);
  leaveHeld(k, task);
  settle(k, task);
  wake(k, k.layout.taskChannel + task, ALL);
  wakeAwaiting(k);
}

export function recordEnd(k: Kernel, by: number, step: number, task: number, end: End): void {
  if (!k.isHeard) return;
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
  const at = int(k.layout.taskAt[task]);
  const first = isFirst(k, task);
  const process = int(k.words[at + (first ? TASK.parent : TASK.process)]);
  if (first) endCarriers(k, processOf(k, task));
  if (k.words[at + TASK.daemon] === 0 && task !== 0)
    count(k, process, first ? PROCESS.children : PROCESS.threads, -1);
  wake(k, k.layout.processChannel + process, ALL);
  if (task === 0) k.ringBell();
}

/** The program is over: nobody reads its copies of vars any more. */
function endCarriers(k: Kernel, process: number): void {
  k.words[processAt(k, process) + PROCESS.ended] = 1;
  // Those of main are what the run has left behind.
  if (k.host.canonical && process !== 0) clearCells(k, process);
  k.wakeCarriers(process);
}

/** Everything but state, exit code, error and where it ran goes back to zero: an ended frame is no state. */
function clearFrame(k: Kernel, task: number): void {
  const at = int(k.layout.taskAt[task]);
  const program = k.plan.programs[k.plan.tasks[task]?.program ?? -1];
  const slots = program?.slots.length ?? 0;
  for (let index = TASK.slots; index < TASK.slots + slots; index++) k.replace(at + index, 0);
  k.replace(at + TASK.input, 0);
  if (ownsOperand(int(k.words[at + TASK.waiting]))) k.freeWord(int(k.words[at + TASK.operandA]));
  k.words[at + TASK.pc] = 0;
  // From here on the words of its wait, and whether it has begun.
  k.words.fill(0, at + TASK.phase, at + TASK.result);
  const draws = int(k.layout.drawsAt[task]);
  k.words.fill(0, draws, draws + (program?.instructions.length ?? 0));
}

/** Whether the first operand kept by a waiting task is a value it owns: an item to hand over, or a result it was given. */
function ownsOperand(waiting: number): boolean {
  return waiting === DONE || waiting === ASKING || (waiting > 0 && carriesItem(waiting - 1));
}
