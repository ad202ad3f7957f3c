/**
 * What a scenario can come to: each result with a short way to it.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '../../engine/explore/explore.ts';
import { checked, planOf } from './checked.ts';

const increments = (tasks: number): string => `
concur: 1
vars: { n: 0 }
tasks: { t: { count: ${tasks}, steps: [ { set: { n: n + 1 } } ] } }
expect: { outcome: n }`;

describe('each result', () => {
  it('has a way with as few changes of the task as it takes', async () => {
    const { verdict } = await checked(increments(4));
    const switches = verdict.results.map(({ text, switches: times }) => [text, times]);
    expect(Object.fromEntries(switches)).toEqual({ 1: 4, 2: 4, 3: 4, 4: 3 });
  });

  it('has a way that leads to it', async () => {
    const { verdict, exploration } = await checked(increments(3));
    for (const { way, text } of verdict.results) expect(exploration.found[way as number]?.key).toBe(text);
  });

  it('that cannot be has none', async () => {
    const { verdict } = await checked(
      `${increments(2)}
# 3 is out of reach
`.replace('outcome: n }', 'outcome: n, outcomes: [ { is: 3, grade: forbidden } ], others: allowed }'),
    );
    expect(verdict.results.find(({ text }) => text === '3')).toMatchObject({ way: null, switches: 0 });
  });
});

describe('what is expected of the end', () => {
  /** Every run ends in a deadlock, with the number of the task that was the last to write. */
  const stuck = (claims: string): string => `
concur: 1
vars: { n: 0 }
events: [ never ]
tasks:
  first: { steps: [ { set: { n: 1 } } ] }
  second: { steps: [ { set: { n: 2 } } ] }
  third: { steps: [ { wait: never } ] }
expect: { ${claims} }`;

  it.each([
    'deadlock: certain, outcome: n, outcomes: [ { is: 1 } ]',
    'deadlock: certain, outcome: n, outcomes: [ { is: 2 } ]',
    'deadlock: possible, finally: [ n == 1 ]',
    'deadlock: possible, finally: [ n == 2 ]',
    'deadlock: certain, vars: { n: 1 }',
    'deadlock: certain, vars: { n: 2 }',
  ])('is expected of each deadlock: %s', async (claims) => {
    const { verdict, violation } = await checked(stuck(claims));
    expect(violation).toBeNull();
    expect(verdict.outcome).toBe('failed');
    expect(verdict.judgements.find(({ name }) => name === 'deadlock')?.result).toBe('passed');
  });

  it('has the results of all deadlocks, each with a way', async () => {
    const { verdict } = await checked(
      stuck('deadlock: certain, outcome: n, outcomes: [ { is: 1 }, { is: 2 } ]'),
    );
    expect(verdict.outcome).toBe('passed');
    expect(verdict.results.map(({ text }) => text).toSorted()).toEqual(['1', '2']);
  });
});

it('keeps no more moves of long ways to ends than memory has room for', async () => {
  const plan = await planOf(`
concur: 1
vars: { served: false, rounds: 0 }
locks: [ counter ]
tasks:
  regular: { steps: [ { while: "!served", do: [ { with: counter, do: [ { set: { rounds: rounds + 1 } } ] } ] } ] }
  guest: { steps: [ { with: counter, do: [ { set: { served: true } } ] } ] }`);
  const { found, ends, isEveryEndFound } = explore(plan, {
    environment: {},
    symmetry: true,
    maxStates: 40_000,
    maxBytes: 1 << 28,
    maxSteps: 8_000,
    mayGoOn: () => true,
  });
  expect(ends).toBeGreaterThan(1_000);
  expect(isEveryEndFound).toBe(false);
  const moves = found.reduce((sum, { schedule }) => sum + schedule.length, 0);
  expect(moves).toBeLessThan(8_000_000);
});
