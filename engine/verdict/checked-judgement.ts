/**
 * A judgement of a check: what all judges of a search have in common.
 */
import { durationText } from './duration-text.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** A judgement, and the way that shows it where it failed. */
export type CheckedJudgement = Judgement & { readonly way: number | null };

/** What one way through the scenario came to: `way` is its number among those the search found. */
export type Replayed = {
  readonly way: number;
  readonly length: number;
  /** How often it goes on with another task. */
  readonly switches: number;
  readonly verdict: Verdict;
  /** The judgement that the way's last step breaks; null for ways that lead to where nothing goes on. */
  readonly breaks: Pick<Judgement, 'name' | 'span'> | null;
  /** It goes around for ever: all that its verdict says is what never comes on it. */
  readonly isLoop: boolean;
};

export const NOT_ALL = 'the search ended before it had seen everything';

export function beyond(within: string): string {
  return `the search does not follow states beyond \`${within}\``;
}

/** Time is free in a search: the rows of the way say when it is, and a time would say nothing. */
export function timeless(judgement: CheckedJudgement): CheckedJudgement {
  if (judgement.result !== 'failed') return judgement;
  let { seen } = judgement;
  const evidence = judgement.evidence.map(({ at, ...rest }) => {
    if (at !== undefined) seen = seen.replaceAll(` at ${durationText(at)}`, '');
    return rest;
  });
  return { ...judgement, seen, evidence };
}
