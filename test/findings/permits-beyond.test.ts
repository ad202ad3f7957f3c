/**
 * A permit beyond those at first changes `.free` and nothing else: nobody holds more or less. Claims look again all the same.
 */
import { describe, expect, it } from 'vitest';
import { check, loadScenario, run } from '../../engine/index.ts';

const text = `
concur: 1
semaphores: { s: 2 }
main:
  - release: s
  - sleep: 1ms
expect:
  always: [ s.free <= 2 ]
`;

describe('a release that gives more permits than there were', () => {
  it('breaks what is said of those that are free, in a run', async () => {
    const { plan } = await loadScenario({ file: 'permits.yaml', text }, { seed: 1 });
    if (plan === undefined) throw new Error('there is no plan');
    const { verdict } = await run(plan, { mode: 'virtual' });
    expect(verdict.judgements.find(({ name }) => name === 'always')?.result).toBe('failed');
  });

  it('breaks it in a check, which says the same as the run', async () => {
    const { plan } = await loadScenario({ file: 'permits.yaml', text }, { seed: 1 });
    if (plan === undefined) throw new Error('there is no plan');
    const { verdict, violation } = await check(plan);
    expect({ outcome: verdict.outcome, violation }).toEqual({ outcome: 'failed', violation: null });
  });
});
