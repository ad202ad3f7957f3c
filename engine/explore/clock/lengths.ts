/**
 * How long what is given as a range lasts on a way that a search has found: lengths with which the steps come about in this
 * order. The times of the steps are the least that keep to all bounds: each is raised until none is broken.
 */
import { int } from '../../log/int.ts';
import type { Move, State } from '../state.ts';
import type { Length } from './timed-steps.ts';

/** That one moment is so much later than another, at least. */
type Bound = { readonly later: number; readonly earlier: number; readonly by: number };

/** A wait for time: the move that it began with, and the one it ended with, by its time being over or not. */
type Wait = {
  readonly task: number;
  readonly length: Length;
  readonly from: number;
  to: number;
  isOver: boolean;
};

/** The same moves, each with the length of what begins in it. @param state at its beginning, and left there */
export function withLengths(state: State, moves: readonly Move[]): readonly Move[] {
  const { clock } = state;
  if (clock?.hasRanges !== true) return moves;
  const { waits, held } = waitsOn(state, moves);
  const times = leastTimes(moves.length + 1, [
    ...held.flatMap((isHeld, at) => {
      const bound = { later: at + 1, earlier: at, by: 0 };
      return isHeld ? [bound, { later: at, earlier: at + 1, by: 0 }] : [bound];
    }),
    ...waits.flatMap(boundsOf),
  ]);
  const lengths = new Map(
    waits.map(({ from, to, isOver, length }) => [
      from,
      isOver ? int(times[to]) - int(times[from]) : length.max,
    ]),
  );
  return moves.map((move, index) => {
    const length = lengths.get(index + 1) ?? (move.late && !endsWait(waits, index + 1) ? 0 : undefined);
    return length === undefined ? move : { ...move, lengthUs: length * clock.unitUs };
  });
}

/** Follows the moves, the first of which is number 1. `held`: in which of them no time may pass. */
function waitsOn(state: State, moves: readonly Move[]) {
  const start = state.mark();
  const waits: Wait[] = [];
  const running = new Map<number, Wait>();
  const held: boolean[] = [];
  const look = (number: number, late: number): void => {
    for (let task = 0; task < state.plan.tasks.length; task++) {
      const length = state.clock?.runningOf(task);
      const known = running.get(task);
      if (known !== undefined) known.to = number;
      if (known !== undefined && (length === undefined || task === late)) {
        known.isOver = task === late;
        running.delete(task);
      }
      if (length === undefined || running.has(task)) continue;
      const wait = { task, length, from: number, to: number, isOver: false };
      running.set(task, wait);
      waits.push(wait);
    }
  };
  look(0, -1);
  for (const [index, { task, late, choices }] of moves.entries()) {
    if (!state.move(task, late, choices))
      throw new Error('bug in concur: a way that was found cannot be followed');
    held.push(!late || state.isHeldUp);
    look(index + 1, late ? task : -1);
  }
  state.back(start);
  return { waits, held };
}

function boundsOf({ length, from, to, isOver }: Wait): readonly Bound[] {
  const most = { later: from, earlier: to, by: -length.max };
  return isOver ? [most, { later: to, earlier: from, by: length.min }] : [most];
}

function endsWait(waits: readonly Wait[], number: number): boolean {
  return waits.some(({ to, isOver }) => isOver && to === number);
}

function leastTimes(count: number, bounds: readonly Bound[]): Float64Array {
  const times = new Float64Array(count);
  for (let round = 0; round <= count; round++) {
    let isRaised = false;
    for (const { later, earlier, by } of bounds) {
      const least = int(times[earlier]) + by;
      if (least <= int(times[later])) continue;
      times[later] = least;
      isRaised = true;
    }
    if (!isRaised) return times;
  }
  throw new Error('bug in concur: no lengths let a way that was found come about');
}
