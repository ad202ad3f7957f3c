/**
 * The life of tasks: started once, begun once, ended once, and nothing after that.
 *
 * A process takes its copy of the vars when its task is started: the copy of its starter's process at that moment. A
 * process's first task ends of itself only when the process's non-daemon threads and child processes have ended.
 */
import type { EventOf, TaskError } from '../../log/event.ts';
import { type GroupRecord, isLive, type ModelState, type TaskRecord } from './model-state.ts';
import { giveBack } from './primitives/holding-rules.ts';
import { isInLine, isPoolClosed, leavePool } from './primitives/pool.ts';
import { NOBODY } from './primitives/resource-record.ts';
import { modelOf } from './primitives/table.ts';
import { moveTo, mustRun, stateNote } from './task-moves.ts';
import { leaveAll } from './variable-rules.ts';
import { breakOff } from './wait-rules.ts';

/** A task was started by another, main by itself. */
export function applyStarted(state: ModelState, event: EventOf<'started'>): string | null {
  const task = state.tasks[event.target];
  const starter = state.tasks[event.task];
  if (task === undefined || starter === undefined) return `task ${event.task} started task ${event.target}`;
  if (task.state !== 'notStarted') return `${task.name} started twice`;
  if (isPoolClosed(state, task)) return `${task.name} started into a pool that takes no more work`;
  const isMain = task.id === 0 && starter.id === 0;
  const wrong = isMain ? null : mustRun(starter, `started ${task.name}`);
  if (wrong !== null) return wrong;
  const impossible = checkStart(state, task, starter, event);
  if (impossible !== null) return impossible;

  task.daemon = event.daemon;
  task.process = event.process;
  task.needed = !event.daemon && (task.id === 0 || isProcessNeeded(state, starter));
  state.live += 1;
  if (task.needed) state.needed += 1;
  joinProcess(state, task, starter);
  moveTo(state, task, 'started');
  countReplica(state, task, 'running', 1);
  return null;
}

/** Whether the run waits for the end of the starter's process: that of its first task. */
function isProcessNeeded(state: ModelState, starter: TaskRecord): boolean {
  return state.tasks[state.processes[starter.process]?.first ?? NOBODY]?.needed === true;
}

function checkStart(
  state: ModelState,
  task: TaskRecord,
  starter: TaskRecord,
  event: EventOf<'started'>,
): string | null {
  const isOwn = task.plan.process !== undefined || task.id === 0;
  const process = task.id === 0 ? 0 : isOwn ? task.plan.process : starter.process;
  if (event.process !== process) {
    return `${task.name} started in process ${event.process}, not in ${process}`;
  }
  const starterProcess = state.processes[starter.process];
  const starterIsFirst = starterProcess?.first === starter.id;
  // A process has a main thread of its own, which is none, even where the process is a daemon; and a daemon process has
  // no child processes that could inherit it.
  const inherited = task.plan.daemon ?? (!isOwn && !starterIsFirst && starter.daemon);
  // What a pool works off keeps no program alive, as its workers do not.
  const daemon = task.plan.pool !== undefined || inherited;
  if (daemon !== event.daemon) return `${task.name} started with daemon ${event.daemon}`;
  const first = state.tasks[starterProcess?.first ?? NOBODY];
  if (!isOwn || task.id === 0 || first?.daemon !== true) return null;
  return `${starter.name} of a daemon process started the process ${task.name}`;
}

function joinProcess(state: ModelState, task: TaskRecord, starter: TaskRecord): void {
  const process = state.processes[task.process];
  if (process === undefined) return;
  if (process.first === NOBODY) {
    const parent = task.id === 0 ? undefined : state.processes[starter.process];
    process.first = task.id;
    process.parent = parent === undefined ? NOBODY : starter.process;
    if (parent === undefined) return;
    process.cells = [...(parent.cells ?? [])];
  }
  countForEnd(state, task, 1);
}

/** The task is one more, or one less, that the end of a process waits for. */
function countForEnd(state: ModelState, task: TaskRecord, by: number): void {
  const process = state.processes[task.process];
  if (task.daemon || process === undefined) return;
  if (process.first !== task.id) {
    process.threads += by;
    return;
  }
  const parent = state.processes[process.parent];
  if (parent !== undefined) parent.children += by;
}

/** A worker of a pool lost its process, and goes on in another one. */
function isWorkerAgain({ plan }: ModelState, task: TaskRecord): boolean {
  const isWorker = plan.groups[task.plan.group]?.worksFor !== undefined && task.plan.process !== undefined;
  return isWorker && task.state !== 'started' && isLive(task);
}

/** The new process has its parent's vars as they are now. */
function renewProcess(state: ModelState, task: TaskRecord): null {
  const process = state.processes[task.process];
  if (process !== undefined) process.cells = [...(state.processes[process.parent]?.cells ?? [])];
  return null;
}

/** A started task runs for the first time. */
export function applyBegan(state: ModelState, task: TaskRecord): string | null {
  if (isWorkerAgain(state, task)) return renewProcess(state, task);
  if (task.state !== 'started') return `${task.name} began while it ${stateNote(task)}`;
  moveTo(state, task, 'running');
  return null;
}

