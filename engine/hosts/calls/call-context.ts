/**
 * The second argument of a function of the user's own: the verbs of steps, done by the task that calls it.
 *
 * All of them are synchronous: they return when they are done, however long the task waits. What goes wrong is thrown as an
 * error with Python's name.
 */

import type { Duration, Expression } from '../../expression/expression.ts';
import { type SideKind, traitsOf } from '../../expression/scope.ts';
import { lengthFromValue } from '../../expression/values/duration.ts';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import type { Performer } from '../../machine/performer.ts';
import { deedFor, type Kind } from '../../plan/compile/resources/operation-of.ts';
import type { ActionPart, TimeoutRule } from '../../plan/instruction.ts';
import { OPERANDS, type OperationName, type OperationTraits, operations } from '../../plan/operation.ts';
import type { BarrierResource, Plan, Resource } from '../../plan/plan.ts';
import { fromJavaScript, toJavaScript } from './call-values.ts';

/** Milliseconds, or text such as `250ms`. */
export type Length = number | string;
export type Limit = { readonly timeout?: Length };

export type CallContext = {
  readonly task: { readonly name: string; readonly index: number; readonly pid: number };
  /** Vars by name, cells as `state[2]`: to read one and to write one are visible moments. */
  readonly vars: Record<string, unknown>;
  /**
   * Reads and writes a var as one moment. If others write meanwhile, `make` is called again: it should do nothing else.
   *
   * @returns the value before
   */
  update(name: string, make: (old: unknown) => unknown): unknown;
  /** Aborted when the task is told to end, or the time of its step is over: the function is to come to its end then. */
  readonly stopping: AbortSignal;
  print(value: unknown): void;
  sleep(length: Length): void;
  /** With a timeout, whether it was acquired. */
  acquire(name: string, options?: Limit & { readonly permits?: number }): boolean;
  release(name: string, options?: { readonly permits?: number }): void;
  /** Acquires, calls, and releases on every way out; waits for a promise before. */
  with<T>(name: string, work: () => T): T;
  put(name: string, item: unknown, options?: Limit & { readonly priority?: number }): void;
  get(name: string, options?: Limit): unknown;
  task_done(name: string): void;
  close(name: string, options?: { readonly immediate?: boolean }): void;
  send(name: string, item: unknown, options?: Limit): void;
  receive(name: string, options?: Limit): unknown;
  /** Of an event or a condition with a timeout, whether it came; of a barrier, the index of arrival. */
  wait(name: string, options?: Limit): unknown;
  signal(name: string): void;
  clear(name: string): void;
  /** Of a barrier. */
  reset(name: string): void;
  abort(name: string): void;
  notify(name: string, options?: { readonly count?: number | 'all' }): void;
  start(name: string, input?: unknown): void;
  /** Of a task, with a timeout, whether it has ended; of a queue, once all is dealt with. */
  join(name: string, options?: Limit): boolean;
  terminate(name: string): void;
  kill(name: string): void;
};

type Target = { readonly id: number; readonly kind: Kind };

type Verb = Parameters<typeof deedFor>[1];

export type ContextOptions = {
  readonly plan: Plan;
  readonly performer: Performer;
  readonly task: number;
  readonly pid: number;
  /** What it does where it comes last to a barrier. */
  readonly actions: readonly ActionPart[];
  /** Microseconds until the call's time is over; Infinity without a limit. @throws once it is */
  readonly leftUs: () => number;
  readonly stopping: () => AbortSignal;
};

