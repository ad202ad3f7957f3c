/**
 * The search: depth first, in place, over every interleaving of steps; or, where it is told which tasks' steps are enough in a
 * state (`stubborn.ts`), over those.
 *
 * Nobody may be left out for ever: where all the chosen steps lead back to states on the way, the others are done as well.
 */

import { SLICE } from '../expression/meter.ts';
import { Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import type { SearchStop } from '../log/search-stop.ts';
import { Standstill } from './clock/standstill.ts';
import { clockProblem } from './clock/timed-steps.ts';
import { Chosen, LEVEL_BYTES, type Level, NOTHING, newLevel } from './level.ts';
import { OpenStates } from './open-states.ts';
import type { Stubborn } from './reductions/stubborn.ts';
import { Seen } from './seen.ts';
import type { Move, State } from './state.ts';

/** What a search is told of on its way. `trail` gives the moves that lead to the state at hand. */
export type SearchSink = {
  /** A state that was not seen before. False: stop. */
  reached(trail: () => readonly Move[]): boolean;
  /** The run is over: the main program has ended, or a task has failed and that ends it. */
  ended(trail: () => readonly Move[]): boolean;
  /** Nobody can go on, and the main program has not ended. */
  stuck(trail: () => readonly Move[]): boolean;
  /** About so many bytes does it hold of what it was told. */
  readonly bytes?: () => number;
};

export type SearchLimits = {
  readonly states: number;
  /** Of all that is held: what was seen, what is open, the way to the state at hand, what was found on it. */
  readonly bytes: number;
  readonly depth: number;
  /** Asked now and then, some tens of times a second: false ends the search. */
  readonly mayGoOn: () => boolean;
};

export type SearchEnd = {
  readonly end: SearchStop;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Some state was not followed, as it is beyond the bound that the scenario gives. */
  readonly isBounded: boolean;
  /** Some moves lead back to where they began. */
  readonly hasCycle: boolean;
  /** The way to a state from which neither an end nor a deadlock can be reached; null where none was seen. */
  readonly endless: readonly Move[] | null;
};

/** So many states at most between two looks at what is held. */
const LOOK_EVERY = 1024;
/** Two to the power of this: so many tasks are looked at as fast as one unit of other work. */
const LOOKED_AT = 3;

/** How far a search is. */
export type SearchProgress = { readonly states: number; readonly depth: number; readonly bytes: number };

/** What is done beside a search, in slices, each of which is told. */
export function* told<T>(
  slices: Generator<void, T, void>,
  progress: SearchProgress,
): Generator<SearchProgress, T, void> {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    yield progress;
  }
}

/** Visits every state that can be reached from the one at hand; now and then it yields, so that others have a turn. */
export function* search(
  state: State,
  sink: SearchSink,
  limits: SearchLimits,
  stubborn?: Stubborn,
): Generator<SearchProgress, SearchEnd, void> {
  const searching = new Search(state, sink, limits, stubborn);
  try {
    let stop = searching.begin();
    while (stop === undefined) {
      stop = searching.slice();
      if (stop !== undefined) break;
      const progress = searching.progress();
      if (progress.bytes > limits.bytes) return searching.endBy('memory');
      yield progress;
      state.meter.spent = 0;
      if (!limits.mayGoOn()) return searching.endBy('time');
    }
    return searching.endBy(stop);
  } catch (thrown) {
    if (thrown instanceof Exhausted) return searching.endBy('exhausted');
    throw thrown;
  }
}

/** One search, in slices: a generator's own loop is not compiled as well as a method's. */
class Search {
  readonly #state: State;
  readonly #sink: SearchSink;
  readonly #limits: SearchLimits;
  readonly #seen = new Seen();
  readonly #open = new OpenStates();
  /** Where durations count. */
  readonly #standstill: Standstill | undefined;
  readonly #levels: Level[] = [];
  readonly #chosen: Chosen;
  /** Of the state at hand: how many moves lead to it. */
  #depth = 0;
  #wasCut = false;
  #transitions = 0;
  #deepest = 0;
  #isBounded = false;
  #hasCycle = false;
  #endless: readonly Move[] | null = null;

