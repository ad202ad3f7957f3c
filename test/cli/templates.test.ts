/**
 * What `concur init` writes is valid without a finding, passes in virtual time, and says in its first line what it is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

const folder = new URL('../../cli/templates/', import.meta.url);

test.each(readdirSync(folder))('%s', async (file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  expect(text).toMatch(/^# \S.*\.\n/);
  const { plan, diagnostics } = await loadScenario({ file, text }, { seed: 1 });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  const { verdict } = await run(plan, { mode: 'virtual' });
  expect(verdict.outcome).toBe('passed');
});
