/**
 * Expressions of expectations, on states of a search: bound as the machine binds those of steps, with the main program as
 * the task that reads. A var that is not shared is its copy.
 */
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import { type BoundExpression, holds } from '../../machine/bound-expression.ts';
import { Frame } from '../../machine/frame.ts';

/** Reads whatever the main program's state is. */
export class ClaimFrame extends Frame {
  override enter(): void {}
}

/** One that fails is not true. */
export function isTrue(expression: BoundExpression): boolean {
  try {
    return holds(expression);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return false;
    throw thrown;
  }
}
