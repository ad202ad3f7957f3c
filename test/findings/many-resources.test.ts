/**
 * However many resources there are, each has a place of its own in memory; where there is none, the run is inconclusive before
 * anything is allocated. Places that wrap around make deadlocks of nothing.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unexplored } from '../../engine/explore/refusals.ts';
import { runPlan } from '../../engine/hosts/run.ts';
import { loadScenario, type Plan, run } from '../../engine/index.ts';

async function planOf(text: string): Promise<Plan> {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

const modes = ['real', 'virtual'] as const;

test.each(modes)('1,030 pipes have room for what is sent, %s', async (mode) => {
  const text = readFileSync(new URL('pipes-1030.yaml', import.meta.url), 'utf8');
  const { verdict, violation } = await run(await planOf(text), { mode });
  expect({ violation, outcome: verdict.outcome }).toEqual({ violation: null, outcome: 'passed' });
});

test.each(modes)('more than there is memory for is refused, %s', async (mode) => {
  const plan = await planOf(
    'concur: 1\nlocks: { l: { fair: true } }\nmain: [ { with: l, do: [] } ]\ntasks: { t: { steps: [ { print: x } ] } }\n',
  );
  const { resources, tasks } = plan;
  const large = {
    ...plan,
    resources: Array.from({ length: 300_000 }, () => resources[0]),
    tasks: Array.from({ length: 10_000 }, (_, index) => tasks[Math.min(index, 1)]),
  } as Plan;
  expect(unexplored(large)?.reason).toMatch(/^there is no memory for this scenario: /);
  expect(unexplored(plan)).toBe(undefined);
  const { stopped, cause, events } = await runPlan(large, { mode, handle: () => {} });
  expect({ stopped, cause, events }).toEqual({
    stopped: 'inconclusive',
    cause: expect.stringMatching(
      /^there is no memory for this scenario: .* 1\d\.\d GB, and the most is 8\.5 GB$/,
    ),
    events: 0,
  });
});

test.each(modes)('and so is a scenario of that size, soon, %s', async (mode) => {
  const plan = await planOf(
    'concur: 1\nlocks: { l: { count: 250000, fair: true } }\ntasks: { t: { count: 10000, steps: [ { print: x } ] } }\n',
  );
  const { verdict } = await run(plan, { mode });
  expect(verdict).toMatchObject({ outcome: 'inconclusive' });
  expect(verdict.summary).toContain('there is no memory for this scenario');
});
