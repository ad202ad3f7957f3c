/**
 * Every interleaving of a scenario: what it found, each finding with the moves that lead to it.
 *
 * Nothing is judged here but what states show. Each way to an end, to a deadlock, or to a state that breaks something is
 * given as moves: replayed in virtual time, the ordinary verdict judges it (`verdict/exploration.ts`).
 */

import type { LivenessSeen } from '../log/liveness-seen.ts';
import type { SearchStop } from '../log/search-stop.ts';
import type { Unexercised } from '../log/unexercised.ts';
import type { Plan } from '../plan/plan.ts';
import { createStateJudge, type StateJudge } from './claims/judged-states.ts';
import { withLengths } from './clock/lengths.ts';
import { bytesOfState } from './explored-layout.ts';
import { searchLiveness } from './fairness/liveness-search.ts';
import type { Found, Schedule } from './found.ts';
import { type RacesSeen, searchRaces } from './races/race-search.ts';
import { createStubborn } from './reductions/stubborn.ts';
import { NO_SYMMETRY, type Symmetry } from './reductions/symmetry.ts';
import { createSampler, type Sampler } from './samples/sample.ts';
import {
  type SearchEnd,
  type SearchLimits,
  type SearchProgress,
  type SearchSink,
  search,
  told,
} from './search.ts';
import { type Shortening, shortestDeadlock, shortestToBroken, shortestToEach } from './short-ways.ts';
import { State, type StateOptions } from './state.ts';

export type ExploreOptions = StateOptions & {
  readonly maxStates: number;
  readonly maxBytes: number;
  readonly maxSteps: number;
  /** Of steps that come to the same in whichever order, one order is enough; true by default. */
  readonly reduction?: boolean;
  /** Tasks that may starve are looked for as long as it takes, and not only where that is soon done; false by default. */
  readonly strict?: boolean;
  /** Asked now and then: false ends the search. */
  readonly mayGoOn: () => boolean;
};

export type Exploration = SearchEnd & {
  readonly found: readonly Found[];
  /** How many different ends there are, and states in which nobody can go on. */
  readonly ends: number;
  readonly deadlocks: number;
  /** Each of these has its way in `found`. */
  readonly isEveryEndFound: boolean;
  /** Of each `sometimes`, a way to a state in which it is true; null if there is none. */
  readonly sightings: readonly (Schedule | null)[];
  /** Of each `peak`, the most in any state. */
  readonly peaks: readonly number[];
  /** What was seen of races. */
  readonly races: RacesSeen;
  /** What was seen of whether things happen at all; null where nobody has looked. */
  readonly liveness: LivenessSeen | null;
  /** What never happened in any order, as far as was seen. */
  readonly unexercised: readonly Unexercised[];
  /** What cannot be true of a search that has seen all: a bug in concur. */
  readonly impossible: string | null;
  /** What replays need beside the moves: see `visibility.ts`. */
  readonly kinds: readonly Uint8Array[];
  readonly symmetry: Symmetry;
};

/**
 * So many different ends are told with the way to them, and so many deadlocks, which end a run as well: what is expected of
 * the end is judged there. Of more, nobody could look at all.
 */
const MOST_ENDS = 2_000;
/** All these ways together, where they are long: a million moves take some tens of megabytes. */
const MOST_MOVES_KEPT = 4_000_000;
/** About so many bytes does a move of a way take. */
const MOVE_BYTES = 48;

/** Whenever the search has come to so many more states, schedules are sampled: small scenarios need none. */
const SAMPLES_EVERY = 4_096;
/** Of what the search does, in moves for a state. */
const SAMPLES_SHARE = 0.1;
/** So many moves at least are sampled where the search is not allowed to see everything. */
const MOVES_AT_LIMIT = 20_000;

/** Explores all of it, or as much as the limits allow, in one go. */
export function explore(plan: Plan, options: ExploreOptions): Exploration {
  const exploring = exploreInSlices(plan, options);
  for (;;) {
    const slice = exploring.next();
    if (slice.done === true) return slice.value;
  }
}

