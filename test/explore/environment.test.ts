/**
 * Steps have no environment in a check, as in virtual time: what a search finds is so when it is replayed.
 */
import { expect, it } from 'vitest';
import { checked } from './checked.ts';

it('has no variables of the environment for steps', async () => {
  const { verdict, violation } = await checked(`
concur: 1
vars: { x: '' }
main:
  - try: [ { set: { x: env.HOME } } ]
    catch: { KeyError: [ { set: { x: "'none'" } } ] }
expect: { outcome: x }`);
  expect({ violation, results: verdict.results.map(({ text }) => text) }).toEqual({
    violation: null,
    results: ['"none"'],
  });
});
