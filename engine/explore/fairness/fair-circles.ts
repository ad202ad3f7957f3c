/**
 * Circles in which something can go on for ever and nobody is treated unfairly.
 *
 * Fair is: a task that can go on all the time does go on. So a circle is fair where each task has a move in it, or cannot go on
 * in some state of it. That says nothing of a task that can go on again and again, and each time somebody else comes first: such
 * a task *starves*. A circle is *strictly* fair where nobody starves in it.
 */

import { circlesOf, type Part } from './components.ts';
import type { StateGraph } from './state-graph.ts';

/** By task, over all of a circle: 1 where it is so somewhere. */
export type Turns = {
  readonly moves: Uint8Array;
  readonly canGoOn: Uint8Array;
  readonly cannot: Uint8Array;
};

export function turnsIn(graph: StateGraph, { states, has }: Part): Turns {
  const moves = new Uint8Array(graph.tasks);
  const canGoOn = new Uint8Array(graph.tasks);
  const cannot = new Uint8Array(graph.tasks);
  const marks = new Uint8Array(graph.tasks);
  for (const state of states) {
    marks.fill(0);
    graph.markEnabled(state, marks);
    for (let task = 0; task < marks.length; task++) (marks[task] === 1 ? canGoOn : cannot)[task] = 1;
    for (let edge = graph.lastEdge(state); edge >= 0; edge = graph.before(edge))
      if (has(edge)) moves[graph.taskOf(edge)] = 1;
  }
  return { moves, canGoOn, cannot };
}

/** Tasks that can go on again and again, and never do. */
export function starvingIn({ moves, canGoOn }: Turns): readonly number[] {
  const starving: number[] = [];
  for (let task = 0; task < moves.length; task++)
    if (moves[task] === 0 && canGoOn[task] === 1) starving.push(task);
  return starving;
}

export function* fairCircles(graph: StateGraph, part: Part): Iterable<Part> {
  for (const circle of circlesOf(graph, part)) if (isFair(turnsIn(graph, circle))) yield circle;
}

function isFair({ moves, cannot }: Turns): boolean {
  return moves.every((itMoves, task) => itMoves === 1 || cannot[task] === 1);
}

/**
 * A circle that is not, without the states in which those could go on that starve in it: what is left of it may be. What is left
 * of all circles is looked at together: no way leads from one to another and back.
 */
export function* strictlyFairCircles(graph: StateGraph, part: Part): Iterable<Part> {
  for (let left = part; left.states.length > 0; ) {
    const { has } = left;
    const states: number[] = [];
    for (const circle of circlesOf(graph, left)) {
      const starving = starvingIn(turnsIn(graph, circle));
      if (starving.length === 0) yield circle;
      else
        for (const state of circle.states)
          if (!starving.some((task) => graph.isEnabled(state, task))) states.push(state);
    }
    const isLeft = new Uint8Array(graph.size);
    for (const state of states) isLeft[state] = 1;
    left = { states, has: (edge) => has(edge) && isLeft[graph.targetOf(edge)] === 1 };
  }
}
