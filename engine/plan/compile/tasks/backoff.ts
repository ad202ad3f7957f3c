/**
 * `backoff` and `maxDelay` of a `retry`: how the waits between attempts grow.
 */
import type { Path } from '../../../document/document.ts';
import type { Retry } from '../../../document/scenario.generated.ts';
import type { Planning } from '../planning.ts';

/** What no wait of a scenario can be longer than. */
const LONGEST_US = 864e12;
const mostBackoff = 1000;

export type Backoff = { readonly backoff: number; readonly maxDelayUs: number };

/** 1 and no limit, where nothing is said. */
export function backoffOf({ constants, document, report }: Planning, retry: Retry, path: Path): Backoff {
  const bounds = { min: 1, max: mostBackoff };
  const backoff = constants.integer({ data: retry.backoff, path: [...path, 'backoff'] }, 1, bounds) ?? 1;
  const limit = { data: retry.maxDelay, path: [...path, 'maxDelay'] };
  const maxDelayUs = constants.microseconds(limit, LONGEST_US) ?? LONGEST_US;
  for (const key of ['backoff', 'maxDelay'] as const) {
    if (retry[key] === undefined || retry.delay !== undefined) continue;
    report(
      'no-effect',
      document.spanAt([...path, key], 'key'),
      `\`${key}\` has no effect without a \`delay\``,
    );
  }
  return { backoff, maxDelayUs };
}
