/**
 * The words of the kernel's one array by name, and where each block of them lies (`create-layout.ts` computes that).
 *
 * Regions: control | wait | core | ring | values. *Core* is what is true and is canonical; *wait* is who waits and who is
 * woken, and may differ between runs that are in the same state. Every offset is an index into the whole array.
 */
import type { Plan } from '../../plan/plan.ts';

/** Fixed words at the front. */
export const CONTROL = {
  mutex: 0,
  /** Not zero: every carrier leaves its loop at the next instruction. */
  stop: 1,
  /** Time of the newest record. */
  time: 2,
  ringHead: 4,
  ringTail: 5,
  /** Producers asleep until the ring is drained. */
  ringSleepers: 6,
  /** The supervisor sleeps in its event loop: whoever has something for it rings the bell, once. */
  supervisorAsleep: 7,
  externalHead: 8,
  externalTail: 9,
  /** Live tasks that are not waiting without a timeout; zero while main lives is a deadlock. */
  active: 10,
  valueTop: 11,
  /** Something ran out: what, in whose name, at which step, and how much of it was needed. */
  exhausted: 12,
  exhaustedTask: 13,
  exhaustedStep: 14,
  exhaustedSize: 15,
  /** Free lists of the value store, one a size class. */
  valueFree: 16,
  carriers: 52,
} as const;

/** Where carriers take turns as a score says: how many were taken, whether somebody is at one, and when the last was over. */
export const FORCED = { turn: 48, state: 49, over: 50 } as const;

/** A task's block in core; its frame's slots follow. */
export const TASK = {
  state: 0,
  process: 1,
  daemon: 2,
  pc: 3,
  input: 4,
  exitCode: 5,
  error: 6,
  parent: 7,
  /** How far the end of a process has come. */
  phase: 8,
  /** The operation, + 1, that said no at `pc`; `DONE` once somebody did it on this task's behalf. */
  waiting: 9,
  target: 10,
  operandA: 11,
  operandB: 12,
  step: 13,
  /** 1 once it has; `AGAIN` where it does so once more. */
  begun: 14,
  /** What a task that has finished gave, where its program gives something; kept for whoever joins it. */
  result: 15,
  slots: 16,
} as const;

/** In `TASK.begun`: a worker of a pool lost its process, and begins in another one. */
export const AGAIN = 2;

/** In `TASK.waiting`: the operation was done by whoever made it possible; its result is in `operandA`. */
export const DONE = -1;

/** In `TASK.waiting`: it waits for an answer from outside of the kernel; its ticket is in `operandB`. */
export const ASKING = -3;

/** In `WAIT.carried`: the supervisor puts the lines of its command in its name, and is told of each wake. */
export const FED = -1;

/** In `TASK.waiting`: it sleeps. */
export const SLEEPING = -2;

/** In the second operand of a task that sleeps for a model: bits. */
export const MODEL = {
  /** The step's time is over before the model's. */
  tooLate: 1,
  /** It takes `WAIT.grace` to stop. */
  stops: 2,
  /** It is at that, as the step's time is over. */
  isStopping: 4,
} as const;

/** A task's block in wait. Links hold task + 1, so that zero is none. */
export const WAIT = {
  state: 0,
  next: 1,
  previous: 2,
  /** The channel it is linked into, + 1. */
  channel: 3,
  deadline: 4,
  /** Place in its process's timer heap, + 1. */
  timer: 6,
  /** How often it was woken in vain since it began to wait. */
  vain: 7,
  /** The channel that woke it, + 1: if it goes without trying, the wake is passed on. */
  wokenBy: 8,
  externalNext: 9,
  request: 10,
  /** Counts what it asked for outside of the kernel. */
  ticket: 11,
  /**
   * Not zero while a function of the user's own performs the task: its carrier sleeps on this word, each wake counts it up.
   * `FED` while the task waits in a put of its command's lines.
   */
  carried: 12,
  /** When the time of what it asked for is over, also once a function has begun: a time, in two words. */
  limit: 13,
  /** Of an `await`: when its timeout is, in two words. Its deadline may be an earlier moment, at which it looks again. */
  patience: 15,
  /** Of an `await`: 1 where the log says that it may go on by itself once time has passed. */
  timed: 17,
  /** How long it may wait, where its time does not run yet: two words. */
  span: 18,
  /** The amount that the newest record of its wait has. */
  told: 20,
  /** How long what it asked for may take to stop: microseconds, in two words. */
  grace: 21,
  /** Not zero: the time of what it asked for is over, and the answer comes when it is gone. */
  late: 23,
  size: 24,
} as const;

