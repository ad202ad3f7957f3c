/**
 * How carriers of real runs share the processor and its time: figures found by measuring, and the system's limits, in one
 * place.
 */

/** Instructions before other ready tasks of the process get their turn, at the most. */
const LONGEST_SLICE = 2000;

/**
 * Draws a slice: any power of two is alike often. A task may be interrupted anywhere, even after one instruction, so that
 * what goes wrong then comes to light; and still most of the time is spent in long slices.
 */
export function drawSlice(): number {
  return Math.ceil(LONGEST_SLICE ** Math.random());
}

/** Looks at the ready list before a carrier sleeps: some 20 µs, less than being woken costs. */
export const SPINS = 2000;

/** Looks at the mutex before a carrier sleeps for it: some 10 µs, more than most stay in the critical section. */
export const MUTEX_SPINS = 1000;

/** What one of Node's timers can wait for at the most. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
