/**
 * Waiting and sleeping: what takes a task from running to waiting or asleep, and back.
 *
 * A task waits for one thing, and then gets just that, times out, fails or ends; and nobody waits for what is there.
 */

import type { EventOf } from '../../log/event.ts';
import { isOperation } from '../../log/record.ts';
import { operations } from '../../plan/operation.ts';
import { canGoOn, lineFor } from '../waits/blockage.ts';
import { addUnendedWait, addWait } from '../waits/wait-times.ts';
import { isForResource, type ModelState, type TaskRecord } from './model-state.ts';
import type { ResourceRecord } from './primitives/resource-record.ts';
import { modelOf } from './primitives/table.ts';
import { moveTo, mustRun, setTimed, stateNote } from './task-moves.ts';

/** Clocks of hosts may be rounded: a sleeper that wakes earlier than this did not sleep long enough. */
const EARLY_US = 1000;

/** A task begins to wait, or has tried again in vain. */
export function applyWaiting(state: ModelState, task: TaskRecord, event: EventOf<'waiting'>): string | null {
  if (task.state === 'waiting') {
    // It was woken, tried again and has to wait on: the same wait. Of an `await` the time may have become a matter, or none.
    const { operation, target } = task.wait;
    if (operation === event.operation && target === event.target) return waitOn(state, task, event);
  }
  const isPooled = event.operation === 'pool.adopt' && task.state === 'started';
  const wrong = isPooled ? null : mustRun(task, `began to wait (${event.operation})`);
  if (wrong !== null) return wrong;
  const { wait } = task;
  wait.operation = event.operation;
  wait.target = event.target;
  wait.timed = event.timed;
  wait.amount = event.amount;
  wait.sinceUs = event.at;
  wait.sinceSeq = event.seq;
  wait.step = event.step;
  const needless = checkWait(state, task);
  if (needless !== null) return needless;
  changeWaiters(state, task, 1);
  moveTo(state, task, 'waiting');
  return begin(state, task, event);
}

/** The same wait goes on. */
function waitOn(state: ModelState, task: TaskRecord, event: EventOf<'waiting'>): string | null {
  setTimed(state, task, event.timed);
  const resource = targetOf(state, task);
  if (resource === undefined) return null;
  return modelOf(resource).waits?.again?.(state, resource, task, event) ?? null;
}

/** Where to begin to wait does something itself. */
function begin(state: ModelState, task: TaskRecord, event: EventOf<'waiting'>): string | null {
  const resource = targetOf(state, task);
  lineFor(state, task)?.add(task.id);
  if (resource === undefined) return null;
  return modelOf(resource).waits?.begin?.(state, resource, task, event) ?? null;
}

function checkWait(state: ModelState, task: TaskRecord): string | null {
  const { operation, target } = task.wait;
  if (!isOperation(operation)) return null;
  if (!operations[operation].waits) return `${task.name} waits in ${operation}, which never waits`;
  const isTask = operation === 'task.join';
  const awaited = isTask ? state.tasks[target] : state.resources[target];
  if (awaited === undefined) return `${task.name} waits in ${operation} for ${target}, which does not exist`;
  const resource = isTask ? undefined : state.resources[target];
  if (resource !== undefined && modelOf(resource).waits?.mayLinger?.(resource, operation) === true)
    return null;
  if (!canGoOn(state, task)) return null;
  return `${task.name} waits in ${operation} for ${awaited.name}, though it could go on`;
}

/** The wait of the task is over; `overAt` is when, if it got what it waited for or its time was over. */
export function endWait(state: ModelState, task: TaskRecord, overAt: number | null): void {
  const resource = targetOf(state, task);
  if (resource !== undefined && overAt !== null) addWait(resource.waits, overAt - task.wait.sinceUs);
  leave(state, task);
  moveTo(state, task, 'running');
}

/**
 * The task is ended while it waits.
 *
 * @param stoppedAt the run was stopped, then: a wait that might have gone on counts as one, of that length
 */
export function breakOff(state: ModelState, task: TaskRecord, stoppedAt: number | null): void {
  const resource = targetOf(state, task);
  if (resource !== undefined && stoppedAt !== null)
    addUnendedWait(resource.waits, stoppedAt - task.wait.sinceUs);
  if (resource !== undefined) modelOf(resource).waits?.die?.(resource, task);
  leave(state, task);
}

function leave(state: ModelState, task: TaskRecord): void {
  changeWaiters(state, task, -1);
  const resource = targetOf(state, task);
  lineFor(state, task)?.delete(task.id);
  if (resource !== undefined) modelOf(resource).waits?.leave?.(state, resource, task);
}

/** The time of a wait is over, and with it the wait, where it does not go on without a limit. */
export function applyTimedOut(
  state: ModelState,
  task: TaskRecord,
  event: EventOf<'timedOut'>,
): string | null {
  // A timeout of nothing is over before there is a wait.
  const isWaiting = task.state !== 'running';
  if (isWaiting && !isWaitingIn(task, event))
    return `${task.name} timed out in ${event.operation} while it ${stateNote(task)}`;
  if (isWaiting && !task.wait.timed)
    return `${task.name} timed out in ${event.operation}, which has no timeout`;
  const resource = isForResource(event.operation) ? state.resources[event.target] : undefined;
  const goesOn = resource !== undefined && modelOf(resource).waits?.outlastsTime?.(resource) === true;
  const wrong = timeOutAt(state, resource, task);
  if (isWaiting && goesOn) setTimed(state, task, false);
  else if (isWaiting) endWait(state, task, event.at);
  return wrong;
}

