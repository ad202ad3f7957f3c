/**
 * The plan: a scenario with every name resolved, every size known and every step compiled. Plain data, so that it can be
 * sent to workers and child processes; read-only for everybody.
 */

import type { Duration } from '../expression/expression.ts';
import type { TaskKind } from '../expression/scope.ts';
import type { Value } from '../expression/values/value.ts';
import type { Span } from '../source/source.ts';
import type { Claim, Expectations } from './expectations.ts';
import type { Program } from './instruction.ts';

export type Plan = {
  readonly name: string;
  readonly description?: string;
  readonly caseName?: string;
  /** As the user named it. */
  readonly file: string;
  readonly params: Readonly<Record<string, Value>>;
  /** 0 … 2^32 - 1 */
  readonly seed: number;
  readonly timeoutUs: number;
  readonly failFast: boolean;
  readonly resources: readonly Resource[];
  readonly variables: readonly Variable[];
  readonly programs: readonly Program[];
  /** Whether the log is to say what reads of vars saw. */
  readonly logsValues?: true;
  /** Environment variables of which no value is shown. */
  readonly secrets?: readonly string[];
  /** Whether the scenario has a `main`; else the planner made one that starts all tasks and joins those that are no daemons. */
  readonly mainIsWritten: boolean;
  /** `tasks[0]` is main. */
  readonly tasks: readonly Task[];
  readonly groups: readonly Group[];
  readonly steps: readonly Step[];
  readonly points: readonly Point[];
  /** How many processes there can be: 0 is the main program, each replica of a `process` task has its own. */
  readonly processes: number;
  readonly expect: Expectations;
  readonly check: CheckSettings;
  readonly teardown?: Teardown;
};

/** What is done after the run, in one of its own. */
export type Teardown = {
  /** The task whose program it is; the run itself never starts it. */
  readonly task: number;
  /** The var with what came of the run: `{passed, stopped}`. */
  readonly outcome: number;
  readonly timeoutUs: number;
  readonly span: Span;
};

/** How a search over all interleavings is to go about it. */
export type CheckSettings = {
  /** `free`: a sleep or a timeout may take any time. `ordered`: only orders that the durations allow. */
  readonly time: 'free' | 'ordered';
  /** States in which it is false are not followed. */
  readonly within?: Claim;
  readonly maxStates?: number;
  readonly maxSteps?: number;
  readonly spuriousWakeups: boolean;
};

type ResourceBase = {
  /** `stall`, `fork[2]` */
  readonly name: string;
  readonly span: Span;
  /** Served in order of arrival, by hand-off. */
  readonly fair: boolean;
  /** False: it never makes anyone wait. */
  readonly enabled: boolean;
  readonly onHolderExit: 'keep' | 'release' | 'fail';
};

export type RwlockResource = ResourceBase & {
  readonly kind: 'rwlock';
  /** Who goes first where both wait. */
  readonly prefer: 'none' | 'readers' | 'writers';
};

export type SemaphoreResource = ResourceBase & {
  readonly kind: 'semaphore';
  readonly permits: number;
  readonly bounded: boolean;
};

export type QueueResource = ResourceBase & {
  readonly kind: 'queue';
  readonly order: 'fifo' | 'lifo' | 'priority';
  /** 0: unbounded */
  readonly capacity: number;
};

export type ConditionResource = ResourceBase & {
  readonly kind: 'condition';
  /** The lock or rlock it works with: named in the scenario, or one of its own that the planner adds. */
  readonly lock: number;
};

export type BarrierResource = ResourceBase & {
  readonly kind: 'barrier';
  readonly parties: number;
  /** Whoever comes last has steps to do before the others go. */
  readonly hasAction?: true;
  /** Of those who wait without one of their own. */
  readonly timeout?: Duration;
};

/** One end of a pipe: `p.left` or `p.right`. */
export type PipeEndResource = ResourceBase & { readonly kind: 'pipeEnd'; readonly peer: number };

/** A real file in the run's workspace. */
export type FileResource = ResourceBase & {
  readonly kind: 'file';
  /** Relative to the workspace. */
  readonly path: string;
  readonly format: 'json' | 'yaml' | 'text';
  /** What is in it when the run begins; without it there is no file yet. */
  readonly content?: Value;
};

/** Workers for tasks with `pool`; the planner makes a task declaration of them. */
export type PoolResource = ResourceBase & { readonly kind: 'pool'; readonly size: number };

/** Resources are numbered by their place in the plan; the elements of an array follow one another. */
export type Resource =
  | (ResourceBase & { readonly kind: 'lock' })
  | (ResourceBase & { readonly kind: 'rlock' })
  | RwlockResource
  | SemaphoreResource
  | QueueResource
  | ConditionResource
  | BarrierResource
  | PipeEndResource
  | FileResource
  | PoolResource
  | (ResourceBase & { readonly kind: 'event'; readonly set: boolean });

export type ResourceKind = Resource['kind'];

export type ResourceOf<K extends ResourceKind> = Extract<Resource, { readonly kind: K }>;

export type Variable = {
  readonly name: string;
  readonly span: Span;
  /** One for all processes; otherwise each process has its own copy, taken when it starts. */
  readonly shared: boolean;
  readonly array: boolean;
  /** One initial value a cell. */
  readonly initial: readonly Value[];
};

/** A declaration under `tasks`, and the replicas `first` … `first + count - 1` in the plan's tasks. */
export type Group = {
  readonly name: string;
  readonly span: Span;
  readonly first: number;
  readonly count: number;
  readonly kind: TaskKind;
  /**
   * Not declared in the scenario. `helper`: it serves the others (a pool's worker, the launcher of a task with `needs`, the
   * timer of one with `timeout`), and is neither shown nor judged. `work`: what a step hands to a pool; what of it was never
   * started was not meant to be.
   */
  readonly made?: 'helper' | 'work';
  /** Of a helper that starts tasks or watches them: the name of their declaration. */
  readonly serves?: string;
  /** Of the workers of a pool: its number. */
  readonly worksFor?: number;
  /** The groups that it needs. */
  readonly needs?: readonly number[];
  /** A line of its output that matches this pattern says that a task is ready. */
  readonly readyLog?: string;
};

export type Task = {
  /** `visitor[3]`; a declaration without `count` gives just `visitor`. Main is `main`. */
  readonly name: string;
  readonly group: number;
  readonly index: number;
  readonly item: Value;
  readonly kind: TaskKind;
  /** Undefined: inherited from the task that starts it. */
  readonly daemon?: boolean;
  readonly program: number;
  /** The pool whose workers run it: it is started into the pool's line, and runs in the process of who adopts it. */
  readonly pool?: number;
  /** A step of another task starts it, or nobody does: the main program, which nobody wrote, does not. */
  readonly byStep?: true;
  /** Its own process, for `process` tasks and main; a thread's is that of its starter. */
  readonly process?: number;
};

/** A step as the user wrote it, for messages: `acquire stall` at its place. */
export type Step = { readonly verb: string; readonly text: string; readonly span: Span };

/** A step's `id`. */
export type Point = { readonly name: string; readonly step: number };
