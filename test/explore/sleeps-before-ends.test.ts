/**
 * A search sleeps for no time, so that a task whose steps end with a `sleep` has ended at once: a replay of its ways must let
 * such a task end before whoever joins it goes on.
 */
import { expect, test } from 'vitest';
import { check, loadScenario } from '../../engine/index.ts';

test.each([
  ['last', '{ sleep: 1s }'],
  [
    'before steps that nobody sees',
    '{ sleep: 1s }, { let: { v: 1 } }, { if: v == 1, then: [{ sleep: 2s }] }',
  ],
])('a sleep that comes %s', async (_, sleeps) => {
  const text = `
concur: 1
vars: { y: 0 }
queues: { q: 1 }
main: [{ start: one }, { join: one }, { start: three }, { join: three }]
tasks:
  one: { let: { v: 0 }, steps: [{ close: q }, ${sleeps}] }
  three: { steps: [{ get: q, as: v }] }
expect:
  tasks: { three: failed }
  outcome: y
  outcomes: [{ is: 1, grade: allowed }]
  others: allowed
`;
  const { plan, diagnostics } = await loadScenario({ file: 'sleeps.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { verdict, violation } = await check(plan);
  expect({ outcome: verdict.outcome, violation }).toEqual({ outcome: 'passed', violation: null });
});
