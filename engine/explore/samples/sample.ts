/**
 * Samples: whole schedules, drawn by strategies in turn. In a scenario too large to see all of, they find what a search
 * that goes depth first would come to last.
 *
 * The same seed draws the same schedules. What one comes to is told as a search tells it.
 */

import { SLICE } from '../../expression/meter.ts';
import { Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import { createStream } from '../../machine/random.ts';
import type { SearchSink } from '../search.ts';
import { Seen } from '../seen.ts';
import type { Move, State } from '../state.ts';
import { partialOrderSampling } from './partial-order-sampling.ts';
import { randomWalk } from './random-walk.ts';
import { selectivelyUniform } from './selectively-uniform.ts';
import type { Chance, Strategy } from './strategy.ts';
import { type Touches, touchesOf } from './touches.ts';

const MOST_SCHEDULES = 1_000;
/** Moves of one schedule. */
const LONGEST = 10_000;
/** Different ends that are told: each is replayed. */
const MOST_ENDS = 100;
/** How often the time of a wait is over at once. */
const LATE_SHARE = 0.25;

export type Sampler = {
  /** Draws schedules until they have so many moves in all, those of before included. */
  readonly drawUntil: (moves: number) => Generator<void, void, void>;
};

/**
 * In slices: between two of them others may have a turn.
 *
 * @param state at its beginning; it is left there
 */
export function createSampler(state: State, sink: SearchSink, mayGoOn: () => boolean): Sampler {
  const chance = createStream(state.plan.seed);
  const touches = touchesOf(state);
  const strategies = portfolio(state, touches, chance);
  const ends = new Seen();
  const isNewEnd = (): boolean =>
    ends.size < MOST_ENDS && ends.add(state.fingerprint.low, state.fingerprint.high);
  let schedules = 0;
  let moves = 0;
  return {
    *drawUntil(most) {
      try {
        while (schedules < MOST_SCHEDULES && moves < most && mayGoOn()) {
          const strategy = strategies[schedules++ % strategies.length] as Strategy;
          moves += yield* drawOne({ state, sink, mayGoOn, chance, touches, isNewEnd }, strategy);
          state.rewind();
        }
      } catch (thrown) {
        if (!(thrown instanceof Exhausted)) throw thrown;
        schedules = MOST_SCHEDULES;
        state.rewind();
      }
    },
  };
}

function portfolio(state: State, touches: Touches, chance: Chance): readonly Strategy[] {
  return [
    randomWalk(chance),
    selectivelyUniform(state, touches, chance, false),
    partialOrderSampling(touches, state.plan.tasks.length, chance),
    selectivelyUniform(state, touches, chance, true),
  ];
}

type Drawing = {
  readonly state: State;
  readonly sink: SearchSink;
  readonly mayGoOn: () => boolean;
  readonly chance: Chance;
  readonly touches: Touches;
  readonly isNewEnd: () => boolean;
};

/** One schedule, to its end or as far as it may go. Gives its length. */
function* drawOne(drawing: Drawing, strategy: Strategy): Generator<void, number, void> {
  const { state, sink, mayGoOn, isNewEnd } = drawing;
  const moves: Move[] = [];
  const trail = (): readonly Move[] => [...moves];
  strategy.begin();
  while (moves.length < LONGEST) {
    const move = nextMove(drawing, strategy);
    if (move === undefined) sink.stuck(trail);
    if (move === undefined) break;
    moves.push(move);
    sink.reached(trail);
    if (state.isOver) {
      if (isNewEnd()) sink.ended(trail);
      break;
    }
    if (state.isBeyond) break;
    if (state.meter.spent <= SLICE) continue;
    yield;
    state.meter.spent = 0;
    if (!mayGoOn()) break;
  }
  return moves.length;
}

/** Does a move of somebody who can go on; undefined if nobody can. */
function nextMove(drawing: Drawing, strategy: Strategy): Move | undefined {
  const { state, touches } = drawing;
  state.meter.spent += state.plan.tasks.length;
  const candidates = [...state.plan.tasks.keys()].filter((task) => state.mayMove(task));
  while (candidates.length > 0) {
    const task = strategy.pick(candidates);
    const place = touches.placeOf(task);
    const move = moveOf(drawing, task);
    if (move !== undefined) {
      strategy.did(task, place);
      return move;
    }
    candidates.splice(candidates.indexOf(task), 1);
  }
  return undefined;
}

function moveOf({ state, chance }: Drawing, task: number): Move | undefined {
  const mayBeLate = state.mayBeLate(task);
  const isLateFirst = mayBeLate && chance() < LATE_SHARE;
  for (const late of isLateFirst ? [true, false] : mayBeLate ? [false, true] : [false]) {
    const mark = state.mark();
    if (!state.move(task, late)) continue;
    if (state.choicesMade().length > 0) redraw(state, { task, late, mark }, chance);
    return { task, late, choices: state.choicesMade() };
  }
  return undefined;
}

/** The same move with other choices, one drawn after the other: how many there are may depend on those before. */
function redraw(
  state: State,
  { task, late, mark }: { readonly task: number; readonly late: boolean; readonly mark: number },
  chance: Chance,
): void {
  let drawn: readonly number[] = [];
  while (drawn.length < state.choicesMade().length) {
    const known = drawn;
    drawn = [...known, Math.floor(chance() * int(state.counts[known.length]))];
    state.back(mark);
    if (state.move(task, late, drawn)) continue;
    state.move(task, late, known);
    return;
  }
}
