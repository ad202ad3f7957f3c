/**
 * `submit`: hands work to a pool.
 *
 * Each piece of work is a task of its own, which a worker adopts. How many of them there are has to be known before the
 * run: as many as the steps around the `submit` can ask for, or `mostUnknown` where that cannot be told.
 */
import type { Path } from '../../../document/document.ts';
import type { Step, SubmitStep } from '../../../document/scenario.generated.ts';
import type { Expression, Read } from '../../../expression/expression.ts';
import type { Scope } from '../../../expression/scope.ts';
import { literalFromText } from '../../../expression/values/value-text.ts';
import { listOf } from '../commands/command-text.ts';
import { callFields, modelOf } from '../commands/external-verbs.ts';
import { mapOf } from '../commands/request.ts';
import { mostElements } from '../resources/declare-resources.ts';
import { createTaskScope, type TaskScope } from '../resources/name-table.ts';
import { isProcessPool } from '../resources/pool-of.ts';
import { referenceOf } from '../resources/reference.ts';
import { ProgramBuilder } from '../tasks/program-builder.ts';
import type { Declaration } from '../tasks/task-table.ts';
import { withActions } from './barrier-verbs.ts';
import { everyStep } from './points.ts';
import { fixedPool } from './pool-verbs.ts';
import { carried, constant, overSlots, readBefore, resultSlot, type StepContext } from './step-context.ts';

/** How many pieces of work one `submit` gives at most. */
const mostKnown = 10_000;
const mostUnknown = 1_000;

/** What the work is given, asked for once all of it is compiled. */
type Given = () => Expression;

export function compileSubmit(context: StepContext, step: SubmitStep, path: Path): void {
  const reference = referenceOf(context, step.submit, [...path, 'submit'], 'submit');
  const pool = reference === undefined ? undefined : fixedPool(context, reference, [...path, 'submit']);
  const work = pool === undefined ? undefined : declareWork(context, pool, path);
  const builder = new ProgramBuilder(work?.name ?? '');
  builder.step = context.builder.step;
  const given =
    step.do === undefined
      ? compileCallWork(context, builder, step, path)
      : compileStepsWork(context, builder, step.do, work ?? context.declaration, pool, path);
  if (work === undefined || pool === undefined || given === undefined) return;
  context.planning.starts.hand(context.declaration, work);
  if (step.call !== undefined) context.planning.starts.addFunction(work);
  context.planning.builders.set(work.group, builder);
  emitSubmit(context, step, { work, pool, given }, path);
}

function declareWork(context: StepContext, pool: number, path: Path): Declaration | undefined {
  const { declaration, planning, rounds } = context;
  const { document, report, resources, tasks } = planning;
  const count = Math.min(rounds === undefined ? mostUnknown : rounds * declaration.count, mostKnown);
  const span = document.spanAt([...path, 'submit'], 'key');
  if (count > mostElements - tasks.tasks().length) {
    report('bad-size', span, `this makes more than ${mostElements} tasks`);
    return undefined;
  }
  const before = tasks.declarations().filter(({ body, pool: own }) => body.is === 'work' && own === pool);
  const ordinal = before.length === 0 ? '' : String(before.length + 1);
  const name = `${resources.list()[pool]?.name}.work${ordinal}`;
  const items = Array.from({ length: count }, () => null);
  const work = { name, body: { is: 'work' }, span, daemon: undefined, kind: 'thread', array: true } as const;
  return tasks.add({ ...work, pool }, items);
}

/** The steps, with copies of the locals they name; both travel as the task's input. */
function compileStepsWork(
  context: StepContext,
  builder: ProgramBuilder,
  steps: NonNullable<SubmitStep['do']>,
  declaration: Declaration,
  pool: number | undefined,
  path: Path,
): Given {
  const { planning } = context;
  const span = planning.document.spanAt(path);
  const { scope, copies } = capturing(context.scope, builder);
  builder.emitLater(() => ({
    op: 'evaluate',
    expressions: [...copies.keys()].map((name) => inputOf(`.${name}`, span)),
    slots: [...copies.values()].map(({ inside }) => inside),
  }));
  const isDaemonProcess = pool !== undefined && isProcessPool(planning, pool);
  const inner: StepContext = {
    ...context,
    builder,
    scope,
    declaration,
    isDaemonProcess,
    rounds: 1,
    mayFail: false,
    isAtomic: false,
  };
  context.steps(inner, steps, [...path, 'do']);
  return () => {
    if (copies.size === 0) return constant(null, span);
    const cel = [...copies.keys()].map((name) => `${literalFromText(name)}: ${name}`).join(', ');
    const reads = [...copies].map(([name, { outside }]): Read => ({ from: 'local', name, slot: outside }));
    return { cel: `{${cel}}`, span, reads };
  };
}

function inputOf(field: string, span: Expression['span']): Expression {
  return { cel: `task.input${field}`, span, reads: [{ from: 'task', name: 'task', attributes: ['input'] }] };
}

type Copy = { readonly inside: number; readonly outside: number };

