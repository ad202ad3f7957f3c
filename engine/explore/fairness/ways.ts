/**
 * Ways through a graph on which something is awaited, and does not come: the shortest to each state. Whether it is awaited is
 * part of where one is, so each state counts twice.
 */

import { int } from '../../log/int.ts';
import type { Part } from './components.ts';
import { KNOWN, type StateGraph } from './state-graph.ts';

/** What is awaited: from when on, and until when. */
export type Awaited = {
  /** It is awaited from the beginning, and never again once it has come. */
  readonly isOnce: boolean;
  readonly begins: (state: number) => boolean;
  readonly comes: (state: number) => boolean;
};

const FIRST = 0;
const NOWHERE = -1;

export class Ways {
  /** States in which it is awaited, the nearest first. */
  readonly waiting: readonly number[];
  readonly #graph: StateGraph;
  readonly #awaited: Awaited;
  /** By place, which is twice the state and one more where it is awaited: the place and the edge before it. */
  readonly #placeBefore: Int32Array;
  readonly #edgeBefore: Int32Array;

  constructor(graph: StateGraph, awaited: Awaited) {
    this.#graph = graph;
    this.#awaited = awaited;
    this.#placeBefore = new Int32Array(2 * graph.size).fill(NOWHERE);
    this.#edgeBefore = new Int32Array(2 * graph.size).fill(NOWHERE);
    this.waiting = this.#walk();
  }

  #walk(): readonly number[] {
    const graph = this.#graph;
    const first = 2 * FIRST + this.#waitsIn(FIRST, 0);
    this.#placeBefore[first] = first;
    const places = [first];
    for (let index = 0; index < places.length; index++) {
      const place = places[index] as number;
      const waits = place & 1;
      if (waits === 0 && this.#awaited.isOnce) continue;
      for (let edge = graph.lastEdge(place >> 1); edge >= 0; edge = graph.before(edge)) {
        const target = graph.targetOf(edge);
        const next = 2 * target + this.#waitsIn(target, waits);
        if (this.#placeBefore[next] !== NOWHERE) continue;
        this.#placeBefore[next] = place;
        this.#edgeBefore[next] = edge;
        places.push(next);
      }
    }
    return places.filter((place) => (place & 1) === 1).map((place) => place >> 1);
  }

  #waitsIn(state: number, before: number): 0 | 1 {
    if (this.#awaited.comes(state)) return 0;
    return before === 1 || this.#awaited.begins(state) ? 1 : 0;
  }

  /** The part of the graph in which it is awaited and does not come, as far as all is known of what can be done in it. */
  part(): Part {
    const graph = this.#graph;
    const isKnown = (state: number): boolean => graph.knownOf(state) === KNOWN.followed;
    const has = (edge: number): boolean => {
      const target = graph.targetOf(edge);
      return isKnown(target) && !this.#awaited.comes(target);
    };
    return { states: this.waiting.filter(isKnown), has };
  }

  /** The edges that lead to a state in which it is awaited. */
  to(state: number): readonly number[] {
    const edges: number[] = [];
    for (let place = 2 * state + 1; int(this.#edgeBefore[place]) >= 0; place = int(this.#placeBefore[place]))
      edges.push(int(this.#edgeBefore[place]));
    return edges.reverse();
  }
}
