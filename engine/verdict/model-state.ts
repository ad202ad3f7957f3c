/**
 * What the model knows at one moment of a run: the state of every task, resource, process, var and point.
 *
 * The rules (`*-rules.ts`) write it, one file a primitive; everybody else only reads it. Names and records are kept by
 * their numbers in the plan.
 */
import type { TaskError, TerminationCause } from '../log/event.ts';
import type { Service } from '../plan/instruction.ts';
import type { OperationName } from '../plan/operation.ts';
import type {
  BarrierResource,
  ConditionResource,
  FileResource,
  PipeEndResource,
  Plan,
  PoolResource,
  Resource,
  Task,
} from '../plan/plan.ts';
import type { Value } from '../plan/value.ts';
import { createRound, type Place, type Round } from './barrier-round.ts';
import { createItemQueue, type ItemQueue } from './item-queue.ts';
import { createTallies, type Tallies, type TallyList } from './tally.ts';
import { createWaitTimes, type WaitTimes } from './wait-times.ts';
import { type Subjects, subjectsOf, type Watch } from './watch.ts';

/** `started` but not yet begun counts as running for the user. */
export type TaskState =
  | 'notStarted'
  | 'started'
  | 'running'
  | 'waiting'
  | 'sleeping'
  | 'finished'
  | 'failed'
  | 'terminated'
  | 'skipped';

/** What a waiting task waits for, and since when; without meaning for a task in any other state. */
export type Wait = {
  operation: OperationName | 'await' | 'end';
  target: number;
  timed: boolean;
  sinceUs: number;
  sinceSeq: number;
  step: number;
};

/** How and when a task ended; `by` is who ended it. */
export type TaskEnding = {
  readonly at: number;
  readonly by: number;
  readonly step: number;
  readonly cause: TerminationCause | null;
  readonly error: TaskError | null;
  readonly exitCode: number;
};

export type TaskRecord = {
  readonly id: number;
  readonly plan: Task;
  readonly name: string;
  state: TaskState;
  daemon: boolean;
  process: number;
  readonly wait: Wait;
  /** What it asks for outside of the run, while it runs. */
  asking: Service | null;
  wakeUs: number;
  ending: TaskEnding | null;
  /** By resource: permits, depth, or 1 for a lock. */
  readonly held: TallyList;
  /** By point: how often it is inside. */
  readonly inside: TallyList;
};

type ResourceBase = {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly fair: boolean;
  /** How many tasks wait for it. */
  waiting: number;
  /** How many tasks hold it. */
  holders: number;
  /** Most holders, or the deepest queue, and when that was first so. */
  peak: number;
  readonly peakMoment: { at: number; task: number; step: number };
  readonly waits: WaitTimes;
};

export type LockRecord = ResourceBase & {
  readonly kind: 'lock' | 'rlock';
  readonly plan: Resource & { readonly kind: 'lock' | 'rlock' };
  /** NOBODY, or the task that took it last and still has it. */
  owner: number;
  /** Up to which event those who came have been served, where it is fair. */
  served: number;
};

export type SemaphoreRecord = ResourceBase & {
  readonly kind: 'semaphore';
  readonly plan: Resource & { readonly kind: 'semaphore' };
  free: number;
  served: number;
};

export type QueueRecord = ResourceBase & {
  readonly kind: 'queue';
  readonly plan: Resource & { readonly kind: 'queue' };
  readonly items: ItemQueue<Value>;
  unfinished: number;
  closed: boolean;
  servedPuts: number;
  servedGets: number;
};

export type EventRecord = ResourceBase & {
  readonly kind: 'event';
  readonly plan: Resource & { readonly kind: 'event' };
  set: boolean;
  /** When it was signalled last, as the number of that event; -1 before. */
  signalled: number;
};

