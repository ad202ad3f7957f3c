/**
 * The search: depth first, in place, over every interleaving of steps; or, where it is told which tasks' steps are enough in a
 * state (`stubborn.ts`), over those.
 *
 * Nobody may be left out for ever: where all the chosen steps lead back to states on the way, the others are done as well.
 */

import { Exhausted } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import type { SearchStop } from '../log/search-stop.ts';
import { OpenStates } from './open-states.ts';
import { ALL_TASKS, type Stubborn } from './reductions/stubborn.ts';
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
};

export type SearchLimits = {
  readonly states: number;
  readonly bytes: number;
  readonly depth: number;
  /** Asked every thousand states or so: false ends the search. */
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

/** Moves of one state, those that were tried last. */
type Level = {
  mark: number;
  /** The tasks that are enough, as they lie among those of all levels, and how many; or `ALL_TASKS`. */
  first: number;
  enough: number;
  /** How many tasks were tried of those. */
  tried: number;
  /** The others are tried as well. */
  isWidened: boolean;
  /** Some move has led away from the states on the way here. */
  leadsOn: boolean;
  task: number;
  late: boolean;
  choices: readonly number[];
  /** Of how many each of them was one. */
  counts: readonly number[];
  /** Those that somebody can count on. */
  moves: number;
  /** Among the open states its own place, and the lowest one that was found to be reached from here. */
  position: number;
  lowest: number;
  /** An end or a deadlock can be reached from here, as far as was seen. */
  reachesEnd: boolean;
};

const LOOK_EVERY = 1024;
const NOTHING: readonly number[] = [];

/** How far a search is. */
export type SearchProgress = { readonly states: number; readonly depth: number; readonly bytes: number };

/** Visits every state that can be reached from the one at hand; now and then it yields, so that others have a turn. */
export function* search(
  state: State,
  sink: SearchSink,
  limits: SearchLimits,
  stubborn?: Stubborn,
): Generator<SearchProgress, SearchEnd, void> {
  const nothing = { hasCycle: false, isBounded: false, endless: null };
  const counts: Counts = { states: 0, transitions: 0, depth: 0, ...nothing };
  try {
    return yield* searchAll(state, sink, limits, counts, stubborn);
  } catch (thrown) {
    if (thrown instanceof Exhausted) return { end: 'exhausted', ...counts };
    throw thrown;
  }
}

type Counts = { -readonly [K in Exclude<keyof SearchEnd, 'end'>]: SearchEnd[K] };

function* searchAll(
  state: State,
  sink: SearchSink,
  limits: SearchLimits,
  counts: Counts,
  stubborn: Stubborn | undefined,
): Generator<SearchProgress, SearchEnd, void> {
  const seen = new Seen();
  const unfinished = new OpenStates();
  const levels: Level[] = [];
  const chosen = new Chosen(stubborn);
  let depth = 0;
  let wasCut = false;
  const trail = (): readonly Move[] =>
    levels.slice(0, depth).map(({ task, late, choices }) => ({ task, late, choices }));
  const done = (end: SearchEnd['end']): SearchEnd => ({ end, ...counts });
  const open = (): void => {
    const level = levels[depth] ?? newLevel();
    levels[depth] = level;
    level.mark = state.mark();
    level.task = -1;
    level.late = false;
    level.moves = 0;
    level.tried = 0;
    level.isWidened = false;
    level.leadsOn = false;
    level.position = unfinished.push(state.fingerprint.low, state.fingerprint.high);
    level.lowest = level.position;
    level.reachesEnd = false;
    chosen.choose(level);
  };
  /** All moves from the state at hand were followed. */
  const close = (level: Level): void => {
    if (level.lowest === level.position) {
      if (!level.reachesEnd) counts.endless ??= trail();
      unfinished.cut(level.position);
    }
    chosen.drop(level);
    depth--;
    if (depth < 0) return;
    const before = levels[depth] as Level;
    before.lowest = Math.min(before.lowest, level.lowest);
    before.reachesEnd ||= level.reachesEnd;
    state.back(before.mark);
  };
  if (state.plan.check.time === 'ordered') return done('ordered');
  seen.add(state.fingerprint.low, state.fingerprint.high);
  counts.states = seen.size;
  if (!sink.reached(trail)) return done('found');
  if (state.isOver) return done(sink.ended(trail) ? 'all' : 'found');
  if (state.isBeyond) return done('beyond');
  open();
  while (depth >= 0) {
    const level = levels[depth] as Level;
    if (!nextMove(state, level, chosen)) {
      if (level.moves === 0) level.reachesEnd = true;
      if (level.moves === 0 && !sink.stuck(trail)) return done('found');
      close(level);
      continue;
    }
    counts.transitions++;
    const { low, high } = state.fingerprint;
    if (!seen.add(low, high)) {
      const position = unfinished.positionOf(low, high);
      level.leadsOn ||= !isOnWay(levels, depth, position);
      if (position < 0) level.reachesEnd = true;
      else counts.hasCycle = true;
      if (position >= 0 && position < level.lowest) level.lowest = position;
      state.back(level.mark);
      continue;
    }
    level.leadsOn = true;
    depth++;
    counts.states = seen.size;
    if (depth > counts.depth) counts.depth = depth;
    if (!sink.reached(trail)) return done('found');
    if (seen.size >= limits.states) return done('states');
    if (seen.size % LOOK_EVERY === 0) {
      const bytes = seen.bytes + unfinished.bytes;
      if (bytes > limits.bytes) return done('memory');
      yield { states: seen.size, depth, bytes };
      if (!limits.mayGoOn()) return done('time');
    }
    const { isOver } = state;
    if (isOver && !sink.ended(trail)) return done('found');
    const isBeyond = !isOver && state.isBeyond;
    counts.isBounded ||= isBeyond;
    if (isOver || isBeyond || depth >= limits.depth) {
      wasCut ||= !isOver && !isBeyond;
      // Nobody knows where a way leads that is not followed.
      level.reachesEnd = true;
      depth--;
      state.back(level.mark);
      continue;
    }
    open();
  }
  return done(wasCut ? 'depth' : 'all');
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

function newLevel(): Level {
  return {
    ...{ mark: 0, first: 0, enough: ALL_TASKS, tried: 0, isWidened: false, leadsOn: false },
    ...{ task: -1, late: false, choices: NOTHING, counts: NOTHING, moves: 0 },
    ...{ position: 0, lowest: 0, reachesEnd: false },
  };
}

/** The tasks that are enough at each level. */
class Chosen {
  readonly #stubborn: Stubborn | undefined;
  #tasks = new Int32Array(1 << 8);
  #length = 0;

  constructor(stubborn: Stubborn | undefined) {
    this.#stubborn = stubborn;
  }

  choose(level: Level): void {
    const count = this.#stubborn === undefined ? ALL_TASKS : this.#stubborn.choose();
    level.enough = count;
    level.first = this.#length;
    if (count === ALL_TASKS || this.#stubborn === undefined) return;
    if (this.#length + count > this.#tasks.length) {
      const larger = new Int32Array(2 * (this.#length + count));
      larger.set(this.#tasks);
      this.#tasks = larger;
    }
    for (let index = 0; index < count; index++)
      this.#tasks[this.#length++] = int(this.#stubborn.chosen[index]);
  }

  drop(level: Level): void {
    this.#length = level.first;
  }

  /** The next task to be tried; -1: there is none. */
  next(level: Level, tasks: number): number {
    if (level.enough !== ALL_TASKS && !level.isWidened) {
      if (level.tried < level.enough) return int(this.#tasks[level.first + level.tried++]);
      if (level.leadsOn && level.moves > 0) return -1;
      level.isWidened = true;
      level.tried = 0;
    }
    while (level.tried < tasks) {
      const task = level.tried++;
      if (!level.isWidened || !this.#has(level, task)) return task;
    }
    return -1;
  }

  #has({ first, enough }: Level, task: number): boolean {
    for (let index = first; index < first + enough; index++) if (this.#tasks[index] === task) return true;
    return false;
  }
}

/** Does the next move of a state that can be done; false: there is none. */
function nextMove(state: State, level: Level, chosen: Chosen): boolean {
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
