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
  {
    what: 'a message of which the var changes before the task has failed',
    text: `
vars: { x: 0, seen: false, message: some }
main:
  - start: [one, bad]
  - join: one
  - join: bad
    as: end
  - set: { message: end.error.message }
tasks:
  one: { steps: [ { set: { x: 1 } }, { set: { seen: bad.failed == 1 } } ] }
  bad: { steps: [ { fail: "\${{ x }}" } ] }
expect: { outcome: "[seen, message]", others: allowed, tasks: { bad: failed } }
`,
    found: { results: ['[false,"0"]', '[false,"1"]', '[true,"0"]', '[true,"1"]'], stuck: false },
  },
  {
    what: 'an assertion of which the var changes before the task has failed',
    text: `
vars: { x: 0, seen: false }
tasks:
  one: { steps: [ { assert: x == 1 } ] }
  two: { steps: [ { set: { x: 1 } }, { set: { seen: one.failed == 1 } } ] }
expect: { outcome: "[seen, one.failed == 1]", others: allowed, tasks: { one: [finished, failed] } }
`,
    found: { results: ['[false,false]', '[false,true]', '[true,true]'], stuck: false },
  },
  {
    what: 'a value of which the var changes before it is saved',
    text: `
vars: { x: 0, seen: 9, end: 9 }
files: { f: { path: f.yaml, content: 5 } }
main:
  - start: [one, two]
  - join: [one, two]
  - { load: f, as: v }
  - set: { end: v }
tasks:
  one: { steps: [ { save: f, value: "\${{ x }}" } ] }
  two: { steps: [ { set: { x: 1 } }, { load: f, as: v }, { set: { seen: v } } ] }
expect: { outcome: "[seen, end]", others: allowed }
`,
    found: { results: ['[0,0]', '[1,1]', '[5,0]', '[5,1]'], stuck: false },
  },
  {
    what: 'an exit code of which the var changes before the process has ended',
    text: `
vars: { x: { value: 0, shared: true }, seen: { value: false, shared: true }, code: 9 }
main:
  - start: [one, two]
  - join: two
  - join: one
    as: end
  - set: { code: end.exitCode }
tasks:
  one: { kind: process, steps: [ { exit: x } ] }
  two: { steps: [ { set: { x: 1 } }, { set: { seen: one.running == 0 } } ] }
expect: { outcome: "[seen, code]", others: allowed, tasks: { one: [finished, failed] } }
`,
    found: { results: ['[false,0]', '[false,1]', '[true,0]', '[true,1]'], stuck: false },
  },
  {
    what: 'an expression that has no value, of which the var changes before the task has failed',
    text: `
vars: { x: 0, y: 0, seen: false }
tasks:
  bad: { steps: [ { set: { y: 1 / x } } ] }
  other: { steps: [ { set: { x: 1 } }, { set: { seen: bad.failed == 1 } } ] }
expect: { outcome: "[seen, bad.failed == 1]", others: allowed, tasks: { bad: [finished, failed] } }
`,
    found: { results: ['[false,false]', '[false,true]', '[true,true]'], stuck: false },
  },
  {
    what: 'the same in a condition, where an error that is caught is nothing to see',
    text: `
vars: { x: 0, seen: false }
tasks:
  bad: { steps: [ { try: [ { if: 1 / x > 0, then: [] } ], catch: { any: [ { set: { x: 5 } } ] } } ] }
  other: { steps: [ { set: { x: 1 } }, { set: { seen: x == 5 } } ] }
expect: { outcome: "[seen, x]", others: allowed }
`,
    found: { results: ['[false,1]', '[false,5]', '[true,5]'], stuck: false },
  },
  {
    what: 'a release that fails, with the lock free again or taken when the task has failed',
    text: `
vars: { seen: false }
locks: [l]
tasks:
  bad: { steps: [ { release: l } ] }
  other: { steps: [ { acquire: l }, { set: { seen: bad.failed == 1 } } ] }
expect: { outcome: "[seen, bad.failed == 1]", others: allowed, tasks: { bad: [finished, failed] } }
`,
    found: { results: ['[false,false]', '[false,true]', '[true,true]'], stuck: false },
  },
  {
    what: 'a timeout, with what was waited for there when the task has failed',
    text: `
vars: { seen: false }
events: [e]
tasks:
  bad: { steps: [ { wait: e, timeout: 0s } ] }
  other: { steps: [ { signal: e }, { set: { seen: bad.failed == 1 } } ] }
expect: { outcome: "[seen, bad.failed == 1]", others: allowed, tasks: { bad: [finished, failed] } }
`,
    found: { results: ['[false,false]', '[false,true]', '[true,true]'], stuck: false },
  },
  {
    what: 'an atomic step that fails, of which others see what was written before it ends its task',
    text: `
vars: { x: 0, seen: some }
tasks:
  bad: { steps: [ { atomic: [ { set: { x: 1 } }, { fail: broken } ] } ] }
  other: { steps: [ { await: x == 1 }, { set: { seen: bad.failed } } ] }
expect: { outcome: seen, others: allowed, tasks: { bad: failed } }
`,
    found: { results: ['0', '1'], stuck: false },
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

/** A search keeps ends apart in which the lines that are expected came, and in which they did not. */
test('what is printed may be older than what others have printed since', async () => {
  const plan = await planOf(
    `concur: 1
vars: { x: 0 }
tasks:
  one: { steps: [ { print: "${'${{ x }}'}" } ] }
  two: { steps: [ { set: { x: 1 } }, { print: two } ] }
expect: { output: { equals: [ two, "0" ] } }
`,
    1,
  );
  const { exploration, violation } = await check(plan);
  expect({ violation, ends: exploration.ends }).toEqual({ violation: null, ends: 2 });
});
