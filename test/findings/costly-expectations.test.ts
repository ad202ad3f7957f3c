/**
 * Expectations that cost much: whatever it takes to look at them, the run hears that its time is over or that somebody wants
 * it to end, and what was not looked at is not called passed, nor failed.
 */
import { expect, it } from 'vitest';
import { ConcurRun, type Ended } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

/** Each moment takes some 20 ms to be looked at, and there are thousands. */
const many = (timeout: string, expectation = 'always: [ "range(20000).all(x, n >= 0)" ]') => `concur: 1
seed: 1
timeout: ${timeout}
vars: { n: 0 }
main: [ { print: begun }, { repeat: 5000, do: [ { set: { n: n + 1 } } ] } ]
expect: { ${expectation} }
`;

/** Each takes some hundred ms to be looked at. */
const atEnd = Array.from({ length: 200 }, (_, index) => `"range(300000).all(x, x >= n - 5000 - ${index})"`);

async function run(name: string, text: string, args: readonly string[]): Promise<Ended> {
  await using started = new ConcurRun(['run', ...args, scratch(name, text)], { input: '' });
  return await started.end();
}

it('the time of the run is over while it is judged', async () => {
  const { code, stdout } = await run('late.yaml', many('1s'), []);
  expect(stdout).toContain('the time of the run was over before all of it was judged');
  expect(code).toBe(3);
});

it('a failure that was seen by then is one', async () => {
  const text = many('1s', 'always: [ "range(20000).all(x, n >= 0)", "n < 2" ]');
  const { code, stdout } = await run('failed.yaml', text, []);
  expect(stdout).toContain(': always');
  expect(code).toBe(1);
});

const worlds = [['--virtual'], []];

it.each([
  ['always', worlds[0], many('1000s')],
  ['always', worlds[1], many('1000s')],
  ['finally', worlds[0], many('1000s', `finally: [ ${atEnd.join(', ')} ]`)],
  ['finally', worlds[1], many('1000s', `finally: [ ${atEnd.join(', ')} ]`)],
])('Ctrl-C is heard while %s is judged %j', async (name, args = [], text) => {
  const path = scratch(`${name}-stopped${args.length}.yaml`, text);
  await using started = new ConcurRun(['run', ...args, path], { input: '' });
  await started.output(/begun/);
  started.signal('SIGINT');
  const { code } = await started.end();
  expect(code).toBe(130);
});
