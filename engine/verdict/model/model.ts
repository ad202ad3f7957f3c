/**
 * The independent model of a run: a second implementation of every primitive, written from the language's text, that
 * follows the log and notices what cannot have happened.
 *
 * An impossible event means that concur itself is wrong, whichever of the two implementations it is. The model stops
 * there: after the first violation nothing it says means anything. Nothing is allocated for an ordinary operation.
 */
import type { Event, EventOf } from '../../log/event.ts';
import type { Fold } from '../../log/fold.ts';
import type { Plan } from '../../plan/plan.ts';
import { isOverFor } from '../waits/blockage.ts';
import { createModelState } from './create-model-state.ts';
import { applyBegan, applyEnded, applyStarted, applyStopping } from './life-rules.ts';
import { isEnded, isLive, type ModelState, type TaskRecord } from './model-state.ts';
import { modelOf } from './primitives/table.ts';
import { mustRun } from './task-moves.ts';
import { applyRead, applyWrite, enterPoint, leavePoint } from './variable-rules.ts';
import {
  applyAnswered,
  applyAsked,
  applyPassed,
  applyRaised,
  applyRefused,
  applySleeping,
  applySpurious,
  applyTimedOut,
  applyWaiting,
  applyWoke,
  endWait,
  isWaitingIn,
} from './wait-rules.ts';
import { createWatch, type Watch } from './watch.ts';

/** An event that is impossible by the language's rules: a bug in concur. */
export type ModelViolation = { readonly seq: number; readonly text: string };

export type Model = Fold & {
  /** What is true after the events so far; for reading only. */
  readonly state: ModelState;
  /** The first impossible event. */
  violation(): ModelViolation | null;
  /** Call when a run has ended of itself: a task that still lives then is a violation. */
  finish(): void;
};

/**
 * @param watch is told of every change of what it watches; by default nobody watches
 */
export function createModel(plan: Plan, watch: Watch = createWatch(0)): Model {
  const state = createModelState(plan, watch);
  let violation: ModelViolation | null = null;
  let stopped = false;
  let next = 0;

  return {
    state,
    violation: () => violation,
    handle(event) {
      if (violation !== null) return;
      const wrong = checkOrder(event) ?? apply(state, event, stopped);
      if (wrong !== null) violation = { seq: event.seq, text: wrong };
      if (event.type === 'stopped') stopped = true;
      state.now = event.at;
      next += 1;
    },
    finish() {
      if (violation !== null || stopped) return;
      const alive = state.tasks.find(isLive);
      if (alive !== undefined)
        violation = { seq: next, text: `the run ended while ${alive.name} still lived` };
    },
  };

  function checkOrder(event: Event): string | null {
    if (event.seq !== next) return `event ${event.seq} came where ${next} was next`;
    return event.at < state.now ? `time went back from ${state.now} to ${event.at} µs` : null;
  }
}

function apply(state: ModelState, event: Event, stopped: boolean): string | null {
  switch (event.type) {
    case 'started':
      return applyStarted(state, event);
    case 'ended':
      return applyEnded(state, event, stopped);
    case 'stopping':
      return applyStopping(state, event, stopped);
    case 'stopped':
      return null;
    default: {
      const task = state.tasks[event.task];
      if (task === undefined) return `${event.type} by task ${event.task}, which does not exist`;
      return applyDeed(state, task, event);
    }
  }
}

type Deed = Exclude<Event, { readonly type: 'started' | 'ended' | 'stopping' | 'stopped' }>;

/** What a task does itself. */
function applyDeed(state: ModelState, task: TaskRecord, event: Deed): string | null {
  task.step = event.step;
  switch (event.type) {
    case 'operated':
      return applyOperated(state, task, event);
    case 'waiting':
      return applyWaiting(state, task, event);
    case 'wrote':
      return mustRun(task, 'wrote a var') ?? applyWrite(state, task, event);
    case 'read':
      return mayRead(task) ?? applyRead(state, task, event);
    case 'entered':
      return mustRun(task, 'entered a step') ?? enterPoint(state, task, event);
    case 'left':
      return mustRun(task, 'left a step') ?? leavePoint(state, task, event);
    case 'printed':
      return mayPrint(task);
    case 'sleeping':
      return applySleeping(state, task, event);
    case 'woke':
      return applyWoke(state, task, event);
    case 'passed':
      return applyPassed(state, task);
    case 'raised':
      return applyRaised(state, task, event);
    case 'timedOut':
      return applyTimedOut(state, task, event);
    case 'refused':
      return applyRefused(state, task, event);
    case 'spurious':
      return applySpurious(state, task, event);
    case 'began':
      return applyBegan(state, task);
    case 'asked':
      return applyAsked(task, event);
    case 'answered':
      return applyAnswered(state, task, event);
  }
}

/**
 * While a task waits for room for its command's lines, the command may write on to where it prints; and until it is gone,
 * what it says is heard.
 */
function mayPrint(task: TaskRecord): string | null {
  if (task.state === 'stopping') return null;
  return task.state === 'waiting' && task.asking === 'run' ? null : mustRun(task, 'printed');
}

/** A task in an `await` reads again and again. */
function mayRead(task: TaskRecord): string | null {
  return task.state === 'waiting' && task.wait.operation === 'await' ? null : mustRun(task, 'read a var');
}

function applyOperated(state: ModelState, task: TaskRecord, event: EventOf<'operated'>): string | null {
  const waited = isWaitingIn(task, event);
  if (task.state === 'stopping' && event.operation === 'queue.put' && task.asking === 'run')
    return applyOperation(state, task, event);
  if (!waited && task.state !== 'running') {
    return isReleaseAtExit(state, task, event) ? null : mustRun(task, `did ${event.operation}`);
  }
  const wrong = applyOperation(state, task, event);
  if (wrong === null && waited) endWait(state, task, event.at);
  return wrong;
}

/** What a holder gives back by its end is given back already when its `ended` is seen; its own event comes late. */
function isReleaseAtExit(state: ModelState, task: TaskRecord, event: EventOf<'operated'>): boolean {
  const resource = state.resources[event.target];
  return isEnded(task) && event.operation.endsWith('.release') && resource?.plan.onHolderExit === 'release';
}

function applyOperation(state: ModelState, task: TaskRecord, event: EventOf<'operated'>): string | null {
  switch (event.operation) {
    case 'task.join': {
      const joined = state.tasks[event.target];
      if (joined === undefined) return `${task.name} joined task ${event.target}, which does not exist`;
      if (!isOverFor(state, task, joined)) return `${task.name} joined ${joined.name}, which has not ended`;
      // A worker joins what it works for, too.
      joined.isHandedOver ||= state.plan.groups[task.plan.group]?.made !== 'helper';
      return null;
    }
    case 'task.terminate':
    case 'task.kill':
    case 'task.timeOut':
    case 'task.skip':
      return state.tasks[event.target] === undefined ? `${event.operation} of task ${event.target}` : null;
    case 'task.start':
      return `${task.name} logged a start as an operation`;
    default:
      return applyToResource(state, task, event);
  }
}

function applyToResource(state: ModelState, task: TaskRecord, event: EventOf<'operated'>): string | null {
  const resource = state.resources[event.target];
  if (resource === undefined) return `${event.operation} on resource ${event.target}, which does not exist`;
  return modelOf(resource).apply(state, resource, task, event);
}
