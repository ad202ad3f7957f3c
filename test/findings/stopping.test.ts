/**
 * A task is over when it is gone: what it has outside of the run has its time to stop, keeps what it holds until then, and what it
 * says last is heard. Real runs, and their twins in virtual time.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur } from '../e2e/concur-run.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`./${name}.yaml`, import.meta.url));

/** It does not hang: those that hang do so for ever. */
const BOUND_MS = 30_000;

describe('a real run', () => {
  it.for([
    'stop-restart-port',
    'stop-shell-grace',
    'stop-output',
    'stop-order',
    'stop-rules',
    'stop-full-queue',
    'stop-step-timeout',
    'lock-while-stopping',
    'call-children',
    'call-stopping',
    'stop-after-death',
  ])('%s', async (name) => {
    await using run = new ConcurRun(['run', pathOf(name)]);
    expect(await run.end()).toMatchObject({ code: 0 });
    await run.gone();
  });

  it('ends within its time, though three of its daemons ignore SIGTERM', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-stubborn')]);
    await run.output(/all are up/);
    const began = performance.now();
    run.signal('SIGINT');
    expect(await run.end()).toMatchObject({ code: 130 });
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
    await run.gone();
  });

  it('ends at once at a second signal of another kind', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-stubborn')]);
    await run.output(/all are up/);
    run.signal('SIGINT');
    await run.output(/stopped: /);
    run.signal('SIGHUP');
    expect(await run.end()).toMatchObject({ code: 130 });
    await run.gone();
  });

  it.for([
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGINT', 143],
    ['SIGHUP', 'SIGTERM', 129],
  ] as const)('ends at once by %s and %s', async ([first, second, code]) => {
    await using run = new ConcurRun(['run', pathOf('stop-stubborn')]);
    await run.output(/all are up/);
    run.signal(first);
    await run.output(/stopped: /);
    run.signal(second);
    expect(await run.end()).toMatchObject({ code });
    await run.gone();
  });

  it('does its teardown when a server that takes its time has stopped', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-teardown')]);
    await run.output(/all are up/);
    run.signal('SIGINT');
    const [, folder] = await run.output(/server \| closing in (\S+)/);
    writeFileSync(`${folder}/go`, '');
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(130);
    expect(stdout).toMatch(/server \| closed.*teardown \| stopped by interrupt.*teardown \| down/s);
    await run.gone();
  });

  it('does its teardown when a server that takes too long was killed', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-teardown')]);
    await run.output(/all are up/);
    run.signal('SIGTERM');
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(143);
    expect(stdout).toContain('teardown | down');
    expect(stdout).not.toContain('closed');
    await run.gone();
  });

  it('ends at once at a second signal in its teardown', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-teardown-stubborn')]);
    await run.output(/all are up/);
    run.signal('SIGINT');
    await run.output(/teardown \| taking down/);
    run.signal('SIGINT');
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(130);
    expect(stdout).not.toContain('never');
    await run.gone();
  });

  it('waits for nobody who is stopped by SIGSTOP', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-frozen')]);
    expect(await run.end()).toMatchObject({ code: 0 });
    await run.gone();
  });
});

describe('a suite', () => {
  it('ends at once at a second signal, with what runs side by side', async () => {
    const marks = mkdtempSync(join(tmpdir(), 'marks-'));
    await using run = new ConcurRun(['test', '--jobs', '2', pathOf('stop-suite')], { env: { MARKS: marks } });
    await expect.poll(() => readdirSync(marks), { timeout: BOUND_MS }).toHaveLength(2);
    run.signal('SIGINT');
    // Two of one kind may count as one; of two kinds either may be heard first.
    run.signal('SIGTERM');
    expect([130, 143]).toContain((await run.end()).code);
    await run.gone();
    rmSync(marks, { recursive: true });
  });
});

describe.for([[], ['--virtual']])('%s', (mode) => {
  it.for([
    ['stop-thread-first', /deadlock: `main`, `helper` and `server` wait for ever/],
    ['stop-pool-worker-first', /`bad` failed at [^:]*: Exception: on purpose/],
  ] as const)('%s: a process has ended when the last of it has', async ([name, says]) => {
    await using run = new ConcurRun(['run', pathOf(name), ...mode]);
    const { code, stdout } = await run.end();
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(says);
    await run.gone();
  });
});

describe('in virtual time', () => {
  it.for([
    ['7s', '17.0 s'],
    ['9s', '18.0 s'],
  ] as const)(
    'a server that takes %s to stop has 8 s, and the teardown is done then',
    async ([stops, end]) => {
      const set = ['--set', 'timeout=10s', '--set', `stops=${stops}`];
      const { code, stdout } = await concur(['run', pathOf('stop-teardown'), '--virtual', ...set]);
      expect(code).toBe(1);
      expect(stdout).toContain(`in ${end} of virtual time`);
      expect(stdout).toMatch(/teardown \| stopped by timeout.*teardown \| down/s);
    },
  );

  it.for([
    'stop-virtual',
    'stop-virtual-calls',
    'stop-virtual-daemons',
    'stop-virtual-lock',
    'stop-virtual-order',
    'stop-virtual-output',
    'stop-virtual-restart',
    'stop-virtual-shell-grace',
    'stop-virtual-worker',
  ])('%s', async (name) => {
    expect(await concur(['run', pathOf(name), '--virtual'])).toMatchObject({ code: 0 });
  });

  it('a run that is stopped does its teardown once its commands are gone', async () => {
    const { code, stdout } = await concur(['run', pathOf('stop-virtual-teardown'), '--virtual']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/test was terminated after 1\.5 s.*teardown \| cleaned up.*teardown \| down/s);
    expect(stdout).toContain('in 1.5 s of virtual time');
    expect(stdout).toContain('timed out after 1.0 s');
  });

  it('a command is told as what it is when the run is stopped', async () => {
    const { code, stdout } = await concur(['run', pathOf('stop-virtual-command'), '--virtual']);
    expect(code).toBe(1);
    expect(stdout).toContain('`server` runs a command, each of `retried` and `sleeper` sleeps');
  });

  it('a run that is stopped has 8 s for all of it', async () => {
    const { code, stdout } = await concur([
      'run',
      pathOf('stop-stubborn'),
      '--virtual',
      '--set',
      'timeout=10s',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('in 18.0 s of virtual time');
  });
});
