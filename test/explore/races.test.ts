/**
 * Races by search: whatever a virtual run can race in, a check finds; and what it finds is a race when it is replayed.
 * `CONCUR_TEST_ROUNDS` makes it longer.
 */
import { describe, expect, it } from 'vitest';
import { type CheckResult, check, run } from '../../engine/index.ts';
import { checked, planOf } from './checked.ts';
import { randomRaces } from './random-races.ts';

function judged({ verdict }: CheckResult): string | undefined {
  return verdict.judgements.find(({ name }) => name === 'races')?.result;
}

/** What the tasks do, and whether something always orders their accesses to `n`. */
const scenarios: readonly (readonly [what: string, rest: string, races: 'passed' | 'failed'])[] = [
  [
    'a lock around each access',
    `
locks: [ m ]
tasks: { t: { count: 3, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }`,
    'passed',
  ],
  ['no lock', 'tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }', 'failed'],
  [
    'moments that read and write',
    'tasks: { t: { count: 3, steps: [ { update: { n: n + 1 } } ] } }',
    'passed',
  ],
  [
    'a moment, and a read that is none',
    `
tasks:
  a: { steps: [ { update: { n: n + 1 } } ] }
  b: { steps: [ { print: "\${{ n }}" } ] }`,
    'failed',
  ],
  ['reads alone', 'tasks: { t: { count: 3, steps: [ { print: "${{ n }}" } ] } }', 'passed'],
  [
    'a lock that is taken in one order only by luck',
    `
locks: [ m ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { with: m, do: [ { print: a } ] } ] }
  b: { steps: [ { with: m, do: [ { print: b } ] }, { set: { n: 2 } } ] }`,
    'failed',
  ],
  [
    'a signal that is waited for',
    `
events: [ e ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { signal: e } ] }
  b: { steps: [ { wait: e }, { set: { n: 2 } } ] }`,
    'passed',
  ],
  [
    'a signal that is looked at: the two are never next to each other, and yet nothing orders them',
    `
events: [ e ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { signal: e } ] }
  b: { steps: [ { while: "!e.set", do: [ { sleep: 1ms } ] }, { set: { n: 2 } } ] }`,
    'failed',
  ],
  [
    'a signal that is awaited',
    `
events: [ e ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { signal: e } ] }
  b: { steps: [ { await: e.set }, { set: { n: 2 } } ] }`,
    'passed',
  ],
  [
    'a wait that may be given up',
    `
events: [ e ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { signal: e } ] }
  b: { let: { ok: true }, steps: [ { wait: e, timeout: 1s, as: ok }, { set: { n: 2 } } ] }`,
    'failed',
  ],
  [
    'an item that is handed over',
    `
queues: [ q ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { put: q, item: 1 } ] }
  b: { let: { v: 0 }, steps: [ { get: q, as: v }, { set: { n: 2 } } ] }`,
    'passed',
  ],
  [
    'an item that may be another one’s',
    `
queues: [ q ]
tasks:
  a: { steps: [ { set: { n: 1 } }, { put: q, item: 1 } ] }
  other: { steps: [ { put: q, item: 2 } ] }
  b: { let: { v: 0 }, steps: [ { get: q, as: v }, { set: { n: 2 } } ] }`,
    'failed',
  ],
  [
    'room that is made',
    `
queues: { q: 1 }
tasks:
  a: { steps: [ { put: q, item: 1 }, { put: q, item: 2 }, { set: { n: 1 } } ] }
  b: { let: { v: 0 }, steps: [ { set: { n: 2 } }, { get: q, as: v }, { get: q, as: v } ] }`,
    'passed',
  ],
  [
    'a permit of two',
    `
semaphores: { s: 2 }
tasks: { t: { count: 2, steps: [ { with: s, do: [ { set: { n: n + 1 } } ] } ] } }`,
    'failed',
  ],
  [
    'a permit of one',
    `
semaphores: { s: 1 }
tasks: { t: { count: 3, steps: [ { with: s, do: [ { set: { n: n + 1 } } ] } ] } }`,
    'passed',
  ],
  [
    'a barrier between them',
    `
barriers: { b: 2 }
tasks:
  a: { steps: [ { set: { n: 1 } }, { wait: b } ] }
  b2: { steps: [ { wait: b }, { set: { n: 2 } } ] }`,
    'passed',
  ],
  [
    'the start and the join of a task',
    `
main: [ { set: { n: 1 } }, { start: t }, { join: t }, { set: { n: 3 } } ]
tasks: { t: { steps: [ { set: { n: 2 } } ] } }`,
    'passed',
  ],
  [
    'a write before the join',
    `
main: [ { start: t }, { set: { n: 3 } }, { join: t } ]
tasks: { t: { steps: [ { set: { n: 2 } } ] } }`,
    'failed',
  ],
  [
    'a notified wait for a condition, and its lock',
    `
conditions: [ c ]
tasks:
  a: { steps: [ { with: c, do: [ { set: { n: 1 } }, { notify: c } ] } ] }
  b: { steps: [ { with: c, do: [ { while: n == 0, do: [ { wait: c } ] }, { set: { n: 2 } } ] } ] }`,
    'passed',
  ],
  [
    'work of one pool',
    `
pools: { crew: 2 }
main: [ { submit: crew, do: [ { set: { n: n + 1 } } ], as: one }, { submit: crew, do: [ { set: { n: n + 1 } } ], as: two }, { join: one }, { join: two } ]`,
    'failed',
  ],
  [
    'work that is joined before the next',
    `
pools: { crew: 2 }
main: [ { submit: crew, do: [ { set: { n: n + 1 } } ], as: one }, { join: one }, { submit: crew, do: [ { set: { n: n + 1 } } ], as: two }, { join: two } ]`,
    'passed',
  ],
  [
    'a lock that is switched off',
    `
locks: { m: { enabled: false } }
tasks: { t: { count: 2, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }`,
    'failed',
  ],
  [
    'copies of processes',
    'tasks: { t: { kind: process, count: 2, steps: [ { set: { n: n + 1 } } ] } }',
    'passed',
  ],
  [
    'different cells of an array',
    `
tasks:
  a: { steps: [ { set: { "cells[0]": 1 } } ] }
  b: { steps: [ { set: { "cells[1]": 1 } } ] }`,
    'passed',
  ],
  [
    'one cell of an array',
    `
tasks:
  a: { steps: [ { set: { "cells[1]": 1 } } ] }
  b: { steps: [ { set: { "cells[1]": 2 } } ] }`,
    'failed',
  ],
];

