/**
 * Performing an operation: the attempt, and what follows a yes or a no. Called inside the critical section.
 */

import { int } from '../../log/int.ts';
import { carriesItem, OPERATION, operationNames, RECORD } from '../../log/record.ts';
import type { OperationName } from '../../plan/operation.ts';
import type { Kernel } from '../kernel.ts';
import { CONTROL, DONE, TASK, WAIT } from '../memory/layout.ts';
import type { Operation, Wake } from '../operation.ts';
import { NO, YES } from '../outcome.ts';
import { poolEndOperations } from '../primitives/pool-end.ts';
import { resourceOperations } from '../primitives/table.ts';
import { taskOperations } from '../primitives/task.ts';
import { isFair, leaveLine, wakeFirst } from './arrival.ts';
import { park, wakeAwaiting } from './channel.ts';

export const operationTable = {
  ...resourceOperations,
  ...taskOperations,
  ...poolEndOperations,
} as const satisfies Record<OperationName, Operation>;

/** An operation as it is looked up by its number. All have one shape, so that reading one is quick, whichever it is. */
type Prepared = {
  readonly attempt: Operation['attempt'];
  readonly isOfResource: boolean;
  readonly isLogged: boolean;
  readonly carriesItem: boolean;
  readonly waitsOn: number;
  readonly wakes: readonly Wake[];
  readonly follow: Operation['follow'];
  readonly rest: Operation;
};

const byNumber: readonly (Prepared | undefined)[] = operationNames.map((name) =>
  name === 'await' || name === 'end' ? undefined : prepare(name, operationTable[name]),
);

function prepare(name: OperationName, operation: Operation): Prepared {
  return {
    attempt: operation.attempt,
    isOfResource: operation.of === 'resource',
    // A start has a record of its own.
    isLogged: name !== 'task.start',
    carriesItem: carriesItem(OPERATION[name]),
    waitsOn: operation.waitsOn,
    wakes: operation.wakes,
    follow: operation.follow,
    rest: operation,
  };
}

/** An operation that a task is about to do, or waits to do. */
export type Request = {
  readonly task: number;
  readonly step: number;
  readonly operation: number;
  readonly target: number;
  readonly a: number;
  readonly b: number;
};

function operationOf(number: number): Prepared {
  const operation = byNumber[number];
  if (operation === undefined) throw new Error(`bug in concur: no operation has the number ${number}`);
  return operation;
}

function channelOf(k: Kernel, operation: Prepared, target: number, channel: number): number {
  const first = operation.isOfResource
    ? int(k.layout.resourceChannel[target])
    : k.layout.taskChannel + target;
  return first + channel;
}

/** Attempts it; on yes, everything that follows. `YES`, `NO` or an error. */
export function perform(k: Kernel, request: Request): number {
  const operation = operationOf(request.operation);
  k.result = 0;
  const outcome = operation.attempt(k, request.task, request.target, request.a, request.b);
  if (outcome === YES) follow(k, request, operation);
  else if (outcome !== NO) fail(k, request, operation);
  return outcome;
}

/** Where it waited, it waits no more, and the log says so at this moment: the error is raised at another. */
function fail(k: Kernel, request: Request, operation: Prepared): void {
  const { task, step, target } = request;
  if (int(k.words[int(k.layout.taskAt[task]) + TASK.waiting]) > 0)
    k.record(RECORD.refused, task, step, 2, request.operation, target);
  if (operation.isOfResource) leaveLine(k, target, task);
  operation.rest.failed?.(k, task, target);
  wakeAwaiting(k);
}

function follow(k: Kernel, request: Request, operation: Prepared): void {
  const { task, step, target } = request;
  const { wakes } = operation;
  const result = k.result;
  if (k.isHeard && operation.isLogged) logIt(k, request, operation);
  const fair = operation.isOfResource && isFair(k, target);
  for (let index = 0; index < wakes.length; index++) {
    const what = wakes[index] as Wake;
    if (fair && what.count === 1) wakeFirst(k, target, what.channel);
    else
      k.scheduler.wakeWaiters(k, channelOf(k, operation, target, what.channel), what.count, what.completes);
  }
  if (operation.follow !== undefined) operation.follow(k, task, target, step);
  if (fair && operation.waitsOn >= 0) wakeFirst(k, target, operation.waitsOn);
  wakeAwaiting(k);
  k.result = result;
}

function logIt(k: Kernel, request: Request, operation: Prepared): void {
  const word = operation.carriesItem ? request.a : k.result;
  k.recordOperated(request.task, request.step, request.operation, request.target, k.loggable(word));
}

/** The channel in which a task waits for an operation, by what core says; -1 if it waits for none. */
export function waitingIn(k: Kernel, task: number): number {
  const at = int(k.layout.taskAt[task]);
  const waiting = int(k.words[at + TASK.waiting]);
  const operation = waiting > 0 ? byNumber[waiting - 1] : undefined;
  if (operation === undefined) return -1;
  return channelOf(k, operation, int(k.words[at + TASK.target]), operation.waitsOn);
}

/** Does what a waiter waits for, at this moment: legal wherever any waiter may win. */
export function completeFor(k: Kernel, waiter: number): void {
  const at = int(k.layout.taskAt[waiter]);
  const { words } = k;
  const amount = k.amount;
  const outcome = perform(k, waitingRequest(k, waiter));
  if (outcome === YES) {
    words[at + TASK.waiting] = DONE;
    words[at + TASK.operandA] = k.result;
    words[at + TASK.operandB] = 0;
    words[int(k.layout.waitAt[waiter]) + WAIT.wokenBy] = 0;
  }
  k.amount = amount;
}

