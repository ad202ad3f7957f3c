/**
 * `weigh(x)`: the value of `x`, whose length counts as so many elements that the expression goes through.
 *
 * It is the planner's own function, put around what an operation looks through as a whole, in a comprehension and in a large
 * expression: there are many such operations, so that without it one evaluation could take for ever.
 */
import type { ASTNode } from '@marcbachmann/cel-js';

type Checker = { check(node: ASTNode, context: unknown): unknown };
type Runner = { run(node: ASTNode, context: unknown): unknown };

/** Characters, and elements of a list, that are looked through as fast as one element of a comprehension. */
const CHARACTERS = 256;
const ELEMENTS = 16;

/** A macro, so that the type of what it stands around is known. */
export function expandWeigh(
  charge: (count: number) => void,
): (call: { readonly args: readonly [ASTNode] }) => object {
  return ({ args: [node] }) => ({
    async: false,
    typeCheck: (checker: Checker, _macro: unknown, context: unknown): unknown => checker.check(node, context),
    evaluate(runner: Runner, _macro: unknown, context: unknown): unknown {
      const value = runner.run(node, context);
      const weight = weightOf(value);
      if (weight > 0) charge(weight);
      return value;
    },
  });
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') return Math.floor(value.length / CHARACTERS);
  return Array.isArray(value) ? Math.floor(value.length / ELEMENTS) : 0;
}
