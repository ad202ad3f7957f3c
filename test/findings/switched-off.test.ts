/**
 * What is switched off keeps the books of what is on: steps, expectations and the search see the same holders.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { check, loadScenario, run } from '../../engine/index.ts';

async function planOf(text: string) {
  const { plan, diagnostics } = await loadScenario({ file: 'switched-off.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

const shown = readFileSync(fileURLToPath(new URL('switched-off.yaml', import.meta.url)), 'utf8');

test.each(['virtual', 'real'] as const)('attributes say who is inside, in a %s run', async (mode) => {
  const { verdict, violation } = await run(await planOf(shown), { mode });
  expect({ outcome: verdict.outcome, violation }, verdict.summary).toEqual({
    outcome: 'passed',
    violation: null,
  });
});

describe('more are inside than should be', () => {
  const resources = {
    lock: 'locks: { r: { enabled: false } }',
    rlock: 'locks: { r: { kind: rlock, enabled: false } }',
    semaphore: 'semaphores: { r: { permits: 1, enabled: false } }',
  };
  const scenarioOf = (resource: keyof typeof resources, claim: string): string => `
concur: 1
${resources[resource]}
barriers: { both: 2 }
tasks:
  visitor:
    count: 2
    steps:
      - with: r
        do:
          - wait: both
expect: { ${claim} }
`;
  const claims = (Object.keys(resources) as (keyof typeof resources)[]).map(
    (resource) => [resource, 'peak: { r: 1 }'] as const,
  );

  test.each([
    ...claims,
    ['semaphore', 'always: [r.holders <= 1]'] as const,
    ['semaphore', 'always: [r.free >= 0]'] as const,
  ])('which a run and a check of a %s see: %s', async (resource, claim) => {
    const text = scenarioOf(resource, claim);
    const ran = await run(await planOf(text), { mode: 'virtual' });
    const checked = await check(await planOf(text));
    const told = { ran: ran.verdict.outcome, checked: checked.verdict.outcome };
    expect({ ...told, violation: ran.violation ?? checked.violation }).toEqual({
      ran: 'failed',
      checked: 'failed',
      violation: null,
    });
  });
});