export function createCallContext(options: ContextOptions): CallContext {
  const { plan, performer, task, pid, leftUs } = options;
  const find = (name: string): Target => findTarget(plan, name);
  const operate = (verb: Verb, name: string, operands: readonly unknown[], timeout?: Length): unknown => {
    const target = find(name);
    const operation = operationOf(verb, target, name);
    return perform(options, operation, target.id, operands, timeout);
  };
  const lockOf = (name: string): string => lockName(plan, find(name), name);
  const permitsOf = (name: string, permits: number | undefined): readonly unknown[] =>
    find(lockOf(name)).kind === 'semaphore' ? [permits ?? 1] : [];
  const acquire: CallContext['acquire'] = (name, { permits, timeout } = {}) =>
    operate('acquire', lockOf(name), permitsOf(name, permits), timeout) !== false;
  const release: CallContext['release'] = (name, { permits } = {}) =>
    void operate('release', lockOf(name), permitsOf(name, permits));
  const { name, index } = plan.tasks[task] ?? { name: '', index: 0 };
  return {
    task: { name, index, pid },
    get stopping() {
      return options.stopping();
    },
    vars: varsOf(options),
    update: (variable, make) => {
      leftUs();
      const { number, cell } = cellNamed(plan, variable);
      const change = (old: Value): Value => fromJavaScript(make(toJavaScript(old)));
      return toJavaScript(performer.update(number, cell, change));
    },
    print: (value) => {
      leftUs();
      performer.print(textFromValue(fromJavaScript(value)));
    },
    sleep: (length) => {
      const wantedUs = microseconds(length);
      const givenUs = Math.min(wantedUs, leftUs());
      performer.perform({ op: 'sleep', duration: fixed(givenUs) });
      if (givenUs < wantedUs) leftUs();
    },
    acquire,
    release,
    with: (what, work) => {
      acquire(what);
      return finallyDo(work, () => release(what));
    },
    put: (queue, item, { timeout, priority = 0 } = {}) =>
      void operate('put', queue, [item, priority], timeout),
    get: (queue, { timeout } = {}) => operate('get', queue, [], timeout),
    task_done: (queue) => void operate('task_done', queue, []),
    close: (what, { immediate = false } = {}) =>
      void operate('close', what, find(what).kind === 'pipeEnd' ? [] : [immediate]),
    send: (end, item, { timeout } = {}) => void operate('send', end, [item], timeout),
    receive: (end, { timeout } = {}) => operate('receive', end, [], timeout),
    wait: (what, { timeout } = {}) => {
      const { id } = find(what);
      const barrier = plan.resources[id];
      if (find(what).kind !== 'barrier' || barrier?.kind !== 'barrier')
        return operate('wait', what, [], timeout);
      return waitAtBarrier(options, barrier, id, timeout);
    },
    signal: (event) => void operate('signal', event, []),
    clear: (event) => void operate('clear', event, []),
    reset: (barrier) => void operate('reset', barrier, []),
    abort: (barrier) => void operate('abort', barrier, []),
    notify: (condition, { count = 1 } = {}) =>
      void operate('notify', condition, [count === 'all' ? OPERANDS.most : count]),
    start: (other, input) => void operate('start', other, [input]),
    join: (what, { timeout } = {}) => operate('join', what, [], timeout) !== false,
    terminate: (other) => void operate('terminate', other, []),
    kill: (other) => void operate('kill', other, []),
  };
}

/** Tasks and resources by the names that reports use: `fork[2]`, `visitor[0]`, `p.left`. */
function findTarget({ resources, tasks }: Plan, name: string): Target {
  const resource = resources.findIndex((one) => one.name === name);
  const found = resources[resource];
  if (found !== undefined) return { id: resource, kind: found.kind };
  const side = sideNamed(resources, name);
  if (side !== undefined) return side;
  const id = tasks.findIndex((one) => one.name === name);
  if (id >= 0) return { id, kind: 'task' };
  throw new ScenarioError('NameError', `there is no resource and no task called '${name}'`);
}

/** `catalogue.read`, of what is taken by its sides. */
function sideNamed(resources: readonly Resource[], name: string): Target | undefined {
  const dot = name.lastIndexOf('.');
  const id = dot < 0 ? -1 : resources.findIndex((one) => one.name === name.slice(0, dot));
  const whole = resources[id];
  const side = name.slice(dot + 1);
  if (whole === undefined || traitsOf(whole.kind).sides?.includes(side) !== true) return undefined;
  return { id, kind: `${whole.kind}.${side}` as SideKind };
}

/** The lock of a condition is acquired by the condition's name. */
function lockName({ resources }: Plan, { id }: Target, name: string): string {
  const resource = resources[id];
  return resource?.kind === 'condition' && resource.name === name
    ? (resources[resource.lock]?.name ?? name)
    : name;
}

/** What the planner makes of several instructions, functions do not have. */
function operationOf(verb: Verb, { kind }: Target, name: string): OperationName {
  const deed = deedFor(kind, verb);
  if (deed !== undefined && deed !== 'planned') return deed;
  throw new ScenarioError('TypeError', `'${name}' is a ${kind}: it has no ${verb}`);
}