export type ConditionRecord = ResourceBase & {
  readonly kind: 'condition';
  readonly plan: ConditionResource;
  /** Who stands in line, by task, in order of arrival: the event at which it came. */
  readonly line: Map<number, number>;
  /** Who was notified and has not got the lock back, by task: the event of the notify. */
  readonly notified: Map<number, number>;
  /** At which depth each of them had the lock. */
  readonly depths: Map<number, number>;
  /** The events of notifies that went to somebody who had left before, and so to somebody else. */
  readonly spare: number[];
  /** The last notify that found nobody; `at` is -1 before. */
  readonly lost: { at: number; task: number; step: number };
};

export type BarrierRecord = ResourceBase & {
  readonly kind: 'barrier';
  readonly plan: BarrierResource;
  broken: boolean;
  round: Round;
  /** Where those who wait stand. */
  readonly places: Map<number, Place>;
  /** How many of them came during an action, so that nobody knows when they joined the next round. */
  late: number;
  /** How many of these have been let go since. */
  lateFreed: number;
  /** NOBODY, or who came last and does the action now. */
  acting: number;
};

export type PipeEndRecord = ResourceBase & {
  readonly kind: 'pipeEnd';
  readonly plan: PipeEndResource;
  /** What was sent to it, and not received yet. */
  readonly inbox: ItemQueue<Value>;
  closed: boolean;
};

/** Its holders are the tasks that its workers have taken, and that have not ended. */
export type PoolRecord = ResourceBase & {
  readonly kind: 'pool';
  readonly plan: PoolResource;
  /** The tasks that were started and not taken, in order. */
  readonly line: Set<number>;
};

export type FileRecord = ResourceBase & { readonly kind: 'file'; readonly plan: FileResource };

export type ResourceRecord =
  | LockRecord
  | SemaphoreRecord
  | QueueRecord
  | EventRecord
  | ConditionRecord
  | BarrierRecord
  | PipeEndRecord
  | PoolRecord
  | FileRecord;

export type ProcessRecord = {
  /** The task that the process was started for. */
  first: number;
  /** The process that started it. */
  parent: number;
  /** Its copy of the cells of vars, once it is started. */
  cells: Value[] | null;
  /** Live tasks that its end waits for: non-daemon threads besides the first, and non-daemon processes it started. */
  threads: number;
  children: number;
};

/** How many replicas are live (running, waiting or sleeping alike), and how many ended how. */
export type GroupRecord = {
  running: number;
  finished: number;
  failed: number;
  terminated: number;
  skipped: number;
};

export type PointRecord = { running: number; begun: number; ended: number };

/** Where a var's cells lie, and who wrote it last (`at` is -1 before the first write). */
export type VariableRecord = {
  readonly name: string;
  readonly shared: boolean;
  readonly first: number;
  readonly count: number;
  /** The last write to the shared or the main program's copy. */
  readonly written: { at: number; task: number; step: number };
};

export type ModelState = {
  readonly plan: Plan;
  readonly tasks: readonly TaskRecord[];
  readonly groups: readonly GroupRecord[];
  readonly resources: readonly ResourceRecord[];
  readonly variables: readonly VariableRecord[];
  readonly processes: readonly ProcessRecord[];
  readonly points: readonly PointRecord[];
  /** The cells of shared vars, at the places that `VariableRecord.first` names. */
  readonly shared: Value[];
  readonly tallies: Tallies;
  readonly watch: Watch;
  readonly subjects: Subjects;
  /** Microseconds since the run began, of the last event. */
  now: number;
  /** Tasks started and not ended, and those of them that wait without a timeout. */
  live: number;
  blocked: number;
};

/** In place of a task's or process's number. */
export const NOBODY = -1;

/** The state before the first event. */
export function createModelState(plan: Plan, watch: Watch): ModelState {
  const variables = layVariables(plan);
  const initial = plan.variables.flatMap((variable) => variable.initial);
  return {
    plan,
    tasks: plan.tasks.map(createTask),
    groups: plan.groups.map(() => ({
      running: 0,
      finished: 0,
      failed: 0,
      terminated: 0,
      skipped: 0,
      waiting: 0,
    })),
    resources: plan.resources.map(createResource),
    variables,
    processes: Array.from({ length: plan.processes }, (_, id) =>
      createProcess(id === 0 ? [...initial] : null),
    ),
    points: plan.points.map(() => ({ running: 0, begun: 0, ended: 0 })),
    shared: [...initial],
    tallies: createTallies(),
    watch,
    subjects: subjectsOf(plan),
    now: 0,
    live: 0,
    blocked: 0,
  };
}

