/**
 * `wait`: on events, conditions and barriers, each in its own way.
 */
import type { Path } from '../../../document/document.ts';
import type { WaitStep } from '../../../document/scenario.generated.ts';
import { referenceOf } from '../resources/reference.ts';
import { waitAtBarrier } from './barrier-verbs.ts';
import { waitUntil } from './condition-verbs.ts';
import { operate } from './resource-verbs.ts';
import type { StepContext } from './step-context.ts';

export function compileWait(context: StepContext, step: WaitStep, path: Path): void {
  const { planning } = context;
  const reference = referenceOf(context, step.wait, [...path, 'wait'], 'wait');
  const kind = reference?.binding.kind === 'resource' ? reference.binding.resource : undefined;
  if (step.until !== undefined && kind !== 'condition') {
    const span = planning.document.spanAt([...path, 'until'], 'key');
    planning.report('no-effect', span, '`until` is for conditions', {
      help: 'wait for an expression with `await`',
    });
  }
  if (reference === undefined) return;
  if (kind === 'barrier') waitAtBarrier(context, reference, step, path);
  else if (step.until !== undefined) waitUntil(context, reference, step.until, step, path);
  else operate(context, reference, [], step, path);
}
