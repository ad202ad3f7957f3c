/**
 * Makes a schedule shorter that leads to something: first by leaving steps out, all of a task, then blocks of them, larger
 * ones first; then by joining the blocks of a task, so that it is interrupted less.
 *
 * What is left out is skipped, and what can then not be done is skipped, too: the schedule that was really done counts.
 *
 * @see Zeller, Hildebrandt, Simplifying and isolating failure-inducing input (2002)
 */
import { SLICE } from '../expression/meter.ts';
import type { Move, State } from './state.ts';

/** Whether the state at hand is what the schedule is to lead to. */
export type Goal = (state: State) => boolean;

/** How often at most a schedule is tried. */
const MOST_TRIES = 2_000;
/** And how many moves that may take: long schedules stay longer than they must. */
const MOST_MOVES = 1_000_000;
/** What it costs to look at a move, beside what is spent by others. */
const SKIPPED = 4;

/** What leads somewhere, where its state begins, and how much of the work that it may take is left. */
type Shortening = {
  readonly state: State;
  readonly goal: Goal;
  readonly start: number;
  readonly mayGoOn: () => boolean;
  tries: number;
  moves: number;
};

/**
 * In slices: between two of them others may have a turn, and the schedule stays as it is by then where time is up.
 *
 * @returns a schedule that leads there, never longer, with at most as many changes from one task to another
 */
export function* shorten(
  state: State,
  schedule: readonly Move[],
  goal: Goal,
  mayGoOn: () => boolean,
): Generator<void, readonly Move[], void> {
  const work = { state, goal, mayGoOn, start: state.mark(), tries: MOST_TRIES, moves: MOST_MOVES };
  let best = (yield* attempt(work, schedule)) ?? schedule;
  for (let again = true; again; ) {
    again = false;
    for (const candidate of candidates(best)) {
      if (work.tries <= 0 || work.moves < 0) return best;
      const done = yield* attempt(work, candidate);
      if (done === undefined || !isBetter(done, best)) continue;
      best = done;
      again = true;
      break;
    }
  }
  return best;
}

function* attempt(
  work: Shortening,
  moves: readonly Move[],
): Generator<void, readonly Move[] | undefined, void> {
  work.tries--;
  work.moves -= moves.length;
  const done = yield* follow(work, moves);
  work.state.back(work.start);
  return done;
}

/** What of the moves was done until the goal was reached; undefined if it was not. */
function* follow(
  work: Shortening,
  moves: readonly Move[],
): Generator<void, readonly Move[] | undefined, void> {
  const { state, goal } = work;
  const done: Move[] = [];
  if (goal(state)) return done;
  for (const move of moves) {
    state.meter.spent += SKIPPED;
    if (state.mayMove(move.task) && state.move(move.task, move.late, move.choices)) {
      done.push({ ...move, choices: state.choicesMade() });
      if (goal(state)) return done;
    }
    if (state.meter.spent <= SLICE) continue;
    yield;
    state.meter.spent = 0;
    if (work.mayGoOn()) continue;
    work.tries = 0;
    return undefined;
  }
  return undefined;
}

function isBetter(one: readonly Move[], other: readonly Move[]): boolean {
  const changes = changesIn(one) - changesIn(other);
  return changes < 0 || (changes === 0 && one.length < other.length);
}

/** How often the next step is another task's. */
export function changesIn(moves: readonly Move[]): number {
  return moves.filter(({ task }, index) => index > 0 && moves[index - 1]?.task !== task).length;
}

function* candidates(moves: readonly Move[]): Iterable<readonly Move[]> {
  for (const task of new Set(moves.map((move) => move.task)))
    yield moves.filter((move) => move.task !== task);
  for (let size = moves.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < moves.length; at += size) yield [...moves.slice(0, at), ...moves.slice(at + size)];
  }
  yield* joined(moves);
}

/** Each block of a task's steps, moved to behind the task's block before it, or to before the one after it. */
function* joined(moves: readonly Move[]): Iterable<readonly Move[]> {
  const blocks: Move[][] = [];
  for (const move of moves) {
    const last = blocks.at(-1);
    if (last?.[0]?.task === move.task) last.push(move);
    else blocks.push([move]);
  }
  for (let at = 1; at < blocks.length; at++) {
    const block = blocks[at] as Move[];
    const before = blocks.slice(0, at).findLastIndex((other) => other[0]?.task === block[0]?.task);
    if (before < 0) continue;
    const others = [...blocks.slice(0, at), ...blocks.slice(at + 1)];
    yield [...others.slice(0, before + 1), block, ...others.slice(before + 1)].flat();
    const earlier = blocks[before] as Move[];
    const rest = [...blocks.slice(0, before), ...blocks.slice(before + 1)];
    yield [...rest.slice(0, at - 1), earlier, ...rest.slice(at - 1)].flat();
  }
}
