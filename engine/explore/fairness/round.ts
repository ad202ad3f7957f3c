/**
 * A way once around a circle, short, on which each task has what it is owed.
 */

import type { Part } from './components.ts';
import type { Turns } from './fair-circles.ts';
import type { StateGraph } from './state-graph.ts';

/**
 * @param isStrict each task that can go on somewhere has a move; else it is enough that it cannot somewhere
 * @returns edges from `head` back to it; at least one
 */
export function roundFrom(
  graph: StateGraph,
  circle: Part,
  turns: Turns,
  head: number,
  isStrict: boolean,
): readonly number[] {
  const owed = new Set<number>();
  for (let task = 0; task < graph.tasks; task++) if (!isStrict || turns.moves[task] === 1) owed.add(task);
  const edges: number[] = [];
  const marks = new Uint8Array(graph.tasks);
  const settleAt = (state: number): void => {
    if (isStrict) return;
    marks.fill(0);
    graph.markEnabled(state, marks);
    for (const task of owed) if (marks[task] === 0) owed.delete(task);
  };
  let at = head;
  settleAt(head);
  while (owed.size > 0) {
    const isEnough = (edge: number): boolean => {
      if (owed.has(graph.taskOf(edge))) return true;
      return !isStrict && [...owed].some((task) => !graph.isEnabled(graph.targetOf(edge), task));
    };
    for (const edge of shortest(graph, circle, at, isEnough)) {
      edges.push(edge);
      at = graph.targetOf(edge);
      owed.delete(graph.taskOf(edge));
      settleAt(at);
    }
  }
  if (at !== head || edges.length === 0)
    edges.push(...shortest(graph, circle, at, (edge) => graph.targetOf(edge) === head));
  return edges;
}

/** The shortest way within a circle whose last edge is such a one. */
function shortest(
  graph: StateGraph,
  { has }: Part,
  from: number,
  isLast: (edge: number) => boolean,
): readonly number[] {
  const edgeTo = new Map<number, number>();
  const stateBefore = new Map<number, number>();
  const states = [from];
  const back = (state: number, last: number): readonly number[] => {
    const edges = [last];
    for (let one = state; one !== from; one = stateBefore.get(one) ?? from)
      edges.push(edgeTo.get(one) ?? last);
    return edges.reverse();
  };
  for (let index = 0; index < states.length; index++) {
    const state = states[index] as number;
    for (let edge = graph.lastEdge(state); edge >= 0; edge = graph.before(edge)) {
      if (!has(edge)) continue;
      if (isLast(edge)) return back(state, edge);
      const target = graph.targetOf(edge);
      if (target === from || edgeTo.has(target)) continue;
      edgeTo.set(target, edge);
      stateBefore.set(target, state);
      states.push(target);
    }
  }
  throw new Error('bug in concur: a circle does not close');
}
