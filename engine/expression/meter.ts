/**
 * What computing costs, counted by those who compute, so that they need no clock: a unit is about what one instruction or
 * one element of a list takes.
 */
export type Meter = { spent: number };

/** What may be spent between two turns of others: some tens of milliseconds. */
export const SLICE = 400_000;

/** What one evaluation costs beside what it goes through. */
export const EVALUATION = 8;

/** Characters that are copied, written or looked through as fast as one unit of other work. */
export const CHARACTERS = 64;