/** The names that the steps around it know; a local becomes one of the new program's own when it is asked for. */
function capturing(outer: Scope, builder: ProgramBuilder) {
  const copies = new Map<string, Copy>();
  const scope: TaskScope = createTaskScope({
    names: outer.names,
    lookup(name) {
      const binding = outer.lookup(name);
      if (binding?.kind !== 'local') return binding;
      const copy = copies.get(name) ?? { inside: builder.local(name), outside: binding.slot };
      copies.set(name, copy);
      return { kind: 'local', slot: copy.inside };
    },
  });
  return { scope, copies };
}

/**
 * The call; what it returns is what the task gives. Locals that its model names travel with the input, as those of steps do.
 */
function compileCallWork(
  context: StepContext,
  builder: ProgramBuilder,
  { call = '', input, model: written }: SubmitStep,
  path: Path,
): Given | undefined {
  const span = context.planning.document.spanAt([...path, 'call']);
  const asked = input === undefined ? constant(null, span) : carried(context, input, [...path, 'input']);
  const given = asked === undefined ? undefined : readBefore(context, asked);
  const { scope, copies } = capturing(context.scope, builder);
  const modelled = modelOf({ ...context, builder, scope }, written, path, (value) => value);
  const names = [...copies.keys()];
  const fields = callFields(context, call, inputOf(names.length === 0 ? '' : '[0]', span), [...path, 'call']);
  if (given === undefined || modelled === undefined || fields === undefined) return undefined;
  const slots = [...copies.values()].map(({ inside }) => inside);
  const expressions = slots.map((_, index) => inputOf(`[${index + 1}]`, span));
  if (slots.length > 0) builder.emit({ op: 'evaluate', expressions, slots });
  const result = builder.hidden('result');
  builder.result = result;
  const request = mapOf({ ...context, builder }, fields, span);
  const { model } = modelled;
  const scratch = builder.hidden('call');
  withActions({ ...context, builder }, path, (actions) =>
    builder.emitLater((at) => ({
      op: 'external',
      service: 'call',
      request,
      scratch,
      result,
      ...(model === undefined ? {} : { model }),
      ...actions(at),
    })),
  );
  if (names.length === 0) return () => given;
  const all = [
    given,
    ...[...copies].map(([name, { outside }]) => overSlots(name, { [name]: outside }, span)),
  ];
  return () => listOf(all, span);
}

type Submitted = { readonly work: Declaration; readonly pool: number; readonly given: Given };

/** Whether a step of the scenario closes or ends it. */
function isClosedSomewhere({ planning }: StepContext, pool: number): boolean {
  const name = planning.resources.list()[pool]?.name.split('[')[0];
  for (const [step] of everyStep(planning.scenario))
    if (closedBy(step).some((text) => /\w+/.exec(text)?.[0] === name)) return true;
  return false;
}

function closedBy(step: Step): readonly string[] {
  if (step.verb === 'close') return [step.close];
  if (step.verb === 'terminate') return [step.terminate].flat();
  return step.verb === 'kill' ? [step.kill].flat() : [];
}

/** Before a number is given to it; where the pool is closed after this look, the start of the work fails in the same way. */
function refuseIfClosed(context: StepContext, pool: number, span: Expression['span']): void {
  if (!isClosedSomewhere(context, pool)) return;
  const name = 'pool';
  const read: Read = { from: 'resource', name, first: pool, count: 1, array: false, attributes: ['closed'] };
  const isClosed: Expression = { cel: `${name}.closed`, span, reads: [read] };
  raiseIf(context, isClosed, 'ValueError', 'Pool not running');
}

function emitSubmit(
  context: StepContext,
  step: SubmitStep,
  { work, pool, given }: Submitted,
  path: Path,
): void {
  const { builder, planning, rounds } = context;
  const { name, first, count, span } = work;
  refuseIfClosed(context, pool, span);
  const variable = planning.variables.add({
    name: `${name}.given`,
    span,
    shared: true,
    array: false,
    initial: [0n],
  });
  const [number, slot] = [builder.hidden('given'), builder.hidden('target')] as const;
  const value: Expression = {
    cel: 'given + 1',
    span,
    reads: [{ from: 'variable', name: 'given', variable }],
  };
  builder.emit({ op: 'update', writes: [{ variable, value }], old: number });
  if (rounds === undefined || rounds * context.declaration.count > count) {
    const isFull = overSlots(`given >= ${count}`, { given: number }, span);
    raiseIf(context, isFull, 'RuntimeError', `this step can give ${count} pieces of work, not more`);
  }
  const index = overSlots('given', { given: number }, span);
  builder.emit({ op: 'resolve', name, first, count, index, slot });
  const target = { kind: 'slot', slot } as const;
  builder.emitLater(() => ({ op: 'operate', operation: 'task.start', target, operands: [given()] }));
  if (step.as === undefined) return;
  const cel = `{"task": ${literalFromText(`${name}[`)} + string(given) + "]", "number": number}`;
  const handle = overSlots(cel, { given: number, number: slot }, planning.document.spanAt(path));
  builder.emit({ op: 'evaluate', expressions: [handle], slots: [resultSlot(context, step.as)] });
}

function raiseIf({ builder }: StepContext, condition: Expression, name: string, message: string): void {
  const goesOn = builder.label();
  builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(goesOn) }));
  builder.emit({ op: 'raise', name, message: constant(message, condition.span) });
  builder.place(goesOn);
}
