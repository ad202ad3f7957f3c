/**
 * `concur run --keep-workspace`: the folder of a run stays, however the run ends, and is told; without it, it goes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConcurRun, concur } from './concur-run.ts';
import { scratch } from './scratch.ts';

const place = join(dirname(scratch('workspaces-are-here', '')), 'temporary files');
const env = { TMPDIR: place };

beforeEach(() => {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
});

const writing = (then: string) => `concur: 1\nmain: [ { run: 'echo x > "$CONCUR_WORKSPACE/x"' }, ${then} ]\n`;
const folders = () => readdirSync(place).filter((name) => name.startsWith('concur-'));
const keptBy = (stderr: string) =>
  [...stderr.matchAll(/^concur: the workspace is kept: (.+)$/gm)].map(([, path]) => path as string);

describe('concur run --keep-workspace', { timeout: 120_000 }, () => {
  it.each([
    ['passes', '{ print: done }', 0],
    ['fails', '{ fail: no }', 1],
  ])('leaves the folder of a run that %s', async (name, then, code) => {
    const file = scratch(`${name}.yaml`, writing(then));
    const ended = await concur(['run', '--keep-workspace', file], { env });
    expect(ended.code, ended.stderr).toBe(code);
    const [folder = ''] = keptBy(ended.stderr);
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('x\n');
    expect(dirname(folder)).toBe(place);
    await concur(['run', file], { env });
    expect(folders()).toHaveLength(1);
  });

  it('leaves that of a run that is interrupted, with what its teardown wrote', async () => {
    const teardown = `teardown: [ { run: 'echo y > "$CONCUR_WORKSPACE/y"' } ]\n`;
    const file = scratch('slow.yaml', `${writing('{ print: ready }, { sleep: 1h }')}${teardown}`);
    await using run = new ConcurRun(['run', '--keep-workspace', file], { env, input: '' });
    await run.output(/ready/);
    run.signal('SIGTERM');
    const { code, stderr } = await run.end();
    expect(code).toBe(143);
    const [folder = ''] = keptBy(stderr);
    expect(readdirSync(folder).toSorted()).toEqual(['x', 'y']);
  });

  it('leaves one for each run, and none for a run that has no files', async () => {
    const file = scratch('twice.yaml', writing('{ print: done }'));
    const { stderr } = await concur(['run', '--keep-workspace', '--repeat', '2', file], { env });
    expect(keptBy(stderr).map((folder) => existsSync(join(folder, 'x')))).toEqual([true, true]);
    const none = await concur(
      ['run', '--keep-workspace', scratch('none.yaml', 'concur: 1\nmain: [ { print: a } ]\n')],
      { env },
    );
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(folders()).toHaveLength(2);
  });

  it('is for real runs', async () => {
    expect(await concur(['run', '--keep-workspace', '--virtual', 'x.yaml'])).toMatchObject({
      code: 2,
      stderr: "concur: option '--keep-workspace' is for real runs: in virtual time there are no files\n",
    });
  });
});