/** Ended in whichever way; a skipped task has ended, too. */
export function isEnded(task: TaskRecord): boolean {
  return task.ending !== null;
}

/** Started and not ended. */
export function isLive(task: TaskRecord): boolean {
  return task.ending === null && task.state !== 'notStarted';
}

/** For messages, so also for numbers that are no task's. */
export function taskName(state: ModelState, task: number): string {
  return state.tasks[task]?.name ?? `task ${task}`;
}

/** A var's cells in that process (in the one shared copy, where it is shared); empty if the process has none yet. */
export function cellsOf(state: ModelState, variable: VariableRecord, process: number): readonly Value[] {
  const cells = variable.shared ? state.shared : state.processes[process]?.cells;
  return cells?.slice(variable.first, variable.first + variable.count) ?? [];
}

function createTask(plan: Task, id: number): TaskRecord {
  return {
    id,
    plan,
    name: plan.name,
    state: 'notStarted',
    daemon: false,
    process: NOBODY,
    wait: { operation: 'await', target: NOBODY, timed: false, sinceUs: 0, sinceSeq: 0, step: -1 },
    asking: null,
    wakeUs: 0,
    ending: null,
    held: { first: null },
    inside: { first: null },
  };
}

function createResource(plan: Resource, id: number): ResourceRecord {
  const base = {
    id,
    name: plan.name,
    enabled: plan.enabled,
    fair: plan.fair && plan.enabled,
    waiting: 0,
    holders: 0,
    peak: 0,
    peakMoment: { at: 0, task: NOBODY, step: -1 },
    waits: createWaitTimes(),
  };
  switch (plan.kind) {
    case 'lock':
    case 'rlock':
      return { ...base, kind: plan.kind, plan, owner: NOBODY, served: 0 };
    case 'semaphore':
      return { ...base, kind: plan.kind, plan, free: plan.permits, served: 0 };
    case 'queue': {
      const items = createItemQueue<Value>(plan.order);
      return {
        ...base,
        kind: plan.kind,
        plan,
        items,
        unfinished: 0,
        closed: false,
        servedPuts: 0,
        servedGets: 0,
      };
    }
    case 'event':
      return { ...base, kind: plan.kind, plan, set: plan.set, signalled: -1 };
    case 'condition':
      return { ...base, kind: plan.kind, plan, ...createLine() };
    case 'barrier':
      return { ...base, kind: plan.kind, plan, ...createPlaces() };
    case 'pipeEnd':
      return { ...base, kind: plan.kind, plan, inbox: createItemQueue('fifo'), closed: false };
    case 'pool':
      return { ...base, kind: plan.kind, plan, line: new Set() };
    case 'file':
      return { ...base, kind: plan.kind, plan };
  }
}

function createLine(): Pick<ConditionRecord, 'line' | 'notified' | 'depths' | 'spare' | 'lost'> {
  return {
    line: new Map(),
    notified: new Map(),
    depths: new Map(),
    spare: [],
    lost: { at: -1, task: NOBODY, step: -1 },
  };
}

function createPlaces(): Pick<
  BarrierRecord,
  'broken' | 'round' | 'places' | 'late' | 'lateFreed' | 'acting'
> {
  return { broken: false, round: createRound(), places: new Map(), late: 0, lateFreed: 0, acting: NOBODY };
}

function createProcess(cells: Value[] | null): ProcessRecord {
  return { first: NOBODY, parent: NOBODY, cells, threads: 0, children: 0 };
}

function layVariables(plan: Plan): VariableRecord[] {
  let first = 0;
  return plan.variables.map((variable) => {
    const written = { at: -1, task: NOBODY, step: -1 };
    const record = {
      name: variable.name,
      shared: variable.shared,
      first,
      count: variable.initial.length,
      written,
    };
    first += variable.initial.length;
    return record;
  });
}
