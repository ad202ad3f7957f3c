/**
 * Comparisons of the time with something: where in an expression they are, and at which moment each of them changes.
 *
 * Nothing is solved for the expression as a whole. Each comparison that is evaluated tells its own moment, so that
 * whatever stands around it (`||`, `!`, a comprehension) needs no thought: whoever waits looks again at the earliest one.
 */
import type { ASTNode } from '@marcbachmann/cel-js';

/** What the time is called in expressions. */
export const CLOCK = 'now';

/** Two sides, and how the left one minus the right one moves as time passes. */
export type ClockComparison = {
  readonly left: ASTNode;
  readonly right: ASTNode;
  readonly direction: 1 | -1;
};

const ordering: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/** The comparison, where one side is `now`, or `now` and something without it, added or subtracted; the other has none. */
export function clockComparisonOf(node: ASTNode): ClockComparison | undefined {
  if (!ordering.has(node.op)) return undefined;
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const [here, there] = [directionOf(left), directionOf(right)];
  if (here !== 0 && !mentionsClock(right)) return { left, right, direction: here };
  if (there !== 0 && !mentionsClock(left)) return { left, right, direction: there === 1 ? -1 : 1 };
  return undefined;
}

/** Whether the value grows or falls with the time, second by second; 0 for everything else. */
function directionOf(node: ASTNode): 1 | -1 | 0 {
  if (node.op === 'id') return node.args === CLOCK ? 1 : 0;
  if (node.op === '-_') return opposite(directionOf(node.args));
  if (node.op !== '+' && node.op !== '-') return 0;
  const [left, right] = node.args;
  if (!mentionsClock(right)) return directionOf(left);
  if (mentionsClock(left)) return 0;
  return node.op === '+' ? directionOf(right) : opposite(directionOf(right));
}

function opposite(direction: 1 | -1 | 0): 1 | -1 | 0 {
  if (direction === 0) return 0;
  return direction === 1 ? -1 : 1;
}

export function mentionsClock(node: ASTNode): boolean {
  if (node.op === 'id') return node.args === CLOCK;
  return childrenOf(node).some(mentionsClock);
}

/** Every use of the time that is no part of such a comparison: of these nobody can tell when they change. */
export function otherUsesOfClock(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'id') return node.args === CLOCK ? [node] : [];
  if (clockComparisonOf(node) !== undefined) return [];
  return childrenOf(node).flatMap(otherUsesOfClock);
}

/** Calls of a function by its name. */
export function callsOf(node: ASTNode, name: string): readonly ASTNode[] {
  const own = node.op === 'call' && node.args[0] === name ? [node] : [];
  return [...own, ...childrenOf(node).flatMap((child) => callsOf(child, name))];
}

/** How many nodes it has. */
export function nodesIn(node: ASTNode): number {
  return childrenOf(node).reduce((sum, child) => sum + nodesIn(child), 1);
}

/** Nodes lie in an operator's arguments at any depth, beside names and literals. */
function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return [];
  const parts: readonly unknown[] = [node.args].flat(3);
  return parts.filter(isNode);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part;
}