function perform(
  { performer, leftUs }: ContextOptions,
  operation: OperationName,
  id: number,
  operands: readonly unknown[],
  timeout: Length | undefined,
): unknown {
  const traits: OperationTraits = operations[operation];
  const ownUs = timeout === undefined ? Number.POSITIVE_INFINITY : microseconds(timeout);
  const afterUs = Math.min(ownUs, leftUs());
  const isLimited = traits.waits && afterUs !== Number.POSITIVE_INFINITY;
  const rule: TimeoutRule = { after: fixed(afterUs), raises: !traits.boolean || timeout === undefined };
  try {
    const result = performer.perform({
      op: 'operate',
      operation,
      target: { kind: 'fixed', id },
      operands: operands.map((operand) => literal(fromJavaScript(operand))),
      ...(isLimited ? { timeout: rule } : {}),
      ...(traits.waits ? { result: performer.scratch } : {}),
    });
    return toJavaScript(result);
  } catch (error) {
    // Where the call's own time was the shorter one, that is what is over.
    if (afterUs < ownUs) leftUs();
    throw error;
  }
}

/** Whoever comes last does the barrier's action, as in a step. */
function waitAtBarrier(
  options: ContextOptions,
  barrier: BarrierResource,
  id: number,
  timeout?: Length,
): unknown {
  const { performer, actions } = options;
  const part = actions.find(({ first, count }) => first <= id && id < first + count);
  if (barrier.hasAction === true && (part === undefined || !performer.canRun(part))) {
    const why = 'runs commands or functions, or was called by it';
    throw new ScenarioError('TypeError', `the action of '${barrier.name}' ${why}: wait for it in a step`);
  }
  const { timeout: usual } = barrier;
  const limit = timeout ?? (usual?.kind === 'fixed' ? usual.minUs / 1000 : undefined);
  const arrival = perform(options, 'barrier.wait', id, [part === undefined ? 0 : 1], limit);
  if (part !== undefined && arrival === barrier.parties - 1) performer.runPart(part, id);
  return arrival;
}

function varsOf({ plan, performer, leftUs }: ContextOptions): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, name) => {
        if (typeof name === 'symbol') return undefined;
        leftUs();
        const { number: variable, cell, isElement } = variableNamed(plan, name);
        const read = { from: 'variable', name: 'value', variable } as const;
        const cel = isElement ? `value[${cell}]` : 'value';
        const expression: Expression = { cel, span: NOWHERE, reads: [read] };
        const slots = [performer.scratch];
        return toJavaScript(performer.perform({ op: 'evaluate', expressions: [expression], slots }));
      },
      set: (_, name, value) => {
        leftUs();
        const { number, cell } = cellNamed(plan, String(name));
        performer.write(number, cell, fromJavaScript(value));
        return true;
      },
    },
  );
}

type NamedVariable = { readonly number: number; readonly cell: number; readonly isElement: boolean };

/** A var, or as `state[2]` a cell of one that is an array. */
function variableNamed({ variables }: Plan, text: string): NamedVariable {
  const [, name = text, index] = /^(.*)\[(\d+)\]$/s.exec(text) ?? [];
  const number = variables.findIndex((one) => one.name === name);
  const variable = variables[number];
  if (variable === undefined) throw new ScenarioError('NameError', `there is no var called '${name}'`);
  if (index === undefined) return { number, cell: 0, isElement: false };
  const cells = variable.initial.length;
  if (!variable.array) throw new ScenarioError('TypeError', `'${name}' is one value, not an array`);
  if (Number(index) >= cells)
    throw new ScenarioError('IndexError', `${text} does not exist: ${name} has ${cells} cells`);
  return { number, cell: Number(index), isElement: true };
}

/** Where one value can be written. */
function cellNamed(plan: Plan, text: string): NamedVariable {
  const named = variableNamed(plan, text);
  if (named.isElement || plan.variables[named.number]?.array !== true) return named;
  throw new ScenarioError('TypeError', `'${text}' is an array: say which cell, as in '${text}[0]'`);
}

const NOWHERE = { start: 0, end: 0 } as const;

function literal(value: Value): Expression {
  return { cel: '', span: NOWHERE, reads: [], constant: value };
}

function fixed(us: number): Duration {
  return { kind: 'fixed', minUs: us, maxUs: us };
}

function microseconds(length: Length): number {
  if (typeof length === 'string') return lengthFromValue(length).minUs;
  if (Number.isFinite(length) && length >= 0) return Math.round(length * 1000);
  throw new ScenarioError(
    'ValueError',
    `${length} is no length of time: give milliseconds, or text such as '250ms'`,
  );
}

/** Also behind a promise. */
function finallyDo<T>(work: () => T, deed: () => void): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    deed();
    throw error;
  }
  if (result instanceof Promise) return result.finally(deed) as T;
  deed();
  return result;
}
