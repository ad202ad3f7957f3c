/**
 * Models with known numbers of states: `test/models/README.md` says where the numbers come from. A number that changes is
 * a step more or less that others can see, or a word more or less that tells states apart.
 */
import { describe, expect, it } from 'vitest';
import { check } from '../../engine/index.ts';
import { checked, outcomesOf, planOfFile } from './checked.ts';

type Model = readonly [
  file: string,
  set: Readonly<Record<string, string>>,
  states: number,
  deadlocks: number,
  outcome: 'passed' | 'failed',
];

/** Each replica counts as itself. The larger ones are the benchmark's. */
const models: readonly Model[] = [
  ['inc', { k: '1' }, 12, 0, 'passed'],
  ['inc', { k: '5' }, 1_277, 0, 'passed'],
  ['pc', {}, 45, 0, 'passed'],
  ['phil', { n: '5' }, 1_363, 1, 'failed'],
  ['phil', { n: '7' }, 24_475, 1, 'failed'],
  ['readers-writers', {}, 3_068, 0, 'passed'],
  ['unisex-bathroom', {}, 133_728, 0, 'passed'],
  ['sct-wronglock', {}, 76_832, 0, 'failed'],
  ['locks', { k: '12' }, 134_017, 0, 'passed'],
];

describe('without symmetry', () => {
  it.each(models)('%s %o has %d states', async (file, set, states, deadlocks, outcome) => {
    const plan = await planOfFile(`test/models/${file}.yaml`, { set });
    const { verdict, violation } = await check(plan, { symmetry: false, reduction: false });
    expect({ ...verdict.coverage, violation }).toMatchObject({
      end: 'all',
      states,
      deadlocks,
      violation: null,
    });
    expect(verdict.outcome).toBe(outcome);
  });
});

/** Inside m of k stalls, the others before or behind: Σ over m of C(m + 5, 5) × (14 − m), with six places inside. */
const symmetric: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['toilet', { visitors: '13', stalls: '3' }, 644],
  ['toilet', { visitors: '13', stalls: '5' }, 2_478],
  ['unisex-bathroom', {}, 7_680],
  ['sct-wronglock', {}, 1_588],
  ['readers-writers', {}, 489],
];

describe('with symmetry', () => {
  it.each(symmetric)('%s %o has %d states', async (file, set, states) => {
    const plan = await planOfFile(`test/models/${file}.yaml`, { set });
    const { verdict, violation } = await check(plan, { reduction: false });
    expect({ ...verdict.coverage, violation }).toMatchObject({ end: 'all', states, violation: null });
  });

  it('proves the toilet that ships: 353 states with three stalls, 453 with five', async () => {
    const states = async (caseName: string) => {
      const { verdict } = await check(await planOfFile('scenarios/toilet.yaml', { caseName }), {
        reduction: false,
      });
      return [verdict.outcome, verdict.coverage.states];
    };
    expect(await states('three-stalls')).toEqual(['passed', 353]);
    expect(await states('five-stalls')).toEqual(['passed', 453]);
  });
});

describe('two tasks that add 1 k times each without a lock', () => {
  /** The last write may be of what was read when one had been written; never of what was read at the start. */
  it.each([
    [1, ['1', '2']],
    [3, ['2', '3', '4', '5', '6']],
    [5, ['10', '2', '3', '4', '5', '6', '7', '8', '9']],
  ])('%d times: just these results are possible', async (times, results) => {
    const text = `
concur: 1
vars: { n: 0 }
tasks:
  adder: { count: 2, steps: [ { repeat: ${times}, do: [ { set: { n: n + 1 } } ] } ] }
expect: { outcome: n }`;
    expect(outcomesOf(await checked(text))).toEqual({ results, stuck: false });
  });
});
