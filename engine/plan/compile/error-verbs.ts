/**
 * Errors of steps: `try`, `catch`, `finally`, and `raises`, the modifier that asks for one.
 */
import type { Path } from '../../document/document.ts';
import type { Step, TryStep, Verb } from '../../document/scenario.generated.ts';
import type { Expression } from '../expression.ts';
import { literalFromText } from '../value-text.ts';
import { constant, overSlots, resultSlot, type StepContext } from './step-context.ts';

/** `catch` takes errors by name, `any` all others; `finally` is done on every way out. */
export function compileTry(context: StepContext, step: TryStep, path: Path): void {
  const { finally: last } = step;
  if (last === undefined) {
    compileCatch(context, step, path);
    return;
  }
  const { builder } = context;
  const number = builder.step;
  const finish = (): void => {
    context.steps(context, last, [...path, 'finally']);
    builder.step = number;
  };
  builder.guarded({
    body: () => compileCatch(context, step, path),
    cleanup: finish,
    handler(slot) {
      finish();
      builder.emit({ op: 'reraise', slot });
    },
  });
}

function compileCatch(context: StepContext, step: TryStep, path: Path): void {
  const { builder, planning } = context;
  const { any, ...named } = step.catch ?? {};
  const body = (): void => {
    context.steps({ ...context, mayFail: context.mayFail || step.catch !== undefined }, step.try, [
      ...path,
      'try',
    ]);
  };
  if (step.catch === undefined) {
    body();
    return;
  }
  const span = planning.document.spanAt([...path, 'catch'], 'key');
  const number = builder.step;
  const as = step.as;
  const compileHandler = (name: string, error: number): void => {
    if (as !== undefined) builder.emit({ op: 'copy', from: error, to: resultSlot(context, as) });
    context.steps(context, step.catch?.[name] ?? [], [...path, 'catch', name]);
    builder.step = number;
  };
  builder.guarded({
    body,
    inPlace: true,
    handler(error) {
      const done = builder.label();
      for (const name of Object.keys(named)) {
        const other = builder.label();
        const condition = overSlots(`error.name == ${literalFromText(name)}`, { error }, span);
        builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(other) }));
        compileHandler(name, error);
        builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
        builder.place(other);
      }
      if (any === undefined) builder.emit({ op: 'reraise', slot: error });
      else compileHandler('any', error);
      builder.place(done);
    },
  });
}

const neverFail: readonly Verb[] = ['break', 'continue', 'return'];

/** Reports a demand for an error where there can be none. */
export function checkRaises({ planning }: StepContext, { verb, raises }: Step, path: Path): void {
  if (raises === undefined || !neverFail.includes(verb)) return;
  const span = planning.document.spanAt([...path, 'raises'], 'key');
  planning.report('no-effect', span, `\`${verb}\` never fails`, { help: 'remove `raises`' });
}

/** `raises`: the step has to fail with that error; another one goes on, none is an AssertionError. */
export function compileRaises(context: StepContext, name: string, path: Path, compile: () => void): void {
  const { builder, planning } = context;
  const span = planning.document.spanAt([...path, 'raises']);
  const number = builder.step;
  const atStep = (emit: () => void): void => {
    builder.step = number;
    emit();
  };
  builder.guarded({
    body: compile,
    normally: () =>
      atStep(() => {
        const message = constant(`expected ${name}, and the step did not fail`, span);
        builder.emit({ op: 'raise', name: 'AssertionError', message });
      }),
    handler: (slot) =>
      atStep(() => {
        unlessNamed(context, name, slot, span, () => builder.emit({ op: 'reraise', slot }));
      }),
  });
}

/** Does `otherwise` unless the error in the slot has that name. */
export function unlessNamed(
  { builder }: StepContext,
  name: string,
  slot: number,
  span: Expression['span'],
  otherwise: () => void,
): void {
  const condition = overSlots(`error.name == ${literalFromText(name)}`, { error: slot }, span);
  const [other, done] = [builder.label(), builder.label()] as const;
  builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(other) }));
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(other);
  otherwise();
  builder.place(done);
}
