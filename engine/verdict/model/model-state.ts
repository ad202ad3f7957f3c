/**
 * What the model knows at one moment of a run: the state of every task, resource, process, var and point.
 *
 * The files of the primitives and the rules (`*-rules.ts`) write it; everybody else only reads it. Names and records are kept by
 * their numbers in the plan.
 */

import type { Value } from '../../expression/values/value.ts';
import type { EndState, TaskError, TerminationCause, WaitName } from '../../log/event.ts';
import type { Service } from '../../plan/instruction.ts';
import type { Plan, Task } from '../../plan/plan.ts';
import type { ErrorOrigins } from './error-origins.ts';
import type { ResourceRecord } from './primitives/resource-record.ts';
import type { Tallies, TallyList } from './tally.ts';
import type { Subjects, Watch } from './watch.ts';

/** `started` but not yet begun counts as running for the user. */
export type TaskState = 'notStarted' | 'started' | 'running' | 'waiting' | 'sleeping' | 'stopping' | EndState;

/** What a waiting task waits for, and since when; without meaning for a task in any other state. */
export type Wait = {
  operation: WaitName;
  target: number;
  timed: boolean;
  /** The permits it asks for; see `amount` of `waiting` in `log/event.ts`. */
  amount: number;
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

/** When, where and with what a task failed. */
export type Raised = { readonly at: number; readonly step: number; readonly error: TaskError };

export type TaskRecord = {
  readonly id: number;
  readonly plan: Task;
  readonly name: string;
  state: TaskState;
  daemon: boolean;
  process: number;
  /** Whether the run lives as long as it does: it is no daemon, and runs in no daemon process. */
  needed: boolean;
  /** The step of the newest thing it did; -1 where that is none of its own. */
  step: number;
  /** The error that it did not catch, at the step that raised it. Its end may come later, when those it waits for have ended. */
  raised: Raised | null;
  readonly wait: Wait;
  /** What it asks for outside of the run, while it runs. */
  asking: Service | null;
  wakeUs: number;
  ending: TaskEnding | null;
  /** Somebody joined it, and knows how it ended. */
  isHandedOver: boolean;
  /** By resource: permits, depth, or 1 for a lock. */
  readonly held: TallyList;
  /** By semaphore: permits it took and has not released itself, whoever holds them by the books. */
  readonly taken: TallyList;
  /** By point: how often it is inside. */
  readonly inside: TallyList;
};

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
export type GroupRecord = Record<'running' | EndState, number>;

export type PointRecord = { running: number; begun: number; ended: number };

/** The last write to one process's own copy. */
export type OwnWrite = { at: number; task: number; step: number; value: Value };

/** Where a var's cells lie, and who wrote it last (`at` is -1 before the first write). */
export type VariableRecord = {
  readonly name: string;
  readonly shared: boolean;
  readonly first: number;
  readonly count: number;
  /** The last write to the shared or the main program's copy. */
  readonly written: { at: number; task: number; step: number };
  /** Writes that only one process sees, by its number: the last of each to its own copy. */
  readonly ownWrites: Map<number, OwnWrite>;
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
  readonly origins: ErrorOrigins;
  readonly watch: Watch;
  readonly subjects: Subjects;
  /** Microseconds since the run began, of the last event. */
  now: number;
  /** Tasks that were told to end, and are not gone yet. */
  stopping: number;
  /** Tasks started and not ended, and those of them that wait without a timeout. */
  live: number;
  blocked: number;
  /** Of those, the ones the run lives as long as. */
  needed: number;
  neededBlocked: number;
};

/** Ended in whichever way; a skipped task has ended, too. */
export function isEnded(task: TaskRecord): boolean {
  return task.ending !== null;
}

/** Started and not ended. */
export function isLive(task: TaskRecord): boolean {
  return task.ending === null && task.state !== 'notStarted';
}

/** Whether the target of such a wait is a resource: of others it is a task, a process or nothing. */
export function isForResource(operation: Wait['operation']): boolean {
  return operation !== 'await' && operation !== 'end' && operation !== 'task.join';
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
