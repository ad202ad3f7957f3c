/**
 * In free time a task may wait once more within the time of its first wait, however far others have moved the clock of the
 * replay: a search finds that way, and its replay must follow it to the end.
 */
import { expect, test } from 'vitest';
import { check, loadScenario } from '../../engine/index.ts';

test('a wait in a loop begins in time where the search says so, behind a sleep that is longer', async () => {
  const text = `
concur: 1
vars: { x: 0, passed: false }
conditions: [ c ]
tasks:
  slow: { steps: [{ with: c, do: [{ wait: c, until: x > 0, timeout: 20ms }] }, { set: { passed: true } }] }
  other:
    steps:
      - await: c.waiting == 1
      - sleep: 30ms
      - { with: c, do: [{ notify: c }] }
      - await: c.waiting == 1
      - { with: c, do: [{ set: { x: 1 } }, { notify: c }] }
expect:
  finally: ["!passed"]
  deadlock: possible
  tasks: { slow: [finished, failed] }
`;
  const { plan, diagnostics } = await loadScenario({ file: 'waits.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { verdict, violation } = await check(plan);
  const failed = verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
  expect({ failed, violation }).toEqual({ failed: ['finally'], violation: null });
});
