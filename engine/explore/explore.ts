/**
 * Every interleaving of a scenario: what it found, each finding with the moves that lead to it.
 *
 * Nothing is judged here but what states show. Each way to an end, to a deadlock, or to a state that breaks something is
 * given as moves: replayed in virtual time, the ordinary verdict judges it (`verdict/exploration.ts`).
 */
import type { Plan } from '../plan/plan.ts';
import { createStateJudge, type StateJudge } from './judged-states.ts';
import { type SearchEnd, search } from './search.ts';
import { shorten } from './shorten.ts';
import { type Move, State, type StateOptions } from './state.ts';
import type { Symmetry } from './symmetry.ts';

export type Schedule = readonly Move[];

export type ExploreOptions = StateOptions & {
  readonly maxStates: number;
  readonly maxBytes: number;
  readonly maxSteps: number;
  /** Asked now and then: false ends the search. */
  readonly mayGoOn: () => boolean;
};

/** `leadsTo` an end, a state in which nobody can go on, or one that breaks what must hold in each. */
export type Found = {
  readonly kind: 'end' | 'stuck' | 'broken';
  readonly schedule: Schedule;
  /** Of what is broken: the same for the same expectation. */
  readonly key: string;
};

export type Exploration = SearchEnd & {
  readonly found: readonly Found[];
  /** How many different ends there are, and states in which nobody can go on. */
  readonly ends: number;
  readonly deadlocks: number;
  /** Of each `sometimes`, a way to a state in which it is true; null if there is none. */
  readonly sightings: readonly (Schedule | null)[];
  /** Of each `peak`, the most in any state. */
  readonly peaks: readonly number[];
  /** What replays need beside the moves: see `visibility.ts`. */
  readonly kinds: readonly Uint8Array[];
  readonly symmetry: Symmetry;
};

/** So many different ends are told with the way to them; of more, nobody could look at all. */
export const MOST_ENDS = 2_000;
const MOST_STUCK = 1;

/** Explores all of it, or as much as the limits allow. Synchronous, and takes as long as it takes. */
export function explore(plan: Plan, options: ExploreOptions): Exploration {
  const state = new State(plan, options);
  const judge = createStateJudge(state, state.identity);
  const found: Found[] = [];
  const sightings: (Schedule | null)[] = plan.expect.sometimes.map(() => null);
  let ends = 0;
  let deadlocks = 0;
  const end = search(
    state,
    {
      reached(trail) {
        for (const index of judge.sighted()) sightings[index] = trail();
        for (let key = judge.broken(); key !== undefined; key = judge.broken())
          found.push({ kind: 'broken', schedule: trail(), key });
        return true;
      },
      ended(trail) {
        if (ends++ < MOST_ENDS) found.push({ kind: 'end', schedule: trail(), key: '' });
        return true;
      },
      stuck(trail) {
        if (deadlocks++ < MOST_STUCK) found.push({ kind: 'stuck', schedule: trail(), key: '' });
        return true;
      },
    },
    {
      states: options.maxStates,
      bytes: options.maxBytes,
      depth: options.maxSteps,
      mayGoOn: options.mayGoOn,
    },
  );
  state.rewind();
  const shortened = found.map((one) => shortenFound(state, judge, one));
  const { kinds, symmetry } = state;
  return { ...end, found: shortened, ends, deadlocks, sightings, peaks: judge.peaks(), kinds, symmetry };
}

/** Ways to what is broken, and to deadlocks; of an end nobody knows here what is wrong with it. */
function shortenFound(state: State, judge: StateJudge, found: Found): Found {
  if (found.kind === 'end') return found;
  const goal = found.kind === 'stuck' ? isStuck : () => judge.breaks(found.key);
  return { ...found, schedule: shorten(state, found.schedule, goal) };
}

/** Nobody can go on, and the main program has not ended. */
function isStuck(state: State): boolean {
  if (state.isOver) return false;
  const mark = state.mark();
  for (let task = 0; task < state.plan.tasks.length; task++) {
    if (!state.mayMove(task)) continue;
    const moved = state.move(task, false) || (state.mayBeLate(task) && state.move(task, true));
    if (!moved) continue;
    state.back(mark);
    return false;
  }
  return true;
}
