/**
 * The search for ways on which what is awaited never comes: to an end, to a deadlock, or around for ever though everybody is
 * treated fairly; and for tasks that starve.
 *
 * It has states of its own, in which no task counts as another and no order is left out, and keeps all of them.
 */

import type { Avoided, LivenessSeen, Starving } from '../../log/liveness-seen.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Found, Schedule } from '../found.ts';
import type { SearchEnd, SearchLimits, SearchProgress } from '../search.ts';
import { State, type StateOptions } from '../state.ts';
import { answersOf, type Expected, expectedOf } from './awaited-claims.ts';
import { type BuiltGraph, buildGraph } from './build-graph.ts';
import type { Part } from './components.ts';
import { fairCircles, strictlyFairCircles, turnsIn } from './fair-circles.ts';
import { roundFrom } from './round.ts';
import { findStarving, standingAt } from './starvation.ts';
import { KNOWN, type StateGraph } from './state-graph.ts';
import { Ways } from './ways.ts';

export type LivenessSearch = {
  /** Null: nobody has looked. */
  readonly seen: LivenessSeen | null;
  /** Those that avoid something, in the order of `avoided`. */
  readonly found: readonly Found[];
};

export type LivenessOptions = StateOptions & { readonly strict?: boolean };

/** So many circles are looked at for the shortest way, and so many states of one to begin it in. */
const MOST_CIRCLES = 20;
const MOST_HEADS = 40;
/** Of larger ones, in one. */
const LARGE_CIRCLE = 2_000;
/** So many states are soon looked at, where nothing is expected of them. */
const FEW_STATES = 100_000;

/** @param before what a search for everything else has seen, in fewer states */
export function* searchLiveness(
  plan: Plan,
  options: LivenessOptions,
  limits: SearchLimits,
  before: SearchEnd,
): Generator<SearchProgress, LivenessSearch, void> {
  const mostStates = statesToLookAt(plan, options, limits, before);
  if (mostStates === 0) return { seen: isAsked(plan) ? null : withoutLook(before), found: [] };
  const state = new State(plan, { ...options, symmetry: false });
  for (const _ of state.begin()) {
    yield { states: 0, depth: 0, bytes: state.bytes };
    if (!limits.mayGoOn()) return { seen: null, found: [] };
  }
  const built = yield* buildGraph(state, answersOf(state), { ...limits, states: mostStates });
  state.rewind();
  const { end, isBounded, graph } = built;
  const found: Found[] = [];
  const avoided = expectedOf(plan.expect, graph).map((expected) => {
    const shown = avoidedBy(state, graph, expected);
    if (shown === undefined) return null;
    found.push(shown.found);
    return shown.avoided;
  });
  const starving = yield* starvingWherePossible(state, built, options, limits);
  return { seen: { end, isBounded, states: graph.size, avoided, starving }, found };
}

/** Null where that takes long, and nobody insists. */
function* starvingWherePossible(
  state: State,
  { graph }: BuiltGraph,
  { strict = false }: LivenessOptions,
  { mayGoOn }: SearchLimits,
): Generator<SearchProgress, LivenessSeen['starving'], void> {
  if (graph.size > FEW_STATES && !strict) return null;
  const found: Starving[] = [];
  for (const some of findStarving(state, graph)) {
    found.push(...some);
    yield { states: graph.size, depth: 0, bytes: graph.bytes };
    if (!mayGoOn()) return found.length === 0 ? null : found;
  }
  return found;
}

function isAsked({ expect }: Plan): boolean {
  return expect.eventually.length + expect.leadsTo.length > 0;
}

/** None where durations are to count, as fairness then does not say when a task goes on that sleeps. */
function statesToLookAt(
  plan: Plan,
  { strict = false }: LivenessOptions,
  { states }: SearchLimits,
  { end, hasCycle }: SearchEnd,
): number {
  if (plan.check.time === 'ordered' || end === 'stopped') return 0;
  const isSeen = end === 'all';
  if (isAsked(plan)) return isSeen ? states : Math.min(states, FEW_STATES);
  // Who starves does so for ever, which takes a circle.
  if (!isSeen || !hasCycle) return 0;
  return strict ? states : Math.min(states, FEW_STATES);
}