export const RUN = { none: 0, ready: 1, running: 2, parked: 3, external: 4 } as const;

/** `stopping`: told to end, and what it has outside of the kernel is not gone yet. All that are more than `live` have ended. */
export const STATE = {
  stopping: -1,
  notStarted: 0,
  live: 1,
  finished: 2,
  failed: 3,
  terminated: 4,
  skipped: 5,
} as const;

/** The frame of a task that is stopping is clear; these words of it hold how it will have ended. */
export const STOP = {
  /** What is not gone yet: bits of `LEFT`. */
  left: TASK.phase,
  /** Who told it to end, and at which step. */
  by: TASK.target,
  step: TASK.step,
  /** The number of its end state, and that of the cause. */
  state: TASK.operandA,
  cause: TASK.operandB,
} as const;

/**
 * What keeps a task from having ended: a command or a function, its operating-system process, other tasks of its program, or
 * the time that a model takes to stop.
 */
export const LEFT = { work: 1, process: 2, others: 4, time: 8 } as const;

/** A process's block in core. */
export const PROCESS = { parent: 0, threads: 1, children: 2, daemon: 3, ended: 4, size: 5 } as const;

/** A process's block in wait: its ready list, the word its carriers sleep on, its timers. */
export const READY = { head: 0, tail: 1, wake: 2, sleepers: 3, timers: 4, size: 5 } as const;

export const POINT = { running: 0, begun: 1, ended: 2, size: 3 } as const;

export type LayoutOptions = {
  /** Carriers that run the main process's threads. */
  readonly threadCarriers: number;
  /** Words for values that are no small integers; 0 where they are interned. */
  readonly valueWords: number;
  /** Cells reserved for an unbounded queue; fewer where there are many of them. */
  readonly unboundedCells: number;
  /** The least size of the log's ring, a power of two; large by default. */
  readonly ringWords?: number;
};

export type Layout = {
  readonly plan: Plan;
  readonly options: LayoutOptions;
  readonly size: number;
  readonly coreStart: number;
  readonly coreEnd: number;
  readonly taskAt: Int32Array;
  readonly waitAt: Int32Array;
  /** Where the draw counters of a task's frame begin. */
  readonly drawsAt: Int32Array;
  /** By task, the first of the `CALL_CARRIERS` carriers of its calls; -1 where it calls nothing. */
  readonly callCarrierOf: Int32Array;
  readonly resourceAt: Int32Array;
  /** Behind the last word of each resource. */
  readonly resourceEnd: Int32Array;
  /** Where a fair resource keeps its order of arrival; 0 where it keeps none. */
  readonly arrivalAt: Int32Array;
  /** How many lines of arrival that are: one for each of its first channels. */
  readonly arrivalLines: Uint8Array;
  readonly processAt: Int32Array;
  readonly readyAt: Int32Array;
  readonly timersAt: Int32Array;
  readonly pointAt: Int32Array;
  /** First channel of each resource; channels of tasks and processes follow. */
  readonly resourceChannel: Int32Array;
  readonly taskChannel: number;
  readonly processChannel: number;
  readonly awaitChannel: number;
  readonly channelAt: number;
  /** First cell of a var, within its process's copy or among the shared ones. */
  readonly cellOf: Int32Array;
  readonly sharedCells: number;
  readonly processCells: number;
  readonly cellsPerProcess: number;
  readonly versionAt: number;
  /** Where the bits of the steps a task is inside begin. */
  readonly insideAt: Int32Array;
  /** 1 for semaphores of which some step takes several permits at once. */
  readonly severalPermits: Uint8Array;
  /** 1 where `enabled` is false. */
  readonly disabled: Uint8Array;
  /** Locks and semaphores that do not stay taken when their holder ends. */
  readonly holderExits: readonly number[];
  /** Capacity in cells, of queues; 0 elsewhere. */
  readonly capacity: Int32Array;
  readonly ringAt: number;
  readonly ringWords: number;
  readonly valuesAt: number;
};

/** The word that condemns a carrier; the next one is for its operating-system process id. */
export function condemnedAt(carrier: number): number {
  return CONTROL.carriers + 2 * carrier;
}
