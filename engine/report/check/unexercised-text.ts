/**
 * What a check has never seen happen, in words: a line, or a block with the places.
 */
import { harmless } from '../../source/harmless.ts';
import type { Unexercised } from '../../verdict/exploration.ts';
import type { Palette } from '../text/palette.ts';
import type { Places } from '../text/places.ts';

const MOST_IN_LINE = 4;

/** `not exercised: nothing`, or what it is; with `isFull` each in a line of its own, with its place. */
export function unexercisedLines(
  missing: readonly Unexercised[],
  places: Places,
  palette: Palette,
  isFull: boolean,
): readonly string[] {
  const label = palette.dim('not exercised:');
  if (missing.length === 0) return [`${label} nothing`];
  if (isFull)
    return [
      label,
      ...missing.flatMap((one) => [
        `  ${unexercisedText(one, places)}`,
        ...places.frame(one.span).map((line) => `    ${line}`),
      ]),
    ];
  const shown = missing.slice(0, MOST_IN_LINE).map((one) => unexercisedText(one, places));
  const others = missing.length - shown.length;
  return [
    `${label} ${shown.join('; ')}${others > 0 ? `; … and ${others} more (--verbose has them all)` : ''}`,
  ];
}

export function unexercisedText({ kind, name, span }: Unexercised, places: Places): string {
  const line = `line ${places.position(span)?.line ?? '?'}`;
  switch (kind) {
    case 'step':
      return `\`${harmless(name)}\` is never reached (${line})`;
    case 'condition':
      return `a condition is always true (${line})`;
    case 'timeout':
      return `a timeout is never taken (${line})`;
    case 'lock':
      return `nobody ever waits for ${harmless(name)}`;
    case 'semaphore':
      return `${harmless(name)} never has too few permits`;
    case 'queue':
      return `${harmless(name)} is never full`;
    default:
      return kind satisfies never;
  }
}
