/**
 * Barriers: to wait at one, with its action and its own timeout.
 */
import type { Path } from '../../../document/document.ts';
import type { Steps, WaitStep } from '../../../document/scenario.generated.ts';
import type { ActionPart, Target } from '../../instruction.ts';
import type { BarrierResource } from '../../plan.ts';
import { createTaskScope } from '../resources/name-table.ts';
import { type Reference, targetOf } from '../resources/reference.ts';
import type { Label } from '../tasks/program-builder.ts';
import { emitOperation } from './resource-verbs.ts';
import { constant, overSlots, resultSlot, type StepContext } from './step-context.ts';
import { type Timed, timed, timeoutField } from './timed.ts';

export function waitAtBarrier(context: StepContext, reference: Reference, step: WaitStep, path: Path): void {
  const { document, scenario } = context.planning;
  const declared = scenario.barriers?.[reference.name];
  const target = targetOf(context, reference);
  const usual = barrierOf(context, reference)?.timeout;
  const timing: Timed = { ...step, ...(usual === undefined ? {} : { usual }) };
  if (declared?.action !== undefined) {
    waitWithAction(context, reference, target, declared.action, timing, path);
    return;
  }
  const operands = [constant(0n, document.spanAt(path))];
  emitOperation(context, { operation: 'barrier.wait', target, operands }, timing, path);
}

/** Whoever comes last does the action before it lets the others go. If the action fails, the barrier is broken for all. */
function waitWithAction(
  context: StepContext,
  reference: Reference,
  target: Target,
  action: Steps,
  timing: Timed,
  path: Path,
): void {
  const { builder, planning } = context;
  const span = planning.document.spanAt(path);
  const result = timing.as === undefined ? undefined : resultSlot(context, timing.as);
  const arrival = builder.hidden('arrival');
  const wait = { op: 'operate', operation: 'barrier.wait', target, operands: [constant(1n, span)] } as const;
  timed(context, timing, path, false, (rule) => {
    builder.emitLater((at) => ({ ...wait, ...timeoutField(rule, at), result: arrival }));
    const others = builder.label();
    const isLast = overSlots(`arrival == ${partiesOf(context, reference) - 1}`, { arrival }, span);
    builder.emitLater((at) => ({ op: 'branch', condition: isLast, otherwise: at(others) }));
    doAction(context, { name: reference.name, target, action }, path);
    builder.place(others);
    if (result !== undefined) builder.emit({ op: 'copy', from: arrival, to: result });
  });
}

function partiesOf(context: StepContext, reference: Reference): number {
  return barrierOf(context, reference)?.parties ?? 1;
}

function barrierOf({ planning }: StepContext, { binding }: Reference): BarrierResource | undefined {
  const resource = binding.kind === 'resource' ? planning.resources.list()[binding.first] : undefined;
  return resource?.kind === 'barrier' ? resource : undefined;
}

/** What whoever came last does, and then lets the others go; or breaks the barrier, if it fails. */
function doAction(
  context: StepContext,
  { name, target, action }: { readonly name: string; readonly target: Target; readonly action: Steps },
  path: Path,
): void {
  const { builder } = context;
  builder.guarded({
    body: () => compileAction(context, name, action, path),
    normally: () => builder.emit({ op: 'operate', operation: 'barrier.release', target, operands: [] }),
    handler(slot) {
      builder.emit({ op: 'operate', operation: 'barrier.abort', target, operands: [] });
      builder.emit({ op: 'reraise', slot });
    },
  });
}

/** A barrier's action, for a function of the user's own that waits there: part of the program, but on no way through it. */
type FunctionAction = {
  readonly name: string;
  readonly barriers: Pick<ActionPart, 'first' | 'count' | 'slot'>;
  readonly from: Label;
  readonly to: Label;
};

/** Of the instruction of a call. */
export type ActionsField = (at: (label: Label) => number) => { readonly actions?: readonly ActionPart[] };

/** Emits `call`, and behind it what its function does where it comes last to a barrier. */
export function withActions(context: StepContext, path: Path, call: (field: ActionsField) => void): void {
  const { builder, planning } = context;
  const actions = actionsFor(context);
  if (actions.length === 0) {
    call(() => ({}));
    return;
  }
  call((at) => ({
    actions: actions.map(({ barriers, from, to }) => ({ ...barriers, from: at(from), to: at(to) })),
  }));
  const after = builder.label();
  builder.emitLater((at) => ({ op: 'jump', to: at(after) }));
  for (const { name, barriers, from, to } of actions) {
    const action = planning.scenario.barriers?.[name]?.action ?? [];
    builder.place(from);
    doAction(context, { name, target: { kind: 'slot', slot: barriers.slot }, action }, path);
    builder.place(to);
  }
  builder.place(after);
}

/** A function that is called in the action of a barrier cannot wait there. */
function actionsFor({ planning, routines, builder, isTeardown }: StepContext): readonly FunctionAction[] {
  if (isTeardown) return [];
  return Object.entries(planning.scenario.barriers ?? {}).flatMap(([name, { action }]) => {
    const binding = planning.names.lookup(name);
    if (action === undefined || binding?.kind !== 'resource' || routines.includes(name)) return [];
    const { first, count } = binding;
    const barriers = { first, count, slot: builder.hidden('barrier') };
    return [{ name, barriers, from: builder.label(), to: builder.label() }];
  });
}

/** The action's steps in place: they belong to the barrier, so they know no locals of who does them. */
function compileAction(context: StepContext, name: string, action: Steps, path: Path): void {
  const { builder, planning, routines } = context;
  if (routines.includes(name)) {
    const span = planning.document.spanAt([...path, 'wait']);
    planning.report('recursive-routine', span, `the action of \`${name}\` waits at \`${name}\` itself`);
    return;
  }
  const scope = createTaskScope(planning.names, name);
  const exit = builder.label();
  const inner: StepContext = { ...context, scope, routines: [...routines, name], mayFail: false };
  builder.routine(exit, () => context.steps(inner, action, ['barriers', name, 'action']));
  builder.place(exit);
}
