/**
 * Two locks in opposite order: found as soon as it is there, on every host, and explained so that one can mend it.
 */
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur } from './concur-run.ts';
import { allThere, holderAndWaiters, oppositeOrder } from './scenarios-of-kind.ts';

const hosts = [
  ['threads', 'thread', []],
  ['processes', 'process', []],
  ['virtual time', 'thread', ['--virtual']],
  ['processes in virtual time', 'process', ['--virtual']],
] as const;

describe.each(hosts)('a deadlock on %s', (_host, kind, args) => {
  // The scenario's timeout is an hour: whoever waits for it fails at the test's own.
  it('is found long before the timeout and says who holds what, who waits for it, and where', async () => {
    const { code, stdout, stderr } = await concur(['run', ...args, '-'], { input: oppositeOrder(kind) });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/\ndeadlock: 2 tasks .*\n {2}.*(`one` → `two` → `one`|`two` → `one` → `two`)\n/);
    expect(stdout).toMatch(/ `one` .* `right` .*:13\)\n(.*\n)*?.*`two` .* \(line 16\) .*`left`/);
    expect(stdout).toMatch(/ `two` .* `left` .*:19\)\n(.*\n)*?.*`one` .* \(line 10\) .*`right`/);
    expect(stdout).toMatch(/\nopposite: failed in .*\n {2}deadlock: `one` and `two` /);
  });

  it('is told in the JSON document too', async () => {
    const { code, stdout } = await concur(['run', '--json', ...args, '-'], { input: oppositeOrder(kind) });
    const { outcome, run, deadlock } = JSON.parse(stdout) as JsonVerdict;
    expect({ code, outcome, stopped: run.stopped }).toEqual({
      code: 1,
      outcome: 'failed',
      stopped: 'deadlock',
    });
    const waits = deadlock.waiting.map(({ task, resource, holders }) => [task, resource, holders[0]?.task]);
    expect(waits).toContainEqual(['one', 'right', 'two']);
    expect(waits).toContainEqual(['two', 'left', 'one']);
  });
});

type JsonVerdict = {
  readonly outcome: string;
  readonly run: { readonly stopped: string };
  readonly deadlock: {
    readonly waiting: readonly {
      readonly task: string;
      readonly resource: string;
      readonly holders: readonly { readonly task: string }[];
    }[];
  };
};

it('is one, too, what the death of a process from outside makes of a lock', async () => {
  await using run = new ConcurRun(['run', '-'], { input: holderAndWaiters('process', { bystander: '1s' }) });
  await run.output(allThere);
  const [, pid] = await run.output(/holds the lock in (\d+)/);
  process.kill(Number(pid), 'SIGKILL');
  const { code, stdout } = await run.end();
  expect(code, stdout).toBe(1);
  expect(stdout).toMatch(/`holder` took it .* and ended /);
  expect(run.family()).toEqual([]);
});
