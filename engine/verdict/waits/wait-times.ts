/**
 * The lengths of the waits for one resource that are over, served, timed out or cut off with the run: how many, the median, the longest.
 *
 * Exact up to 65,536 waits. Beyond that the median is of every second one, every fourth …, so that memory stays bounded.
 */

export type WaitTimes = {
  count: number;
  /** Those of them that were cut off with the run. */
  unended: number;
  longestUs: number;
  stride: number;
  kept: number;
  lengths: Float64Array;
};

const FIRST_ROOM = 8;
const MOST_KEPT = 65_536;

/** No waits yet. */
export function createWaitTimes(): WaitTimes {
  return { count: 0, unended: 0, longestUs: 0, stride: 1, kept: 0, lengths: NO_ROOM };
}

/** One more wait that is over. */
export function addWait(times: WaitTimes, lengthUs: number): void {
  if (lengthUs > times.longestUs) times.longestUs = lengthUs;
  if (times.count % times.stride === 0) keep(times, lengthUs);
  times.count += 1;
}

/** A wait that had not ended when the run was stopped. */
export function addUnendedWait(times: WaitTimes, lengthUs: number): void {
  addWait(times, lengthUs);
  times.unended += 1;
}

/** Microseconds; of an even number of waits the mean of the two in the middle; 0 if there were none. */
export function medianWait(times: WaitTimes): number {
  if (times.kept === 0) return 0;
  const sorted = times.lengths.slice(0, times.kept).sort();
  const upper = sorted[times.kept >> 1] ?? 0;
  if (times.kept % 2 === 1) return upper;
  return ((sorted[(times.kept >> 1) - 1] ?? 0) + upper) / 2;
}

/** Shared by all that have had no wait yet; it has no room, so nothing is ever written to it. */
const NO_ROOM = new Float64Array(0);

function keep(times: WaitTimes, lengthUs: number): void {
  if (times.kept === MOST_KEPT) {
    thin(times);
    // What is kept are the waits whose number the stride divides; this one may be none of them any more.
    if (times.count % times.stride !== 0) return;
  }
  if (times.kept === times.lengths.length) grow(times);
  times.lengths[times.kept] = lengthUs;
  times.kept += 1;
}

function thin(times: WaitTimes): void {
  times.kept /= 2;
  times.stride *= 2;
  for (let index = 0; index < times.kept; index += 1) times.lengths[index] = times.lengths[2 * index] ?? 0;
}

function grow(times: WaitTimes): void {
  const roomier = new Float64Array(Math.max(FIRST_ROOM, 2 * times.lengths.length));
  roomier.set(times.lengths);
  times.lengths = roomier;
}
