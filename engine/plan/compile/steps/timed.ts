/**
 * Steps that can wait: their `timeout`, what follows it, and their result.
 *
 * A timeout is an answer where Python gives one: an operation that answers yes or no stores false with `as` and never
 * fails. `onTimeout` handles it anywhere. Otherwise it is an error.
 */
import type { Path } from '../../../document/document.ts';
import type { Steps } from '../../../document/scenario.generated.ts';
import type { Duration } from '../../../expression/expression.ts';
import type { TimeoutRule } from '../../instruction.ts';
import type { Label } from '../tasks/program-builder.ts';
import { durationOf, readBefore, type StepContext } from './step-context.ts';

export type Timed = {
  readonly timeout?: string;
  readonly onTimeout?: Steps;
  readonly as?: string;
  /** What holds where the step has no `timeout`. */
  readonly usual?: Duration;
};

/** Makes the rule for one instruction; undefined without a timeout. */
export type Rule = ((at: (label: Label) => number) => TimeoutRule) | undefined;

/**
 * Emits what waits with its rule, and the steps of `onTimeout` behind it.
 *
 * @param answers the operation says yes or no, and its answer is stored
 */
export function timed(
  context: StepContext,
  step: Timed,
  path: Path,
  answers: boolean,
  emit: (rule: Rule) => void,
): void {
  const { builder, planning } = context;
  const { timeout, onTimeout, usual } = step;
  if (timeout === undefined && usual === undefined) {
    if (onTimeout !== undefined) {
      const span = planning.document.spanAt([...path, 'onTimeout'], 'key');
      planning.report('no-effect', span, '`onTimeout` has no effect without a `timeout`');
    }
    emit(undefined);
    return;
  }
  const written = timeout === undefined ? usual : durationOf(context, timeout, [...path, 'timeout']);
  if (written === undefined) return;
  const after: Duration =
    written.kind === 'computed'
      ? { ...written, expression: readBefore(context, written.expression) }
      : written;
  if (onTimeout === undefined) {
    const raises = !(answers && step.as !== undefined);
    emit(() => ({ after, raises }));
    return;
  }
  const late = builder.label();
  const done = builder.label();
  emit((at) => ({ after, raises: false, onTimeout: at(late) }));
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(late);
  context.steps(context, onTimeout, [...path, 'onTimeout']);
  builder.place(done);
}

/** The rule as a field, which is missing without a timeout. */
export function timeoutField(rule: Rule, at: (label: Label) => number): { readonly timeout?: TimeoutRule } {
  return rule === undefined ? {} : { timeout: rule(at) };
}