/** The same in slices: between two of them others may have a turn. */
export function* exploreInSlices(
  plan: Plan,
  options: ExploreOptions,
): Generator<SearchProgress, Exploration, void> {
  if (bytesOfState(plan) > options.maxBytes) return unbegun(plan, 'space');
  const state = new State(plan, options);
  for (const _ of state.begin()) {
    yield { states: 0, depth: 0, bytes: state.bytes };
    if (state.bytes > options.maxBytes) return unbegun(plan, 'memory', state);
    if (!options.mayGoOn()) return unbegun(plan, 'time', state);
  }
  const own = collect(state);
  const samples = new Samples(plan, options, options.maxBytes - 2 * state.bytes);
  const end = yield* searched(state, own, samples, options);
  const progress = { states: end.states, depth: end.depth, bytes: state.bytes };
  state.rewind();
  if (end.end !== 'all' && end.end !== 'ordered') yield* told(samples.drawUntil(MOVES_AT_LIMIT), progress);
  // Where all was seen, samples have nothing to add.
  const all = end.end === 'all' ? own : joined(own, samples.collected);
  const limits = { ...limitsOf(options), bytes: options.maxBytes - all.bytes() };
  const races = yield* searchRaces(plan, options, limits);
  const liveness = yield* searchLiveness(plan, options, limits, end);
  const short = yield* told(shortWays({ state, judge: own.judge, mayGoOn: options.mayGoOn }, all), progress);
  const ways = [
    ...short,
    ...(races.way === null ? [] : [{ kind: 'broken', schedule: races.way, key: 'races' } as const]),
    ...endlessWay(end, all),
    ...liveness.found,
  ];
  const found = ways.map((one) => ({ ...one, schedule: withLengths(state, one.schedule) }));
  const { ends, deadlocks, isEveryEndFound, sightings } = all;
  const { kinds, symmetry } = state;
  const isStrange = hasNoEnd(end, all) && !end.isBounded;
  const impossible = isStrange ? yield* told(whyItMustHave(plan, options, end), progress) : null;
  const rest = { impossible, peaks: all.peaks(), unexercised: state.exercise.missing(), kinds, symmetry };
  const seen = { races: races.seen, liveness: liveness.seen };
  return { ...end, found, ends, deadlocks, isEveryEndFound, sightings, ...rest, ...seen };
}

function limitsOf({ maxStates, maxBytes, maxSteps, mayGoOn }: ExploreOptions): SearchLimits {
  return { states: maxStates, bytes: maxBytes, depth: maxSteps, mayGoOn };
}

/** The search, and samples now and then. */
function* searched(
  state: State,
  own: Collected,
  samples: Samples,
  options: ExploreOptions,
): Generator<SearchProgress, SearchEnd, void> {
  const sink: SearchSink = { ...own.sink, bytes: () => own.bytes() + samples.bytes };
  // Time passes only where nobody can move: that depends on everybody.
  const isReduced = options.reduction !== false && state.plan.check.time === 'free';
  const stubborn = isReduced ? createStubborn(state) : undefined;
  const searching = search(state, sink, limitsOf(options), stubborn);
  let sampled = 0;
  for (;;) {
    const slice = searching.next();
    if (slice.done === true) return slice.value;
    yield slice.value;
    const { states } = slice.value;
    if (states < sampled + SAMPLES_EVERY) continue;
    sampled = states;
    yield* told(samples.drawUntil(states * SAMPLES_SHARE), slice.value);
  }
}

/** Nothing was looked at. @param state where there is one, but not all of its beginning */
function unbegun(plan: Plan, end: SearchStop, state?: State): Exploration {
  const { sometimes, peak } = plan.expect;
  return {
    ...{ end, states: 0, transitions: 0, depth: 0, isBounded: false, hasCycle: false, endless: null },
    ...{ found: [], ends: 0, deadlocks: 0, isEveryEndFound: false, races: null, impossible: null },
    liveness: null,
    sightings: sometimes.map(() => null),
    peaks: peak.map(() => 0),
    unexercised: [],
    kinds: state?.kinds ?? [],
    symmetry: state?.symmetry ?? NO_SYMMETRY,
  };
}

function* shortWays(shortening: Shortening, { found }: Pick<Collected, 'found'>) {
  return [
    ...(yield* shortestDeadlock(shortening, found)),
    ...(yield* shortestToBroken(shortening, found)),
    ...(yield* shortestToEach(shortening, found)),
  ];
}

/** Where nothing ever ends, that is what the scenario is like; beside ways that end, it is a finding. */
function endlessWay(
  { endless }: SearchEnd,
  { ends, deadlocks }: Pick<Collected, 'ends' | 'deadlocks'>,
): readonly Found[] {
  if (endless === null || ends + deadlocks === 0) return [];
  return [{ kind: 'endless', schedule: endless, key: '' }];
}

function hasNoEnd({ end }: SearchEnd, { ends, deadlocks }: Pick<Collected, 'ends' | 'deadlocks'>): boolean {
  return end === 'all' && ends === 0 && deadlocks === 0;
}

