/**
 * What is no regular file where one is expected: a pipe that nobody serves would be waited for until the end of days. It is an
 * error of the step, or of the command line, at once.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concur } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const TINY = 'concur: 1\nmain: [ { print: x } ]\n';

function pipe(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

describe.each([
  ['a pipe', 'mkfifo', 'OSError: f.txt is no regular file'],
  ['a folder', 'mkdir', "IsADirectoryError: [Errno 21] Is a directory: 'f.txt'"],
])('%s in the place of a file', (_name, make, error) => {
  it.each([
    ['load', '{ load: f, as: x }'],
    ['save', '{ save: f, value: x }'],
  ])('is an error of %s', async (verb, step) => {
    const text = `concur: 1
seed: 1
files: { f: { path: f.txt, content: a } }
main: [ { run: "cd $CONCUR_WORKSPACE && rm f.txt && ${make} f.txt" }, ${step}, { print: done } ]
`;
    const { code, stdout } = await concur(['run', scratch(`${verb}-${make}.yaml`, text)]);
    expect(stdout).toContain(error);
    expect(code).toBe(1);
  });
});

it('files are whole, whoever reads and writes them at once', async () => {
  const text = `concur: 1
seed: 1
files: { f: { path: f.txt, content: "${'a'.repeat(2000)}" } }
tasks:
  writer: { count: 4, steps: [ { repeat: 20, do: [ { save: f, value: "${'b'.repeat(2000)}" } ] } ] }
  reader: { count: 4, steps: [ { repeat: 20, do: [ { load: f, as: x }, { assert: "size(x) == 2000" } ] } ] }
`;
  const { code, stdout } = await concur(['run', scratch('whole.yaml', text)]);
  expect(code, stdout).toBe(0);
});

describe('a pipe that nobody serves', () => {
  const folder = scratch('folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), TINY);
  const fifo = pipe(join(folder, 'p.yaml'));

  it.each(['run', 'validate', 'test', 'list'])('is no scenario for %s', async (command) => {
    const { code, stdout, stderr } = await concur([command, fifo]);
    expect(stdout + stderr).toContain('it is a pipe or a socket, not a file');
    expect(code).not.toBe(0);
  });

  it('is passed over in a folder', async () => {
    const { code, stdout } = await concur(['test', '--virtual', folder]);
    expect(stdout).toContain('1 passed');
    expect(code).toBe(0);
  });

  it.each([
    ['run', '--log', fifo],
    ['test', '--reporter', `junit=${fifo}`],
  ])('takes no output of %s', async (command, option, target) => {
    const { code, stderr } = await concur([command, option, target, join(folder, 'a.yaml')]);
    expect(stderr).toContain('nobody is at its other end');
    expect(code).toBe(2);
  });
});

it('what the shell hands over as a file is read to its end', async () => {
  const path = scratch('given.yaml', TINY);
  const { code, stdout } = await concur(
    ['-c', `exec "$0" "$1" validate <(cat ${path})`, process.execPath, 'dist/concur.js'],
    {
      program: ['/bin/bash'],
    },
  );
  expect(stdout).toContain('valid');
  expect(code).toBe(0);
});
