/**
 * Errors of steps: `try`, `catch`, `finally`, and `raises`, the modifier that asks for one. A name stands for its class, as
 * in Python: `OSError` takes a `TimeoutError` too.
 */
import type { Path } from '../../../document/document.ts';
import type { Step, TryStep, Verb } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import { takenBy, takesAllOf } from '../../../expression/values/error-classes.ts';
import { literalFromText } from '../../../expression/values/value-text.ts';
import { constant, overSlots, resultSlot, type StepContext } from './step-context.ts';

/** `catch` takes errors by their class, the first that fits, `any` all others; `finally` is done on every way out. */
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
  warnOfCovered(context, Object.keys(named), path);
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
        const condition = isTakenBy(name, error, span);
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

/** Whether the error in the slot is of the class of that name. */
function isTakenBy(name: string, slot: number, span: Expression['span']): Expression {
  const taken = takenBy(name);
  if (taken === 'all') return constant(true, span);
  const isOneOf = (names: readonly string[]): string => {
    const literals = names.map(literalFromText);
    return literals.length === 1 ? `error.name == ${literals[0]}` : `error.name in [${literals.join(', ')}]`;
  };
  const cel = 'these' in taken ? isOneOf(taken.these) : `!(${isOneOf(taken.allBut)})`;
  return overSlots(cel, { error: slot }, span);
}

/** Warns of names in `catch` that never have their turn, because one above them takes all that they would. */
function warnOfCovered({ planning }: StepContext, names: readonly string[], path: Path): void {
  for (const [index, name] of names.entries()) {
    const above = names.slice(0, index).find((other) => takesAllOf(other, name));
    if (above === undefined) continue;
    const span = planning.document.spanAt([...path, 'catch', name], 'key');
    planning.report('never-caught', span, `\`${above}\` above takes every \`${name}\``, {
      help: `put \`${name}\` above \`${above}\``,
    });
  }
}

/** Does `otherwise` unless the error in the slot is of the class of that name. */
export function unlessNamed(
  { builder }: StepContext,
  name: string,
  slot: number,
  span: Expression['span'],
  otherwise: () => void,
): void {
  const condition = isTakenBy(name, slot, span);
  const [other, done] = [builder.label(), builder.label()] as const;
  builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(other) }));
  builder.emitLater((at) => ({ op: 'jump', to: at(done) }));
  builder.place(other);
  otherwise();
  builder.place(done);
}
