/**
 * What a check has never seen happen, in words: a line, or a block with the places.
 */
import { harmless } from '../../source/harmless.ts';
import type { Unexercised } from '../../verdict/exploration.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';

const MOST_IN_LINE = 4;
const LABEL = 'not tested, for it never happens in any interleaving:';

/** The first few of them. */
export function unexercisedLine(missing: readonly Unexercised[], places: Places): string {
  const shown = missing.slice(0, MOST_IN_LINE).map((one) => unexercisedText(one, places));
  const others = missing.length - shown.length;
  return `${LABEL} ${shown.join(' · ')}${others > 0 ? ` · and ${others} more (see --verbose)` : ''}`;
}

/** Each of them, with its place. */
export function unexercisedBlock(
  missing: readonly Unexercised[],
  places: Places,
  palette: Palette,
): readonly string[] {
  return [
    palette.bold(LABEL),
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
      return `\`${harmless(name)}\` is carried out (${line})`;
    case 'condition':
      return `the condition is false (${line})`;
    case 'timeout':
      return `the timeout ends the wait (${line})`;
    case 'lock':
      return `a task waits for \`${harmless(name)}\``;
    case 'semaphore':
      return `\`${harmless(name)}\` runs out of permits`;
    case 'queue':
      return `\`${harmless(name)}\` is full`;
    default:
      return kind satisfies never;
  }
}
