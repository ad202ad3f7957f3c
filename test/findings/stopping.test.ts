/**
 * A task is over when it is gone: what it has outside of the run has its time to stop, keeps what it holds until then, and what it
 * says last is heard. Real runs, and their twins in virtual time.
 */
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

  it('waits for nobody who is stopped by SIGSTOP', async () => {
    await using run = new ConcurRun(['run', pathOf('stop-frozen')]);
    expect(await run.end()).toMatchObject({ code: 0 });
    await run.gone();
  });
});

describe('in virtual time', () => {
  it.for(['stop-virtual', 'stop-virtual-order'])('%s', async (name) => {
    expect(await concur(['run', pathOf(name), '--virtual'])).toMatchObject({ code: 0 });
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
