/**
 * Files: to load and to save one, really on disk.
 */
import type { Path } from '../../../document/document.ts';
import type { LoadStep, SaveStep } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import type { Target } from '../../instruction.ts';
import { mapOf } from '../commands/request.ts';
import { referenceOf, targetOf } from '../resources/reference.ts';
import { carried, constant, overSlots, readBefore, resultSlot, type StepContext } from './step-context.ts';

export function compileLoad(context: StepContext, step: LoadStep, path: Path): void {
  const { builder, planning } = context;
  const reference = referenceOf(context, step.load, [...path, 'load'], 'load');
  const result = step.as === undefined ? {} : { result: resultSlot(context, step.as) };
  if (reference === undefined) return;
  const span = planning.document.spanAt([...path, 'load']);
  const request = mapOf(context, [['file', numberOf(targetOf(context, reference), span)]], span);
  builder.emit({ op: 'external', service: 'load', request, ...result });
}

export function compileSave(context: StepContext, step: SaveStep, path: Path): void {
  const { builder, planning } = context;
  const reference = referenceOf(context, step.save, [...path, 'save'], 'save');
  const value = carried(context, step.value, [...path, 'value']);
  if (reference === undefined || value === undefined) return;
  const span = planning.document.spanAt([...path, 'save']);
  const file = numberOf(targetOf(context, reference), span);
  const request = mapOf(
    context,
    [
      ['file', file],
      ['value', readBefore(context, value)],
    ],
    span,
  );
  builder.emit({ op: 'external', service: 'save', request });
}

/** The number of a resource, as a request says it. */
export function numberOf(target: Target, span: Expression['span']): Expression {
  if (target.kind === 'fixed') return constant(BigInt(target.id), span);
  return overSlots('number', { number: target.slot }, span);
}
