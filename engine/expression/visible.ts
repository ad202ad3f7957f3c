/**
 * Whether others can see or influence that an expression is evaluated: it reads what tasks share, or it draws. That is a
 * moment of its own, apart from the operation that it is for.
 */
import type { Expression, Read } from './expression.ts';

export function isVisibleExpression({ reads, cel, constant }: Expression): boolean {
  if (constant !== undefined) return false;
  return reads.some(isShared) || draws(cel);
}

export function isShared({ from }: Read): boolean {
  return from === 'variable' || from === 'resource' || from === 'group' || from === 'point';
}

/** A text that looks like a draw counts as one: that costs states, and loses none. */
export function draws(cel: string): boolean {
  return /\b(random|pick)\s*\(/.test(cel);
}