/** Where there is no circle nobody starves. */
function withoutLook({ end, hasCycle, isBounded }: SearchEnd): LivenessSeen | null {
  if (end !== 'all' || hasCycle) return null;
  return { end, isBounded, states: 0, avoided: [], starving: [] };
}

type Shown = { readonly avoided: Avoided; readonly found: Found };

function avoidedBy(state: State, graph: StateGraph, { key, awaited }: Expected): Shown | undefined {
  const ways = new Ways(graph, awaited);
  const last = ways.waiting.find((one) => isLast(graph, one));
  if (last !== undefined) {
    const kind = graph.knownOf(last) === KNOWN.over ? 'end' : 'stuck';
    return {
      avoided: { by: kind },
      found: { kind, schedule: movesOf(graph, ways.to(last)), key: '', awaits: key },
    };
  }
  const part = ways.part();
  const strict = shortestLoop(graph, ways, strictlyFairCircles(graph, part), true);
  const loop = strict ?? shortestLoop(graph, ways, fairCircles(graph, part), false);
  return loop === undefined ? undefined : shownLoop(state, graph, loop, key, strict !== undefined);
}

function isLast(graph: StateGraph, state: number): boolean {
  const known = graph.knownOf(state);
  return known === KNOWN.over || known === KNOWN.stuck;
}

/** Edges to where it begins, and once around. */
type Loop = { readonly stem: readonly number[]; readonly round: readonly number[] };

function shortestLoop(
  graph: StateGraph,
  ways: Ways,
  circles: Iterable<Part>,
  isStrict: boolean,
): Loop | undefined {
  let best: Loop | undefined;
  let count = 0;
  for (const circle of circles) {
    const turns = turnsIn(graph, circle);
    for (const head of nearest(ways, circle)) {
      const stem = ways.to(head);
      if (best !== undefined && stem.length + 1 >= lengthOf(best)) continue;
      const loop = { stem, round: roundFrom(graph, circle, turns, head, isStrict) };
      if (best === undefined || lengthOf(loop) < lengthOf(best)) best = loop;
    }
    if (++count === MOST_CIRCLES) break;
  }
  return best;
}

function lengthOf({ stem, round }: Loop): number {
  return stem.length + round.length;
}

/** States of the circle that are soon come to. */
function nearest(ways: Ways, { states }: Part): readonly number[] {
  const own = new Set(states);
  const heads: number[] = [];
  const most = states.length > LARGE_CIRCLE ? 1 : MOST_HEADS;
  for (const state of ways.waiting) {
    if (!own.has(state)) continue;
    heads.push(state);
    if (heads.length === most) break;
  }
  return heads;
}

function shownLoop(
  state: State,
  graph: StateGraph,
  { stem, round }: Loop,
  key: string,
  isStrict: boolean,
): Shown {
  const moved = new Set(round.map((edge) => graph.taskOf(edge)));
  const states = round.map((edge) => graph.targetOf(edge));
  const { canGoOn } = turnsIn(graph, { states, has: () => false });
  const tasks = [...canGoOn.keys()].filter((task) => canGoOn[task] === 1 && !moved.has(task));
  const schedule = movesOf(graph, [...stem, ...round]);
  const avoided: Avoided = {
    by: 'loop',
    isStrict,
    starving: standingAt(state, schedule.slice(0, stem.length), tasks),
    needsChance: round.some((edge) => graph.isChance(edge)),
    needsTimeouts: round.some((edge) => graph.isLate(edge)),
  };
  return { avoided, found: { kind: 'loop', schedule, key, loopAt: stem.length } };
}

function movesOf(graph: StateGraph, edges: readonly number[]): Schedule {
  return edges.map((edge) => graph.moveOf(edge));
}
