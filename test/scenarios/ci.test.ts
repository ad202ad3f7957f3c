/**
 * The scenarios for teams, over real commands: all pass, as a suite, for real and in virtual time; and each would notice
 * if what it shows were not so.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concur, root } from './concur-command.ts';

type Break = { readonly name: string; readonly what: string; readonly from: string; readonly to: string };

const breaks: readonly Break[] = [
  {
    name: 'server-and-shards',
    what: 'the semaphore lets in more than the server bears',
    from: 'client: 2\n',
    to: 'client: 4\n',
  },
  { name: 'server-and-shards', what: 'a buy is missing', from: 'buy 10', to: 'buy 9' },
  { name: 'log-pipeline', what: 'a line is counted twice', from: 'seen: seen + 1', to: 'seen: seen + 2' },
  { name: 'log-pipeline', what: 'a stage loses what it gets', from: 'stdin: ${{ line }}', to: 'stdin: ""' },
  {
    name: 'migration',
    what: 'readers are not kept out',
    from: 'half_done_can_be_seen: false',
    to: 'half_done_can_be_seen: true',
  },
  {
    name: 'migration',
    what: 'the second one migrates again',
    from: 'if: version == 1',
    to: 'if: version > 0',
  },
  { name: 'flaky-command', what: 'it is tried too seldom', from: 'attempts: 3', to: 'attempts: 2' },
  {
    name: 'flaky-command',
    what: 'nothing may be missing',
    from: 'grade: allowed',
    to: 'grade: forbidden',
  },
];

const directory = mkdtempSync(join(tmpdir(), 'concur-ci-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('scenarios/ci', () => {
  it('passes as a suite, with nothing to warn of', async () => {
    const { code, stdout } = await concur('test', 'scenarios/ci');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/\n\n4 cases of 4 files in .*: 4 passed\n$/);
  });

  it('passes with all others in virtual time, whatever the seed', async () => {
    const { code, stdout } = await concur('test', 'scenarios', '--virtual', '--repeat', '5', '--seed', '1');
    expect(code, stdout).toBe(0);
  });

  it.for(breaks)('$name fails when $what', async ({ name, what, from, to }, { expect }) => {
    const folder = join(directory, `${name} ${what}`.replaceAll(' ', '-'));
    cpSync(join(root, 'scenarios/ci'), folder, { recursive: true });
    const path = join(folder, `${name}.yaml`);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replaceAll(from, to));
    const { code, stdout, stderr } = await concur('test', path);
    expect(code, stdout + stderr).toBe(1);
  });
});
