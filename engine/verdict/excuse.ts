/**
 * What a second try does not excuse.
 *
 * A command may fail by bad luck of the machine, and a run that is tried again and passes shows that. But that two tasks met where
 * they must never meet is no bad luck: it is what runs are made to find, and that the next run misses it is what such
 * mistakes are known for.
 */
import type { Judgement, Verdict } from './verdict.ts';

type Words = readonly (readonly [name: RegExp, words: string])[];

/** What must hold at every moment, by the names of its judgements. */
const NEVER: Words = [
  [/^deadlock$/, 'a deadlock'],
  [/^races$/, 'a data race'],
  [/^always$/, 'a broken `always`'],
  [/^peak /, 'a broken `peak`'],
  [/^overlap never$/, 'a broken `overlap`'],
  [/^order$/, 'a broken `order`'],
  [/^outcome$/, 'a forbidden result'],
];

/** In words what of a run that did not pass is not excused by one that does; null where nothing is. */
export function inexcusableIn({ outcome, judgements, partialDeadlock, races }: Verdict): string | null {
  if (outcome === 'passed') return null;
  const broken = NEVER.find(([name]) => judgements.some((judgement) => hasFailed(judgement, name)));
  if (broken !== undefined) return broken[1];
  if (partialDeadlock !== null) return 'a deadlock';
  // A result that is wrong may be wrong by it, whether or not the scenario forbids races.
  return races.length > 0 ? 'a data race' : null;
}

function hasFailed({ name, result }: Judgement, wanted: RegExp): boolean {
  return result === 'failed' && wanted.test(name);
}
