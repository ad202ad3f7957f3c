/**
 * The strongly connected components of a part of a graph: from each state of one, each other can be reached.
 *
 * @see Tarjan, Depth-first search and linear graph algorithms (1972)
 */

import { int } from '../../log/int.ts';
import { NumberList } from './number-list.ts';
import type { StateGraph } from './state-graph.ts';

/** A part of a graph: some of its states, and of the edges between them. */
export type Part = {
  readonly states: readonly number[];
  /** Whether an edge of one of them leads to one of them, and belongs to the part. */
  readonly has: (edge: number) => boolean;
};

/** Those in which something can go on for ever: with an edge at least. */
export function* circlesOf(graph: StateGraph, part: Part): Iterable<Part> {
  const { componentOf, members } = componentsOf(graph, part);
  for (const states of members) {
    const own = componentOf[states[0] ?? 0];
    const has = (edge: number): boolean => part.has(edge) && componentOf[graph.targetOf(edge)] === own;
    if (states.length > 1 || hasEdge(graph, states[0] ?? 0, has)) yield { states, has };
  }
}

function hasEdge(graph: StateGraph, state: number, has: Part['has']): boolean {
  for (let edge = graph.lastEdge(state); edge >= 0; edge = graph.before(edge)) if (has(edge)) return true;
  return false;
}

type Components = {
  /** By state: the number of its component, from 1; 0 for those that are not in the part. */
  readonly componentOf: Int32Array;
  readonly members: readonly (readonly number[])[];
};

function componentsOf(graph: StateGraph, part: Part): Components {
  const order = new Int32Array(graph.size);
  const lowest = new Int32Array(graph.size);
  const componentOf = new Int32Array(graph.size);
  const members: number[][] = [];
  const open: number[] = [];
  const way = new NumberList();
  const cursors = new NumberList();
  let depth = 0;
  let count = 0;
  const enter = (state: number): void => {
    order[state] = ++count;
    lowest[state] = count;
    open.push(state);
    if (depth === way.length) {
      way.push(state);
      cursors.push(graph.lastEdge(state));
    } else {
      way.set(depth, state);
      cursors.set(depth, graph.lastEdge(state));
    }
    depth++;
  };
  const close = (state: number): void => {
    depth--;
    if (depth > 0) {
      const before = way.at(depth - 1);
      lowest[before] = Math.min(int(lowest[before]), int(lowest[state]));
    }
    if (lowest[state] !== order[state]) return;
    const own: number[] = [];
    for (;;) {
      const member = open.pop() as number;
      componentOf[member] = members.length + 1;
      own.push(member);
      if (member === state) break;
    }
    members.push(own);
  };
  for (const root of part.states) {
    if (order[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const state = way.at(depth - 1);
      const edge = cursors.at(depth - 1);
      if (edge < 0) {
        close(state);
        continue;
      }
      cursors.set(depth - 1, graph.before(edge));
      if (!part.has(edge)) continue;
      const target = graph.targetOf(edge);
      if (order[target] === 0) enter(target);
      else if (componentOf[target] === 0) lowest[state] = Math.min(int(lowest[state]), int(order[target]));
    }
  }
  return { componentOf, members };
}
