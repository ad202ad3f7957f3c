/**
 * Starts that the planner makes and that may be refused: the pool takes no more work, or a function has started the task
 * before. Whatever was to be started goes on without it. What is refused is marked as skipped, so that nobody waits for it, and
 * whoever starts it fails with the error.
 */
import type { Expression } from '../../../expression/expression.ts';
import type { Planning } from '../planning.ts';
import { constant, overSlots, type StepContext } from '../steps/step-context.ts';
import { startedByMain } from './main-starts.ts';
import { overReplicas, type Replicas } from './replicas.ts';
import type { Declaration } from './task-table.ts';

/** Known once the steps of all tasks are compiled. */
export function mayBeRefused({ starts, uses }: Planning, { pool }: Declaration): boolean {
  if (starts.haveFunctions()) return true;
  if (pool === undefined) return false;
  const used = uses.of(pool);
  return used.has('pool.close') || used.has('pool.terminate') || used.has('pool.kill');
}

/**
 * Starts the rows of a declaration, and `then` what looks at them. Of what was started before each is there, so nothing is left
 * to be skipped.
 *
 * @returns the slot where the error is behind that; null if there was none
 */
export function guardedStart(
  context: StepContext,
  of: Declaration,
  rows: readonly Replicas[],
  then: () => void,
): number {
  const { builder } = context;
  const refused = builder.hidden('refused');
  builder.emit({ op: 'assign', slot: refused, value: null });
  startRows(context, of, rows, (start) =>
    builder.guarded({
      body: start,
      handler: (slot) => builder.emit({ op: 'copy', from: slot, to: refused }),
    }),
  );
  if (of.pool === undefined) {
    then();
    return refused;
  }
  const [skip, done] = [builder.label(), builder.label()] as const;
  const isStarted = overSlots('refused == null', { refused }, of.span);
  builder.emitLater((at) => ({ op: 'branch', condition: isStarted, otherwise: at(skip) }));
  then();
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(skip);
  emitSkip(context, of, constant('its pool takes no more work', of.span));
  builder.place(done);
  return refused;
}

export function startRows(
  context: StepContext,
  { span }: Declaration,
  rows: readonly Replicas[],
  each: (start: () => void) => void = (start) => start(),
): void {
  const nothing = constant(null, span);
  for (const row of rows) {
    overReplicas(context, row, (target) =>
      each(() =>
        context.builder.emit({ op: 'operate', operation: 'task.start', target, operands: [nothing] }),
      ),
    );
  }
}

/** Fails with what a start failed with, if it did. */
export function failIfRefused({ builder }: StepContext, refused: number, span: Expression['span']): void {
  const done = builder.label();
  const condition = overSlots('refused != null', { refused }, span);
  builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(done) }));
  builder.emit({ op: 'reraise', slot: refused });
  builder.place(done);
}

/** Those that were not started never will be. */
export function emitSkip(context: StepContext, of: Declaration, reason: Expression): void {
  for (const row of startedByMain(context.planning, of)) {
    overReplicas(context, row, (target) => {
      context.builder.emit({ op: 'operate', operation: 'task.skip', target, operands: [reason] });
    });
  }
}
