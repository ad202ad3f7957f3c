/**
 * What the machine does not give says nothing of the scenario: the run is inconclusive, at once, and one sentence says why.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeMistake } from '../../cli/node-version.ts';
import { loadScenario } from '../../engine/index.ts';
import { concur, type Ended, entry, type RunOptions } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const everything = fileURLToPath(new URL('everything.yaml', import.meta.url));
const command = 'concur: 1\ntimeout: 20s\nmain: [ { run: echo done } ]\n';
const file =
  'concur: 1\nfiles: { f: { path: a/b.txt, content: hello } }\nmain: [ { load: f, as: x }, { save: f, value: y } ]\n';

type ShellProgram = NonNullable<RunOptions['program']>;

/** Behind some lines of a shell's. */
function behind(script: string): ShellProgram {
  return ['bash', '-c', `${script}\nexec "$0" "$@"`, process.execPath, entry];
}

/** A file system of its own for what follows, which needs the right to have one. */
function inNamespace(script: string): ShellProgram {
  return ['unshare', '-m', ...behind(script)];
}
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

function expectInconclusive({ code, stdout, stderr }: Ended, cause: RegExp): void {
  expect({ code, stderr }, stdout).toEqual({ code: 3, stderr: '' });
  expect(stdout).toMatch(cause);
}

describe('the folder for temporary files', () => {
  it.each([
    ['is not there', scratch('none'), 'no such file or directory'],
    ['is a file', scratch('file', ''), 'not a directory'],
  ])('%s', async (_name, TMPDIR, why) => {
    const cause = new RegExp(`\\n {2}there can be no folder for the run's files in ${TMPDIR}, .*: ${why}`);
    for (const input of [command, file])
      expectInconclusive(await concur(['run', '-'], { input, env: { TMPDIR } }), cause);
  });

  it.skipIf(!canMount)('is read-only', async () => {
    const TMPDIR = scratch('read-only');
    mkdirSync(TMPDIR);
    const program = inNamespace(`mount -t tmpfs -o ro none ${TMPDIR}`);
    for (const input of [command, file])
      expectInconclusive(
        await concur(['run', '-'], { input, env: { TMPDIR }, program }),
        /read-only file system/,
      );
  });

  it.skipIf(!canMount)('is full', async () => {
    const TMPDIR = scratch('full');
    mkdirSync(TMPDIR);
    const program = inNamespace(
      `mount -t tmpfs -o size=16k none ${TMPDIR}; head -c 100000 /dev/zero > ${TMPDIR}/all 2> /dev/null`,
    );
    const ended = await concur(['run', '-'], { input: file, env: { TMPDIR }, program });
    expectInconclusive(ended, /the system refused to write the file `a\/b.txt`: no space left on device/);
  });
});

describe('the folder that it was started in', () => {
  const gone = (): RunOptions => {
    const folder = scratch('gone');
    return { program: behind(`mkdir ${folder}; cd ${folder}; rmdir ${folder}`) };
  };

  it.each([command, file, 'concur: 1\nmain: { sleep: 1ms }\n'])('is gone before %j', async (input) => {
    const ended = await concur(['run', '-'], { ...gone(), input });
    expectInconclusive(ended, /the folder that it was started in is gone/);
  });

  it('is gone before `concur list`', async () => {
    const { code, stderr } = await concur(['list'], gone());
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'concur: the folder that it was started in is gone\n',
    });
  });
});

