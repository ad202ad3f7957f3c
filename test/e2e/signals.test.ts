/**
 * Being stopped from outside, in every way a user or a system does it: everything is reported, the exit code says which
 * way it was, and nobody is left.
 */
import { describe, expect, it } from 'vitest';
import { ConcurRun, isAlive, stateOf, until } from './concur-run.ts';
import { allThere, chatty, holderAndWaiters, kinds } from './scenarios-of-kind.ts';

const stops = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

describe.each(kinds)('a run of tasks of kind %s', (kind) => {
  const start = (args: readonly string[] = [], timeout = '2h') =>
    new ConcurRun(['run', ...args, '-'], { input: holderAndWaiters(kind, { timeout }) });

  it.each(stops)('is stopped by %s, with exit code %i', async (signal, code) => {
    await using run = start();
    await run.output(allThere);
    run.signal(signal);
    const ended = await run.end();
    expect(ended).toMatchObject({ code, signal: null, stderr: '' });
    for (const task of ['holder', 'waiter[0]', 'waiter[1]', 'bystander'])
      expect(ended.stdout).toContain(`\n${task} was terminated`);
    expect(ended.stdout).toMatch(/\nwaiting: inconclusive in .*\n {2}interrupted\n/);
    expect(ended.stdout).not.toContain('done');
    expect(run.family()).toEqual([]);
  });

  it('is killed at once by two signals, whatever they are', async () => {
    await using run = start();
    await run.output(allThere);
    run.signal('SIGTERM');
    run.signal('SIGINT');
    const { code, stderr } = await run.end();
    // Which of the two is seen first is the system's affair.
    expect([130, 143]).toContain(code);
    expect(stderr).toBe('');
    expect(run.family()).toEqual([]);
  });

  it('is stopped at its timeout, reports it, and fails', async () => {
    await using run = start([], '1s');
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/\nwaiting: failed .*\n {2}timed out after 1\.0 s: .*`holder`/);
    expect(stdout).toContain('holder was terminated');
    expect(run.family()).toEqual([]);
  });

  it('ends when nobody reads its output any more, without a word', async () => {
    await using run = new ConcurRun(['run', '-'], { input: chatty(kind) });
    await run.output(/still here/);
    run.stopReading();
    const { code, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(run.family()).toEqual([]);
  });

  it('takes its processes with it when it is killed', async () => {
    await using run = start();
    await run.output(allThere);
    expect(run.carriers()).toHaveLength(kind === 'process' ? 4 : 0);
    run.signal('SIGKILL');
    expect(await run.end()).toMatchObject({ code: null, signal: 'SIGKILL' });
    await run.gone();
  });
});

describe('a run of processes', () => {
  const start = () => new ConcurRun(['run', '-'], { input: holderAndWaiters('process') });

  it.each(stops)('ends by %s although a process is stopped', async (signal, code) => {
    await using run = start();
    await run.output(allThere);
    const pid = Number((await run.output(/bystander \| is there in (\d+)/))[1]);
    process.kill(pid, 'SIGSTOP');
    await until(
      () => stateOf(pid) === 'T',
      () => `process ${pid} does not stop`,
    );
    run.signal(signal);
    expect((await run.end()).code).toBe(code);
    expect(run.family()).toEqual([]);
  });

  it('takes stopped processes with it when it is killed', async () => {
    await using run = start();
    await run.output(allThere);
    for (const pid of run.carriers()) process.kill(pid, 'SIGSTOP');
    run.signal('SIGKILL');
    await run.end();
    await run.gone();
  });

  it('goes on without one that is killed while it sleeps with a lock, and says who waits for the lock', async () => {
    await using run = new ConcurRun(['run', '-'], {
      input: holderAndWaiters('process', { bystander: '1s' }),
    });
    await run.output(allThere);
    const pid = Number((await run.output(/holds the lock in (\d+)/))[1]);
    process.kill(pid, 'SIGKILL');
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(isAlive(pid)).toBe(false);
    expect(stdout).toContain('bystander | done');
    expect(stdout).toMatch(/holder failed .*ProcessDied: killed from outside by SIGKILL/);
    expect(stdout).toMatch(
      /`waiter\[0\]` and `waiter\[1\]` began waiting for `mutex` .*\n(.*\n)*?.*`holder` took it .* ended without releasing it/,
    );
    expect(stdout).toMatch(/waiting: failed/);
  });

  it('goes on without one that is killed while it waits', async () => {
    await using run = new ConcurRun(['run', '-'], {
      input: holderAndWaiters('process', { sleep: '5s', bystander: '1s' }),
    });
    await run.output(allThere);
    const pid = Number((await run.output(/waiter\[1\] \| waits in (\d+)/))[1]);
    process.kill(pid, 'SIGTERM');
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/waiter\[1\] failed .*ProcessDied: killed from outside by SIGTERM/);
    for (const task of ['holder', 'waiter[0]', 'bystander']) expect(stdout).toContain(`${task} | done`);
    expect(stdout).toMatch(/waiting: failed/);
  });
});

it.each(stops)('a long series of short virtual runs ends by %s', async (signal, code) => {
  await using run = new ConcurRun([
    'run',
    '--virtual',
    '--verbose',
    '--repeat',
    '1000000',
    'scenarios/queue-fifo.yaml',
  ]);
  await run.output(/queue-fifo|passed|main \|/);
  run.signal(signal);
  const ended = await run.end();
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
});
