/**
 * `due(now > x)`: a comparison with the time, which tells the moment at which it changes whenever it is evaluated.
 *
 * It is the planner's own function: what users write as `now > x` becomes it.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { CLOCK, clockComparisonOf } from '../clock-comparison.ts';

/** Told when a comparison with the time changes, in microseconds since the run began. */
export type NoteMoment = (us: number) => void;

type Checker = { check(node: ASTNode, context: unknown): unknown };
type Runner = { run(node: ASTNode, context: unknown): unknown };
type Names = { getValue(name: string): unknown };

/** `due(now > x)`, as a macro: it evaluates each side once, and needs both to know when the comparison changes. */
export function expandDue(
  note: NoteMoment | undefined,
): (call: { readonly args: readonly [ASTNode] }) => object {
  return ({ args }) => {
    const [whole] = args;
    const comparison = clockComparisonOf(whole);
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: unknown): unknown {
        return checker.check(whole, context);
      },
      evaluate(runner: Runner, _macro: unknown, context: Names): unknown {
        if (comparison === undefined || note === undefined) return runner.run(whole, context);
        const left = runner.run(comparison.left, context);
        const right = runner.run(comparison.right, context);
        const now = context.getValue(CLOCK);
        // What is no number fails as every comparison does.
        if (!isNumber(left) || !isNumber(right) || typeof now !== 'number') return runner.run(whole, context);
        note((now + comparison.direction * (Number(right) - Number(left))) * MICROSECONDS);
        return holds(whole.op, left, right);
      },
    };
  };
}

const MICROSECONDS = 1e6;

function isNumber(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function holds(operator: string, left: bigint | number, right: bigint | number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
