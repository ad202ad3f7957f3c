/**
 * Plans and logs written by hand: a scene says what there is, a story what happens, one line an event.
 *
 * Tasks, resources, vars and points are called by their names. Step n of a scene stands on line n of its scenario.
 */

import type { Expression, Read } from '../../engine/expression/expression.ts';
import type { Value } from '../../engine/expression/values/value.ts';
import type { Event, RunEnd } from '../../engine/log/event.ts';
import type { Expectations } from '../../engine/plan/expectations.ts';
import { nothingExpected } from '../../engine/plan/expectations.ts';
import type { Instruction } from '../../engine/plan/instruction.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import type { Plan, Resource, Task, Variable } from '../../engine/plan/plan.ts';
import type { Span } from '../../engine/source/source.ts';

const NOWHERE: Span = { start: 0, end: 0 };
const LINE_LENGTH = 100;

export function spanOfLine(line: number): Span {
  return { start: line * LINE_LENGTH, end: line * LINE_LENGTH + 10 };
}

export function lineOf(span: Span): number {
  return Math.floor(span.start / LINE_LENGTH);
}

const base = { span: NOWHERE, fair: false, enabled: true, onHolderExit: 'keep' } as const;

type Options = Partial<Pick<Resource, 'fair' | 'enabled' | 'onHolderExit'>>;

export const lock = (name: string, options: Options = {}): Resource => ({
  ...base,
  ...options,
  name,
  kind: 'lock',
});
export const rlock = (name: string, options: Options = {}): Resource => ({
  ...base,
  ...options,
  name,
  kind: 'rlock',
});
export const event = (name: string, set = false): Resource => ({ ...base, name, kind: 'event', set });

export function semaphore(
  name: string,
  permits: number,
  options: Options & { readonly bounded?: boolean } = {},
): Resource {
  return { ...base, bounded: true, ...options, name, kind: 'semaphore', permits };
}

export function queue(
  name: string,
  order: 'fifo' | 'lifo' | 'priority' = 'fifo',
  capacity = 0,
  options: Options = {},
): Resource {
  return { ...base, ...options, name, kind: 'queue', order, capacity };
}

/** `lockId` is the number of its lock. */
export const condition = (name: string, lockId: number): Resource => ({
  ...base,
  name,
  kind: 'condition',
  lock: lockId,
});
export const barrier = (name: string, parties: number, action?: 'acting'): Resource => ({
  ...base,
  name,
  kind: 'barrier',
  parties,
  ...(action === undefined ? {} : { hasAction: true }),
});
/** The two ends, of which the left one gets the number `first`. */
export const pipe = (name: string, first: number): readonly Resource[] => [
  { ...base, name: `${name}.left`, kind: 'pipeEnd', peer: first + 1 },
  { ...base, name: `${name}.right`, kind: 'pipeEnd', peer: first },
];
export const pool = (name: string, size: number): Resource => ({ ...base, name, kind: 'pool', size });
export const file = (name: string): Resource => ({
  ...base,
  name,
  kind: 'file',
  path: `${name}.json`,
  format: 'json',
});

/** What a task's program may do, for the explanations of deadlocks. */
export type Deed = readonly [OperationName, string, bigint?];

export type SceneTask = {
  readonly name: string;
  readonly kind?: 'thread' | 'process';
  readonly daemon?: boolean;
  readonly count?: number;
  readonly deeds?: readonly Deed[];
  /** What its program has besides its deeds; a deed's step is the last one. */
  readonly instructions?: readonly Instruction[];
  /** The number of its pool. */
  readonly pool?: number;
};

export type Scene = {
  readonly resources?: readonly Resource[];
  readonly tasks?: readonly (string | SceneTask)[];
  readonly variables?: Readonly<
    Record<string, Value | { readonly cells?: readonly Value[]; readonly shared?: boolean }>
  >;
  readonly points?: readonly string[];
  readonly expect?: Partial<Expectations>;
  readonly verbs?: Readonly<Record<number, string>>;
  /** False: the planner made main. */
  readonly mainIsWritten?: boolean;
};

const STEPS = 60;

