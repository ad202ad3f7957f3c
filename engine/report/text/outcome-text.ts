/**
 * The three outcomes, coloured.
 */
import type { Outcome } from '../../verdict/verdict.ts';
import type { Palette } from './palette.ts';

const outcomePaints = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'unsure',
} as const satisfies Record<Outcome, keyof Palette>;

/** The outcome as a word, filled up with spaces to `cells` cells. */
export function outcomeText(palette: Palette, outcome: Outcome, cells = 0): string {
  return palette[outcomePaints[outcome]](outcome.padEnd(cells));
}
