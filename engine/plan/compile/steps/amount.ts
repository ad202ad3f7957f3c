/**
 * How many: the numbers of steps. What is written as a number is checked before the run; what is computed may depend on
 * params that lead around the step, and is looked at when the step is done.
 */
import type { Path } from '../../../document/document.ts';
import type { Data } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import { OPERANDS } from '../../operation.ts';
import { computed, type StepContext } from './step-context.ts';

export type AmountBounds = {
  readonly least: number;
  readonly most?: number;
  readonly help?: string;
  /** Where the step may be written to show the error that follows. */
  readonly isErrorOfStep?: true;
};

export function amountOf(
  context: StepContext,
  data: Data,
  path: Path,
  { least, most = OPERANDS.most, help, isErrorOfStep }: AmountBounds,
): Expression | undefined {
  const amount = computed(context, data, path, 'int');
  if (typeof data === 'string' || typeof amount?.constant !== 'bigint') return amount;
  const { constant: number, span } = amount;
  if ((number >= least && number <= most) || (isErrorOfStep && context.mayFail)) return amount;
  const bounds = number < least ? `at least ${least}` : `at most ${most}`;
  const advice = help === undefined ? {} : { help };
  context.planning.report('bad-size', span, `this must be ${bounds}, and is ${number}`, advice);
  return undefined;
}
