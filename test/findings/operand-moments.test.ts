/**
 * What an operation is given is read, or drawn, before it, in a moment of its own, and is kept while it waits. A search that
 * did both at once would pass what runs show to be wrong.
 */
import { describe, expect, test } from 'vitest';
import { check, loadScenario, run } from '../../engine/index.ts';

/** The results at all ends, those in a deadlock included. */
type Found = { readonly results: readonly string[]; readonly stuck: boolean };

const scenarios: readonly { readonly what: string; readonly text: string; readonly found: Found }[] = [
  {
    what: 'permits that are fewer by the time they are waited for',
    text: `
vars: { n: 2 }
semaphores: { s: 1 }
tasks:
  taker: { steps: [ { acquire: s, permits: n } ] }
  setter: { steps: [ { set: { n: 1 } } ] }
expect: { outcome: n, others: allowed }
`,
    found: { results: ['1'], stuck: true },
  },
  {
    what: 'an item of which the var changes while its put waits',
    text: `
vars: { x: 0, got: 0 }
queues: { q: 1 }
main:
  - put: q
    item: filler
  - start: [putter, getter]
  - join: [putter, getter]
tasks:
  putter: { steps: [ { put: q, item: "\${{ x }}" } ] }
  getter:
    let: { a: 0 }
    steps: [ { set: { x: 5 } }, { get: q, as: a }, { get: q, as: a }, { set: { got: a } } ]
expect: { outcome: got, others: allowed }
`,
    found: { results: ['0', '5'], stuck: false },
  },
  {
    what: 'an item of which the var changes before it is put',
    text: `
vars: { x: 0, r: some }
queues: [q]
tasks:
  putter: { steps: [ { put: q, item: "\${{ x }}" } ] }
  getter:
    let: { a: 0 }
    steps:
      - set: { x: 5 }
      - get: q
        as: a
        timeout: 0s
        onTimeout: [ { set: { r: '"none"' } }, { get: q, as: a } ]
      - set: { r: "[r, a]" }
expect: { outcome: r, others: allowed }
`,
    found: { results: ['["none",0]', '["none",5]', '["some",0]', '["some",5]'], stuck: false },
  },
  {
    what: 'permits that are drawn, the larger number first',
    text: `
vars: { n: 0 }
semaphores: { s: 1 }
main: [ { acquire: s, permits: "2 - random(0, 1)" }, { set: { n: 1 } } ]
expect: { outcome: n, others: allowed }
`,
    found: { results: ['0', '1'], stuck: true },
  },
  {
    what: 'a condition that draws once for all of its looks',
    text: `
vars: { n: 0, got: 0 }
tasks:
  one: { steps: [ { await: "n == random(1, 2)" }, { set: { got: n } } ] }
  two: { steps: [ { set: { n: 1 } }, { set: { n: 2 } }, { await: got > 0 } ] }
expect: { outcome: got, others: allowed }
`,
    found: { results: ['0', '1', '2'], stuck: true },
  },
];

async function planOf(text: string, seed: number) {
  const { plan, diagnostics } = await loadScenario({ file: 'operands.yaml', text }, { seed });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

describe.each(scenarios)('$what', ({ text, found }) => {
  const whole = `concur: 1${text}`;

  test('is found in all orders', async () => {
    const { verdict, violation } = await check(await planOf(whole, 1));
    const results = verdict.results.filter(({ way }) => way !== null).map((one) => one.text);
    expect({ violation, end: verdict.coverage.end }).toEqual({ violation: null, end: 'all' });
    expect({ results: results.sort(), stuck: verdict.coverage.deadlocks > 0 }).toEqual(found);
  });

  test('is what runs come to', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { verdict, violation } = await run(await planOf(whole, seed), { mode: 'virtual' });
      expect(violation).toBeNull();
      if (verdict.run.stopped === 'deadlock') expect(found.stuck).toBe(true);
      expect(found.results).toContain(verdict.endResult?.text);
    }
  });
});
