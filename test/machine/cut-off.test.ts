/** What a run's figures say of waits that a deadlock cut off. */
import { expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

async function verdictOf(text: string) {
  const source = { file: 'test.yaml', text: `concur: 1\n${text}` };
  const { plan, diagnostics } = await loadScenario(source, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return (await run(plan, { mode: 'virtual' })).verdict;
}

test('a wait that a deadlock cuts off is one of its length', async () => {
  const { resources } = await verdictOf(`locks: [a, b]
tasks:
  one: { steps: [ { acquire: a }, { sleep: 1s }, { acquire: b } ] }
  two: { steps: [ { acquire: b }, { sleep: 3s }, { acquire: a } ] }`);
  const waits = resources.map(({ name, waits, longestWaitUs }) => [name, waits, longestWaitUs]);
  expect(waits).toEqual([
    ['a', 1, 0],
    ['b', 1, 2_000_000],
  ]);
});
