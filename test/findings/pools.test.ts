/** Pools that lose a worker or are closed with work in line, and threads that join main: each scenario must pass. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../../engine/index.ts';
import { planOfFile } from '../explore/checked.ts';
import { concur } from '../scenarios/concur-command.ts';

const names = [
  'join-main',
  'pool-cancel',
  'pool-death-joined',
  'pool-ended-by-call',
  'pool-ended-by-work',
  'pool-killed',
  'pool-killed-often',
  'pool-terminate',
  'pool-worker-exit',
  'pool-worker-vars',
];

/** Of these, any end of the race that they are about is right. */
const SEEDS = 30;

/** What only a real process or function does is for real runs alone. */
function modesOf(name: string): readonly (readonly string[])[] {
  const text = readFileSync(fileURLToPath(new URL(`${name}.yaml`, import.meta.url)), 'utf8');
  return /run: kill|call:/.test(text) ? [[]] : [[], ['--virtual']];
}

describe('a scenario that must pass', () => {
  test.each(names.flatMap((name) => modesOf(name).map((mode) => [name, mode] as const)))(
    '%s %s',
    async (name, mode) => {
      const { code, stdout, stderr } = await concur('run', `test/findings/${name}.yaml`, ...mode);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    },
  );
});

test.each([[], ['--virtual']])('workers without work are no part of a deadlock %s', async (...mode) => {
  const { code, stdout } = await concur('run', 'test/findings/pool-idle-deadlock.yaml', ...mode);
  expect({ code }, stdout).toEqual({ code: 1 });
  expect(stdout).toContain('deadlock: `main` waits for ever');
  expect(stdout).not.toContain('worker');
});

test.each([[], ['--virtual']])('nobody waits for a task whose pool is closed %s', async (...mode) => {
  const { code, stdout } = await concur('run', 'test/findings/needs-closed-pool.yaml', ...mode);
  expect({ code }, stdout).toEqual({ code: 1 });
  expect(stdout).toContain('`start of worker` failed');
  expect(stdout).toContain('ValueError: Pool not running');
  expect(stdout).toContain('last was skipped: `worker` was skipped');
  expect(stdout).toContain('no deadlock');
  expect(stdout).not.toContain('RuntimeError');
});

test('nobody waits for a task that was not started for its pool was closed', async () => {
  const path = 'test/findings/starts-closed-pool.yaml';
  const real = await concur('run', path);
  expect(real.code, real.stdout).toBe(0);
  const all = await concur('check', path);
  expect(all.code, all.stdout).toBe(0);
  const plan = await planOfFile(path);
  let skipped = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { verdict, violation } = await run({ ...plan, seed }, { mode: 'virtual' });
    expect({ outcome: verdict.outcome, violation }, `seed ${seed}`).toEqual({
      outcome: 'passed',
      violation: null,
    });
    skipped += verdict.ends.skipped;
  }
  expect(skipped).toBeGreaterThan(0);
});

test('a task that a function has started is not started again, and all others are', async () => {
  const { code, stdout } = await concur('run', 'test/findings/starts-by-call.yaml');
  expect({ code }, stdout).toEqual({ code: 1 });
  expect(stdout).toContain('RuntimeError: threads can only be started once');
  expect(stdout).toContain('5 finished');
  expect(stdout).toContain('no deadlock');
});