export function makePlan(scene: Scene): Plan {
  const declared = (scene.tasks ?? []).map((task) => (typeof task === 'string' ? { name: task } : task));
  const resources = scene.resources ?? [];
  const groups = [{ name: 'main', span: NOWHERE, first: 0, count: 1, kind: 'process' as const }];
  const tasks: Task[] = [
    { name: 'main', group: 0, index: 0, item: null, kind: 'process', program: 0, process: 0 },
  ];
  let processes = 1;
  for (const { name, kind = 'thread', daemon, count, pool } of declared) {
    const group = groups.length;
    groups.push({ name, span: NOWHERE, first: tasks.length, count: count ?? 1, kind: kind as 'process' });
    for (let index = 0; index < (count ?? 1); index += 1) {
      const process = kind === 'process' ? processes++ : undefined;
      tasks.push({
        name: count === undefined ? name : `${name}[${index}]`,
        group,
        index,
        item: null,
        kind,
        program: group,
        ...(daemon === undefined ? {} : { daemon }),
        ...(process === undefined ? {} : { process }),
        ...(pool === undefined ? {} : { pool }),
      });
    }
  }
  const programs = [{ name: 'main' }, ...declared].map((task) => ({
    name: task.name,
    instructions: [
      ...('instructions' in task ? (task.instructions ?? []) : []),
      ...('deeds' in task ? (task.deeds ?? []) : []).map((deed) => instructionOf(resources, deed)),
    ],
    handlers: [],
    slots: [],
  }));
  return {
    name: 'scene',
    file: 'scene.yaml',
    params: {},
    seed: 1,
    timeoutUs: 10_000_000,
    failFast: false,
    mainIsWritten: scene.mainIsWritten ?? true,
    check: { time: 'free', spuriousWakeups: false },
    resources,
    variables: Object.entries(scene.variables ?? {}).map(([name, value]) => variableOf(name, value)),
    programs,
    tasks,
    groups,
    steps: Array.from({ length: STEPS }, (_, step) => ({
      verb: scene.verbs?.[step] ?? 'step',
      text: `step ${step}`,
      span: spanOfLine(step),
    })),
    points: (scene.points ?? []).map((name, step) => ({ name, step })),
    processes,
    expect: { ...nothingExpected, ...scene.expect },
  };
}

function instructionOf(resources: readonly Resource[], [operation, target, permits]: Deed): Instruction {
  const id = resources.findIndex((resource) => resource.name === target);
  const operands = permits === undefined ? [] : [constant(permits)];
  return { op: 'operate', step: STEPS - 1, operation, target: { kind: 'fixed', id }, operands };
}

/** A constant, as an operand or a claim. */
export function constant(value: Value): Expression {
  return { cel: String(value), span: NOWHERE, reads: [], constant: value };
}

function variableOf(name: string, value: NonNullable<Scene['variables']>[string]): Variable {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { cells, shared = false } = (isObject ? value : { cells: [value] }) as {
    cells?: readonly Value[];
    shared?: boolean;
  };
  const initial = cells ?? [0n];
  return { name, span: NOWHERE, shared, array: initial.length > 1, initial };
}

/** A claim on that line, over those reads. */
export function claim(cel: string, reads: readonly Read[], line = 50) {
  return { text: cel, expression: { cel, span: spanOfLine(line), reads } };
}

type Body<E> = E extends Event ? Omit<E, 'seq' | 'at' | 'task' | 'step' | 'last'> : never;

/** An event of any type without what all events have. */
export type EventBody = Body<Event>;

export type Story = ReturnType<typeof tell>;

