/**
 * What a check says of a run by its log: that its end is among those found, or that this is not judged.
 */
import { harmless } from '../../source/harmless.ts';
import type { PlacedRun } from '../../verdict/explored-run.ts';
import { quoted } from '../../verdict/show.ts';
import { judgementWords } from '../text/wording.ts';

/** A run, with the name of its log. */
export type ExploredRun = PlacedRun & { readonly log: string; readonly end: string | null };

const MOST_CHARACTERS = 200;

/** Empty for a run that cannot be: that is a bug in concur, and told as one. */
export function exploredRunTexts(run: ExploredRun | null): readonly string[] {
  if (run === null || run.is === 'impossible') return [];
  const name = `the run of ${quoted(harmless(run.log))}`;
  if (run.is === 'notJudged') return [`${judgementWords.notJudged}: ${name} (${harmless(run.reason)})`];
  return [`${name} ended as an interleaving does${endText(run.end)}`];
}

/** A bug in concur, as a sentence; null where there is none. */
export function impossibleRunText(run: ExploredRun | null): string | null {
  if (run === null || run.is !== 'impossible') return null;
  return `the run of ${run.log} ${run.what}, and no interleaving does (please send that log, too)`;
}

function endText(end: string | null): string {
  if (end === null || end === '') return '';
  const text = end.length <= MOST_CHARACTERS ? end : `${end.slice(0, MOST_CHARACTERS - 1)}…`;
  return `: ${harmless(text)}`;
}
