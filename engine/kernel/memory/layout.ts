/**
 * Where everything lies in the kernel's one array of words, computed alike by everyone who maps it.
 *
 * Regions: control | wait | core | ring | values. *Core* is what is true and is canonical; *wait* is who waits and who is
 * woken, and may differ between runs that are in the same state. Every offset is an index into the whole array.
 */
import type { Plan, Resource } from '../../plan/plan.ts';
import { carrierCount, layCallCarriers } from '../runtime/carriers.ts';

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
  carriers: 48,
} as const;

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
  /** Cells reserved for an unbounded queue. */
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
  /** Where a fair resource keeps its order of arrival; 0 where it keeps none. */
  readonly arrivalAt: Int32Array;
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

/** 32 MB of address space: writers go on while the supervisor is busy, and a record may be as long as an eighth of the ring. */
const MIN_RING_WORDS = 1 << 23;
/** What one moment may log for each task at the most (the end of all of them), times four. */
const RING_WORDS_A_TASK = 64;

class Cursor {
  at: number;
  constructor(start: number) {
    this.at = start;
  }
  take(words: number): number {
    const start = this.at;
    this.at += words;
    return start;
  }
}

export function createLayout(plan: Plan, options: LayoutOptions): Layout {
  const cursor = new Cursor(CONTROL.carriers + 2 * carrierCount(plan, options));
  const wait = layWait(plan, cursor);
  const coreStart = cursor.at;
  const core = layCore(plan, options, cursor);
  const coreEnd = cursor.at;
  const ringWords = Math.max(
    options.ringWords ?? MIN_RING_WORDS,
    powerOfTwo(plan.tasks.length * RING_WORDS_A_TASK),
  );
  const ringAt = cursor.take(ringWords);
  const valuesAt = cursor.take(options.valueWords);
  return {
    plan,
    options,
    ...wait,
    ...core,
    coreStart,
    coreEnd,
    callCarrierOf: layCallCarriers(plan, options),
    ringAt,
    ringWords,
    valuesAt,
    size: cursor.at,
  };
}

/** The word that condemns a carrier; the next one is for its operating-system process id. */
export function condemnedAt(carrier: number): number {
  return CONTROL.carriers + 2 * carrier;
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}

function offsets(count: number, cursor: Cursor, words: (index: number) => number): Int32Array {
  const starts = new Int32Array(count);
  for (let index = 0; index < count; index++) starts[index] = cursor.take(words(index));
  return starts;
}

function layWait(plan: Plan, cursor: Cursor) {
  const tasks = plan.tasks.length;
  const waitAt = offsets(tasks, cursor, () => WAIT.size);
  const readyAt = offsets(plan.processes, cursor, () => READY.size);
  const timersAt = offsets(plan.processes, cursor, () => tasks);
  let channels = 0;
  const resourceChannel = Int32Array.from(plan.resources, (resource) => {
    const first = channels;
    channels += channelsOf(resource);
    return first;
  });
  const taskChannel = channels;
  const processChannel = taskChannel + tasks;
  const awaitChannel = processChannel + plan.processes;
  const channelAt = cursor.take(2 * (awaitChannel + 1));
  const versionAt = cursor.take(plan.variables.length * (plan.processes + 1));
  return {
    waitAt,
    readyAt,
    timersAt,
    resourceChannel,
    taskChannel,
    processChannel,
    awaitChannel,
    channelAt,
    versionAt,
  };
}

/** How many kinds of waiters a resource has: a queue those for room, for items and for the end of the work. */
function channelsOf(resource: Resource): number {
  return resource.kind === 'queue' ? 3 : 1;
}

