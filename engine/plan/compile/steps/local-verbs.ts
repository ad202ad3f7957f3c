/**
 * Steps that touch no resource and no var: output, time, local variables, the end of a task.
 */
import type { Path } from '../../../document/document.ts';
import type {
  AssertStep,
  AwaitStep,
  ChooseStep,
  Data,
  ExitStep,
  FailStep,
  LetStep,
  PrintStep,
  SleepStep,
} from '../../../document/scenario.generated.ts';
import { literalFromValue } from '../../../expression/values/value-text.ts';
import { complete } from '../complete.ts';
import {
  carried,
  carriedText,
  computed,
  computedData,
  durationOf,
  readBefore,
  readBeforePrint,
  resultSlot,
  type StepContext,
} from './step-context.ts';
import { timed, timeoutField } from './timed.ts';
import { checkAwaited } from './watched-condition.ts';

export function compilePrint(context: StepContext, step: PrintStep, path: Path): void {
  const text = carriedText(context, { data: step.print, path: [...path, 'print'] });
  if (text !== undefined) context.builder.emit({ op: 'print', text: readBeforePrint(context, text) });
}

export function compileSleep(context: StepContext, step: SleepStep, path: Path): void {
  const duration = durationOf(context, step.sleep, [...path, 'sleep']);
  if (duration !== undefined) context.builder.emit({ op: 'sleep', duration });
}

export function compileLet(context: StepContext, step: LetStep, path: Path): void {
  declareLocals(context, step.let, [...path, 'let']);
}

/** All expressions are computed before any of the names is set: `let: { a: b, b: a }` swaps. */
export function declareLocals(
  context: StepContext,
  values: Readonly<Record<string, Data>>,
  path: Path,
): void {
  const entries = Object.entries(values);
  const expressions = entries.map(([name, data]) => computed(context, data, [...path, name]));
  const slots = entries.map(([name]) => resultSlot(context, name));
  const known = complete(expressions);
  if (known !== undefined) context.builder.emit({ op: 'evaluate', expressions: known, slots });
}

export function compileAwait(context: StepContext, step: AwaitStep, path: Path): void {
  const { builder } = context;
  const condition = computed(context, step.await, [...path, 'await'], 'bool');
  const result = step.as === undefined ? undefined : resultSlot(context, step.as);
  if (condition === undefined) return;
  checkAwaited(context, step.await, [...path, 'await']);
  timed(context, step, path, true, (rule) => {
    builder.emitLater((at) => ({
      op: 'await',
      condition,
      ...timeoutField(rule, at),
      ...(result === undefined ? {} : { result }),
    }));
  });
}

export function compileChoose(context: StepContext, step: ChooseStep, path: Path): void {
  const list = computedData(context, { data: step.choose, path: [...path, 'choose'] }, 'list');
  const slot = step.as === undefined ? context.builder.hidden('chosen') : resultSlot(context, step.as);
  if (list === undefined) return;
  if (Array.isArray(list.constant) && list.constant.length === 0) {
    context.planning.report('bad-size', list.span, 'there is nothing to choose from');
    return;
  }
  const { span, reads } = list;
  const cel = list.constant === undefined ? list.cel : literalFromValue(list.constant);
  const choice = { cel: `pick(${cel})`, span, reads };
  context.builder.emit({ op: 'evaluate', expressions: [choice], slots: [slot] });
}

export function compileAssert(context: StepContext, step: AssertStep, path: Path): void {
  const condition = computed(context, step.assert, [...path, 'assert'], 'bool');
  if (condition === undefined) return;
  context.builder.emit({ op: 'assert', condition: readBefore(context, condition) });
}

export function compileFail(context: StepContext, step: FailStep, path: Path): void {
  const message = carried(context, step.fail, [...path, 'fail']);
  if (message === undefined) return;
  context.builder.emit({ op: 'raise', name: 'Exception', message: readBefore(context, message) });
}

export function compileExit(context: StepContext, step: ExitStep, path: Path): void {
  const code = computed(context, step.exit, [...path, 'exit'], 'int');
  if (code !== undefined) context.builder.emit({ op: 'exit', code: readBefore(context, code) });
}
