/**
 * `check` in a file: what bounds a search, and that what it then says is said of no more than it has seen.
 */
import { describe, expect, it } from 'vitest';
import { type CheckOptions, type CheckResult, check, loadScenario } from '../../engine/index.ts';
import { checked, planOf } from './checked.ts';

const counter = (expectations: string, settings: string) => `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { while: 'true', do: [ { update: { n: n + 1 } } ] } ] } }
expect: { ${expectations} }
check: { ${settings} }
`;

const adders = (expectations: string, settings: string) => `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 3, steps: [ { set: { n: n + 1 } } ] } }
expect: { ${expectations} }
check: { ${settings} }
`;

function results({ verdict }: CheckResult): Readonly<Record<string, string>> {
  return Object.fromEntries(verdict.judgements.map(({ name, result }) => [name, result]));
}

describe('within', () => {
  it('makes an endless scenario finite, and says so', async () => {
    const { verdict, violation } = await checked(counter('always: [ n >= 0 ]', 'within: n < 5'));
    expect(violation).toBeNull();
    expect(verdict).toMatchObject({ outcome: 'passed', summary: 'all interleavings within `n < 5`' });
    expect(verdict.coverage).toMatchObject({ end: 'all', within: 'n < 5', states: 6, unexercised: null });
  });

  it('says nothing of a bound that nothing comes to', async () => {
    const { verdict } = await checked(adders('always: [ n >= 0 ]', 'within: n < 50'));
    expect(verdict).toMatchObject({ outcome: 'passed', summary: 'all interleavings' });
    expect(verdict.coverage.within).toBeNull();
  });

  it('finds what a state beyond it breaks, to which one step leads', async () => {
    const { verdict, violation } = await checked(counter('always: [ n < 5 ]', 'within: n < 5'));
    expect(violation).toBeNull();
    expect(verdict.outcome).toBe('failed');
  });

  it.each([
    ['sometimes: [ n == 9 ]', 'sometimes'],
    ['deadlock: possible', 'deadlock'],
    ['deadlock: certain', 'deadlock'],
  ])('does not judge what it has not seen: %s', async (expectation, name) => {
    const result = await checked(counter(expectation, 'within: n < 5'));
    expect(results(result)[name]).toBe('notJudged');
    expect(result.verdict.outcome).toBe('passed');
  });

  it('does not judge a result that was not seen within it', async () => {
    const expectation = 'outcome: n, outcomes: [ { is: 3, grade: expected } ], others: allowed';
    const { verdict } = await checked(adders(expectation, 'within: n < 2'));
    expect(verdict.judgements.find(({ name }) => name === 'outcome')?.result).not.toBe('failed');
    expect(verdict.results.find(({ text }) => text === '3')?.way).toBeNull();
    expect(verdict.judgements.map(({ result }) => result)).toContain('notJudged');
  });

  it('has not passed where something is expected of an end that is beyond it', async () => {
    const { verdict } = await checked(adders('vars: { n: 7 }', 'within: n < 1'));
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('has not passed where all is beyond it', async () => {
    const { verdict } = await checked(counter('always: [ n >= 0 ]', 'within: n > 0'));
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.judgements.every(({ result }) => result === 'notJudged')).toBe(true);
  });

  it('bounds the search for races, too', async () => {
    const text = (bound: string) => `
concur: 1
vars: { n: 0, x: 0 }
tasks:
  a: { steps: [ { while: 'true', do: [ { update: { n: n + 1 } } ] } ] }
  b: { steps: [ { set: { x: 1 } } ] }
  c: { steps: [ { await: n > 2 }, { set: { x: 2 } } ] }
expect: { races: never }
check: { within: ${bound} }
`;
    expect(results(await checked(text('n < 2')))['races']).toBe('passed');
    const found = await checked(text('n < 5'));
    expect(found.violation).toBeNull();
    expect(results(found)['races']).toBe('failed');
  });

  it('must be true or false', async () => {
    const text = adders('races: allowed', 'within: n + 1');
    const { plan, diagnostics } = await loadScenario({ file: 'x.yaml', text }, { mode: 'virtual' });
    expect(plan).toBeUndefined();
    expect(diagnostics[0]?.severity).toBe('error');
  });

  it('is that of the case, where it has one', async () => {
    const text = `${counter('races: allowed', 'within: n < 5')}
cases: [ { name: small, check: { within: n < 2 } } ]
`;
    const plan = await planOf(text, 'test.yaml', { caseName: 'small' });
    expect((await check(plan)).verdict.coverage.within).toBe('n < 2');
  });
});

describe('limits', () => {
  it.each<readonly [settings: string, options: CheckOptions, end: string]>([
    ['maxStates: 5', {}, 'states'],
    ['maxSteps: 2', {}, 'depth'],
    ['maxStates: 5', { maxStates: 1_000 }, 'all'],
    ['maxSteps: 2', { maxSteps: 1_000 }, 'all'],
    ['time: free', { maxBytes: 1 }, 'space'],
    ['time: free', { maxBytes: 1_000_000 }, 'memory'],
  ])('%s with %o ends by %s', async (settings, options, end) => {
    // The memory is looked at now and then.
    const text =
      end === 'memory'
        ? counter('always: [ n >= 0 ]', settings)
        : adders('always: [ n >= 0 ], vars: { n: 3 }', settings);
    const { verdict } = await check(await planOf(text), options);
    expect(verdict.coverage.end).toBe(end);
    if (end === 'all') return;
    expect(verdict.outcome).not.toBe('passed');
    expect(verdict.judgements.filter(({ result }) => result === 'passed')).toEqual([]);
  });
});

it('shows what an endless scenario breaks, in which time passes', async () => {
  const { verdict, violation, counterexample } = await checked(`
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { while: 'true', do: [ { sleep: 1s }, { update: { n: n + 1 } } ] } ] } }
expect: { always: [ n < 3 ], peak: { s: 0 } }
semaphores: { s: 1 }
check: { within: n < 5 }
`);
  expect(violation).toBeNull();
  expect(verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual([
    'always',
  ]);
  expect(counterexample?.events.filter(({ type }) => type === 'wrote')).toHaveLength(3);
});
