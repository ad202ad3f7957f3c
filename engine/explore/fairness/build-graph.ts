/**
 * Makes the graph of all states: depth first, in place, every move of every task. What a search leaves out elsewhere, as it comes
 * to the same in the end, would be missing here: who had a turn, and who could have had one.
 */

import { SLICE } from '../../expression/meter.ts';
import { Exhausted } from '../../log/exhausted.ts';
import type { SearchStop } from '../../log/search-stop.ts';
import { Chosen, LEVEL_BYTES, type Level, newLevel } from '../level.ts';
import { OpenStates } from '../open-states.ts';
import { nextMove, type SearchLimits, type SearchProgress } from '../search.ts';
import type { State } from '../state.ts';
import { KNOWN, StateGraph } from './state-graph.ts';

export type BuiltGraph = {
  readonly graph: StateGraph;
  /** How far it came: what is not followed to its end is open in it. */
  readonly end: SearchStop;
  /** Some state was not followed, as it is beyond the bound that the scenario gives. */
  readonly isBounded: boolean;
};

/** Answers to what is asked of each state, by their number. */
export type Answers = { readonly count: number; readonly isTrue: (claim: number) => boolean };

const LOOK_EVERY = 1024;
/** About so many bytes a state does it take to look for ways and circles in the graph. */
const BYTES_TO_LOOK = 64;

export function* buildGraph(
  state: State,
  answers: Answers,
  limits: SearchLimits,
): Generator<SearchProgress, BuiltGraph, void> {
  const building = new Building(state, answers, limits);
  try {
    building.begin();
    for (;;) {
      const end = building.slice();
      if (end !== undefined) return building.built(end);
      const progress = building.progress();
      if (progress.bytes > limits.bytes) return building.built('memory');
      yield progress;
      state.meter.spent = 0;
      if (!limits.mayGoOn()) return building.built('time');
    }
  } catch (thrown) {
    if (thrown instanceof Exhausted) return building.built('exhausted');
    throw thrown;
  }
}

class Building {
  readonly #state: State;
  readonly #answers: Answers;
  readonly #limits: SearchLimits;
  readonly #graph: StateGraph;
  /** Where each state is in the graph, by its fingerprint; none is ever taken out. */
  readonly #numbers = new OpenStates();
  readonly #levels: Level[] = [];
  /** By depth: the state's number. */
  readonly #way: number[] = [];
  readonly #chosen = new Chosen(undefined);
  #depth = -1;
  #isBounded = false;
  #wasCut = false;

  constructor(state: State, answers: Answers, limits: SearchLimits) {
    this.#state = state;
    this.#answers = answers;
    this.#limits = limits;
    this.#graph = new StateGraph(state.plan.tasks.length, answers.count);
  }

  built(end: SearchStop): BuiltGraph {
    return { graph: this.#graph, end, isBounded: this.#isBounded };
  }

  progress(): SearchProgress {
    const levels = this.#levels.length * LEVEL_BYTES;
    const later = BYTES_TO_LOOK * this.#graph.size;
    const bytes = this.#graph.bytes + this.#numbers.bytes + levels + later + this.#state.bytes;
    return { states: this.#graph.size, depth: this.#depth, bytes };
  }

  begin(): void {
    this.#arrive(this.#number());
  }

  /** Goes on for a while. Undefined: there is more. */
  slice(): SearchStop | undefined {
    const state = this.#state;
    const graph = this.#graph;
    const { fingerprint } = state;
    while (this.#depth >= 0) {
      if (state.meter.spent > SLICE) return undefined;
      const level = this.#levels[this.#depth] as Level;
      const from = this.#way[this.#depth] as number;
      if (!nextMove(state, level, this.#chosen)) {
        this.#close(level, from);
        continue;
      }
      const known = this.#numbers.positionOf(fingerprint.low, fingerprint.high);
      const isUnasked = state.hasWokenUp;
      const to = known < 0 ? this.#number() : known;
      graph.connect(from, to, level, isUnasked);
      if (known >= 0 || !this.#arrive(to)) state.back(level.mark);
      if (known >= 0) continue;
      if (graph.size >= this.#limits.states) return 'states';
      if (graph.size % LOOK_EVERY === 0) return undefined;
    }
    return this.#wasCut ? 'depth' : 'all';
  }

  #number(): number {
    const { low, high } = this.#state.fingerprint;
    this.#numbers.push(low, high);
    return this.#graph.add(this.#answers.isTrue, this.#answers.count);
  }

  /** At a state that was not seen before. False: it is not followed. */
  #arrive(number: number): boolean {
    const state = this.#state;
    if (state.isOver) {
      this.#graph.setKnown(number, KNOWN.over);
      return false;
    }
    if (state.isBeyond) {
      this.#isBounded = true;
      return false;
    }
    if (this.#depth + 1 >= this.#limits.depth) {
      this.#wasCut = true;
      return false;
    }
    this.#enter(number);
    return true;
  }

  #enter(number: number): void {
    this.#depth++;
    const level = this.#levels[this.#depth] ?? newLevel();
    this.#levels[this.#depth] = level;
    this.#way[this.#depth] = number;
    level.mark = this.#state.mark();
    level.task = -1;
    level.late = false;
    level.moves = 0;
    level.tried = 0;
    level.isWidened = false;
    this.#chosen.choose(level);
  }

  /** All moves from the state at hand were followed. */
  #close(level: Level, number: number): void {
    this.#graph.setKnown(number, level.moves === 0 ? KNOWN.stuck : KNOWN.followed);
    this.#chosen.drop(level);
    this.#depth--;
    if (this.#depth >= 0) this.#state.back((this.#levels[this.#depth] as Level).mark);
  }
}
