/**
 * Shorter ways to what a search has found: a search goes deep before it goes wide, and its own ways are long.
 */
import type { StateJudge } from './claims/judged-states.ts';
import type { Found } from './found.ts';
import { shorten } from './shorten.ts';
import type { State } from './state.ts';

/** To so many results the way is made short. */
const MOST_RESULTS = 20;

/** The state in which ways are tried, what it breaks, and whether there is time left. */
export type Shortening = {
  readonly state: State;
  readonly judge: StateJudge;
  readonly mayGoOn: () => boolean;
};

type Ways = Generator<void, readonly Found[], void>;

/** Any deadlock will do: the others are kept as they are, since a shorter way to one may lead to another. */
export function* shortestDeadlock({ state, mayGoOn }: Shortening, found: readonly Found[]): Ways {
  const first = found.find(({ kind }) => kind === 'stuck');
  if (first === undefined) return [];
  return [{ ...first, schedule: yield* shorten(state, first.schedule, isStuck, mayGoOn), key: '' }];
}

/** Ways to what is broken; of an end nobody knows here what is wrong with it. */
export function* shortestToBroken({ state, judge, mayGoOn }: Shortening, found: readonly Found[]): Ways {
  const ways: Found[] = [];
  for (const one of found) {
    const goal = (): boolean => judge.breaks(one.key);
    const isBroken = one.kind === 'broken';
    ways.push(isBroken ? { ...one, schedule: yield* shorten(state, one.schedule, goal, mayGoOn) } : one);
  }
  return ways;
}

/** To each result a way that is short; what it shows is shown by the one it was made from, too. */
export function* shortestToEach({ state, judge, mayGoOn }: Shortening, found: readonly Found[]): Ways {
  const shortest = new Map<string, Found>();
  for (const one of found) {
    if ((one.kind !== 'end' && one.kind !== 'stuck') || one.key === '') continue;
    const name = `${one.kind} ${one.key}`;
    const known = shortest.get(name);
    if (known === undefined || known.schedule.length > one.schedule.length) shortest.set(name, one);
  }
  const ways: Found[] = [];
  for (const one of [...shortest.values()].slice(0, MOST_RESULTS)) {
    const isThere = one.kind === 'end' ? (): boolean => state.isOver : (): boolean => isStuck(state);
    const goal = (): boolean => judge.outcome() === one.key && isThere();
    ways.push({ ...one, schedule: yield* shorten(state, one.schedule, goal, mayGoOn) });
  }
  return ways;
}

/** Nobody can go on, and the main program has not ended. */
function isStuck(state: State): boolean {
  if (state.isOver) return false;
  const mark = state.mark();
  state.meter.spent += state.plan.tasks.length;
  for (let task = 0; task < state.plan.tasks.length; task++) {
    if (!state.mayMove(task)) continue;
    for (const late of state.mayBeLate(task) ? [false, true] : [false]) {
      if (!state.move(task, late)) continue;
      state.back(mark);
      if (!state.hasWokenUp) return false;
    }
  }
  return true;
}
