/**
 * Commands as the scenario writes them: one text for a shell, or a program and its arguments.
 */
import type { Path } from '../../../document/document.ts';
import type { RunStep } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import { mergeReads } from '../../../expression/read-set.ts';
import type { Value } from '../../../expression/values/value.ts';
import { complete } from '../complete.ts';
import type { Planning } from '../planning.ts';
import { carriedText, constant, type StepContext } from '../steps/step-context.ts';
import type { Field } from './request.ts';

/** One text for a shell; or a program and its arguments, each of them text. */
export function commandOf(context: StepContext, run: RunStep['run'], path: Path): Field | undefined {
  if (isRefused(context.planning, [...path, 'run'], 'commands')) return undefined;
  if (typeof run === 'string') {
    const command = carriedText(context, { data: run, path: [...path, 'run'] });
    return command === undefined ? undefined : ['command', command];
  }
  const words = complete(
    run.map((data, index) => carriedText(context, { data, path: [...path, 'run', index] })),
  );
  const span = context.planning.document.spanAt([...path, 'run']);
  return words === undefined ? undefined : ['command', listOf(words, span)];
}

/** Several expressions as one list. */
export function listOf(items: readonly Expression[], span: Expression['span']): Expression {
  const values = items.map(({ constant: value }) => value);
  if (!values.includes(undefined)) return constant(values as Value[], span);
  return {
    cel: `[${items.map(({ cel }) => cel).join(', ')}]`,
    span,
    reads: mergeReads(items.map(({ reads }) => reads)),
  };
}

/** Whether such things are not allowed, which is reported. */
export function isRefused({ document, mayExecute, report }: Planning, path: Path, what: string): boolean {
  if (mayExecute) return false;
  const help = 'leave out `--no-exec` for scenarios that you trust';
  report('exec-refused', document.spanAt(path, 'key'), `this scenario may not run ${what} of its own`, {
    help,
  });
  return true;
}
