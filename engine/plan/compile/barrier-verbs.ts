/**
 * Barriers: to wait at one, with its action and its own timeout.
 */
import type { Path } from '../../document/document.ts';
import type { Steps, WaitStep } from '../../document/scenario.generated.ts';
import type { Target } from '../instruction.ts';
import { createTaskScope } from './name-table.ts';
import { type Reference, targetOf } from './reference.ts';
import { emitOperation } from './resource-verbs.ts';
import { constant, overSlots, resultSlot, type StepContext } from './step-context.ts';
import { type Timed, timed, timeoutField } from './timed.ts';

export function waitAtBarrier(context: StepContext, reference: Reference, step: WaitStep, path: Path): void {
  const { document, scenario } = context.planning;
  const declared = scenario.barriers?.[reference.name];
  const target = targetOf(context, reference);
  const usual = usualTimeout(context, reference.name, declared?.timeout);
  const timing: Timed = { ...step, ...(usual === undefined ? {} : { usual }) };
  if (declared?.action !== undefined) {
    waitWithAction(context, reference, target, declared.action, timing, path);
    return;
  }
  const operands = [constant(0n, document.spanAt(path))];
  emitOperation(context, { operation: 'barrier.wait', target, operands }, timing, path);
}

function usualTimeout({ planning }: StepContext, name: string, timeout: string | undefined): Timed['usual'] {
  if (timeout === undefined) return undefined;
  return planning.constants.duration({ data: timeout, path: ['barriers', name, 'timeout'] });
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
    builder.guarded({
      body: () => compileAction(context, reference.name, action, path),
      normally: () => builder.emit({ op: 'operate', operation: 'barrier.release', target, operands: [] }),
      handler(slot) {
        builder.emit({ op: 'operate', operation: 'barrier.abort', target, operands: [] });
        builder.emit({ op: 'reraise', slot });
      },
    });
    builder.place(others);
    if (result !== undefined) builder.emit({ op: 'copy', from: arrival, to: result });
  });
}

function partiesOf({ planning }: StepContext, { binding }: Reference): number {
  const resource = binding.kind === 'resource' ? planning.resources.list()[binding.first] : undefined;
  return resource?.kind === 'barrier' ? resource.parties : 1;
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