/** What a timeout does to what is waited for. */
function timeOutAt(state: ModelState, resource: ResourceRecord | undefined, task: TaskRecord): string | null {
  if (resource === undefined) return null;
  state.watch.touch(resource.id);
  return modelOf(resource).waits?.timeOut?.(state, resource, task) ?? null;
}

/** What the task waited for ends in an error. */
export function applyRefused(state: ModelState, task: TaskRecord, event: EventOf<'refused'>): string | null {
  if (!isWaitingIn(task, event))
    return `${task.name} failed in ${event.operation} while it ${stateNote(task)}`;
  const resource = targetOf(state, task);
  const wrong = resource === undefined ? null : (modelOf(resource).waits?.refuse?.(resource, task) ?? null);
  endWait(state, task, null);
  return wrong;
}

/** A task that stands in a condition's line is called out of it by nobody. */
export function applySpurious(
  state: ModelState,
  task: TaskRecord,
  event: EventOf<'spurious'>,
): string | null {
  if (!isWaitingIn(task, event))
    return `${task.name} woke up in ${event.operation} while it ${stateNote(task)}`;
  const resource = state.resources[event.target];
  const wakes = resource === undefined ? undefined : modelOf(resource).waits?.wakeUp;
  if (resource === undefined || wakes === undefined)
    return `${task.name} woke up without a notify where there is none`;
  return wakes(state, resource, task);
}

/** A task falls asleep. */
export function applySleeping(
  state: ModelState,
  task: TaskRecord,
  event: EventOf<'sleeping'>,
): string | null {
  const wrong = mustRun(task, 'fell asleep');
  if (wrong !== null) return wrong;
  task.wakeUs = event.untilUs;
  moveTo(state, task, 'sleeping');
  return null;
}

/** A sleeping task goes on. */
export function applyWoke(state: ModelState, task: TaskRecord, event: EventOf<'woke'>): string | null {
  if (task.state !== 'sleeping') return `${task.name} woke while it ${stateNote(task)}`;
  if (event.at < task.wakeUs - EARLY_US)
    return `${task.name} woke at ${event.at} µs, before ${task.wakeUs} µs`;
  moveTo(state, task, 'running');
  return null;
}

/** The condition of an `await` held, whether or not the task had to wait for that. */
export function applyPassed(state: ModelState, task: TaskRecord): string | null {
  if (task.state === 'running') return null;
  if (task.state !== 'waiting' || task.wait.operation !== 'await') return mustRun(task, 'passed an await');
  endWait(state, task, null);
  return null;
}

/** A step failed: that ends a wait, too. */
export function applyRaised(state: ModelState, task: TaskRecord, event: EventOf<'raised'>): string | null {
  if (task.raised !== null) return `${task.name} raised an error after one that it did not catch`;
  const step = state.origins(event);
  if (!event.caught) task.raised = { at: event.at, step, error: { ...event.error } };
  if (task.state !== 'waiting') return mustRun(task, 'raised an error');
  endWait(state, task, null);
  return null;
}

/**
 * A task asks for something outside of the run: a file, a command, a function. For the model it runs meanwhile: what is
 * asked for may do things in its name.
 */
export function applyAsked(task: TaskRecord, { service }: EventOf<'asked'>): string | null {
  const wrong = mustRun(task, `asked for ${service}`);
  if (wrong !== null) return wrong;
  if (task.asking !== null) return `${task.name} asked for ${service} during ${task.asking}`;
  task.asking = service;
  return null;
}

/** The answer came, or an error, or the time was over: where a line was refused, that ends the wait to put it. */
export function applyAnswered(
  state: ModelState,
  task: TaskRecord,
  { service, ok }: EventOf<'answered'>,
): string | null {
  if (task.state === 'waiting' && task.asking === 'run' && !ok) endWait(state, task, null);
  const wrong = mustRun(task, `was answered (${service})`);
  if (wrong !== null) return wrong;
  if (task.asking !== service) return `${task.name} was answered (${service}), but did not ask for that`;
  task.asking = null;
  return null;
}

/** Whether the task waits for just what the event is about. */
export function isWaitingIn(
  task: TaskRecord,
  event: { readonly operation: string; readonly target: number },
): boolean {
  return (
    task.state === 'waiting' && task.wait.operation === event.operation && task.wait.target === event.target
  );
}

/** One more, or one less, waits for the resource that this task waits for: who was notified waits for the lock. */
function changeWaiters(state: ModelState, task: TaskRecord, by: number): void {
  const target = targetOf(state, task);
  if (target === undefined) return;
  if (modelOf(target).waits?.counts?.(target, task) === false) return;
  const resource = awaitedBy(state, task) ?? target;
  resource.waiting += by;
  state.watch.touch(resource.id);
}

/** The resource that a waiting task waits for, if it is one. */
export function awaitedBy(state: ModelState, task: TaskRecord): ResourceRecord | undefined {
  const target = targetOf(state, task);
  if (target === undefined) return undefined;
  return modelOf(target).waits?.awaited?.(state, target, task) ?? target;
}

function targetOf(state: ModelState, { wait }: TaskRecord): ResourceRecord | undefined {
  return isForResource(wait.operation) ? state.resources[wait.target] : undefined;
}
