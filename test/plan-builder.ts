/**
 * Plans made by hand, for tests of what runs them: resources, vars and tasks by number, programs as lists of instructions.
 *
 * Every instruction is a step of its own; jumps name instructions by their place.
 */

import type { Duration, Expression, Read } from '../engine/expression/expression.ts';
import type { TaskKind } from '../engine/expression/scope.ts';
import type { Value } from '../engine/expression/values/value.ts';
import { nothingExpected } from '../engine/plan/expectations.ts';
import type { Handler, Instruction, Program, TimeoutRule } from '../engine/plan/instruction.ts';
import type { OperationName } from '../engine/plan/operation.ts';
import type { Group, Plan, Resource, Step, Task, Variable } from '../engine/plan/plan.ts';

const NOWHERE = { start: 0, end: 0 };

type Bare<I> = I extends { readonly step: number } ? Omit<I, 'step'> : never;
/** An instruction; its step is made by `makePlan`. */
export type Bit = Bare<Instruction>;

// Expressions

export const constant = (value: Value): Expression => ({
  cel: '',
  span: NOWHERE,
  reads: [],
  constant: value,
});
export const cel = (text: string, ...reads: readonly Read[]): Expression => ({
  cel: text,
  span: NOWHERE,
  reads,
});
export const readLocal = (name: string, slot: number): Read => ({ from: 'local', name, slot });
export const readVariable = (name: string, variable: number): Read => ({ from: 'variable', name, variable });
export const readResource = (name: string, first: number, ...attributes: readonly string[]): Read => ({
  from: 'resource',
  name,
  first,
  count: 1,
  array: false,
  attributes,
});
export const readGroup = (name: string, group: number, ...attributes: readonly string[]): Read => ({
  from: 'group',
  name,
  group,
  elements: false,
  attributes,
});
export const readReplicas = (name: string, group: number, ...attributes: readonly string[]): Read => ({
  from: 'group',
  name,
  group,
  elements: true,
  attributes,
});
export const readTask = (...attributes: readonly string[]): Read => ({
  from: 'task',
  name: 'task',
  attributes,
});

// Instructions

export const ms = (min: number, max = min): Duration => ({
  kind: 'fixed',
  minUs: min * 1000,
  maxUs: max * 1000,
});
export const print = (text: string | Expression): Bit => ({
  op: 'print',
  text: typeof text === 'string' ? constant(text) : text,
});
export const sleep = (min: number, max = min): Bit => ({ op: 'sleep', duration: ms(min, max) });
export const evaluate = (slot: number, expression: Expression): Bit => ({
  op: 'evaluate',
  expressions: [expression],
  slots: [slot],
});
export const assign = (slot: number, value: Value): Bit => ({ op: 'assign', slot, value });
export const write = (variable: number, from: number, index?: number): Bit => ({
  op: 'write',
  variable,
  from,
  ...(index === undefined ? {} : { index }),
});
export const update = (variable: number, value: Expression, old?: number): Bit => ({
  op: 'update',
  writes: [{ variable, value }],
  ...(old === undefined ? {} : { old }),
});
export const raise = (name: string, message: string | Expression = ''): Bit => ({
  op: 'raise',
  name,
  message: typeof message === 'string' ? constant(message) : message,
});
export const end: Bit = { op: 'end' };

type OperateOptions = {
  readonly operands?: readonly (Value | Expression)[];
  readonly timeout?: TimeoutRule;
  readonly result?: number;
};

const needed: Partial<Record<OperationName, readonly Value[]>> = {
  'semaphore.acquire': [1n],
  'semaphore.release': [1n],
  'queue.put': [null, 0n],
  'queue.close': [0n],
  'condition.notify': [1n],
  'barrier.wait': [0n],
  'pipe.send': [null],
  'task.start': [null],
};

export function operate(operation: OperationName, target: number, options: OperateOptions = {}): Bit {
  const given = options.operands ?? [];
  const operands = (needed[operation] ?? []).map((standard, index) => given[index] ?? standard);
  return {
    op: 'operate',
    operation,
    target: { kind: 'fixed', id: target },
    operands: operands.map((operand) => (isExpression(operand) ? operand : constant(operand))),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.result === undefined ? {} : { result: options.result }),
  };
}

function isExpression(operand: Value | Expression): operand is Expression {
  return typeof operand === 'object' && operand !== null && 'cel' in operand && 'reads' in operand;
}

/** A loop of `times` rounds over `body`, as `repeat` compiles; `at` is where it begins, and two slots are its own. */
export function repeat(at: number, times: number, counter: number, body: readonly Bit[]): Bit[] {
  const top = at + 2;
  return [
    assign(counter, 0n),
    assign(counter + 1, BigInt(times)),
    { op: 'next', counter, limit: counter + 1, exit: top + body.length + 2 },
    ...body,
    { op: 'jump', to: top },
  ];
}

// Resources