describe('a limit of the system', { timeout: 120_000 }, () => {
  it('of descriptors is no failure of the scenario, wherever it is met', async () => {
    const codes: (number | null)[] = [];
    // About 50, the thread of a function begins and finds too few: often before its task is told to end.
    for (const limit of [30, 34, 38, 44, 50, 51, 52, 53]) {
      const { code, stdout, stderr } = await concur(['run', everything], {
        program: behind(`ulimit -n ${limit}`),
      });
      expect([0, 3], `${limit}\n${stdout}${stderr}`).toContain(code);
      if (code === 3) expect(stdout, `${limit}`).toMatch(/too many open files|EMFILE/);
      codes.push(code);
    }
    expect(codes).toContain(3);
  });

  it('of address space is told before a thread is started', async () => {
    const measure = `console.log(/VmSize:\\s+(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1])`;
    const used = Number(spawnSync(process.execPath, ['-e', measure], { encoding: 'utf8' }).stdout);
    const program = behind(`ulimit -v ${used + 600_000}`);
    const ended = await concur(['run', '-'], { input: 'concur: 1\nmain: { sleep: 1ms }\n', program });
    expectInconclusive(ended, /address space/);
  });

  it.skipIf(!canMount)('is none where there is no /proc', async () => {
    const { code, stdout } = await concur(['run', everything], {
      program: inNamespace('mount -t tmpfs none /proc'),
    });
    expect(code, stdout).toBe(0);
  });
});

describe('what cannot be written', () => {
  const sleeper = scratch('sleeper.yaml', 'concur: 1\nmain: { sleep: 1ms }\n');

  it('standard output on a full disk makes a run inconclusive, while it goes on too', async () => {
    for (const args of [['run', sleeper], ['run', sleeper, '--verbose'], ['test', sleeper], ['list']]) {
      const { code, stderr } = await concur(args, { program: behind('exec > /dev/full') });
      expect({ code, stderr }, args.join(' ')).toEqual({
        code: 3,
        stderr: 'concur: cannot write standard output: no space left on the device\n',
      });
    }
  });

  it.each([
    ['run', '--log'],
    ['test', '--reporter'],
  ])('%s %s', async (verb, option) => {
    const path = (name: string) => (option === '--log' ? name : `json=${name}`);
    const full = await concur([verb, sleeper, option, path('/dev/full')]);
    expect(full.code).toBe(3);
    expect(full.stderr).toMatch(/^concur: cannot write \/dev\/full: no space left on the device/);
    const impossible = await concur([verb, sleeper, option, path(`${sleeper}/x`)]);
    expect(impossible.code).toBe(2);
    expect(impossible.stderr).toMatch(/^concur: cannot write .*: a part of its path is not a directory\n$/);
  });
});

describe('a name that no file can have', () => {
  const load = (text: string) => loadScenario({ file: 'x.yaml', text });

  it('is a finding', async () => {
    const { code, stderr } = await concur([
      'run',
      fileURLToPath(new URL('long-file-name.yaml', import.meta.url)),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('a name of a file has at most 255 bytes');
  });

  it.each([
    [`{ f: { path: ${'a'.repeat(256)} } }`, 'a name of a file has at most 255 bytes'],
    [`{ f: { count: 10, path: ${'a'.repeat(254)} } }`, 'a name of a file has at most 255 bytes'],
    [`{ f: { path: ${'a/'.repeat(2000)}a } }`, 'a path of a file has at most 3072 bytes'],
    ['{ f: { path: a }, g: { path: a/b } }', '`f` is the file `a`, which is no folder'],
    ['{ f: { path: a/b/c }, g: { path: a/b } }', '`a/b` is a folder already: `f` is in it'],
  ])('in files: %.40s', async (files, message) => {
    const { plan, diagnostics } = await load(`concur: 1\nfiles: ${files}\nmain: []\n`);
    expect(plan).toBeUndefined();
    expect(diagnostics.map((one) => `${one.code}: ${one.message}`)).toEqual([`bad-path: ${message}`]);
  });
});

it.each([
  ['v18.20.8', false],
  ['v20.18.1', false],
  ['v20.19.0', true],
  ['v21.7.3', false],
  ['v22.2.0', false],
  ['v22.3.0', true],
  ['v24.0.0', true],
])('Node %s is served: %s', (version, isServed) => {
  expect(nodeMistake(version) === undefined).toBe(isServed);
});
