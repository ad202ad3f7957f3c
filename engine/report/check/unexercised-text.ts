/**
 * What a check, or a run, has never seen happen, in words: a line, or a block with the places.
 */

import type { Unexercised } from '../../log/unexercised.ts';
import { harmless } from '../../source/harmless.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';

const MOST_IN_LINE = 4;

/** What was looked at: `in any interleaving`, `in this run`. */
type Where = 'in any interleaving' | 'in this run' | 'in any of the runs';

/** The first few of them. */
export function unexercisedLine(missing: readonly Unexercised[], places: Places, where: Where): string {
  const shown = missing.slice(0, MOST_IN_LINE).map((one) => unexercisedText(one, places));
  const others = missing.length - shown.length;
  return `${labelOf(where)} ${shown.join(' · ')}${others > 0 ? ` · and ${others} more (see --verbose)` : ''}`;
}

function labelOf(where: Where): string {
  return `not tested ${where}:`;
}

/** Each of them, with its place. */
export function unexercisedBlock(
  missing: readonly Unexercised[],
  places: Places,
  palette: Palette,
  where: Where,
): readonly string[] {
  return [
    palette.bold(labelOf(where)),
    ...missing.flatMap((one) => [
      `  ${unexercisedText(one, places)}`,
      ...places.frame(one.span).map((line) => `    ${line}`),
    ]),
  ];
}

function unexercisedText({ kind, name, span }: Unexercised, places: Places): string {
  const line = `line ${places.position(span)?.line ?? '?'}`;
  switch (kind) {
    case 'step':
      return `\`${harmless(name)}\` was never reached (${line})`;
    case 'condition':
      return `the condition was never false (${line})`;
    case 'timeout':
      return `the timeout never ended the wait (${line})`;
    case 'lock':
      return `nobody ever waited for \`${harmless(name)}\``;
    case 'semaphore':
      return `\`${harmless(name)}\` never ran out of permits`;
    case 'queue':
      return `\`${harmless(name)}\` was never full`;
    case 'overlap':
      return 'no two tasks were ever at work at once';
    default:
      return kind satisfies never;
  }
}
