/**
 * No step writes more of core than was declared: after each of them all of it is compared. What is written undeclared would
 * stay when the step is undone, and turn up in states that never were.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explore } from '../../engine/explore/explore.ts';
import { loadCases, type Plan } from '../../engine/index.ts';
import { root } from '../scenarios/concur-command.ts';
import { planOf, planOfFile } from './checked.ts';
import { randomRaces } from './random-races.ts';
import { randomScenario } from './random-scenario.ts';

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);
const scenarios = Array.from({ length: 60 * rounds }, (_, index) => index + 1);
const models = ['inc', 'lu', 'pc', 'phil', 'queue-conserves', 'readers-writers', 'sct-wronglock', 'toilet'];
const shipped = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

function exploreVerified(plan: Plan) {
  return explore(plan, {
    environment: {},
    symmetry: false,
    maxStates: 3_000,
    maxBytes: 1 << 28,
    maxSteps: 10_000,
    mayGoOn: () => true,
    verify: true,
  });
}

describe('all of core is compared after each step of', () => {
  it.each(scenarios)('random scenario %d', async (number) => {
    expect(exploreVerified(await planOf(randomScenario(number))).states).toBeGreaterThan(0);
  });

  it.each(scenarios.slice(0, 20 * rounds))('random scenario %d, in a search for races', async (number) => {
    expect(exploreVerified(await planOf(randomRaces(number))).states).toBeGreaterThan(0);
  });

  it.each(models)('%s', async (name) => {
    expect(exploreVerified(await planOfFile(`test/models/${name}.yaml`)).states).toBeGreaterThan(1);
  });

  it.each(shipped)('%s', async (name) => {
    const file = join('scenarios', name);
    const text = readFileSync(join(root, file), 'utf8');
    for (const { plan } of await loadCases({ file, text }, { seed: 1, mode: 'virtual', forCheck: true })) {
      if (plan === undefined) throw new Error(`${file} has no plan`);
      if (plan.check.time !== 'ordered') expect(exploreVerified(plan).states).toBeGreaterThan(0);
    }
  });
});
