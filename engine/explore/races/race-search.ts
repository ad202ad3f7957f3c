/**
 * The search for races: over every interleaving, each access that somebody may race for followed in turn. It has states of
 * its own, as who knows of what is part of them; so it is made only where something is expected of races.
 */
import type { Expression } from '../../expression/expression.ts';
import type { Instruction } from '../../plan/instruction.ts';
import type { Plan } from '../../plan/plan.ts';
import { expressionsOf } from '../claims/subjects.ts';
import { type SearchEnd, type SearchLimits, type SearchProgress, search, told } from '../search.ts';
import { shorten } from '../shorten.ts';
import { type Move, State, type StateOptions } from '../state.ts';
import { accessesOf } from './accesses.ts';

/** What was seen, and a way to a race, if there is one. */
export type RaceSearch = { readonly seen: RacesSeen; readonly way: readonly Move[] | null };

/** How far it came; or why nobody can say that there are no races, though all was seen. Null: nothing is expected of them. */
export type RacesSeen = Pick<SearchEnd, 'end' | 'states'> | { readonly reason: string } | null;

export function* searchRaces(
  plan: Plan,
  options: StateOptions,
  limits: SearchLimits,
): Generator<SearchProgress, RaceSearch, void> {
  if (plan.expect.races !== 'never') return { seen: null, way: null };
  const reason = unjudged(plan);
  if (reason !== undefined) return { seen: { reason }, way: null };
  const { raced } = accessesOf(plan);
  if (raced.length === 0) return { seen: { end: 'all', states: 0 }, way: null };
  const isOwn = plan.processes > 1 && raced.some((variable) => plan.variables[variable]?.shared === false);
  // Which of several processes' copies it is that is followed tells their tasks apart.
  const state = new State(plan, { ...options, symmetry: options.symmetry && !isOwn, races: true });
  let way: readonly Move[] | null = null;
  for (const _ of state.begin()) {
    yield { states: 0, depth: 0, bytes: state.bytes };
    if (!limits.mayGoOn()) return { seen: { end: 'time', states: 0 }, way };
  }
  const { end, states, depth } = yield* search(
    state,
    {
      reached(trail) {
        if (state.hasRace) way = trail();
        return way === null;
      },
      ended: () => true,
      stuck: () => true,
    },
    limits,
  );
  const seen = { end, states };
  if (way === null) return { seen, way };
  state.rewind();
  const shortening = shorten(state, way, () => state.hasRace, limits.mayGoOn);
  const short = yield* told(shortening, { states, depth, bytes: state.bytes });
  return { seen, way: withoutWatch(state, short) };
}

function unjudged(plan: Plan): string | undefined {
  if (plan.resources.some(({ onHolderExit }) => onHolderExit === 'release'))
    return 'a search does not follow yet what `onHolderExit: release` orders';
  const isFree = ({ kind, lock }: { readonly kind: string; readonly lock?: number }): boolean =>
    kind === 'condition' && plan.resources[lock ?? -1]?.enabled === false;
  // With a lock, whoever is notified knows all by way of that.
  if (plan.check.spuriousWakeups && plan.resources.some(isFree))
    return 'a search does not follow yet who was notified where the lock of a condition is switched off';
  const isOfFunction = ({ step }: Instruction): boolean =>
    ['call', 'submit'].includes(plan.steps[step]?.verb ?? '');
  const ofFunctions = plan.programs.flatMap(({ instructions }) => instructions.filter(isOfFunction));
  // The verdict tells by the log whether several reads of a function are one moment.
  if (ofFunctions.flatMap(expressionsOf).some(readsSeveral))
    return 'a search does not follow yet what a function reads';
  return undefined;
}

function readsSeveral({ reads }: Expression): boolean {
  return reads.filter(({ from }) => from === 'variable').length > 1;
}

/** The same moves, without what they say about the access that is followed. */
function withoutWatch(state: State, moves: readonly Move[]): readonly Move[] {
  const start = state.mark();
  const plain = moves.map((move) => {
    state.move(move.task, move.late, move.choices);
    return { ...move, choices: state.chanceMade() };
  });
  state.back(start);
  return plain;
}