const plain = { span: NOWHERE, fair: false, enabled: true, onHolderExit: 'keep' } as const;
type Options = {
  readonly fair?: boolean;
  readonly enabled?: boolean;
  readonly onHolderExit?: Resource['onHolderExit'];
};

export const lock = (name: string, options: Options = {}): Resource => ({
  ...plain,
  ...options,
  name,
  kind: 'lock',
});
export const rlock = (name: string, options: Options = {}): Resource => ({
  ...plain,
  ...options,
  name,
  kind: 'rlock',
});
export const rwlock = (
  name: string,
  prefer: 'none' | 'readers' | 'writers',
  options: Options = {},
): Resource => ({ ...plain, ...options, name, kind: 'rwlock', prefer });
export const semaphore = (
  name: string,
  permits: number,
  options: Options & { readonly bounded?: boolean } = {},
): Resource => ({ ...plain, bounded: false, ...options, name, kind: 'semaphore', permits });
export const queue = (
  name: string,
  order: 'fifo' | 'lifo' | 'priority',
  capacity: number,
  options: Options = {},
): Resource => ({ ...plain, ...options, name, kind: 'queue', order, capacity });
export const condition = (name: string, lock: number): Resource => ({
  ...plain,
  name,
  kind: 'condition',
  lock,
});
export const barrier = (name: string, parties: number, hasAction = false): Resource => ({
  ...plain,
  name,
  kind: 'barrier',
  parties,
  ...(hasAction ? { hasAction } : {}),
});
/** Both ends, the first of them at that place in the plan. */
export const pipe = (name: string, at: number): Resource[] => [
  { ...plain, name: `${name}.left`, kind: 'pipeEnd', peer: at + 1 },
  { ...plain, name: `${name}.right`, kind: 'pipeEnd', peer: at },
];
export const event = (name: string, set = false): Resource => ({ ...plain, name, kind: 'event', set });

// Plans

export type TaskDraft = {
  readonly name: string;
  readonly kind?: TaskKind;
  readonly daemon?: boolean;
  readonly count?: number;
  readonly slots?: number;
  readonly handlers?: readonly Handler[];
  readonly program: readonly Bit[];
};

export type PlanDraft = {
  readonly seed?: number;
  readonly timeoutUs?: number;
  readonly resources?: readonly Resource[];
  readonly variables?: readonly Variable[];
  readonly points?: readonly string[];
  readonly main?: Omit<TaskDraft, 'name' | 'kind' | 'count'>;
  /** Task 0 is main; these are numbered from 1, replicas one after the other. */
  readonly tasks?: readonly TaskDraft[];
};

export const variable = (
  name: string,
  initial: Value | readonly Value[],
  options: { readonly shared?: boolean } = {},
): Variable => ({
  name,
  span: NOWHERE,
  shared: options.shared ?? false,
  array: Array.isArray(initial),
  initial: (Array.isArray(initial) ? initial : [initial]) as readonly Value[],
});

export function makePlan(draft: PlanDraft): Plan {
  const steps: Step[] = [];
  const programs: Program[] = [];
  const tasks: Task[] = [];
  const groups: Group[] = [];
  let processes = 0;
  const declare = (task: TaskDraft): void => {
    const { name, kind = 'thread', count, daemon } = task;
    groups.push({ name, span: NOWHERE, first: tasks.length, count: count ?? 1, kind });
    programs.push(programOf(task, steps));
    for (let index = 0; index < (count ?? 1); index++) {
      tasks.push({
        name: count === undefined ? name : `${name}[${index}]`,
        group: groups.length - 1,
        index,
        item: null,
        kind,
        program: programs.length - 1,
        ...(daemon === undefined ? {} : { daemon }),
        ...(kind === 'process' ? { process: processes++ } : {}),
      });
    }
  };
  declare({ program: [end], ...draft.main, name: 'main', kind: 'process' });
  for (const task of draft.tasks ?? []) declare(task);
  return {
    name: 'plan',
    file: 'plan.yaml',
    params: {},
    seed: draft.seed ?? 1,
    timeoutUs: draft.timeoutUs ?? 3600e6,
    failFast: false,
    mainIsWritten: true,
    check: { time: 'free', spuriousWakeups: false },
    resources: draft.resources ?? [],
    variables: draft.variables ?? [],
    programs,
    tasks,
    groups,
    steps,
    points: (draft.points ?? []).map((name) => ({ name, step: 0 })),
    processes,
    expect: { ...nothingExpected, deadlock: 'possible' },
  };
}

function programOf({ name, program, handlers = [], slots = 0 }: TaskDraft, steps: Step[]): Program {
  const instructions = program.map((bit): Instruction => {
    const text = bit.op === 'operate' ? bit.operation : bit.op;
    steps.push({ verb: bit.op, text, span: NOWHERE });
    return { ...bit, step: steps.length - 1 } as Instruction;
  });
  return {
    name,
    instructions,
    handlers,
    slots: Array.from({ length: slots }, (_, slot) => `slot${slot}`),
  };
}
