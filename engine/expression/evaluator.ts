/**
 * Expressions at run time: CEL text becomes a function of a context.
 *
 * Every carrier makes one evaluator and compiles each expression of its plan once. The context has one entry for each
 * read; it may be reused and changed between calls, values inside it must not be. Evaluators are not reentrant.
 */
import { createCel, type RandomInteger, type SyntaxTree } from './cel.ts';
import { scenarioErrorFrom } from './cel-error.ts';
import type { Expression, Read } from './expression.ts';
import type { NoteMoment } from './functions/due.ts';
import { knownSizeOf } from './functions/size.ts';
import { CHARACTERS, EVALUATION, type Meter } from './meter.ts';
import type { Value } from './values/value.ts';
import { valueFromResult } from './values/value-from-result.ts';

/** What an expression draws on beside its context. */
export type EvaluatorHooks = {
  /** An integer, both ends included; `min <= max` is checked before. */
  readonly random: RandomInteger;
  readonly note?: NoteMoment;
  readonly meter?: Meter;
};

export type Context = Readonly<Record<string, unknown>>;

/** @throws ScenarioError if the expression fails: `ZeroDivisionError`, `KeyError`, `TypeError` … */
export type Evaluate = (context: Context) => Value;

export type Evaluator = {
  /** About ten microseconds; the function it returns, about a tenth of one for `n - 1`. */
  compile(expression: Expression): Evaluate;
};

export type Parser = {
  /** Takes an expression apart, for those who compute it by themselves. */
  parse(expression: Expression): SyntaxTree;
};

export function createEvaluator(hooks: EvaluatorHooks): Evaluator & Parser {
  const { meter } = hooks;
  const { environment, begin, finish } = createCel(hooks);
  return {
    parse: ({ cel }) => environment.parse(cel).ast,
    compile({ cel, constant, reads }) {
      if (constant !== undefined) return () => constant;
      const run: (context: Context) => unknown = environment.parse(cel);
      return (context) => {
        begin();
        if (meter !== undefined) meter.spent += EVALUATION + weightOf(reads, context);
        try {
          const value = valueFromResult(run(context));
          finish();
          return value;
        } catch (error) {
          throw scenarioErrorFrom(error);
        }
      };
    },
  };
}

/** What it costs to have read what it reads: long lists, maps and texts count. */
function weightOf(reads: readonly Read[], context: Context): number {
  let weight = 0;
  for (let index = 0; index < reads.length; index++) {
    const { from, name } = reads[index] as Read;
    const value = context[name];
    if (typeof value === 'string') weight += Math.floor(value.length / CHARACTERS);
    else if ((from === 'local' || from === 'variable') && typeof value === 'object' && value !== null)
      weight += knownSizeOf(value);
  }
  return weight;
}