function layCore(plan: Plan, options: LayoutOptions, cursor: Cursor) {
  const drawsAt = new Int32Array(plan.tasks.length);
  const insideAt = new Int32Array(plan.tasks.length);
  const pointWords = Math.ceil(plan.points.length / 31);
  const taskAt = Int32Array.from(plan.tasks, (task, index) => {
    const program = plan.programs[task.program];
    const slots = program?.slots.length ?? 0;
    const at = cursor.take(TASK.slots + slots);
    drawsAt[index] = cursor.take(program?.instructions.length ?? 0);
    insideAt[index] = cursor.take(pointWords);
    return at;
  });
  const capacity = Int32Array.from(plan.resources, (resource) => capacityOf(resource, options));
  const resourceAt = offsets(plan.resources.length, cursor, (index) =>
    resourceWords(plan.resources[index] as Resource, capacity[index] as number, plan.tasks.length),
  );
  const arrivalAt = Int32Array.from(plan.resources, (resource, index) =>
    isInLine(resource)
      ? (resourceAt[index] as number) + ownWords(resource, capacity[index] as number, plan.tasks.length)
      : 0,
  );
  const processAt = offsets(plan.processes, cursor, () => PROCESS.size);
  const pointAt = offsets(plan.points.length, cursor, () => POINT.size);
  const cells = layCells(plan);
  const sharedCells = cursor.take(cells.shared);
  const processCells = cursor.take(cells.own * plan.processes);
  return {
    taskAt,
    drawsAt,
    insideAt,
    severalPermits: severalPermits(plan),
    disabled: Uint8Array.from(plan.resources, (resource) => (resource.enabled ? 0 : 1)),
    holderExits: plan.resources.flatMap((resource, id) => (isLeftBehind(resource) ? [id] : [])),
    capacity,
    resourceAt,
    arrivalAt,
    processAt,
    pointAt,
    cellOf: cells.cellOf,
    sharedCells,
    processCells,
    cellsPerProcess: cells.own,
  };
}

function severalPermits(plan: Plan): Uint8Array {
  const several = new Uint8Array(plan.resources.length);
  for (const program of plan.programs) {
    for (const instruction of program.instructions) {
      if (instruction.op !== 'operate' || instruction.operation !== 'semaphore.acquire') continue;
      if (instruction.operands[0]?.constant === 1n) continue;
      if (instruction.target.kind === 'fixed') several[instruction.target.id] = 1;
      else several.fill(1);
    }
  }
  return several;
}

function isLeftBehind({ kind, onHolderExit }: Resource): boolean {
  return onHolderExit !== 'keep' && (kind === 'lock' || kind === 'rlock' || kind === 'semaphore');
}

function capacityOf(resource: Resource, options: LayoutOptions): number {
  if (resource.kind === 'pipeEnd') return options.unboundedCells;
  if (resource.kind !== 'queue') return 0;
  return resource.capacity === 0 ? options.unboundedCells : resource.capacity;
}

/** The first words of a resource's block belong to its primitive; a fair one keeps the order of arrival behind them. */
export function ownWords(resource: Resource, capacity: number, tasks: number): number {
  switch (resource.kind) {
    case 'lock':
    case 'rlock':
      return 2;
    case 'semaphore':
      return 2 + tasks;
    case 'queue':
      return 4 + 2 * capacity;
    case 'event':
      return 1;
    case 'condition':
      return 1 + 2 * tasks;
    case 'barrier':
      return 4 + tasks;
    case 'pipeEnd':
      return 3 + capacity;
    case 'file':
      return 1;
    case 'pool':
      return 1 + tasks;
    default:
      return resource satisfies never;
  }
}

/**
 * How many lines of arrival a fair resource has: those who wait for room in a queue and those who wait for an item stand
 * in lines of their own. There are none where nobody takes anything from another.
 */
export function arrivalLines({ kind }: Resource): number {
  if (kind === 'queue') return 2;
  return kind === 'lock' || kind === 'rlock' || kind === 'semaphore' ? 1 : 0;
}

/** At what is disabled nobody waits, and nobody stands in line. */
function isInLine(resource: Resource): boolean {
  return resource.fair && resource.enabled && arrivalLines(resource) > 0;
}

/** The words of a resource's block in core. */
export function resourceWords(resource: Resource, capacity: number, tasks: number): number {
  return (
    ownWords(resource, capacity, tasks) + (isInLine(resource) ? arrivalLines(resource) * (1 + tasks) : 0)
  );
}

function layCells(plan: Plan): { cellOf: Int32Array; shared: number; own: number } {
  let shared = 0;
  let own = 0;
  const cellOf = Int32Array.from(plan.variables, (variable) => {
    const at = variable.shared ? shared : own;
    if (variable.shared) shared += variable.initial.length;
    else own += variable.initial.length;
    return at;
  });
  return { cellOf, shared, own };
}
