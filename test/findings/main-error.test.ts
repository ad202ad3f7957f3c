/**
 * The error of a program's main code, that of a process too: however the program comes to its end, it has failed with that
 * error, from when it happened.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../engine/log/json-lines.ts';
import { ConcurRun, concur } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const input = (name: string): string => fileURLToPath(new URL(`${name}.yaml`, import.meta.url));
const worlds = [['for real', []] as const, ['in virtual time', ['--virtual']] as const];

describe.each(worlds)('%s', (_, world) => {
  it.each([
    ['main-error-deadlock', /`main` failed at [\d.]+ m?s: AssertionError:/],
    ['main-error-terminated', /`main` was terminated: seen failed: Exception: early/],
    [
      'main-error-timeout',
      /`main` was terminated: seen failed: Exception: early; then timed out after 3\.0 s/,
    ],
    [
      'main-error-exit',
      /`main` failed at [\d.]+ m?s \(its program was ended by `exit`, line \d+\): Exception: early/,
    ],
    ['process-error-deadlock', /`p` was terminated: seen failed: Exception: early/],
    ['process-error-terminate', /`p` was terminated: seen failed \(by `\w+`, line \d+\): Exception: early/],
  ])('%s', async (name, summary) => {
    const { code, stdout } = await concur(['run', input(name), ...world]);
    expect(stdout).toMatch(new RegExp(`\n  ${summary.source}`));
    expect(code).toBe(1);
  });

  it.each(['main-error-expected', 'main-error-failfast'])('%s', async (name) => {
    const { code, stdout } = await concur(['run', input(name), ...world]);
    expect(code, stdout).toBe(0);
  });

  it('is told first where a deadlock follows', async () => {
    const { stdout } = await concur(['run', '-', ...world], {
      input: `
concur: 1
queues: [q]
main:
  - start: w
  - fail: early
tasks:
  w: { steps: [ { get: q } ] }
`,
    });
    expect(stdout).toMatch(/\n {2}`main` failed at [\d.]+ m?s: Exception: early \(2 expectations /);
  });

  it('is an event when it happens, and the state of the end that comes later', async () => {
    const log = scratch('main-error.jsonl');
    await concur(['run', input('main-error-expected'), ...world, '--log', log]);
    const parsed = parseLog(readFileSync(log, 'utf8'));
    const events = 'events' in parsed ? parsed.events : [];
    const error = { name: 'Exception', message: 'early' };
    const told = events.filter(
      ({ type, task }) => task === 0 && ['raised', 'waiting', 'ended', 'stopped'].includes(type),
    );
    expect(told.map(({ type }) => type)).toEqual(['raised', 'waiting', 'stopped', 'ended']);
    expect(told[0]).toMatchObject({ error, caught: false });
    expect(told[3]).toMatchObject({ state: 'failed', cause: null, error, exitCode: 1 });
  });
});

it('is seen when it happens, and fails a run that is interrupted', async () => {
  await using run = new ConcurRun(['run', '-'], {
    input: `
concur: 1
main:
  - start: w
  - fail: early
tasks:
  w: { steps: [ { sleep: 100s } ] }
expect: { tasks: { main: terminated } }
`,
  });
  await run.output(/main failed: Exception: early \(-?.*:5\), waiting for what it started to end/);
  run.signal('SIGINT');
  const { stdout } = await run.end();
  expect(stdout).toContain('`main` was terminated: seen failed: Exception: early');
});
