/**
 * Moments that are easily taken for ones that nobody can tell apart: a task that is not started yet, one that begins and
 * fails at once, a worker that takes its next work, a command whose time is over. Whatever a run can come to in them, a check
 * finds, and can show.
 */
import { describe, expect, it } from 'vitest';
import { run } from '../../engine/index.ts';
import { checked, outcomesOf, planOf } from './checked.ts';

const others = 'outcomes: [ { is: -1, grade: allowed } ], others: allowed';

const scenarios: Readonly<Record<string, { readonly text: string; readonly results: readonly string[] }>> = {
  'a task joins one that may not be started yet': {
    text: `
concur: 1
vars: { n: 0 }
tasks:
  one: { steps: [ { try: [ { join: two } ], catch: { RuntimeError: [ { set: { n: 1 } } ] } } ] }
  two: { steps: [ { print: two } ] }
expect: { outcome: n, ${others} }
`,
    results: ['0', '1'],
  },
  'a step reads whether one is running that may not be started yet': {
    text: `
concur: 1
vars: { n: 0 }
tasks:
  one: { steps: [ { set: { n: two.running } } ] }
  two: { steps: [ { sleep: 10ms } ] }
expect: { outcome: n, ${others} }
`,
    results: ['0', '1'],
  },
  'a program exits before it has started all': {
    text: `
concur: 1
vars: { n: 0 }
tasks:
  one: { steps: [ { exit: 0 } ] }
  two: { steps: [ { update: { n: n + 1 } } ] }
expect: { tasks: { main: terminated, two: [ terminated, finished, notStarted ] }, outcome: two.terminated, ${others} }
`,
    results: ['0', '1'],
  },
  'a pool is closed before the work of a task is started into it': {
    text: `
concur: 1
pools: { crew: 1 }
tasks:
  closer: { steps: [ { close: crew } ] }
  one: { pool: crew, steps: [ { print: one } ] }
  two: { steps: [ { print: two } ] }
expect: { tasks: { main: [ finished, failed ], one: [ finished, skipped ] }, outcome: one.skipped, ${others} }
`,
    results: ['0', '1'],
  },
  'a step reads how much work waits for a pool': {
    text: `
concur: 1
vars: { n: 0 }
pools: { crew: 1 }
tasks:
  one: { steps: [ { set: { n: crew.waiting } } ] }
  two: { count: 2, pool: crew, steps: [ { print: two } ] }
expect: { outcome: n, ${others} }
`,
    results: ['0', '1', '2'],
  },
  'a thread writes what a process begins with that may not be started yet': {
    text: `
concur: 1
vars: { n: 0, seen: { value: 0, shared: true } }
tasks:
  one: { steps: [ { set: { n: 1 } } ] }
  two: { kind: process, steps: [ { set: { seen: n } } ] }
expect: { outcome: seen, ${others} }
`,
    results: ['0', '1'],
  },
  'an error between the last write and the end': {
    text: `
concur: 1
vars: { n: 0, seen: 0 }
tasks:
  one: { steps: [ { set: { n: 1 } }, { fail: broken } ] }
  two: { steps: [ { set: { seen: n - one.failed } } ] }
expect: { tasks: { one: failed }, outcome: seen, ${others} }
`,
    results: ['0', '1'],
  },
  'the next of several replicas is ended': {
    text: `
concur: 1
vars: { n: { value: 0, shared: true } }
main: [ { start: job }, { terminate: job } ]
tasks:
  job: { kind: process, count: 2, steps: [ { update: { n: n + 1 } }, { update: { n: n * 3 } } ] }
expect: { tasks: { job: [ finished, terminated ] }, outcome: n, ${others} }
`,
    results: ['0', '1', '12', '18', '2', '3', '4', '6'],
  },
  'work on its way through a pool': {
    text: `
concur: 1
vars: { n: 0 }
pools: { crew: 1 }
main: [ { submit: crew, do: [ { set: { n: n + 1 } } ], as: work }, { join: work } ]
tasks:
  other: { steps: [ { print: never } ] }
expect: { outcome: n, ${others} }
`,
    results: ['1'],
  },
  'a command may be late, or not, whatever its model takes': {
    text: `
concur: 1
vars: { n: 0 }
tasks:
  quick: { steps: [ { run: cmd, timeout: 20ms, onTimeout: [ { update: { n: n + 1 } } ], model: { takes: 10ms } } ] }
  slow: { steps: [ { run: cmd, timeout: 5ms, onTimeout: [ { update: { n: n + 2 } } ], model: { takes: 10ms } } ] }
expect: { outcome: n, ${others} }
`,
    results: ['0', '1', '2', '3'],
  },
  'a command is late with its second line': {
    text: `
concur: 1
vars: { n: 0 }
queues: { lines: 1 }
main:
  - run: cmd
    into: lines
    timeout: 20ms
    onTimeout: [ { set: { n: lines.size } } ]
    model: { takes: 10ms, result: { stdout: "a\\nb\\n" } }
expect: { deadlock: possible, outcome: n, ${others} }
`,
    results: ['0', '1'],
  },
};

