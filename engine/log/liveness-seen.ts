/**
 * What a search has seen of whether things happen at all: what `eventually` and `leadsTo` wait for, and turns of tasks.
 */
import type { SearchStop } from './search-stop.ts';

/** A task at the step that it never does, and what it needs there: the number of a resource; null where that is none. */
export type Starving = { readonly task: number; readonly step: number; readonly resource: number | null };

/** Why what is awaited may not come: it is over before that, or it goes on for ever. */
export type Avoided =
  | { readonly by: 'end' | 'stuck' }
  | {
      readonly by: 'loop';
      /** Also where whoever can go on again and again has a turn. */
      readonly isStrict: boolean;
      /** Those that can go on again and again, and never do. */
      readonly starving: readonly Starving[];
      /** It needs chance to decide in the same way each time. */
      readonly needsChance: boolean;
      /** It needs waits to be over by their time each time. */
      readonly needsTimeouts: boolean;
    };

export type LivenessSeen = {
  readonly end: SearchStop;
  readonly isBounded: boolean;
  readonly states: number;
  /** Of each `eventually`, then of each `leadsTo`: how it can be that it never comes; null where nothing was found. */
  readonly avoided: readonly (Avoided | null)[];
  /** Tasks that may never have a turn, though they could have one again and again; null where nobody has looked. */
  readonly starving: readonly Starving[] | null;
};
