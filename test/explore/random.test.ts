/**
 * Whatever a virtual run comes to, the search has found; and it finds the same with symmetry as without.
 *
 * This comparison is what shows a refused attempt that was taken for silent and was not, a step that was done at once and
 * was seen, a word that was left out and mattered. `CONCUR_TEST_ROUNDS` makes it longer.
 */
import { describe, expect, it } from 'vitest';
import { check, run } from '../../engine/index.ts';
import { outcomesOf, planOf } from './checked.ts';
import { randomScenario } from './random-scenario.ts';

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);
const scenarios = Array.from({ length: 60 * rounds }, (_, index) => index + 1);
const SEEDS = 30;
const LIMITS = { maxStates: 60_000 };

describe('random scenarios', () => {
  it.each(scenarios)('number %d', async (number) => {
    const text = randomScenario(number);
    const plan = await planOf(text);
    const whole = await check(plan, { ...LIMITS, symmetry: false, reduction: false });
    expect(whole.violation, text).toBeNull();
    if (whole.verdict.coverage.end !== 'all') return;
    const found = outcomesOf(whole);
    const symmetric = await check(plan, { ...LIMITS, reduction: false });
    expect(symmetric.violation, text).toBeNull();
    expect(outcomesOf(symmetric), text).toEqual(found);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { verdict, violation } = await run({ ...plan, seed }, { mode: 'virtual' });
      expect(violation, `${text}seed ${seed}`).toBeNull();
      if (verdict.endResult !== null && verdict.run.stopped === null)
        expect(found.results, `${text}seed ${seed}`).toContain(verdict.endResult.text);
      if (verdict.run.stopped === 'deadlock') expect(found.stuck, `${text}seed ${seed}`).toBe(true);
    }
  });
});
