/**
 * How carriers of real runs share the processor and its time: figures found by measuring, and the system's limits, in one
 * place.
 */

/** Instructions before other ready tasks of the process get their turn. */
export const SLICE = 2000;

/** Looks at the ready list before a carrier sleeps: some 20 µs, less than being woken costs. */
export const SPINS = 2000;

/** Looks at the mutex before a carrier sleeps for it: some 10 µs, more than most stay in the critical section. */
export const MUTEX_SPINS = 1000;

/** What one of Node's timers can wait for at the most. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
