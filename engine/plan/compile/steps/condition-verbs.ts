/**
 * Conditions: to notify who waits, and to wait until something is true.
 */
import type { Path } from '../../../document/document.ts';
import type { Data, NotifyStep } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import { OPERANDS } from '../../operation.ts';
import { type Reference, referenceOf, targetOf } from '../resources/reference.ts';
import { amountOf } from './amount.ts';
import { operate } from './resource-verbs.ts';
import { computed, constant, overSlots, resultSlot, type StepContext } from './step-context.ts';
import { type Timed, timed } from './timed.ts';
import { checkPredicate } from './watched-condition.ts';

export function compileNotify(context: StepContext, step: NotifyStep, path: Path): void {
  const reference = referenceOf(context, step.notify, [...path, 'notify'], 'notify');
  const count = countOf(context, step.count, path);
  if (reference !== undefined && count !== undefined) operate(context, reference, [count], {}, path);
}

/** How many are notified: never more than wait, so that the largest number is all of them. */
function countOf(context: StepContext, count: Data | undefined, path: Path): Expression | undefined {
  const span = context.planning.document.spanAt(path);
  if (count === undefined) return constant(1n, span);
  if (count === 'all') return constant(BigInt(OPERANDS.most), span);
  const bounds = { least: 0, most: Number.POSITIVE_INFINITY, help: 'for all of them write `all`' };
  return amountOf(context, count, [...path, 'count'], bounds);
}

/**
 * As Python's `wait_for`: looks before it waits, after each time it was notified, and once more when the time is over; one
 * limit holds for all of it. The result is what it saw last.
 */
export function waitUntil(
  context: StepContext,
  reference: Reference,
  predicate: Data,
  step: Timed,
  path: Path,
): void {
  const { builder, planning } = context;
  const until = computed(context, predicate, [...path, 'until'], 'bool');
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  const target = targetOf(context, reference);
  if (until === undefined) return;
  checkPredicate(context, predicate, [...path, 'until']);
  const [again, late, done] = [builder.label(), builder.label(), builder.label()] as const;
  const holds = builder.hidden('until');
  const look = (): void => {
    builder.emit({ op: 'evaluate', expressions: [until], slots: [holds] });
    const condition = overSlots('!until', { until: holds }, until.span);
    builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(done) }));
  };
  const wait = { op: 'operate', operation: 'condition.wait', target, operands: [] } as const;
  timed(context, step, path, true, (rule) => {
    const keep = rule === undefined ? undefined : builder.hidden('limit');
    if (keep !== undefined) builder.emit({ op: 'assign', slot: keep, value: null });
    builder.place(again);
    look();
    builder.emitLater((at) => {
      if (rule === undefined || keep === undefined) return wait;
      return { ...wait, timeout: { after: rule(at).after, raises: false, onTimeout: at(late), keep } };
    });
    builder.emitLater((at) => ({ op: 'jump', to: at(again) }));
    if (rule !== undefined) {
      builder.place(late);
      look();
      if (step.onTimeout !== undefined) {
        if (result !== undefined) builder.emit({ op: 'copy', from: holds, to: result });
        builder.emitLater((at) => ({ op: 'jump', to: rule(at).onTimeout ?? at(done) }));
      } else if (result === undefined) {
        const message = constant('', planning.document.spanAt(path));
        builder.emit({ op: 'raise', name: 'TimeoutError', message });
      }
    }
    builder.place(done);
    if (result !== undefined) builder.emit({ op: 'copy', from: holds, to: result });
  });
}
