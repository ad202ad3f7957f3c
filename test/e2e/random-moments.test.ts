/**
 * Kills at random moments of a run that is often inside its shared state: whatever the moment, the run ends, says what
 * happened, and leaves nobody. A failure prints the moment; `CONCUR_TEST_ROUNDS` does more of them.
 */
import { describe, expect, it } from 'vitest';
import { ConcurRun, type Ended } from './concur-run.ts';
import { busy, kinds } from './scenarios-of-kind.ts';

const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 20);
/** A run of this many rounds takes about as long as the longest of the delays below. */
const work = 1500;
const longestDelayMs = 250;

/** Evenly spread over the run, none of them twice: a moment after the first line of output. */
const moments = Array.from({ length: rounds }, (_, index) => ({
  kind: kinds[index % 2]!,
  delayMs: (longestDelayMs * ((index * 0.618) % 1)) | 0,
  index,
}));

const insideCause = 'was killed from outside while it changed the shared state';

describe('at a random moment', { timeout: 60_000 + rounds * 5000 }, () => {
  it.for(['SIGINT', 'SIGKILL'] as const)('the command gets %s', async (signal) => {
    for (const { kind, delayMs, index } of moments) {
      await using run = new ConcurRun(['run', '-'], { input: busy(kind, work) });
      // Some of them come while it still starts.
      if (index % 5 !== 0) await run.output(/begins/);
      await later(delayMs);
      run.signal(signal);
      const ended = await run.end();
      if (signal === 'SIGINT') expectInterrupted(ended, `${kind} after ${delayMs} ms`);
      else expect(ended).toMatchObject({ stderr: '' });
      await run.gone();
    }
  });

  it('a process of it gets SIGKILL', async () => {
    const endings = { finished: 0, died: 0, inside: 0 };
    for (const { delayMs, index } of moments) {
      await using run = new ConcurRun(['run', '-'], { input: busy('process', work) });
      await run.output(/begins/);
      await later(delayMs);
      const pids = run.carriers();
      const pid = pids[index % pids.length];
      if (pid !== undefined) kill(pid);
      const ended = await run.end();
      endings[expectReported(ended, `process ${index % 4} after ${delayMs} ms`)] += 1;
      expect(run.family()).toEqual([]);
    }
    // Most of them find somebody at work; otherwise this has tested nothing.
    expect(endings.died + endings.inside, JSON.stringify(endings)).toBeGreaterThan(rounds / 4);
  });

  it('a process of it gets SIGSTOP, and then the command SIGINT', async () => {
    for (const { delayMs, index } of moments.filter(({ index }) => index % 4 === 0)) {
      await using run = new ConcurRun(['run', '-'], { input: busy('process', work) });
      await run.output(/begins/);
      await later(delayMs);
      for (const pid of run.carriers().slice(index % 3)) kill(pid, 'SIGSTOP');
      run.signal('SIGINT');
      expectInterrupted(await run.end(), `stopped after ${delayMs} ms`);
      expect(run.family()).toEqual([]);
    }
  });
});

describe('commands that take their time, at a random moment', { timeout: 60_000 + rounds * 5000 }, () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('the command gets %s', async (signal) => {
    for (const { delayMs } of moments) {
      await using run = new ConcurRun(['run', '-'], { input: stopping });
      await run.output(/server .* up/);
      await later(2 * delayMs);
      run.signal(signal);
      const { code, stdout, stderr } = await run.end();
      const told = `after ${delayMs} ms\n${stdout}`;
      expect({ code, stderr }, told).toEqual({ code: stopCodes[signal], stderr: '' });
      expectHeard(stdout, told);
      expect(run.family(), told).toEqual([]);
    }
  });

  it('the command gets two signals, or is killed', async () => {
    for (const { delayMs, index } of moments) {
      await using run = new ConcurRun(['run', '-'], { input: stopping });
      await run.output(/server .* up/);
      await later(2 * delayMs);
      run.signal(index % 2 === 0 ? 'SIGINT' : 'SIGKILL');
      await later(delayMs % 50);
      run.signal('SIGTERM');
      const { code, stdout } = await run.end();
      if (index % 2 === 0) expect([130, 143], `after ${delayMs} ms\n${stdout}`).toContain(code);
      await run.gone();
    }
  });

  it('its own end', async () => {
    for (const { index } of moments.filter(({ index }) => index % 4 === 0)) {
      await using run = new ConcurRun(['run', '-'], {
        input: stopping.replace('sleep: 1h', `sleep: ${index}ms`),
      });
      const { code, stdout } = await run.end();
      expect(code, stdout).toBe(0);
      expectHeard(stdout, stdout);
      expect(run.family()).toEqual([]);
    }
  });
});

const stopCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Those that say `up` say `bye` when they are told to stop; some behind a shell, a fork, or in a session of their own. */
const server = `trap "sleep 0.2; echo $NAME bye; exit 0" TERM; echo $NAME up; while :; do sleep 0.02; done`;
const stopping = `
concur: 1
name: stopping
queues: [lines]
tasks:
  server:
    count: 2
    daemon: true
    env: { NAME: "server \${{ task.index }}" }
    ready: { log: up }
    steps: [ { run: ${JSON.stringify(server)} } ]
  behind:
    kind: process
    daemon: true
    needs: { server: ready }
    env: { NAME: behind, SERVER: ${JSON.stringify(server)} }
    steps: [ { run: 'sh -c "$SERVER"; echo not reached' } ]
  forked:
    daemon: true
    needs: { server: ready }
    env: { NAME: forked, SERVER: ${JSON.stringify(server)} }
    steps: [ { run: 'sh -c "$SERVER" & wait' } ]
  fed:
    daemon: true
    env: { NAME: fed }
    steps: [ { run: ${JSON.stringify(server)}, into: lines } ]
  reader: { daemon: true, steps: [ { for: line, from: lines, do: [ { print: "\${{ line }}" } ] } ] }
  astray: { daemon: true, steps: [ { run: 'setsid sleep 1003 & (setsid sleep 1003 &); sleep 1003' } ] }
  short: { steps: [ { repeat: 5, do: [ { run: 'echo short' } ] } ] }
  client: { needs: { server: ready }, steps: [ { sleep: 1h } ] }
`;

/** Nothing of what they say last is lost. What goes into the queue may be there at the end. */
function expectHeard(stdout: string, told: string): void {
  for (const name of ['server 0', 'server 1', 'behind', 'forked'])
    if (stdout.includes(`| ${name} up`)) expect(stdout, told).toContain(`| ${name} bye`);
  expect(stdout, told).not.toContain('not reached');
}

/** Before there is something to stop, the signal ends the command as it ends any other; after its end it is too late. */
function expectInterrupted({ code, signal, stdout, stderr }: Ended, when: string): void {
  expect(stderr, when).toBe('');
  if (signal === 'SIGINT') expect(stdout, when).toBe('');
  else if (code === 0) expect(stdout, when).toMatch(/\nbusy: passed/);
  else {
    expect({ code, signal }, `${when}\n${stdout}`).toEqual({ code: 130, signal: null });
    expect(stdout, when).toMatch(/\nbusy: (inconclusive .*\n {2}interrupted\n|passed)/);
  }
}

function expectReported(
  { code, signal, stdout, stderr }: Ended,
  when: string,
): 'finished' | 'died' | 'inside' {
  const told = `${when}\n${stdout}`;
  expect({ signal, stderr }, told).toEqual({ signal: null, stderr: '' });
  if (code === 0) {
    expect(stdout, when).not.toContain('ProcessDied');
    return 'finished';
  }
  if (code === 3) {
    expect(stdout, when).toContain(insideCause);
    return 'inside';
  }
  expect(code, told).toBe(1);
  expect(stdout, when).toMatch(/failed after .*: ProcessDied: killed from outside by SIGKILL/);
  return 'died';
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Not to wait for something: this is the moment that is drawn. */
function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
