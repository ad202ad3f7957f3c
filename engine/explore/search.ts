/**
 * The search: depth first, in place, over every interleaving of steps.
 */
import { Exhausted } from '../log/exhausted.ts';
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
  /**
   * `all`: every state was seen. `found`: the sink had enough. `beyond`: the first state is not within the bound. `ordered`:
   * nothing was searched, as durations are to count.
   */
  readonly end:
    | 'all'
    | 'beyond'
    | 'ordered'
    | 'found'
    | 'states'
    | 'memory'
    | 'depth'
    | 'time'
    | 'stopped'
    | 'exhausted';
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Some state was not followed, as it is beyond the bound that the scenario gives. */
  readonly isBounded: boolean;
  /** Some move leads back to a state on the way to it. Looked for only while nothing has come to its end. */
  readonly hasCycle: boolean;
};

/** Moves of one state, those that were tried last. */
type Level = {
  mark: number;
  /** The state's fingerprint. */
  low: number;
  high: number;
  task: number;
  late: boolean;
  choices: readonly number[];
  /** Of how many each of them was one. */
  counts: readonly number[];
  /** Those that somebody can count on. */
  moves: number;
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
): Generator<SearchProgress, SearchEnd, void> {
  const counts = { states: 0, transitions: 0, depth: 0, hasCycle: false, isBounded: false };
  try {
    return yield* searchAll(state, sink, limits, counts);
  } catch (thrown) {
    if (thrown instanceof Exhausted) return { end: 'exhausted', ...counts };
    throw thrown;
  }
}

type Counts = { states: number; transitions: number; depth: number; hasCycle: boolean; isBounded: boolean };

function* searchAll(
  state: State,
  sink: SearchSink,
  limits: SearchLimits,
  counts: Counts,
): Generator<SearchProgress, SearchEnd, void> {
  const seen = new Seen();
  const levels: Level[] = [];
  let depth = 0;
  let wasCut = false;
  let hasEnd = false;
  const trail = (): readonly Move[] =>
    levels.slice(0, depth).map(({ task, late, choices }) => ({ task, late, choices }));
  const done = (end: SearchEnd['end']): SearchEnd => ({ end, ...counts });
  const open = (): void => {
    const level = levels[depth];
    const { low, high } = state.fingerprint;
    if (level === undefined)
      levels.push({
        mark: state.mark(),
        low,
        high,
        task: -1,
        late: false,
        choices: [],
        counts: [],
        moves: 0,
      });
    else {
      level.mark = state.mark();
      level.low = low;
      level.high = high;
      level.task = -1;
      level.late = false;
      level.moves = 0;
    }
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
    if (!nextMove(state, level)) {
      if (level.moves === 0) hasEnd = true;
      if (level.moves === 0 && !sink.stuck(trail)) return done('found');
      depth--;
      if (depth >= 0) state.back((levels[depth] as Level).mark);
      continue;
    }
    counts.transitions++;
    if (!seen.add(state.fingerprint.low, state.fingerprint.high)) {
      if (!hasEnd && !counts.hasCycle) counts.hasCycle = isOnTheWay(levels, depth, state);
      state.back(level.mark);
      continue;
    }
    depth++;
    counts.states = seen.size;
    if (depth > counts.depth) counts.depth = depth;
    if (!sink.reached(trail)) return done('found');
    if (seen.size >= limits.states) return done('states');
    if (seen.size % LOOK_EVERY === 0) {
      if (seen.bytes > limits.bytes) return done('memory');
      yield { states: seen.size, depth, bytes: seen.bytes };
      if (!limits.mayGoOn()) return done('time');
    }
    const isOver = state.isOver;
    if (isOver) hasEnd = true;
    if (isOver && !sink.ended(trail)) return done('found');
    const isBeyond = !isOver && state.isBeyond;
    counts.isBounded ||= isBeyond;
    if (isOver || isBeyond || depth >= limits.depth) {
      wasCut ||= !isOver && !isBeyond;
      depth--;
      state.back(level.mark);
      continue;
    }
    open();
  }
  return done(wasCut ? 'depth' : 'all');
}

function isOnTheWay(levels: readonly Level[], depth: number, { fingerprint }: State): boolean {
  for (let at = 0; at <= depth; at++) {
    const level = levels[at] as Level;
    if (level.low === fingerprint.low && level.high === fingerprint.high) return true;
  }
  return false;
}

/** Does the next move of a state that can be done; false: there is none. */
function nextMove(state: State, level: Level): boolean {
  const tasks = state.plan.tasks.length;
  if (level.task >= 0 && level.task < tasks) {
    for (let next = nextChoices(level); next !== undefined; next = nextChoices(level)) {
      if (state.move(level.task, level.late, next)) return made(state, level);
      level.choices = next;
    }
    if (!level.late && afterOnTime(state, level)) return made(state, level);
  }
  for (let task = level.task + 1; task < tasks; task++) {
    if (!state.mayMove(task)) continue;
    level.task = task;
    level.late = false;
    if (state.move(task, false)) return made(state, level);
    if (afterOnTime(state, level)) return made(state, level);
  }
  level.task = tasks;
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
    const next = (choices[at] as number) + 1;
    if (next < (counts[at] as number)) return [...choices.slice(0, at), next];
  }
  return undefined;
}
