/** Something that is computed from the events of a run, one at a time, in order. Events are reused: copy what is kept. */
import type { Event } from './event.ts';

export type Fold = { handle(event: Event): void };
