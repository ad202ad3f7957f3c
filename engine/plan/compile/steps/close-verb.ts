/**
 * `close`: of a queue, of an end of a pipe, of a pool.
 */
import type { Path } from '../../../document/document.ts';
import type { CloseStep } from '../../../document/scenario.generated.ts';
import { referenceOf } from '../resources/reference.ts';
import { operate } from './resource-verbs.ts';
import { computed, constant, type StepContext } from './step-context.ts';

export function compileClose(context: StepContext, step: CloseStep, path: Path): void {
  const { document, report } = context.planning;
  const reference = referenceOf(context, step.close, [...path, 'close'], 'close');
  const immediate =
    step.immediate === undefined
      ? constant(false, document.spanAt(path))
      : computed(context, step.immediate, [...path, 'immediate'], 'bool');
  if (reference === undefined || immediate === undefined) return;
  if (reference.deed !== 'pipe.close') operate(context, reference, [immediate], {}, path);
  else {
    const span = document.spanAt([...path, 'immediate'], 'key');
    if (step.immediate !== undefined) report('no-effect', span, '`immediate` is for queues and pools');
    operate(context, reference, [], {}, path);
  }
}
