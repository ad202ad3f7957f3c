/**
 * What every task is doing right now, and how many of each group do it: a fold over the log, for the live view.
 *
 * Every event costs the same however many tasks there are; whoever draws reads the tallies. It is for display only: it
 * trusts the log, and where the log says something odd it shows something odd. Whether a log is legal is judged elsewhere.
 */

import type { EndState, Event, EventOf, TaskError } from '../../log/event.ts';
import type { Fold } from '../../log/fold.ts';
import { isShown } from '../../plan/is-shown.ts';
import type { Plan } from '../../plan/plan.ts';
import { createEndCauses } from '../../verdict/model/end-causes.ts';
import { targetsTask, type Wait } from '../text/wording.ts';
import { createHoldings } from './holdings.ts';

export type ActivityState = 'notStarted' | 'running' | 'waiting' | 'sleeping' | 'stopping' | EndState;

/** One task, as the events so far leave it. Times are microseconds since the run began. */
export type TaskActivity = {
  readonly state: ActivityState;
  /** When it came into this state. */
  readonly sinceUs: number;
  readonly startedUs: number;
  /** Until when it sleeps, or what it has outside may take to be gone. */
  readonly untilUs: number;
  /** What it waits for. */
  readonly wait: Wait;
  /** Why it ended, where it did not end by itself; not yet harmless. */
  readonly cause: string;
  readonly error: TaskError | null;
};

export type Tally = Readonly<Record<ActivityState, number>>;

export type Activity = Fold & {
  task(task: number): TaskActivity;
  /** The resources a task holds, by name, in the order it took them. */
  heldBy(task: number): readonly string[];
  /** How many tasks, of a group or of all, are in each state. */
  tally(group: number | 'all'): Tally;
  /** Of a group: how many tasks hold each resource (the elements of an array together). */
  holdersIn(group: number): ReadonlyMap<string, number>;
  /** How many tasks wait for a resource. */
  waitersOf(resource: number): number;
  /** When the last event was. */
  atUs(): number;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const idle: TaskActivity = {
  state: 'notStarted',
  sinceUs: 0,
  startedUs: 0,
  untilUs: 0,
  wait: { operation: 'await', target: -1, step: -1 },
  cause: '',
  error: null,
};

const emptyTally = {
  notStarted: 0,
  running: 0,
  waiting: 0,
  sleeping: 0,
  stopping: 0,
  finished: 0,
  failed: 0,
  terminated: 0,
  skipped: 0,
};

export function isEnded(state: ActivityState): state is EndState {
  return state === 'finished' || state === 'failed' || state === 'terminated' || state === 'skipped';
}

export function createActivity(plan: Plan): Activity {
  const tasks: Mutable<TaskActivity>[] = plan.tasks.map(() => ({ ...idle }));
  const all = { ...emptyTally };
  const tallies = new Map<number, typeof all>();
  const waiters = new Map<number, number>();
  const holdings = createHoldings(plan);
  const causes = createEndCauses(plan, () => '');
  let atUs = 0;

  const tallyOf = (group: number) => {
    const known = tallies.get(group) ?? { ...emptyTally };
    tallies.set(group, known);
    return known;
  };
  plan.tasks.forEach(({ group }, task) => {
    if (isShown(plan, task)) all.notStarted += 1;
    tallyOf(group).notStarted += 1;
  });

  const addWaiter = ({ wait }: TaskActivity, change: 1 | -1) => {
    if (!isForResource(wait)) return;
    waiters.set(wait.target, (waiters.get(wait.target) ?? 0) + change);
  };

  const enter = (id: number, state: ActivityState) => {
    const task = tasks[id];
    const group = plan.tasks[id]?.group;
    if (task === undefined || group === undefined) return undefined;
    if (task.state === 'waiting') addWaiter(task, -1);
    for (const tally of isShown(plan, id) ? [all, tallyOf(group)] : [tallyOf(group)]) {
      tally[task.state] -= 1;
      tally[state] += 1;
    }
    task.state = state;
    task.sinceUs = atUs;
    return task;
  };

  /** Whatever a task does shows that it goes on. */
  const goesOn = (id: number) => {
    const state = tasks[id]?.state;
    if (state === 'waiting' || state === 'sleeping') enter(id, 'running');
  };

  /** What a step has outside of the run was stopping, and is gone. */
  const goesOnAfterStop = (id: number) => {
    if (tasks[id]?.state === 'stopping') enter(id, 'running');
    goesOn(id);
  };

  const handle = (event: Event) => {
    atUs = event.at;
    causes.handle(event);
    switch (event.type) {
      case 'started': {
        const task = enter(event.target, 'running');
        if (task !== undefined) task.startedUs = atUs;
        return;
      }
      case 'ended': {
        const task = enter(event.target, event.state);
        if (task !== undefined)
          Object.assign(task, { cause: causes.textOf({ ...event, by: event.task }), error: event.error });
        holdings.ended(event.target);
        return;
      }
      case 'waiting': {
        if (isWaitingFor(tasks[event.task], event)) return;
        const task = enter(event.task, 'waiting');
        if (task === undefined) return;
        task.wait = { operation: event.operation, target: event.target, step: event.step };
        return addWaiter(task, 1);
      }
      case 'stopping': {
        const task = enter(event.target, 'stopping');
        if (task !== undefined) task.untilUs = event.untilUs;
        return;
      }
      case 'sleeping': {
        const task = enter(event.task, 'sleeping');
        if (task !== undefined) task.untilUs = event.untilUs;
        return;
      }
      case 'operated':
        holdings.operated(event);
        return goesOn(event.task);
      case 'stopped':
        return;
      case 'timedOut':
        return waitsOn.has(event.operation) ? undefined : goesOn(event.task);
      case 'spurious':
        return undefined;
      case 'refused':
      case 'began':
      case 'asked':
        return goesOn(event.task);
      case 'answered':
        return goesOnAfterStop(event.task);
      case 'printed':
      case 'woke':
      case 'read':
      case 'wrote':
      case 'passed':
      case 'entered':
      case 'left':
      case 'raised':
        return goesOn(event.task);
      default:
        return event satisfies never;
    }
  };

  return {
    handle,
    task: (task) => tasks[task] ?? idle,
    heldBy: holdings.of,
    tally: (group) => (group === 'all' ? all : tallyOf(group)),
    holdersIn: holdings.inGroup,
    waitersOf: (resource) => waiters.get(resource) ?? 0,
    atUs: () => atUs,
  };
}

/** Where a timeout need not be the end: there is a lock to take back, or an action of a barrier to wait for. */
const waitsOn: ReadonlySet<string> = new Set(['condition.wait', 'barrier.wait']);

/** Woken in vain: it still waits, since then. */
function isWaitingFor(task: TaskActivity | undefined, event: EventOf<'waiting'>): boolean {
  return (
    task?.state === 'waiting' && task.wait.operation === event.operation && task.wait.target === event.target
  );
}

/** Waits for tasks, conditions and ends have no resource that others could wait for as well. */
export function isForResource({ operation, target }: Wait): boolean {
  return target >= 0 && !targetsTask(operation);
}
