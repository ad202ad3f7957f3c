/**
 * What a search holds is all counted: not only the states that it has seen, but the way to the one at hand, what can be taken
 * back, values that grow, and the ways to what it found.
 */
import { expect, it } from 'vitest';
import { explore } from '../../engine/explore/explore.ts';
import { planOf } from './checked.ts';

const MB = 2 ** 20;

const endless = (step: string): string => `
concur: 1
vars: { n: 0, s: "" }
tasks: { t: { steps: [ { while: true, do: [ { update: ${step} } ] } ] } }
expect: { always: [ n >= 0 ] }`;

const manyEnds = `
concur: 1
vars: { n: 0 }
main:
  - { repeat: 1000, do: [ { update: { n: n + 1 } } ] }
  - update: { n: "n + 2 * random(1, 1000) + random(0, 1)" }`;

it.each<readonly [what: string, text: string, megabytes: number, maxSteps: number, without: string]>([
  ['the way to the state at hand', endless('{ n: n + 1 }'), 8, 60_000, 'depth'],
  ['values', endless("{ s: s + '0123456789' }"), 8, 3_000, 'depth'],
  ['ways to ends', manyEnds, 16, 100_000, 'all'],
])('%s', async (_, text, megabytes, maxSteps, without) => {
  const plan = await planOf(text);
  const end = (maxBytes: number): string => {
    const rest = { environment: {}, symmetry: true, maxStates: 1e7, mayGoOn: () => true };
    return explore(plan, { ...rest, maxSteps, maxBytes }).end;
  };
  expect(end(megabytes * MB)).toBe('memory');
  expect(end(1024 * MB)).toBe(without);
});
