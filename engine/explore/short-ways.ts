/**
 * Shorter ways to what a search has found: a search goes deep before it goes wide, and its own ways are long.
 */
import type { StateJudge } from './claims/judged-states.ts';
import type { Found } from './found.ts';
import { shorten } from './shorten.ts';
import type { State } from './state.ts';

/** To so many results the way is made short. */
const MOST_RESULTS = 20;

/** Any deadlock will do: the others are kept as they are, since a shorter way to one may lead to another. */
export function shortestDeadlock(state: State, found: readonly Found[]): readonly Found[] {
  const first = found.find(({ kind }) => kind === 'stuck');
  if (first === undefined) return [];
  return [{ ...first, schedule: shorten(state, first.schedule, isStuck), key: '' }];
}

/** Ways to what is broken; of an end nobody knows here what is wrong with it. */
export function shortestToBroken(state: State, judge: StateJudge, found: Found): Found {
  if (found.kind !== 'broken') return found;
  return { ...found, schedule: shorten(state, found.schedule, () => judge.breaks(found.key)) };
}

/** To each result a way that is short; what it shows is shown by the one it was made from, too. */
export function shortestToEach(state: State, judge: StateJudge, found: readonly Found[]): readonly Found[] {
  const shortest = new Map<string, Found>();
  for (const one of found) {
    if ((one.kind !== 'end' && one.kind !== 'stuck') || one.key === '') continue;
    const name = `${one.kind} ${one.key}`;
    const known = shortest.get(name);
    if (known === undefined || known.schedule.length > one.schedule.length) shortest.set(name, one);
  }
  return [...shortest.values()].slice(0, MOST_RESULTS).map((one) => {
    const isThere = one.kind === 'end' ? (): boolean => state.isOver : (): boolean => isStuck(state);
    const goal = (): boolean => judge.outcome() === one.key && isThere();
    return { ...one, schedule: shorten(state, one.schedule, goal) };
  });
}

/** Nobody can go on, and the main program has not ended. */
function isStuck(state: State): boolean {
  if (state.isOver) return false;
  const mark = state.mark();
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
