/**
 * Reductions leave nothing out that matters: the same results, the same number of ends and of deadlocks, the same expectations
 * broken and the same never exercised as a search that tries every order. `CONCUR_TEST_ROUNDS` makes it longer.
 */
import { describe, expect, it } from 'vitest';
import { type CheckResult, check } from '../../engine/index.ts';
import { checked, planOf, planOfFile } from './checked.ts';
import { randomExpectations } from './random-expectations.ts';
import { randomScenario } from './random-scenario.ts';

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);
const numbers = Array.from({ length: 40 * rounds }, (_, index) => index + 1);
const MOST_STATES = 10_000;

function shown({ verdict, exploration, violation }: CheckResult) {
  const keys = (kind: string) =>
    [...new Set(exploration.found.filter((one) => one.kind === kind).map(({ key }) => key))].toSorted();
  return {
    violation,
    results: keys('end'),
    broken: keys('broken'),
    outcome: verdict.outcome,
    ends: verdict.coverage.ends,
    deadlocks: verdict.coverage.deadlocks,
    peaks: exploration.peaks,
    sightings: exploration.sightings.map((way) => way !== null),
    unexercised: exploration.unexercised,
    judgements: verdict.judgements.map(({ name, result }) => `${name}: ${result}`),
  };
}

async function mustBeAlike(text: string): Promise<void> {
  const plan = await planOf(text);
  for (const symmetry of [false, true]) {
    const whole = await check(plan, { symmetry, reduction: false, maxStates: MOST_STATES });
    if (whole.verdict.coverage.end !== 'all') continue;
    const reduced = await check(plan, { symmetry });
    expect(shown(reduced), text).toEqual(shown(whole));
    expect(reduced.verdict.coverage.states).toBeLessThanOrEqual(whole.verdict.coverage.states);
  }
}

describe('a reduced search finds what the whole one does', () => {
  it.each(numbers)('random scenario %d', (number) => mustBeAlike(randomScenario(number)));
  it.each(numbers)('random expectations %d', (number) => mustBeAlike(randomExpectations(number)));
});

describe('nobody is left out for ever', () => {
  it('breaks `x < 2` beside a task that takes and gives back without an end', async () => {
    const { verdict } = await checked(`
concur: 1
vars: { x: 0 }
locks: [r]
tasks:
  spinner: { daemon: true, steps: [ { while: true, do: [ { acquire: r }, { release: r } ] } ] }
  setter: { steps: [ { set: { x: 2 } } ] }
expect: { always: [ x < 2 ] }`);
    expect(verdict.outcome).toBe('failed');
  });

  it('breaks it beside one that never ends and is no daemon', async () => {
    const { verdict } = await checked(`
concur: 1
vars: { x: 0 }
locks: [r]
tasks:
  spinner: { steps: [ { while: true, do: [ { acquire: r }, { release: r } ] } ] }
  setter: { steps: [ { set: { x: 2 } } ] }
expect: { always: [ x < 2 ] }`);
    expect(verdict.outcome).toBe('failed');
  });
});

/** What one implementation came to: fewer is better, more wants a reason. */
const reduced: readonly (readonly [string, Readonly<Record<string, string>>, number, number])[] = [
  ['phil', { n: '7' }, 1_400, 1_400],
  ['phil', { n: '9' }, 4_100, 4_100],
  ['unisex-bathroom', {}, 26_200, 1_700],
  ['sct-wronglock', {}, 59_888, 1_175],
  ['readers-writers', {}, 2_531, 411],
];

describe('without and with symmetry, states are at most', () => {
  it.each(reduced)('of %s %o: %d, %d', async (file, set, most, symmetric) => {
    const plan = await planOfFile(`test/models/${file}.yaml`, { set });
    for (const [symmetry, limit] of [
      [false, most],
      [true, symmetric],
    ] as const) {
      const { verdict, violation } = await check(plan, { symmetry });
      expect([verdict.coverage.end, violation]).toEqual(['all', null]);
      expect(verdict.coverage.states).toBeLessThanOrEqual(limit);
    }
  });
});
