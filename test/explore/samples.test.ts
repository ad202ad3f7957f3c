/**
 * Schedules that are sampled: they find what a search cannot come to, and nothing that a whole search does not find.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '../../engine/explore/explore.ts';
import { createSampler } from '../../engine/explore/samples/sample.ts';
import { State } from '../../engine/explore/state.ts';
import { check } from '../../engine/index.ts';
import { checked, planOf, planOfFile } from './checked.ts';
import { randomScenario } from './random-scenario.ts';

describe('a bug that needs one rare order of many steps', () => {
  it.each(['reorder_20_named', 'twostage_20_named'])('is found: %s', async (file) => {
    const { verdict, violation, counterexample } = await check(await planOfFile(`test/models/${file}.yaml`), {
      maxStates: 5_000,
    });
    expect(violation).toBeNull();
    expect(verdict.coverage.end).toBe('states');
    expect(verdict.outcome).toBe('failed');
    expect(counterexample?.schedule.steps.length).toBeLessThan(20);
  });

  it('is found in a deadlock, in what is true sometimes, and in a choice', async () => {
    const { verdict, violation } = await checked(
      `
concur: 1
locks: [a, b]
vars: { n: 0 }
tasks:
  first: { count: 3, steps: [ { with: [a, b], do: [ { set: { n: "n + random(1, 3)" } } ] } ] }
  second: { steps: [ { with: [b, a], do: [ { print: both } ] } ] }
expect: { sometimes: [ n == 9 ] }`,
      { maxStates: 3 },
    );
    expect(violation).toBeNull();
    expect(verdict.coverage.end).toBe('states');
    expect(verdict.judgements.find(({ name }) => name === 'deadlock')?.result).toBe('failed');
    expect(verdict.judgements.find(({ name }) => name === 'sometimes')?.result).toBe('passed');
  });
});

describe('samples of random scenarios', () => {
  it.each(Array.from({ length: 20 }, (_, index) => index + 101))('number %d', async (number) => {
    const text = randomScenario(number);
    const plan = await planOf(text);
    const options = { environment: {}, symmetry: false, mayGoOn: () => true };
    const whole = explore(plan, { ...options, maxStates: 30_000, maxBytes: 1 << 30, maxSteps: 100_000 });
    if (whole.end !== 'all') return;
    const state = new State(plan, options);
    for (const _ of state.begin());
    let ends = 0;
    let stuck = 0;
    const sink = { reached: () => true, ended: () => ++ends > 0, stuck: () => ++stuck > 0 };
    for (const _ of createSampler(state, sink, () => true).drawUntil(2_000));
    expect(ends, text).toBeLessThanOrEqual(whole.ends);
    expect(ends + stuck, text).toBeGreaterThan(0);
    if (stuck > 0) expect(whole.deadlocks, text).toBeGreaterThan(0);
  });
});
