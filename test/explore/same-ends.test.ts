/**
 * Ends that look alike, and are judged differently, as something happened on the way to one of them: each is found, whichever
 * comes first.
 */
import { expect, it } from 'vitest';
import { checked } from './checked.ts';

it.each([
  [
    'an error of work that somebody joined, or nobody',
    `
concur: 1
vars: { x: 0 }
pools: { crew: 1 }
main:
  - submit: crew
    do: [ { fail: broken } ]
    as: work
  - start: other
  - join: other
  - if: x == 1
    then:
      - try: [ { join: work } ]
        catch: { any: [ { print: caught } ] }
  - set: { x: 5 }
  - sleep: 1ms
tasks:
  other: { let: { v: 0 }, steps: [ { choose: [ 1, 0 ], as: v }, { set: { x: v } } ] }
`,
  ],
  [
    'a task that is terminated by a step, or by its timeout',
    `
concur: 1
main: [ { start: d }, { sleep: 10ms }, { terminate: d }, { join: d } ]
tasks: { d: { kind: process, timeout: 1s, steps: [ { sleep: 1h } ] } }
`,
  ],
])('%s', async (_, text) => {
  for (const symmetry of [true, false]) {
    const { verdict, violation } = await checked(text, { symmetry });
    expect(violation).toBeNull();
    expect(verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual([
      'tasks',
    ]);
  }
});