/**
 * A task was told to end, or has failed, and something of it takes time to be gone: it does nothing more itself, and
 * keeps what it holds. Or the time of its step is over, and it goes on when that is gone.
 */
export function applyStopping(
  state: ModelState,
  event: EventOf<'stopping'>,
  stopped: boolean,
): string | null {
  const task = state.tasks[event.target];
  if (task === undefined) return `task ${event.target}, which does not exist, was told to end`;
  if (isOfStep(event)) return mustRun(task, 'saw the time of its step end');
  if (!isLive(task) || task.state === 'stopping')
    return `${task.name} was told to end while it ${stateNote(task)}`;
  if (task.state === 'waiting') breakOff(state, task, stopped ? event.at : null);
  moveTo(state, task, 'stopping');
  return null;
}

/** What has failed is told to end in the name of no step. */
function isOfStep({ cause, step }: EventOf<'stopping'>): boolean {
  return cause === null && step >= 0;
}

/**
 * A task ended, by itself or by another.
 *
 * @param stopped whether the run has been stopped from outside: then nobody need have come to an end
 */
export function applyEnded(state: ModelState, event: EventOf<'ended'>, stopped: boolean): string | null {
  const task = state.tasks[event.target];
  if (task === undefined) return `task ${event.target}, which does not exist, ended`;
  if (task.ending !== null) return `${task.name} ended twice`;
  const wrong = checkEnd(state, task, event, stopped);
  if (wrong !== null) return wrong;

  if (isLive(task)) {
    state.live -= 1;
    if (task.needed) state.needed -= 1;
    countReplica(state, task, 'running', -1);
    countForEnd(state, task, -1);
  }
  leavePool(state, task);
  if (task.state === 'waiting') breakOff(state, task, stopped ? event.at : null);
  task.ending = {
    at: event.at,
    by: event.task,
    step: event.state === 'failed' ? (task.raised?.step ?? event.step) : event.step,
    cause: event.cause,
    error: event.error === null ? null : { ...event.error },
    exitCode: event.exitCode,
  };
  moveTo(state, task, event.state);
  countReplica(state, task, event.state, 1);
  leaveAll(state, task);
  releaseHeld(state, task);
  return null;
}

function checkEnd(
  state: ModelState,
  task: TaskRecord,
  event: EventOf<'ended'>,
  stopped: boolean,
): string | null {
  const started = task.state !== 'notStarted';
  const isDropped = started && isInLine(state, task) && event.error?.name === 'CancelledError';
  if (!isDropped && started !== (event.state !== 'skipped')) {
    return `${task.name} ended as ${event.state}, but it ${stateNote(task)}`;
  }
  const hidden = task.raised !== null && !isEndBy(task.raised.error, event);
  if (hidden) return `${task.name} ended as ${event.state}, but it had failed, and not so`;
  const lasting = lastingWith(state, task);
  if (lasting !== undefined) return `${task.name} ended while ${lasting.name} was still stopping`;
  if (stopped || isExit(state, event)) return null;
  if (event.state === 'finished' && task.state !== 'running' && !isAtEnd(task)) {
    return `${task.name} finished while it ${stateNote(task)}`;
  }
  const waitsForOthers = event.state === 'finished' || (event.state === 'failed' && task.id === 0);
  const process = state.processes[task.process];
  if (!waitsForOthers || process?.first !== task.id) return null;
  if (process.threads === 0 && process.children === 0) return null;
  return `${task.name} ended before ${process.threads} threads and ${process.children} processes it waits for`;
}

/** Whatever ends a task that has failed: that it failed is told, and with which error. */
function isEndBy({ name, message }: TaskError, { state, error }: EventOf<'ended'>): boolean {
  return state === 'failed' && error?.name === name && error.message === message;
}

/** A task that is to be gone before the task is, the first of its program: one that is still stopping. */
function lastingWith(state: ModelState, task: TaskRecord): TaskRecord | undefined {
  if (state.stopping === 0 || state.processes[task.process]?.first !== task.id) return undefined;
  return state.tasks.find(
    (one) => one !== task && one.state === 'stopping' && (task.id === 0 || one.process === task.process),
  );
}

/** Whether a program was ended on the spot by one of its tasks, whatever the others were doing. */
function isExit(state: ModelState, event: EventOf<'ended'>): boolean {
  return event.cause === 'exit' || state.plan.steps[event.step]?.verb === 'exit';
}

function isAtEnd(task: TaskRecord): boolean {
  return task.state === 'waiting' && task.wait.operation === 'end';
}

/** What a task that ends gives back of itself: that is asked for resource by resource; the rest stays taken. */
function releaseHeld(state: ModelState, task: TaskRecord): void {
  let entry = task.held.first;
  while (entry !== null) {
    const { key, amount, next } = entry;
    const resource = state.resources[key];
    entry = next;
    if (resource === undefined || resource.plan.onHolderExit !== 'release') continue;
    giveBack(state, resource, task, amount);
    modelOf(resource).freed?.(state, resource, task, amount);
  }
}

function countReplica(state: ModelState, task: TaskRecord, count: keyof GroupRecord, by: number): void {
  const group = state.groups[task.plan.group];
  if (group === undefined) return;
  group[count] += by;
  state.watch.touch(state.subjects.groups + task.plan.group);
}
