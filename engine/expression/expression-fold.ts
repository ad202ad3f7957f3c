/**
 * What depends on nothing but constants is evaluated before the run.
 */

import type { Span } from '../source/source.ts';
import { createEvaluator } from './evaluator.ts';
import type { Expression, Read } from './expression.ts';
import { literal, type Piece } from './expression-piece.ts';
import { ScenarioError } from './values/scenario-error.ts';
import type { Value, ValueMap } from './values/value.ts';

export type Folder = {
  fold(piece: Piece, span: Span): Expression;
  /** The literal of its value, where that is known. */
  foldPiece(piece: Piece | undefined): Piece | undefined;
  /** Why an expression that reads nothing is not constant. */
  failureOf(expression: Expression): string;
};

/** What fails stays, to fail when it is due: a scenario may expect that. */
export function createFolder(): Folder {
  const random = (): never => {
    throw new ScenarioError('RuntimeError', 'nothing is random before the run');
  };
  const evaluator = createEvaluator({ random });
  const failures = new WeakMap<Expression, string>();
  const knownValue = (expression: Expression, isRandom: boolean): Value | undefined => {
    const context = constantsOf(expression.reads);
    if (isRandom || context === undefined) return undefined;
    try {
      return evaluator.compile(expression)(context);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      failures.set(expression, `${error.name}: ${error.message}`);
      return undefined;
    }
  };
  return {
    failureOf: (expression) => failures.get(expression) ?? 'it is random',
    fold({ cel, reads, isRandom, constant }, span) {
      if (constant !== undefined) return { cel, span, reads: [], constant };
      const expression: Expression = { cel, span, reads };
      const value = knownValue(expression, isRandom);
      return value === undefined ? expression : { cel, span, reads: [], constant: value };
    },
    foldPiece(piece) {
      if (piece === undefined || piece.constant !== undefined) return piece;
      const value = knownValue({ ...piece, span: nowhere }, piece.isRandom);
      return value === undefined ? piece : literal(value);
    },
  };
}

const nowhere: Span = { start: 0, end: 0 };

function constantsOf(reads: readonly Read[]): ValueMap | undefined {
  const context: Record<string, Value> = {};
  for (const read of reads) {
    if (read.from !== 'constant') return undefined;
    context[read.name] = read.value;
  }
  return context;
}
