/**
 * Pools: their workers, and steps that wait for them.
 */
import type { Path } from '../../../document/document.ts';
import type { JoinStep } from '../../../document/scenario.generated.ts';
import type { Expression, Read } from '../../../expression/expression.ts';
import type { Planning } from '../planning.ts';
import type { Reference } from '../resources/reference.ts';
import type { Declaration } from '../tasks/task-table.ts';
import { resultSlot, type StepContext } from './step-context.ts';
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

/**
 * It has no work, and none of its workers is on its way out. All declarations of the pool's work are known only when all
 * programs are compiled.
 */
function idleness({ planning }: StepContext, pool: number, span: Expression['span']): Expression {
  const all = planning.tasks.declarations();
  const works = all.filter((declaration) => declaration.pool === pool);
  const idle = works.map(({ group }, index): Read => {
    return { from: 'group', name: `work${index}`, group, elements: false, attributes: ['running'] };
  });
  const gone = workersThatStop(planning, pool).map(({ group }): Read => {
    return { from: 'group', name: 'workers', group, elements: true, attributes: ['state'] };
  });
  const parts = [
    ...idle.map(({ name }) => `${name}.running == 0`),
    ...gone.map(({ name }) => `${name}.all(one, one.state != "stopping")`),
  ];
  return { cel: parts.length === 0 ? 'true' : parts.join(' && '), span, reads: [...idle, ...gone] };
}

/** Its workers, where they take time to be gone and somebody may end them. */
function workersThatStop(planning: Planning, pool: number): readonly Declaration[] {
  const { names, resources, starts, tasks, uses } = planning;
  const found = tasks.declarations().filter(({ body }) => body.is === 'worker' && body.pool === pool);
  const binding = names.lookup(resources.list()[pool]?.name.split('[')[0] ?? '');
  const used = uses.of(binding?.kind === 'resource' ? binding.first : pool);
  const isEnded = used.has('pool.terminate') || used.has('pool.kill');
  return found.filter(({ kind }) => kind === 'process' && (isEnded || starts.haveFunctions()));
}
