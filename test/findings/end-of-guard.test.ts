/**
 * A run waits for the end of what guards its commands, and of nothing that may never come: a suite of commands and processes
 * ends as it should, whenever it is told to stop.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConcurRun } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const suite = fileURLToPath(new URL('suite-of-commands', import.meta.url));
const rounds = Number(process.env['CONCUR_TEST_ROUNDS'] ?? 8);
/** As long as the suite takes. */
const longestDelayMs = 2500;

describe('a suite of commands and processes', { timeout: 60_000 + rounds * 10_000 }, () => {
  it('ends as terminated, at whatever moment it is', async () => {
    for (let round = 0; round < rounds; round++) {
      const delayMs = (longestDelayMs * ((round * 0.618) % 1)) | 0;
      await using run = new ConcurRun(['test', suite, '--jobs', '2'], {});
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      run.signal('SIGTERM');
      const { code, signal, stderr } = await run.end();
      // It may name the cases that were at work; nothing else.
      expect(stderr, `after ${delayMs} ms`).toMatch(/^(concur: told to stop; at work: [^\n]*\n)?$/);
      // Before there is something to stop, the signal ends the command as any other; after the end it is too late.
      if (signal === null) expect([0, 143], `after ${delayMs} ms`).toContain(code);
      else expect(signal).toBe('SIGTERM');
    }
  });
});

describe('a folder for temporary files whose name has a line break', () => {
  it('loses no other folder when a run is killed', async () => {
    const other = scratch('other');
    const folder = scratch('other\nhas/temporary');
    mkdirSync(other);
    mkdirSync(folder, { recursive: true });
    const scenario = scratch('killed.yaml', 'concur: 1\nmain: { run: "echo begins; sleep 30" }\n');
    const run = new ConcurRun(['run', scenario], { env: { TMPDIR: folder } });
    await run.output(/begins/);
    run.signal('SIGKILL');
    await run.end();
    await run.gone();
    expect(existsSync(other)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });
});