/** Writes the log of a run of that plan, an event a call; `main` starts and begins at once. */
export function tell(plan: Plan) {
  const events: Event[] = [];
  let at = 0;
  let step = 0;
  const taskId = (name: string): number => idOf(plan.tasks, name);
  const resourceId = (name: string): number => idOf(plan.resources, name);

  const story = {
    events,
    /** From here on, that many seconds after the start. */
    at(seconds: number) {
      at = Math.round(seconds * 1_000_000);
      return story;
    },
    /** From here on, the step of that line. */
    line(line: number) {
      step = line;
      return story;
    },
    event(task: string, body: EventBody, last = true) {
      const common = { seq: events.length, at, task: taskId(task), step, last };
      events.push({ ...common, ...body } as Event);
      return story;
    },
    start(starter: string, name: string, daemon = false) {
      const target = taskId(name);
      const own = plan.tasks[target]?.process;
      const process = own ?? processOf(plan, events, taskId(starter));
      return story.event(starter, { type: 'started', target, process, daemon });
    },
    begin(name: string) {
      return story.event(name, { type: 'began', pid: 1, carrier: 0 });
    },
    /** Started by main, and running. */
    run(...names: string[]) {
      for (const name of names) story.start('main', name).begin(name);
      return story;
    },
    did(task: string, operation: OperationName, target: string, amount = 1, value: Value = null) {
      const id = operation.startsWith('task.') ? taskId(target) : resourceId(target);
      return story.event(task, { type: 'operated', operation, target: id, amount, value });
    },
    /** `amount`: permits asked for, or the place at a barrier, from 1. */
    waits(
      task: string,
      operation: OperationName | 'await' | 'end',
      target = '',
      timed = false,
      amount = operation === 'semaphore.acquire' || operation === 'barrier.wait' ? 1 : 0,
    ) {
      const ofTask = operation.startsWith('task.');
      // The end of a program is that of a process, and main's is number 0.
      const id = ofTask ? taskId(target) : target !== '' ? resourceId(target) : operation === 'end' ? 0 : -1;
      return story.event(task, { type: 'waiting', operation, target: id, timed, amount });
    },
    timesOut(task: string, operation: OperationName | 'await', target = '') {
      const id = operation.startsWith('task.') ? taskId(target) : target === '' ? -1 : resourceId(target);
      return story.event(task, { type: 'timedOut', operation, target: id });
    },
    isRefused(task: string, operation: OperationName, target: string) {
      return story.event(task, { type: 'refused', operation, target: resourceId(target) });
    },
    prints(task: string, text: string) {
      return story.event(task, { type: 'printed', text });
    },
    writes(task: string, name: string, value: Value, cell = 0) {
      const variable = idOf(plan.variables, name);
      const process = processOf(plan, events, taskId(task));
      return story.event(task, { type: 'wrote', process, variable, cell, value });
    },
    reads(task: string, name: string) {
      const variable = idOf(plan.variables, name);
      return story.event(task, {
        type: 'read',
        process: processOf(plan, events, taskId(task)),
        variable,
        values: null,
      });
    },
    raises(task: string, name: string, caught = false) {
      return story.event(task, { type: 'raised', error: { name, message: 'no' }, caught });
    },
    ends(task: string, more: Partial<Extract<Event, { type: 'ended' }>> = {}) {
      const { state = 'finished', cause = null, error = null, exitCode = 0 } = more;
      return story.event(task, { type: 'ended', target: taskId(task), state, cause, error, exitCode });
    },
    fails(task: string, name: string) {
      story.raises(task, name);
      return story.ends(task, { state: 'failed', error: { name, message: 'no' }, exitCode: 1 });
    },
    stops(reason: Extract<Event, { type: 'stopped' }>['reason']) {
      return story.event('main', { type: 'stopped', reason });
    },
    end(more: Partial<RunEnd> = {}): RunEnd {
      return { mode: 'virtual', stopped: null, cause: null, events: events.length, durationUs: at, ...more };
    },
  };
  story.event('main', { type: 'started', target: 0, process: 0, daemon: false }).begin('main');
  return story;
}

function processOf(plan: Plan, events: readonly Event[], task: number): number {
  const own = plan.tasks[task]?.process;
  if (own !== undefined) return own;
  const start = events.find((one) => one.type === 'started' && one.target === task);
  return start?.type === 'started' ? start.process : -1;
}

function idOf(list: readonly { readonly name: string }[], name: string): number {
  const id = list.findIndex((one) => one.name === name);
  if (id < 0) throw new Error(`the scene has no ${name}`);
  return id;
}
