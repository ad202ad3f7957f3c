/**
 * All states of a scenario with the moves between them, kept as numbers: whether something happens at all is a question about
 * ways that never end, and those are circles in this graph.
 */

import type { Move } from '../state.ts';
import { NumberList } from './number-list.ts';

/** How a state is known: nobody has followed all that can be done in it; all was; the run is over there; nobody can go on. */
export const KNOWN = { open: 0, followed: 1, over: 2, stuck: 3 } as const;

/** Of an edge: where it leads to, its move, and the edge before it of the same state. */
const EDGE = { target: 0, move: 1, before: 2, size: 3 } as const;
const LATE = 1;
const UNASKED = 2;
const BITS = 2;
const NO_CHOICES: readonly number[] = [];

export class StateGraph {
  readonly tasks: number;
  /** Words of claims that each state has. */
  readonly #claimWords: number;
  readonly #known = new NumberList();
  readonly #last = new NumberList();
  readonly #claims = new NumberList();
  readonly #edges = new NumberList();
  /** By edge, where chance decides something. */
  readonly #choices = new Map<number, readonly number[]>();

  /** @param claims how many expressions each state has an answer to */
  constructor(tasks: number, claims: number) {
    this.tasks = tasks;
    this.#claimWords = Math.ceil(claims / 32);
  }

  get size(): number {
    return this.#known.length;
  }

  get edges(): number {
    return this.#edges.length / EDGE.size;
  }

  get bytes(): number {
    const choices = this.#choices.size * 100;
    return this.#known.bytes + this.#last.bytes + this.#claims.bytes + this.#edges.bytes + choices;
  }

  /** @param isTrue by the number of a claim, in the state at hand @returns the state's number */
  add(isTrue: (claim: number) => boolean, claims: number): number {
    for (let word = 0; word < this.#claimWords; word++) {
      let bits = 0;
      for (let claim = 32 * word; claim < Math.min(claims, 32 * word + 32); claim++)
        if (isTrue(claim)) bits |= 1 << (claim % 32);
      this.#claims.push(bits);
    }
    this.#last.push(-1);
    return this.#known.push(KNOWN.open);
  }

  setKnown(state: number, known: number): void {
    this.#known.set(state, known);
  }

  knownOf(state: number): number {
    return this.#known.at(state);
  }

  /** Whether the claim with that number is true in the state. */
  holds(state: number, claim: number): boolean {
    return ((this.#claims.at(state * this.#claimWords + (claim >> 5)) >> (claim % 32)) & 1) === 1;
  }

  /** @param isUnasked nobody can count on it */
  connect(from: number, to: number, { task, late, choices }: Move, isUnasked: boolean): void {
    const edge = this.#edges.push(to);
    this.#edges.push((task << BITS) | (late ? LATE : 0) | (isUnasked ? UNASKED : 0));
    this.#edges.push(this.#last.at(from));
    this.#last.set(from, edge);
    if (choices.length > 0) this.#choices.set(edge, choices);
  }

  /** Some edge of the state; -1: it has none. `before` gives the others. */
  lastEdge(state: number): number {
    return this.#last.at(state);
  }

  before(edge: number): number {
    return this.#edges.at(edge + EDGE.before);
  }

  targetOf(edge: number): number {
    return this.#edges.at(edge + EDGE.target);
  }

  taskOf(edge: number): number {
    return this.#edges.at(edge + EDGE.move) >> BITS;
  }

  isLate(edge: number): boolean {
    return (this.#edges.at(edge + EDGE.move) & LATE) !== 0;
  }

  isChance(edge: number): boolean {
    return this.#choices.has(edge);
  }

  moveOf(edge: number): Move {
    const choices = this.#choices.get(edge) ?? NO_CHOICES;
    return { task: this.taskOf(edge), late: this.isLate(edge), choices };
  }

  /** Whether the task can go on in the state, so that fairness owes it a turn. */
  isEnabled(state: number, task: number): boolean {
    for (let edge = this.lastEdge(state); edge >= 0; edge = this.before(edge)) {
      const move = this.#edges.at(edge + EDGE.move);
      if (move >> BITS === task && (move & UNASKED) === 0) return true;
    }
    return false;
  }

  /** Sets a mark for each task that can go on in the state. */
  markEnabled(state: number, marks: Uint8Array): void {
    for (let edge = this.lastEdge(state); edge >= 0; edge = this.before(edge)) {
      const move = this.#edges.at(edge + EDGE.move);
      if ((move & UNASKED) === 0) marks[move >> BITS] = 1;
    }
  }
}
