/**
 * Hand-made plans and events: as much of them as reports look at.
 */

import type { Event, EventOf, EventType } from '../../engine/log/event.ts';
import { nothingExpected } from '../../engine/plan/expectations.ts';
import type { Plan, Resource } from '../../engine/plan/plan.ts';
import type { Source, Span } from '../../engine/source/source.ts';

type PlanParts = {
  /** Group → how many replicas; `undefined`: a single task, without an index. */
  readonly tasks: Readonly<Record<string, number | undefined>>;
  readonly resources?: readonly (Pick<Resource, 'name'> & Partial<Resource>)[];
  readonly variables?: readonly { readonly name: string; readonly array: boolean }[];
  /** Texts that occur once in the source: the places of the steps 0, 1, 2 … */
  readonly steps?: readonly string[];
  readonly source?: Source;
};

export const toilet: Source = {
  file: 'toilet.yaml',
  text: `concur: 1
name: toilet
semaphores:
  stall: 3
tasks:
  visitor:
    count: 13
    steps:
      - acquire: stall
      - print: inside
      - release: stall
expect:
  peak: { stall: 3 }
`,
};

/** Main is task 0, in a group of its own. */
export function planOf({
  tasks,
  resources = [],
  variables = [],
  steps = [],
  source = toilet,
}: PlanParts): Plan {
  const span = { start: 0, end: 0 };
  const groups = [['main', undefined] as const, ...Object.entries(tasks)];
  const replicas = groups.flatMap(([name, count], group) =>
    Array.from({ length: count ?? 1 }, (_, index) => ({
      name: count === undefined ? name : `${name}[${index}]`,
      group,
      index,
      item: null,
      kind: 'thread' as const,
      program: 0,
    })),
  );
  return {
    name: 'toilet',
    file: source.file,
    params: { visitors: 13n },
    seed: 42,
    timeoutUs: 600_000_000,
    failFast: false,
    mainIsWritten: true,
    check: { time: 'free', spuriousWakeups: false },
    resources: resources.map((resource) => ({ ...semaphoreBase, ...resource }) as Resource),
    variables: variables.map((variable) => ({ ...variable, span, shared: false, initial: [0n] })),
    programs: [],
    tasks: replicas,
    groups: groups.map(([name, count], group) => ({
      name,
      span,
      first: replicas.findIndex((task) => task.group === group),
      count: count ?? 1,
      kind: 'thread' as const,
    })),
    steps: steps.map((text) => ({ verb: text.split(':')[0] ?? '', text, span: spanOf(source, text) })),
    points: [],
    processes: 1,
    expect: nothingExpected,
  };
}

const semaphoreBase = {
  kind: 'semaphore',
  permits: 3,
  bounded: false,
  span: { start: 0, end: 0 },
  fair: false,
  enabled: true,
  onHolderExit: 'keep',
} as const;

/** The place of a text that occurs in the source. */
export function spanOf(source: Source, text: string): Span {
  const start = source.text.indexOf(text);
  if (start < 0) throw new Error(`the source has no "${text}"`);
  return { start, end: start + text.length };
}

type Written = {
  [T in EventType]: { readonly type: T; readonly step?: number } & Omit<
    EventOf<T>,
    'seq' | 'at' | 'task' | 'step' | 'last' | 'type'
  >;
}[EventType];

/** Writes events down in order: the time in milliseconds, the task's name, the rest. */
export function eventsOf(
  plan: Plan,
  lines: readonly (readonly [ms: number, task: string, event: Written])[],
): Event[] {
  return lines.map(([ms, task, event], seq) => {
    return { seq, at: ms * 1000, task: taskId(plan, task), step: -1, last: true, ...event } as Event;
  });
}

type Line = Parameters<typeof eventsOf>[1][number];

/**
 * The same as a run has it: main begins first, and each task is started, if nothing else says so, and begins before it does
 * or ends anything.
 *
 * @param before what the run was, where these lines go on
 */
export function historyOf(plan: Plan, lines: readonly Line[], before: readonly Event[] = []): Event[] {
  const whole: Line[] = [];
  const begun = new Set(before.flatMap((event) => (event.type === 'began' ? [event.task] : [])));
  const begin = (name: string, ms: number, by: string): void => {
    if (begun.has(taskId(plan, name))) return;
    begun.add(taskId(plan, name));
    whole.push([ms, by, start(plan, name)], [ms, name, { type: 'began', pid: 1, carrier: 0 }]);
  };
  for (const [ms, task, event] of lines) {
    begin('main', ms, 'main');
    const target = event.type === 'started' || event.type === 'ended' ? event.target : undefined;
    const isSkipped = event.type === 'ended' && event.state === 'skipped';
    if (target !== undefined && !isSkipped) begin(plan.tasks[target]?.name ?? '', ms, 'main');
    begin(task, ms, 'main');
    if (event.type !== 'started') whole.push([ms, task, event]);
  }
  return eventsOf(plan, whole).map((event) => ({ ...event, seq: event.seq + before.length }));
}

export function taskId(plan: Plan, name: string): number {
  const id = plan.tasks.findIndex((task) => task.name === name);
  if (id < 0) throw new Error(`there is no task ${name}`);
  return id;
}

/** `task` starts `target`, or main itself. */
export function start(plan: Plan, target: string) {
  return { type: 'started', target: taskId(plan, target), process: 0, daemon: false } as const;
}

/** `target` ends well, or as `how` says. */
export function end(plan: Plan, target: string, how: Partial<EventOf<'ended'>> = {}) {
  return {
    type: 'ended',
    target: taskId(plan, target),
    state: 'finished',
    cause: null,
    error: null,
    exitCode: 0,
    ...how,
  } as const;
}

/** @param amount of permits, where it waits for a semaphore */
export function waitFor(
  operation: EventOf<'waiting'>['operation'],
  target: number,
  step = -1,
  amount = operation === 'semaphore.acquire' ? 4 : 0,
) {
  return { type: 'waiting', operation, target, timed: false, amount, step } as const;
}

export function operate(operation: EventOf<'operated'>['operation'], target: number, amount = 1) {
  return { type: 'operated', operation, target, amount, value: null } as const;
}

export function print(text: string) {
  return { type: 'printed', text } as const;
}