  constructor(state: State, sink: SearchSink, limits: SearchLimits, stubborn: Stubborn | undefined) {
    this.#state = state;
    this.#sink = sink;
    this.#limits = limits;
    this.#chosen = new Chosen(stubborn);
    this.#standstill = state.clock === undefined ? undefined : new Standstill();
  }

  endBy(end: SearchStop): SearchEnd {
    return {
      end,
      states: this.#seen.size,
      transitions: this.#transitions,
      depth: this.#deepest,
      isBounded: this.#isBounded,
      hasCycle: this.#hasCycle,
      endless: this.#endless,
    };
  }

  progress(): SearchProgress {
    return { states: this.#seen.size, depth: this.#depth, bytes: this.#bytes() };
  }

  #bytes(): number {
    const levels = this.#levels.length * LEVEL_BYTES + this.#chosen.bytes;
    const steps = this.#standstill?.bytes ?? 0;
    return (
      steps + this.#seen.bytes + this.#open.bytes + levels + this.#state.bytes + (this.#sink.bytes?.() ?? 0)
    );
  }

  readonly #trail = (): readonly Move[] =>
    this.#levels.slice(0, this.#depth).map(({ task, late, choices }) => ({ task, late, choices }));

  /** The state that all begins with. Undefined: there is more. */
  begin(): SearchStop | undefined {
    const state = this.#state;
    if (clockProblem(state.plan) !== undefined) return 'ordered';
    this.#seen.add(state.fingerprint.low, state.fingerprint.high);
    if (!this.#sink.reached(this.#trail)) return 'found';
    if (state.isOver) return this.#sink.ended(this.#trail) ? 'all' : 'found';
    if (state.isBeyond) return 'beyond';
    this.#enter();
    return undefined;
  }

  /** Goes on for a while. Undefined: there is more. */
  slice(): SearchStop | undefined {
    const state = this.#state;
    const seen = this.#seen;
    const { fingerprint } = state;
    while (this.#depth >= 0) {
      if (state.meter.spent > SLICE) return undefined;
      const level = this.#levels[this.#depth] as Level;
      if (!nextMove(state, level, this.#chosen)) {
        if (level.moves === 0 && !this.#isStuck(level)) return 'found';
        this.#close(level);
        continue;
      }
      this.#transitions++;
      if (!seen.add(fingerprint.low, fingerprint.high)) {
        this.#meet(level);
        state.back(level.mark);
        continue;
      }
      level.leadsOn = true;
      this.#depth++;
      if (this.#depth > this.#deepest) this.#deepest = this.#depth;
      const stop = this.#arrive(level);
      if (stop !== undefined) return stop;
      if (seen.size % LOOK_EVERY === 0) return undefined;
    }
    if (this.#standstill?.isThere === true) return 'instant';
    return this.#wasCut ? 'depth' : 'all';
  }

  #isStuck(level: Level): boolean {
    level.reachesEnd = true;
    return this.#sink.stuck(this.#trail);
  }

  /** A move has led to a state that was seen before. */
  #meet(level: Level): void {
    const { low, high } = this.#state.fingerprint;
    const position = this.#open.positionOf(low, high);
    level.leadsOn ||= !isOnWay(this.#levels, this.#depth, position);
    if (position < 0) level.reachesEnd = true;
    else this.#hasCycle = true;
    if (position >= 0 && !this.#state.hasTimePassed) this.#stepTo(level.position, position);
    if (position >= 0 && position < level.lowest) level.lowest = position;
  }

  /** At a state that was not seen before, which `from` leads to. */
  #arrive(from: Level): SearchStop | undefined {
    const state = this.#state;
    if (!this.#sink.reached(this.#trail)) return 'found';
    if (this.#seen.size >= this.#limits.states) return 'states';
    const { isOver } = state;
    if (isOver && !this.#sink.ended(this.#trail)) return 'found';
    const isBeyond = !isOver && state.isBeyond;
    this.#isBounded ||= isBeyond;
    if (!isOver && !isBeyond && this.#depth < this.#limits.depth) {
      this.#enter();
      return undefined;
    }
    this.#wasCut ||= !isOver && !isBeyond;
    // Nobody knows where a way leads that is not followed.
    from.reachesEnd = true;
    this.#depth--;
    state.back(from.mark);
    return undefined;
  }

  #enter(): void {
    const state = this.#state;
    const level = this.#levels[this.#depth] ?? newLevel();
    this.#levels[this.#depth] = level;
    level.mark = state.mark();
    level.task = -1;
    level.late = false;
    level.moves = 0;
    level.tried = 0;
    level.isWidened = false;
    level.leadsOn = false;
    level.position = this.#open.push(state.fingerprint.low, state.fingerprint.high);
    level.lowest = level.position;
    level.reachesEnd = false;
    level.isLater = state.hasTimePassed;
    level.steps = this.#standstill?.mark() ?? 0;
    state.meter.spent += state.plan.tasks.length >> LOOKED_AT;
    this.#chosen.choose(level);
  }

  /** In no time, from one open state to another. */
  #stepTo(from: number, to: number): void {
    this.#standstill?.add(from, to, this.#state.clock?.somebodyWaits() === true);
  }

  /** All moves from the state at hand were followed. */
  #close(level: Level): void {
    if (level.lowest === level.position) {
      if (!level.reachesEnd) this.#endless ??= this.#trail();
      this.#open.cut(level.position);
      this.#standstill?.complete(level.steps);
    }
    this.#chosen.drop(level);
    this.#depth--;
    if (this.#depth < 0) return;
    const before = this.#levels[this.#depth] as Level;
    before.lowest = Math.min(before.lowest, level.lowest);
    before.reachesEnd ||= level.reachesEnd;
    if (level.lowest !== level.position && !level.isLater) this.#stepTo(before.position, level.position);
    this.#state.back(before.mark);
  }
}

/** Whether that place among the open states is of one on the way to the state at hand: they lie there in the way's order. */
function isOnWay(levels: readonly Level[], depth: number, position: number): boolean {
  let first = 0;
  let end = depth + 1;
  while (first < end) {
    const middle = (first + end) >> 1;
    const { position: at } = levels[middle] as Level;
    if (at === position) return true;
    if (at < position) first = middle + 1;
    else end = middle;
  }
  return false;
}

/** Does the next move of a state that can be done; false: there is none. */
export function nextMove(state: State, level: Level, chosen: Chosen): boolean {
  const tasks = state.plan.tasks.length;
  if (level.task >= 0) {
    for (let next = nextChoices(level); next !== undefined; next = nextChoices(level)) {
      if (state.move(level.task, level.late, next)) return made(state, level);
      level.choices = next;
    }
    if (!level.late && afterOnTime(state, level)) return made(state, level);
  }
  for (let task = chosen.next(level, tasks); task >= 0; task = chosen.next(level, tasks)) {
    if (!state.mayMove(task)) continue;
    level.task = task;
    level.late = false;
    if (state.move(task, false)) return made(state, level);
    if (afterOnTime(state, level)) return made(state, level);
  }
  level.task = -1;
  return false;
}

/** The same task, its time being over. */
function afterOnTime(state: State, level: Level): boolean {
  level.late = true;
  return state.mayBeLate(level.task) && state.move(level.task, true);
}

function made(state: State, level: Level): true {
  level.choices = state.choicesMade();
  level.counts = level.choices.length === 0 ? NOTHING : state.counts.slice(0, level.choices.length);
  if (!state.hasWokenUp) level.moves++;
  return true;
}

/** The next of all ways to choose, as an odometer counts; undefined after the last. */
function nextChoices({ choices, counts }: Level): readonly number[] | undefined {
  for (let at = choices.length - 1; at >= 0; at--) {
    const next = int(choices[at]) + 1;
    if (next < int(counts[at])) return [...choices.slice(0, at), next];
  }
  return undefined;
}
