/**
 * What an operation goes by is read, or drawn, before it: others may come between the two, and it stays what it was however
 * long the operation waits.
 */
import { describe, expect, it } from 'vitest';
import { checked, outcomesOf } from './checked.ts';

const others = 'outcomes: [ { is: -1, grade: allowed } ], others: allowed';

const scenarios: readonly (readonly [
  what: string,
  text: string,
  results: readonly string[],
  stuck: boolean,
])[] = [
  [
    'an item of a var that is written before it is put in',
    `
queues: [ q ]
tasks:
  a: { steps: [ { put: q, item: "\${{ x }}" } ] }
  b:
    let: { v: 0, size: 0 }
    steps: [ { set: { x: 1 } }, { set: { y: q.size } }, { get: q, as: v }, { set: { y: "y * 10 + v" } } ]`,
    ['0', '1', '10', '11'],
    false,
  ],
  [
    'an item that waits for room',
    `
queues: { q: 1 }
tasks:
  a: { steps: [ { put: q, item: none }, { put: q, item: "\${{ x }}" } ] }
  b: { let: { v: 0 }, steps: [ { set: { x: 1 } }, { get: q, as: v }, { get: q, as: v }, { set: { y: v } } ] }`,
    ['0', '1'],
    false,
  ],
  [
    'permits that are drawn, and may be too many',
    `
semaphores: { s: 2 }
tasks:
  a: { steps: [ { acquire: s, permits: "3 - random(0, 2)" }, { set: { y: s.free } } ] }`,
    ['0', '1'],
    true,
  ],
  [
    'what is saved',
    `
files: { f: { path: f.txt, content: none } }
tasks:
  a: { steps: [ { save: f, value: "\${{ x }}" } ] }
  b:
    let: { v: 0 }
    steps:
      - set: { x: 1 }
      - load: f
        as: v
      - if: v == "none"
        then: [ { set: { y: 1 } } ]
      - join: a
      - load: f
        as: v
      - if: v == "0"
        then: [ { set: { y: y + 10 } } ]`,
    ['0', '1', '10', '11'],
    false,
  ],
];

describe('a check', () => {
  it.each(scenarios)('%s', async (_, rest, results, stuck) => {
    const text = `
concur: 1
vars: { x: 0, y: 0 }${rest}
expect: { deadlock: possible, outcome: y, ${others} }
`;
    const result = await checked(text);
    expect(result.violation).toBeNull();
    expect(outcomesOf(result)).toEqual({ results, stuck });
  });

  it('sees a line printed of what was read before another line', async () => {
    const text = (lines: string) => `
concur: 1
vars: { x: 0 }
tasks:
  a: { steps: [ { print: "\${{ x }}" } ] }
  b: { steps: [ { set: { x: 1 } }, { print: b } ] }
expect: { output: { equals: [ ${lines} ] } }
`;
    const { verdict } = await checked(text('b, "0"'));
    const ends = verdict.judgements.filter(({ name }) => name === 'output equals');
    expect(ends.map(({ result }) => result)).toEqual(['failed']);
    // One of them has just these lines.
    expect(verdict.coverage.ends).toBe(2);
  });
});