describe('between accesses', () => {
  it.each(scenarios)('%s', async (_, rest, races) => {
    const text = `
concur: 1
vars: { n: 0, cells: { count: 2, value: 0 } }
${rest}
expect: { races: never, deadlock: possible }
`;
    for (const symmetry of [true, false]) {
      const result = await checked(text, { symmetry });
      expect(result.violation).toBeNull();
      expect(judged(result)).toBe(races);
    }
    if (races === 'failed') {
      const { counterexample } = await checked(text);
      expect(counterexample?.verdict.races).not.toEqual([]);
    }
  });
});

it('says nothing where a limit is reached before all was seen', async () => {
  const text = `
concur: 1
vars: { n: 0 }
locks: [ m ]
tasks: { t: { count: 3, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }
expect: { races: never }
`;
  const whole = await checked(text);
  const result = await checked(text, { maxStates: whole.verdict.coverage.states + 1 });
  expect(result.verdict.coverage.end).toBe('all');
  expect(judged(result)).toBe('notJudged');
  expect(result.verdict.outcome).toBe('inconclusive');
});

it('does not judge what an end gives back, which it does not follow', async () => {
  const result = await checked(`
concur: 1
vars: { n: 0 }
locks: { m: { onHolderExit: release } }
tasks: { t: { count: 2, steps: [ { acquire: m }, { set: { n: n + 1 } } ] } }
expect: { races: never }
`);
  expect(judged(result)).toBe('notJudged');
});

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 1);
const SEEDS = 20;
const LIMITS = { maxStates: 40_000 };

describe('random scenarios', () => {
  it.each(Array.from({ length: 40 * rounds }, (_, index) => index + 1))('number %d', async (number) => {
    const text = randomRaces(number);
    const plan = await planOf(text);
    const result = await check(plan, LIMITS);
    expect(result.violation, text).toBeNull();
    const whole = await check(plan, { ...LIMITS, symmetry: false });
    expect(whole.violation, text).toBeNull();
    const all = [judged(result), judged(whole)];
    if (!all.includes('notJudged')) expect(all[0], text).toBe(all[1]);
    if (all[0] !== 'passed') return;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const seen = await run({ ...plan, seed }, { mode: 'virtual' });
      expect(seen.violation, `${text}seed ${seed}`).toBeNull();
      expect(seen.verdict.races, `${text}seed ${seed}`).toEqual([]);
    }
  });
});