/** The operation that a task in a channel waits to do. */
export function waitingRequest(k: Kernel, task: number): Request {
  const at = int(k.layout.taskAt[task]);
  return {
    task,
    step: int(k.words[at + TASK.step]),
    operation: int(k.words[at + TASK.waiting]) - 1,
    target: int(k.words[at + TASK.target]),
    a: int(k.words[at + TASK.operandA]),
    b: int(k.words[at + TASK.operandB]),
  };
}

/** After a `NO`: the task waits, and keeps what it needs to try again. */
export function waitFor(k: Kernel, request: Request, deadlineUs: number): void {
  const { words } = k;
  const { task, target } = request;
  const operation = operationOf(request.operation);
  const at = int(k.layout.taskAt[task]);
  const wait = int(k.layout.waitAt[task]);
  const again = words[at + TASK.waiting] !== 0;
  if (again) {
    words[wait + WAIT.vain] = int(words[wait + WAIT.vain]) + 1;
    tellChange(k, request, deadlineUs);
  } else {
    keep(k, request);
    tellWait(k, request, deadlineUs);
    operation.rest.refused?.(k, task, target);
  }
  const channel =
    operation.rest.waitsWhere?.(k, task, target) ?? channelOf(k, operation, target, operation.waitsOn);
  park(k, task, channel, deadlineUs, again);
}

function keep(k: Kernel, request: Request): void {
  const { words } = k;
  const at = int(k.layout.taskAt[request.task]);
  words[at + TASK.waiting] = request.operation + 1;
  words[at + TASK.target] = request.target;
  words[at + TASK.operandA] = request.a;
  words[at + TASK.operandB] = request.b;
  words[at + TASK.step] = request.step;
  words[int(k.layout.waitAt[request.task]) + WAIT.vain] = 0;
}

function amountOf(k: Kernel, { task, operation, target, a }: Request): number {
  return operationOf(operation).rest.tells?.(k, task, target, a) ?? 0;
}

/** Of one that waits on: only where the log does not know it yet. */
function tellChange(k: Kernel, request: Request, deadlineUs: number): void {
  const told = k.words[int(k.layout.waitAt[request.task]) + WAIT.told];
  if (amountOf(k, request) !== told) tellWait(k, request, deadlineUs);
}

function tellWait(k: Kernel, request: Request, deadlineUs: number): void {
  const { task, step, operation, target } = request;
  const amount = amountOf(k, request);
  const timed = deadlineUs === Number.POSITIVE_INFINITY ? 0 : 1;
  k.words[int(k.layout.waitAt[task]) + WAIT.told] = amount;
  k.record(RECORD.waiting, task, step, 4, operation, target, timed, amount);
  wakeAwaiting(k);
}

/** The wait is over, one way or the other: nothing of it stays. The operands' values belong to the caller. */
export function stopWaiting(k: Kernel, task: number): void {
  setWaiting(k, task, 0, 0);
  k.words[int(k.layout.waitAt[task]) + WAIT.wokenBy] = 0;
}

/** What is kept of an operation is dropped; `waiting` is 0, `DONE` or `ASKING`, and `word` what goes with it. */
export function setWaiting(k: Kernel, task: number, waiting: number, word: number): void {
  const at = int(k.layout.taskAt[task]);
  k.words[at + TASK.waiting] = waiting;
  k.words[at + TASK.target] = 0;
  k.words[at + TASK.operandA] = word;
  k.words[at + TASK.operandB] = 0;
  k.words[at + TASK.step] = 0;
}

/** Gives a wait up after its time; the place in line goes to the next. */
export function giveUp(k: Kernel, request: Request): void {
  const operation = operationOf(request.operation);
  const isWaiting = int(k.words[int(k.layout.taskAt[request.task]) + TASK.waiting]) > 0;
  if (isWaiting) tellChange(k, request, 0);
  k.record(RECORD.timedOut, request.task, request.step, 2, request.operation, request.target);
  operation.rest.timedOut?.(k, request.task, request.target);
  if (operation.isOfResource) leaveLine(k, request.target, request.task);
  wakeAwaiting(k);
}

/** At the timeout: whether the wait goes on for something else, without a limit. */
export function expire(k: Kernel, { task, step, operation, target }: Request): boolean {
  const outcome = operationOf(operation).rest.expire?.(k, task, target) ?? 'over';
  if (outcome === 'over') return false;
  k.record(RECORD.timedOut, task, step, 2, operation, target);
  wakeAwaiting(k);
  return true;
}

/** Whether the wait may go on as if it had been ended, though nobody has done that. */
export function canWakeUp(k: Kernel, { task, operation, target }: Request): boolean {
  return operationOf(operation).rest.wakesUp?.may(k, task, target) === true;
}

/** Has it do so. */
export function wakeUp(k: Kernel, { task, step, operation, target }: Request): void {
  operationOf(operation).rest.wakesUp?.go(k, task, target);
  k.record(RECORD.spurious, task, step, 2, operation, target);
  wakeAwaiting(k);
}

/** Whether the time of the wait runs: at a barrier only once the task has come in. */
export function isTimeRunning(k: Kernel, { task, operation, target }: Request): boolean {
  return operationOf(operation).rest.isTimeRunning?.(k, task, target) ?? true;
}

/** Whether somebody waits who could go on now: never so where all are parked and no wake was lost. */
export function couldGoOn(k: Kernel, task: number): boolean {
  const waiting = int(k.words[int(k.layout.taskAt[task]) + TASK.waiting]);
  const operation = byNumber[waiting - 1];
  if (operation === undefined) return false;
  const { task: who, target, a, b } = waitingRequest(k, task);
  return operation.attempt(k, who, target, a, b) !== NO;
}

export function isActive(k: Kernel): boolean {
  return k.words[CONTROL.active] !== 0;
}
