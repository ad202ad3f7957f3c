/**
 * Every scenario that ships, broken by one edit of its file: a check finds what the edit breaks, and the interleaving it shows,
 * kept as a line of text and played in virtual time by a judge of its own, breaks the same expectation.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  check,
  loadCases,
  type Plan,
  parseScheduleLine,
  replay,
  type ScheduleMove,
  scheduleLine,
} from '../../engine/index.ts';
import { breaks } from '../scenarios/breaks.ts';
import { root } from '../scenarios/concur-command.ts';

const edits = Object.entries(breaks).flatMap(([name, some]) =>
  some.map((edit) => [`${name}: ${edit.what}`, name, edit] as const),
);

async function casesOf(name: string, from: string, to: string): Promise<readonly Plan[]> {
  const file = join('scenarios', `${name}.yaml`);
  const text = readFileSync(join(root, file), 'utf8').replace(from, () => to);
  const cases = await loadCases({ file, text }, { seed: 1, mode: 'virtual', forCheck: true });
  return cases.flatMap(({ plan }) => (plan === undefined || plan.check.time === 'ordered' ? [] : [plan]));
}

async function failedInReplay(plan: Plan, moves: readonly ScheduleMove[]): Promise<readonly string[]> {
  const kept = parseScheduleLine(scheduleLine({ moves }))?.moves;
  if (!Array.isArray(kept)) throw new Error(`no schedule: ${JSON.stringify(kept)}`);
  const result = await replay(plan, kept);
  if ('misfit' in result) return [result.misfit];
  expect(result.violation).toBeNull();
  return result.verdict.judgements.filter(({ result: how }) => how === 'failed').map(({ name }) => name);
}

/** Of which the interleaving is shown: what only time or a size breaks has none. */
const shownIn = new Set<string>();

describe('what a check shows of a broken scenario is broken when it is played again', () => {
  it.each(edits)('%s', async (_, name, { from, to }) => {
    for (const plan of await casesOf(name, from, to)) {
      const { verdict, violation, counterexample } = await check(plan, { maxStates: 100_000 });
      expect(violation, plan.caseName).toBeNull();
      if (counterexample === null) continue;
      const shown = verdict.judgements.find(({ result, way }) => result === 'failed' && way !== null);
      expect(await failedInReplay(plan, counterexample.saved.moves), plan.caseName).toContain(shown?.name);
      shownIn.add(name);
    }
  });

  it('which a check can show of more than ten of them', () => {
    expect(shownIn.size).toBeGreaterThan(10);
  });
});
