/**
 * What never happens in any order is told, and is a failure where that is asked for.
 */
import { expect, it } from 'vitest';
import { checked } from './checked.ts';

const text = `
concur: 1
locks: [m]
semaphores: { s: 2 }
queues: { q: { capacity: 1 } }
vars: { n: 0, big: false }
tasks:
  a:
    count: 2
    steps:
      - with: m
        do:
          - update: { n: n + 1 }
      - if: n > 0
        then:
          - print: positive
      - if: big
        then:
          - repeat: 3
            do:
              - update: { n: n + 5 }
      - acquire: s
        timeout: 1s
        onTimeout:
          - print: late
      - release: s
      - { put: q, item: 1 }
  b:
    steps:
      - repeat: 2
        do:
          - get: q
`;

it('tells steps, conditions, timeouts and resources that are never exercised', async () => {
  const { verdict, violation } = await checked(text);
  expect(violation).toBeNull();
  expect(verdict.outcome).toBe('passed');
  const told = verdict.coverage.unexercised?.map(({ kind, name }) => `${kind} ${name}`.trim());
  expect(told).toEqual(['semaphore s', 'condition', 'step repeat', 'timeout', 'step print']);
});

it('is a failure only where that is asked for', async () => {
  const { verdict } = await checked(text, { strict: true });
  expect(verdict.outcome).toBe('failed');
  expect(verdict.judgements.find(({ name }) => name === 'exercised')?.result).toBe('failed');
});

it('has nothing to tell where a permit is missing, or where not all was seen', async () => {
  const scarce = text.replace('{ s: 2 }', '{ s: 1 }');
  const told = (await checked(scarce)).verdict.coverage.unexercised?.map(({ kind }) => kind);
  expect(told).toEqual(['condition', 'step']);
  expect((await checked(text, { maxStates: 5 })).verdict.coverage.unexercised).toBeNull();
});
