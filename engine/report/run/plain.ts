/**
 * The run for a pipe, a file or a CI log: lines in the order of the events, without a single control character.
 */

import type { Plan } from '../../plan/plan.ts';
import { createPalette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';
import { createEventText, type Detail } from './event-text.ts';
import type { Reporter } from './reporter.ts';

export type PlainOptions = {
  readonly write: (text: string) => void;
  readonly places: Places;
  /** `none`: nothing at all; the summary comes after the run. */
  readonly detail: Detail | 'none';
};

/** Writes each line at once: who reads a pipe wants to see it now. */
export function createPlain(plan: Plan, { write, places, detail }: PlainOptions): Reporter {
  const lines =
    detail === 'none' ? () => '' : createEventText({ plan, palette: createPalette(false), places, detail });
  return {
    async begin() {},
    handle(event) {
      const text = lines(event);
      if (text !== '') write(text);
    },
    async end() {},
  };
}
