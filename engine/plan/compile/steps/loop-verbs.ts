/**
 * Loops: counted, over a list, over what comes from a queue, and while a condition holds.
 */
import type { Path } from '../../../document/document.ts';
import type { ForStep, RepeatStep, WhileStep } from '../../../document/scenario.generated.ts';
import type { Expression } from '../../../expression/expression.ts';
import type { ValueMap } from '../../../expression/values/value.ts';
import { typeOf } from '../../../expression/values/value-text.ts';
import { operationOf, referenceOf, targetOf } from '../resources/reference.ts';
import type { Label } from '../tasks/program-builder.ts';
import { amountOf } from './amount.ts';
import { reportNotAtomic } from './atomic-verb.ts';
import { unlessNamed } from './error-verbs.ts';
import { computed, computedData, constant, repeated, resultSlot, type StepContext } from './step-context.ts';
import { checkLoop } from './watched-condition.ts';

export function compileRepeat(context: StepContext, step: RepeatStep, path: Path): void {
  const { builder } = context;
  const times = amountOf(context, step.repeat, [...path, 'repeat'], {
    least: 0,
    most: Number.POSITIVE_INFINITY,
  });
  const as = step.as === undefined ? {} : { as: resultSlot(context, step.as) };
  const [counter, limit] = [builder.hidden('count'), builder.hidden('limit')] as const;
  if (times !== undefined) builder.emit({ op: 'evaluate', expressions: [times], slots: [limit] });
  builder.emit({ op: 'assign', slot: counter, value: 0n });
  loop(context, (next, exit) => {
    builder.place(next);
    builder.emitLater((at) => ({ op: 'next', counter, limit, ...as, exit: at(exit) }));
    const rounds = typeof times?.constant === 'bigint' ? Math.max(0, Number(times.constant)) : undefined;
    context.steps(repeated(context, rounds), step.do, [...path, 'do']);
  });
}

export function compileFor(context: StepContext, step: ForStep, path: Path): void {
  if (step.from === undefined) compileForIn(context, step, path);
  else compileForFrom(context, step, step.from, path);
}

function compileForIn(context: StepContext, step: ForStep, path: Path): void {
  const { builder } = context;
  const items = computedData(context, { data: step.in ?? [], path: [...path, 'in'] }, 'collection');
  const [list, counter] = [builder.hidden('list'), builder.hidden('count')] as const;
  if (items !== undefined) builder.emit({ op: 'evaluate', expressions: [keysOfMap(items)], slots: [list] });
  const as = resultSlot(context, step.for);
  builder.emit({ op: 'assign', slot: counter, value: 0n });
  if (step.until !== undefined) {
    const span = context.planning.document.spanAt([...path, 'until'], 'key');
    context.planning.report('no-effect', span, '`until` goes with `from`', {
      help: 'leave the loop with `break`',
    });
  }
  loop(context, (next, exit) => {
    builder.place(next);
    builder.emitLater((at) => ({ op: 'each', list, counter, as, exit: at(exit) }));
    context.steps(repeated(context, lengthOf(items)), step.do, [...path, 'do']);
  });
}

function lengthOf(items: Expression | undefined): number | undefined {
  const value = items?.constant;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** A map is gone through by its keys, as in Python and CEL. */
function keysOfMap(items: Expression): Expression {
  const { constant: value, span } = items;
  if (value === undefined || typeOf(value) !== 'map') return items;
  return constant(Object.keys(value as ValueMap), span);
}

/** Takes items until the queue is closed and drained, or until one is the last by `until`. */
function compileForFrom(context: StepContext, step: ForStep, from: string, path: Path): void {
  const { builder, planning } = context;
  const span = planning.document.spanAt([...path, 'from']);
  if (context.isAtomic) reportNotAtomic(context, 'for', path);
  const reference = referenceOf(context, from, [...path, 'from'], 'for');
  const target = reference === undefined ? undefined : targetOf(context, reference);
  const item = resultSlot(context, step.for);
  const until =
    step.until === undefined ? undefined : computed(context, step.until, [...path, 'until'], 'bool');
  loop(context, (next, exit) => {
    builder.place(next);
    builder.guarded({
      body() {
        if (reference === undefined || target === undefined) return;
        const operation = operationOf(reference);
        builder.emit({ op: 'operate', operation, target, operands: [], result: item });
      },
      handler(slot) {
        unlessNamed(context, 'ShutDown', slot, span, () => builder.emit({ op: 'reraise', slot }));
        builder.emitLater((at) => ({ op: 'jump', to: at(exit) }));
      },
    });
    if (until !== undefined) {
      const goesOn = not(until);
      builder.emitLater((at) => ({ op: 'branch', condition: goesOn, otherwise: at(exit) }));
    }
    context.steps(repeated(context, undefined), step.do, [...path, 'do']);
  });
}

function not(condition: Expression): Expression {
  const cel = `!(${condition.cel})`;
  if (typeof condition.constant === 'boolean') return { ...condition, cel, constant: !condition.constant };
  return { ...condition, cel };
}

export function compileWhile(context: StepContext, step: WhileStep, path: Path): void {
  const { builder } = context;
  const condition = computed(context, step.while, [...path, 'while'], 'bool');
  if (condition !== undefined) checkLoop(context, step.while, [...path, 'while']);
  loop(context, (next, exit) => {
    builder.place(next);
    if (condition !== undefined)
      builder.emitLater((at) => ({ op: 'branch', condition, otherwise: at(exit) }));
    context.steps(repeated(context, undefined), step.do, [...path, 'do']);
  });
}

/** Emits the loop's body, which places `next` where a round begins, and the jump back to it. */
function loop({ builder }: StepContext, body: (next: Label, exit: Label) => void): void {
  const [next, exit] = [builder.label(), builder.label()] as const;
  builder.loop({ next, exit }, () => body(next, exit));
  builder.emitLater((at) => ({ op: 'jump', to: at(next) }));
  builder.place(exit);
}
