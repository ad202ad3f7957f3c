/**
 * A check of whatever size is asked now and then whether it may go on, before its first state, too; it lets others have a turn;
 * and what fits into no memory is told, not tried.
 */
import { expect, it } from 'vitest';
import { check } from '../../engine/index.ts';
import { planOf } from './checked.ts';

const resources = (section: string, rest: string): string => `concur: 1
${section}: { l: { count: 100000${rest} } }
tasks: { t: { count: 10000, steps: [ { print: x } ] } }
`;

it.each([
  ['locks', ', fair: true'],
  ['semaphores', ', fair: true'],
  ['queues', ', capacity: 3, fair: true'],
])('no state of many %s in many tasks fits into the memory', async (section, rest) => {
  const { verdict } = await check(await planOf(resources(section, rest)));
  expect(verdict.coverage).toMatchObject({ end: 'space', states: 0 });
  expect(verdict.outcome).toBe('inconclusive');
  expect(verdict.summary).toContain('--max-memory');
});

const crowd = `concur: 1
locks: [l]
tasks: { t: { count: 10000, steps: [ { with: l, do: [ { print: x } ] } ] } }
`;

it('is asked whether it may go on while thousands of tasks are started', async () => {
  const { verdict } = await check(await planOf(crowd), { mayGoOn: () => false });
  expect(verdict.coverage.end).toBe('time');
});

it('goes on with thousands of tasks, and stops when told to', async () => {
  const stop = new AbortController();
  const { verdict } = await check(await planOf(crowd), {
    signal: stop.signal,
    onProgress: ({ states }) => {
      if (states > 0) stop.abort();
    },
  });
  expect(verdict.coverage.end).toBe('stopped');
  expect(verdict.coverage.states).toBeGreaterThan(0);
});

it('sees all of a program of thousands of steps', async () => {
  const steps = Array.from({ length: 12_000 }, () => '{ print: x }').join(', ');
  const { verdict } = await check(await planOf(`concur: 1\nmain: [ ${steps} ]\n`));
  expect(verdict.coverage).toMatchObject({ end: 'all', states: 1 });
});
