/**
 * Pools: their workers, and steps that wait for them or end them.
 */
import type { Path } from '../../../document/document.ts';
import type { CloseStep, JoinStep } from '../../../document/scenario.generated.ts';
import type { Expression, Read } from '../../../expression/expression.ts';
import type { Reference } from '../resources/reference.ts';
import { constant, resultSlot, type StepContext } from './step-context.ts';
import { timed, timeoutField } from './timed.ts';

/** The program of a worker: takes the next task, waits for its end, and again. */
export function compileWorker(context: StepContext, pool: number): void {
  const { builder, declaration, planning } = context;
  const { span, name } = declaration;
  const text = `work for ${planning.resources.list()[pool]?.name ?? name}`;
  builder.step = planning.steps.numberOf([name], () => ({ verb: 'work', text, span }));
  const slot = builder.hidden('task');
  const again = builder.label();
  builder.place(again);
  const target = { kind: 'fixed', id: pool } as const;
  builder.emit({ op: 'operate', operation: 'pool.adopt', target, operands: [], result: slot });
  builder.emit({ op: 'operate', operation: 'task.join', target: { kind: 'slot', slot }, operands: [] });
  builder.emitLater((at) => ({ op: 'jump', to: at(again) }));
}

/** The number of the pool; which one it is must be known before the run. */
export function fixedPool(
  { planning }: StepContext,
  { which, name }: Reference,
  path: Path,
): number | undefined {
  if (which !== 'all' && 'at' in which) return which.at;
  const help = `write a number, as in \`${name}[0]\``;
  planning.report('not-constant', planning.document.spanAt(path), 'which pool must be known before the run', {
    help,
  });
  return undefined;
}

/** Waits until the pool has no work: whatever was given to it has ended. */
export function joinPool(context: StepContext, reference: Reference, step: JoinStep, path: Path): void {
  const { builder, planning } = context;
  const pool = fixedPool(context, reference, [...path, 'join']);
  const result = step.as === undefined ? {} : { result: resultSlot(context, step.as) };
  if (pool === undefined) return;
  const span = planning.document.spanAt([...path, 'join']);
  timed(context, step, path, true, (rule) => {
    builder.emitLater((at) => ({
      op: 'await',
      condition: idleness(context, pool, span),
      ...timeoutField(rule, at),
      ...result,
    }));
  });
}

/** All declarations of the pool's work are known only when all programs are compiled. */
function idleness({ planning }: StepContext, pool: number, span: Expression['span']): Expression {
  const groups = planning.tasks.declarations().filter((declaration) => declaration.pool === pool);
  const reads = groups.map(({ group }, index): Read => {
    return { from: 'group', name: `work${index}`, group, elements: false, attributes: ['running'] };
  });
  const cel = reads.map(({ name }) => `${name}.running == 0`).join(' && ');
  return { cel: cel === '' ? 'true' : cel, span, reads };
}

/** The var that says whether the pool takes no more work; where no step closes it there is none. */
export function closedVariable({ planning }: StepContext, pool: number): number | undefined {
  const name = `${planning.resources.list()[pool]?.name}.closed`;
  const number = planning.variables.list().findIndex((variable) => variable.name === name);
  return number < 0 ? undefined : number;
}

/** Whatever is given to the pool from now on is refused; with `immediate`, what no worker has begun is dropped. */
export function closePool(
  context: StepContext,
  reference: Reference,
  step: CloseStep,
  immediate: Expression,
  path: Path,
): void {
  const { builder, planning } = context;
  const pool = fixedPool(context, reference, [...path, 'close']);
  const variable = pool === undefined ? undefined : closedVariable(context, pool);
  if (variable === undefined) return;
  const value = constant(true, planning.document.spanAt(path));
  builder.emit({ op: 'update', writes: [{ variable, value }] });
  if (pool === undefined || step.immediate === undefined) return;
  const target = { kind: 'fixed', id: pool } as const;
  builder.emit({ op: 'operate', operation: 'pool.drop', target, operands: [immediate] });
}