describe('a check', () => {
  it.each(Object.entries(scenarios))('%s', async (_, { text, results }) => {
    const whole = await checked(text, { symmetry: false });
    expect(whole.violation).toBeNull();
    expect(outcomesOf(whole).results).toEqual(results);
    expect(outcomesOf(await checked(text))).toEqual(outcomesOf(whole));
    const plan = await planOf(text);
    for (let seed = 1; seed <= 10; seed++) {
      const { verdict } = await run({ ...plan, seed }, { mode: 'virtual' });
      if (verdict.endResult !== null && verdict.run.stopped === null)
        expect(results).toContain(verdict.endResult.text);
    }
  });

  it('sees two at work together though one fails as it begins', async () => {
    const text = `
concur: 1
pools: { crew: 1 }
tasks:
  one: { let: { none: 0 }, steps: [ { join: none } ] }
  two: { steps: [ { sleep: 10ms } ] }
expect:
  overlap: { never: [ one, two ] }
  tasks: { one: failed }
`;
    const { verdict, violation } = await checked(text);
    expect(violation).toBeNull();
    expect(verdict.judgements.find(({ name }) => name === 'overlap never')?.result).toBe('failed');
  });

  it('does not take a task for another one at work at the same time', async () => {
    const text = `
concur: 1
vars: { n: 0 }
tasks:
  one: { steps: [ { update: { n: n + 1 } }, { update: { n: n + 1 } } ] }
expect:
  overlap: { never: [ one, one ] }
`;
    const { verdict, violation } = await checked(text);
    expect(violation).toBeNull();
    expect(verdict.outcome).toBe('passed');
  });

  it('looks at as many ends as there is time for, and does not pass then', async () => {
    const text = `
concur: 1
vars: { n: 0 }
tasks:
  one: { count: 2, steps: [ { set: { n: n + 1 } } ] }
expect: { outcome: n, outcomes: [ { is: 3, grade: allowed } ], others: allowed }
`;
    let asked = false;
    const { verdict } = await checked(text, {
      mayGoOn: () => {
        const before = !asked;
        asked = true;
        return before;
      },
    });
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('has passed nothing where no way comes to an end', async () => {
    const text = `
concur: 1
vars: { n: 0 }
main: [ { while: n < 1, do: [ { set: { n: 0 } } ] } ]
expect: { vars: { n: 7 } }
`;
    const { verdict } = await checked(text);
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('has passed what must be true in each state of an endless scenario', async () => {
    const text = `
concur: 1
vars: { n: 0 }
main: [ { while: n < 2, do: [ { set: { n: 1 } }, { set: { n: 0 } } ] } ]
expect: { always: [ n < 2 ] }
`;
    const { verdict } = await checked(text);
    expect(verdict.outcome).toBe('passed');
    expect(verdict.judgements.find(({ name }) => name === 'always')?.result).toBe('passed');
  });
});
