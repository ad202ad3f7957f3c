/**
 * Random scenarios, run whole: whatever they do, no event of theirs is impossible by the verdict's model, and nobody is
 * found to wait for what it could have. More of them: `CONCUR_FUZZ=20000`; others: `CONCUR_FUZZ_SEED=7`.
 */
import { expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';
import { randomScenario } from './random-scenario.ts';

const count = Number(process.env['CONCUR_FUZZ'] ?? 300);
const first = 100_000 * Number(process.env['CONCUR_FUZZ_SEED'] ?? 0);

async function check(seed: number, mode: 'virtual' | 'real'): Promise<string> {
  const text = randomScenario(seed);
  const { plan, diagnostics } = await loadScenario({ file: 'random.yaml', text }, { seed, timeoutUs: 20e6 });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  expect({ seed, errors }, text).toEqual({ seed, errors: [] });
  if (plan === undefined) return 'invalid';
  const { violation, verdict } = await run(plan, { mode });
  expect({ seed, violation, summary: verdict.summary }, text).toMatchObject({ seed, violation: null });
  expect({ seed, outcome: verdict.outcome, summary: verdict.summary }, text).not.toMatchObject({
    outcome: 'inconclusive',
  });
  return verdict.deadlock === null ? 'ended' : 'deadlock';
}

test.each([
  ['virtual', count],
  ['real', Math.ceil(count / 30)],
] as const)('in %s runs', async (mode, runs) => {
  const endings = new Set<string>();
  for (let seed = first; seed < first + runs; seed++) endings.add(await check(seed, mode));
  expect([...endings].sort()).toEqual(['deadlock', 'ended']);
});
