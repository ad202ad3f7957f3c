/**
 * What ran out, as the hosts tell it: in a sentence with sizes and limits, and where.
 */

import { EXHAUSTED } from '../log/exhausted.ts';
import { int } from '../log/int.ts';
import { MOST_VALUE_WORDS } from '../log/ring.ts';
import type { Kernel } from './kernel.ts';
import { CONTROL } from './memory/layout.ts';
import { MOST_PERMITS } from './primitives/semaphore.ts';

export type Exhaustion = {
  readonly cause: string;
  /** `step` is -1 where no step was at work. */
  readonly place: { readonly task: number; readonly step: number };
};

/** What ran out first; undefined if nothing did. */
export function exhaustionOf({ words, layout, plan }: Kernel): Exhaustion | undefined {
  const what = Atomics.load(words, CONTROL.exhausted);
  if (what === 0) return undefined;
  const size = int(words[CONTROL.exhaustedSize]);
  const place = {
    task: int(words[CONTROL.exhaustedTask]),
    step: int(words[CONTROL.exhaustedStep]),
  };
  switch (what) {
    case EXHAUSTED.values: {
      const { valueWords } = layout.options;
      const where = valueWords === 0 ? 'beside the others' : `in ${megabytes(valueWords)}`;
      return { cause: `memory for values ran out: one of ${megabytes(size)} finds no room ${where}`, place };
    }
    case EXHAUSTED.queue: {
      const name = plan.resources[size]?.name ?? '';
      const cause = `\`${name}\` is full: without a capacity it holds ${layout.capacity[size]} items at the most`;
      return { cause, place };
    }
    case EXHAUSTED.permits: {
      const name = plan.resources[size]?.name ?? '';
      return { cause: `\`${name}\` cannot have more than ${MOST_PERMITS} permits`, place };
    }
    case EXHAUSTED.text: {
      const most = megabytes(MOST_VALUE_WORDS);
      return { cause: `a value is too long: ${megabytes(size)}, and ${most} is the most`, place };
    }
    case EXHAUSTED.atomic:
      return { cause: `an atomic step did more than one moment can log (${megabytes(size)})`, place };
    default:
      return {
        cause: `one moment had more to log than the log can hold (${megabytes(size)})`,
        place,
      };
  }
}

const BYTES_PER_WORD = 4;

/** Rounded up, so that what is too much never reads as what is allowed. */
function megabytes(words: number): string {
  return `${Math.ceil((words * BYTES_PER_WORD) / 1e5 - 0.001) / 10} MB`;
}