/**
 * Ways that never end go in circles. Where a search takes different states for one another it sees circles where there are
 * none: schedules that are sampled without that, and yet come to an end, tell it.
 */
function* whyItMustHave(
  plan: Plan,
  options: ExploreOptions,
  { hasCycle }: SearchEnd,
): Generator<void, string | null, void> {
  if (!hasCycle) return 'a search saw every state, and no end, no deadlock and no cycle';
  const samples = new Samples(plan, { ...options, symmetry: false });
  yield* samples.drawUntil(MOVES_AT_LIMIT);
  const { ends = 0, deadlocks = 0 } = samples.collected ?? {};
  return ends + deadlocks === 0 ? null : 'a search saw no end, and a sampled schedule comes to one';
}

type Collected = {
  readonly judge: StateJudge;
  readonly sink: SearchSink;
  readonly found: Found[];
  readonly sightings: (Schedule | null)[];
  readonly peaks: () => readonly number[];
  readonly bytes: () => number;
  ends: number;
  deadlocks: number;
  isEveryEndFound: boolean;
};

/** Hears of states, and keeps what they show. */
function collect(state: State): Collected {
  const judge = createStateJudge(state, state.identity);
  const found: Found[] = [];
  const sightings: (Schedule | null)[] = state.plan.expect.sometimes.map(() => null);
  const sink: SearchSink = {
    reached(trail) {
      for (const index of judge.sighted()) sightings[index] = trail();
      for (let key = judge.broken(); key !== undefined; key = judge.broken()) add('broken', trail(), key);
      return true;
    },
    ended(trail) {
      keep('end', collected.ends++, trail);
      return true;
    },
    stuck(trail) {
      keep('stuck', collected.deadlocks++, trail);
      return true;
    },
  };
  let moves = 0;
  const add = (kind: Found['kind'], schedule: Schedule, key: string): void => {
    moves += schedule.length;
    found.push({ kind, schedule, key });
  };
  const keep = (kind: 'end' | 'stuck', earlier: number, trail: () => Schedule): void => {
    // One at least, however long the way to it.
    if (earlier > 0 && (earlier >= MOST_ENDS || moves > MOST_MOVES_KEPT)) {
      collected.isEveryEndFound = false;
      return;
    }
    add(kind, trail(), judge.outcome());
  };
  const counts = { ends: 0, deadlocks: 0, isEveryEndFound: true };
  const bytes = (): number => moves * MOVE_BYTES;
  const collected: Collected = { judge, sink, found, sightings, peaks: judge.peaks, bytes, ...counts };
  return collected;
}

/** In a state of their own, as the search is in the middle of its own; made when the first is asked for. */
class Samples {
  readonly #plan: Plan;
  readonly #options: ExploreOptions;
  readonly #room: number;
  #state: State | undefined;
  #sampler: Sampler | undefined;
  collected: Collected | undefined;

  /** @param room bytes that their state may take: without them there are none */
  constructor(plan: Plan, options: ExploreOptions, room = Number.POSITIVE_INFINITY) {
    this.#plan = plan;
    this.#options = options;
    this.#room = room;
  }

  get bytes(): number {
    return (this.#state?.bytes ?? 0) + (this.collected?.bytes() ?? 0);
  }

  *drawUntil(moves: number): Generator<void, void, void> {
    if (this.#room < 0) return;
    if (this.#sampler === undefined) {
      const { mayGoOn } = this.#options;
      this.#state = new State(this.#plan, this.#options);
      for (const _ of this.#state.begin()) {
        yield;
        if (!mayGoOn()) return;
      }
      this.collected = collect(this.#state);
      this.#sampler = createSampler(this.#state, this.collected.sink, mayGoOn);
    }
    yield* this.#sampler.drawUntil(moves);
  }
}

/** What either has found; how many states there are of a kind, only the search can count. */
function joined(own: Collected, sampled: Collected | undefined): Omit<Collected, 'judge' | 'sink'> {
  if (sampled === undefined) return own;
  const peaks = sampled.peaks();
  return {
    found: [...own.found, ...sampled.found],
    sightings: own.sightings.map((way, index) => way ?? sampled.sightings[index] ?? null),
    bytes: () => own.bytes() + sampled.bytes(),
    peaks: () => own.peaks().map((most, index) => Math.max(most, peaks[index] ?? 0)),
    ends: Math.max(own.ends, Math.min(sampled.ends, 1)),
    deadlocks: Math.max(own.deadlocks, Math.min(sampled.deadlocks, 1)),
    isEveryEndFound: own.isEveryEndFound,
  };
}
