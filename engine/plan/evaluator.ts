/**
 * Expressions at run time: CEL text becomes a function of a context.
 *
 * Every carrier makes one evaluator and compiles each expression of its plan once. The context has one entry for each
 * read; it may be reused and changed between calls, values inside it must not be. Evaluators are not reentrant.
 */
import { createCel, type RandomInteger } from './cel.ts';
import { scenarioErrorFrom } from './cel-error.ts';
import type { NoteMoment } from './due.ts';
import type { Expression } from './expression.ts';
import type { Value } from './value.ts';
import { valueFromResult } from './value-from-result.ts';

/** What an expression draws on beside its context. */
export type EvaluatorHooks = {
  /** An integer, both ends included; `min <= max` is checked before. */
  readonly random: RandomInteger;
  readonly note?: NoteMoment;
};

export type Context = Readonly<Record<string, unknown>>;

/** @throws ScenarioError if the expression fails: `ZeroDivisionError`, `KeyError`, `TypeError` … */
export type Evaluate = (context: Context) => Value;

export type Evaluator = {
  /** About ten microseconds; the function it returns, about a tenth of one for `n - 1`. */
  compile(expression: Expression): Evaluate;
};

export function createEvaluator(hooks: EvaluatorHooks): Evaluator {
  const { environment, begin } = createCel(hooks.random, hooks.note);
  return {
    compile({ cel, constant }) {
      if (constant !== undefined) return () => constant;
      const run: (context: Context) => unknown = environment.parse(cel);
      return (context) => {
        begin();
        try {
          return valueFromResult(run(context));
        } catch (error) {
          throw scenarioErrorFrom(error);
        }
      };
    },
  };
}
