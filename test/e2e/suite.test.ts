/**
 * `concur test` as CI has it: what it finds, what it runs, what it writes and how it exits.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur } from './concur-run.ts';
import { holderAndWaiters } from './scenarios-of-kind.ts';
import { scratch } from './scratch.ts';

const passing = (name: string, tags = '[]') => `concur: 1
name: ${name}
tags: ${tags}
params: { word: ${name} }
main: [{ print: "\${{ params.word }}" }]
`;
const failing = `concur: 1
main: [{ print: one }]
expect: { output: { equals: [two] } }
`;
const broken = 'concur: 1\nmain: [{ slep: 1s }]\n';
const twoCases = `concur: 1
params: { n: 1 }
main: [{ assert: params.n == 1 }]
expect: { output: { excludes: [x] } }
cases: [{ name: good }, { name: bad, params: { n: 2 } }]
`;

let folders = 0;

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const folder = dirname(scratch(`suite-${folders}-is-a-folder`, ''));
  const path = join(folder, `suite-${folders}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

const many = {
  'a.yaml': passing('a', '[fast, lock]'),
  'deep/b.yml': passing('b', '[slow]'),
  'deep/c.json': JSON.stringify({ concur: 1, name: 'c', main: [{ print: 'c' }] }),
  'cases.yaml': twoCases,
  'not-one.yaml': 'services: { web: { image: concur } }\n',
  'not-one.json': '{"nested": {"concur": 1}}',
  'package.json': '{"name": "x", "dependencies": {"concur": "1"}}',
  'node_modules/x/d.yaml': broken,
  '.hidden/e.yaml': broken,
  'readme.md': 'concur: 1\n',
};

const test = (cwd: string, ...args: readonly string[]) =>
  concur(['test', '--virtual', '--seed', '1', ...args], { cwd });
const titles = (stdout: string) =>
  [...stdout.matchAll(/^(?:passed|failed|invalid|interrupted) +(\S+(?: \(\w+\))?)(?=:| in )/gm)].map(
    ([, title]) => title,
  );

describe('what is tested', () => {
  it('is every scenario in the folder, however deep, and every case of each, in order', async () => {
    const { code, stdout } = await test(folderOf(many));
    expect(titles(stdout), stdout).toEqual([
      'a.yaml',
      'cases.yaml (good)',
      'cases.yaml (bad)',
      'deep/b.yml',
      'deep/c.json',
    ]);
    expect(stdout).toMatch(/\n5 cases of 4 files in .*: 4 passed, 1 failed\n$/);
    expect(code).toBe(1);
  });

  it('can be named by files, folders and patterns; no file comes twice', async () => {
    const { stdout } = await test(folderOf(many), 'deep', './deep/b.yml', '**/{a,c}*.{yaml,json}');
    expect(titles(stdout)).toEqual([
      'deep/b.yml',
      'deep/c.json',
      'a.yaml',
      'cases.yaml (good)',
      'cases.yaml (bad)',
    ]);
  });

  it.each([
    [
      ['--filter', 'DEEP'],
      ['deep/b.yml', 'deep/c.json'],
    ],
    [
      ['--filter', '/^a|BAD/i'],
      ['a.yaml', 'cases.yaml (bad)'],
    ],
    [
      ['--filter', 'good', '--filter', 'c.json'],
      ['cases.yaml (good)', 'deep/c.json'],
    ],
    [['--tag', 'slow'], ['deep/b.yml']],
    [
      ['--tag', 'slow', '--tag', 'lock'],
      ['a.yaml', 'deep/b.yml'],
    ],
    [['--skip-tag', 'slow', '--filter', 'deep'], ['deep/c.json']],
  ])('can be chosen: %j', async (options, expected) => {
    expect(titles((await test(folderOf(many), ...options)).stdout)).toEqual(expected);
  });

  it.each([
    [['--filter', 'nothing'], 'no case of the 4 files matches `--filter`'],
    [['nowhere'], 'cannot read nowhere: there is no such file'],
    [['nowhere/*.yaml'], 'no scenario matches nowhere/*.yaml'],
    [['.hidden/*.md'], 'no scenario matches .hidden/*.md'],
    [['--set', 'other=1'], 'no scenario of the suite has the parameter other'],
    [['--timeout', 'soon'], "'--timeout soon' is not a duration, such as 30s or 1m30s"],
  ])('is a mistake if it is nothing: %j', async (args, message) => {
    const ended = await test(folderOf(many), ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: `concur: ${message}\n` });
  });

  it('is a mistake where there is no scenario at all', async () => {
    const { code, stderr } = await test(folderOf({ 'x.md': '' }));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "concur: no scenario in .: a YAML or JSON file with 'concur: 1' at its top\n",
    });
  });

  it('gets a parameter where it has it, and the command that repeats it has it too', async () => {
    const folder = folderOf({ 'a.yaml': passing('a'), 'b.yaml': failing });
    const { stdout } = await test(folder, '--set', 'word=hello', '--reporter', 'json');
    const { cases } = JSON.parse(stdout) as { cases: readonly { command: string }[] };
    expect(cases.map(({ command }) => command)).toEqual([
      'concur run a.yaml --set word=hello --virtual --seed 1',
      'concur run b.yaml --virtual --seed 1',
    ]);
  });

  it('may be broken: that fails, with its findings, and the others run', async () => {
    const folder = folderOf({ 'a.yaml': passing('a'), 'b.yaml': broken, 'c.yaml': failing });
    const { code, stdout } = await test(folder);
    expect(titles(stdout)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(stdout).toMatch(
      /\nb\.yaml: invalid\nb\.yaml:2:10: error\[missing-verb\].*\n(.*\n)+ *= help: did you mean `sleep`\?\n/,
    );
    expect(stdout).toMatch(/: 1 passed, 1 failed, 1 invalid\n$/);
    expect(code).toBe(2);
  });

  it('stops at the first that does not pass with --bail', async () => {
    const folder = folderOf({ 'a.yaml': passing('a'), 'b.yaml': failing, 'c.yaml': passing('c') });
    const { code, stdout } = await test(folder, '--bail');
    expect(titles(stdout)).toEqual(['a.yaml', 'b.yaml']);
    expect(stdout).toMatch(/1 passed, 1 failed, 1 not run; stopped after the first/);
    expect(code).toBe(1);
  });

  it('runs several at once with --jobs, and is told in the same order', async () => {
    const sleeper = (name: string, time: string) =>
      `concur: 1\nname: ${name}\nmain: [{ print: ${name} begins }, { sleep: ${time} }]\n`;
    const folder = folderOf({
      'a.yaml': sleeper('a', '500ms'),
      'b.yaml': sleeper('b', '1ms'),
      'c.yaml': failing,
    });
    const { code, stdout } = await concur(['test', '--jobs', '3'], { cwd: folder });
    expect(titles(stdout)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(code, stdout).toBe(1);
  });

  it('is repeated, and judged as a whole', async () => {
    const hopeful = `${passing('a')}expect: { sometimes: [random(0, 1) == 2] }\n`.replace(
      'random(0, 1) == 2',
      '1 == 2',
    );
    const folder = folderOf({ 'a.yaml': hopeful, 'b.yaml': passing('b') });
    const { code, stdout } = await test(folder, '--repeat', '3');
    expect(stdout).toMatch(
      /^failed +a\.yaml in .*, 3 runs, seed 1: sometimes 1 == 2: never true in 3 runs$/m,
    );
    expect(stdout).toContain('\n  run it again with: concur run a.yaml --virtual --seed 1 --repeat 3\n');
    expect(code).toBe(1);
  });
});

describe('what is written', () => {
  const folder = folderOf({ 'a.yaml': passing('a'), 'b.yaml': failing });

  it('may go to several files, whose folders are made, beside what people see', async () => {
    const { code, stdout } = await test(
      folder,
      '--reporter=junit=reports/deep/junit.xml',
      '--reporter=tap=reports/out.tap',
      '--reporter=json=reports/out.json',
      '--reporter=plain=reports/out.txt',
      '--reporter=github=reports/out.github',
    );
    expect(code).toBe(1);
    expect(titles(stdout)).toEqual(['a.yaml', 'b.yaml']);
    const read = (name: string) => readFileSync(join(folder, 'reports', name), 'utf8');
    expect(read('deep/junit.xml')).toMatch(/^<\?xml .*\n<testsuites name="concur" tests="2" failures="1"/);
    expect(read('out.tap')).toMatch(
      /^TAP version 14\n1\.\.2\nok 1 - a\.yaml # time=\S+ms\nnot ok 2 - b\.yaml /,
    );
    expect(JSON.parse(read('out.json'))).toMatchObject({
      outcome: 'failed',
      counts: { passed: 1, failed: 1 },
    });
    expect(read('out.txt').replace(/ in \d.*/g, '')).toBe(stdout.replace(/ in \d.*/g, ''));
    expect(read('out.github')).toMatch(
      /\n::error file=b\.yaml,line=3,col=\d+,title=b\.yaml%3A the output is exactly .*::/,
    );
  });

  it.each(['junit', 'tap', 'json'])('%s on standard output is alone there', async (name) => {
    const { stdout, stderr } = await test(folder, '--reporter', name);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^(<\?xml|TAP|\{)/);
    expect(stdout).not.toMatch(/^passed/m);
  });

  it('--json is --reporter json', async () => {
    expect(JSON.parse((await test(folder, '--json')).stdout)).toMatchObject({
      concurVerdict: 1,
      outcome: 'failed',
    });
  });

  it('must not overwrite a scenario, and cannot be two things on standard output', async () => {
    const overwriting = await test(folder, '--reporter', 'tap=./a.yaml');
    expect(overwriting).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'concur: the report would overwrite the scenario a.yaml\n',
    });
    expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(passing('a'));
    const twice = await test(folder, '--reporter', 'tap', '--reporter', 'json');
    expect(twice.code).toBe(2);
    expect(twice.stderr).toMatch(/^concur: only one reporter can write to standard output: /);
  });

  it('that cannot be written is no pass', async () => {
    const good = folderOf({ 'a.yaml': passing('a') });
    const { code, stderr } = await test(good, '--reporter', 'junit=/dev/full');
    expect(stderr).toMatch(/^concur: cannot write \/dev\/full: no space left on the device\n$/);
    expect(code).toBe(3);
  });

  it('is annotations on a GitHub runner, whose paths are those of the repository, and a summary page', async () => {
    const page = join(folder, 'page.md');
    const { stdout } = await concur(['test', '--virtual', '--seed', '1', 'a.yaml', 'b.yaml'], {
      cwd: folder,
      env: {
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: dirname(folder),
        GITHUB_STEP_SUMMARY: page,
        CI: 'true',
      },
    });
    const [, word = ''] = /^::stop-commands::(\S{20,})\n/.exec(stdout) ?? [];
    expect(titles(stdout)).toEqual(['a.yaml', 'b.yaml']);
    expect(stdout.indexOf(`\n::${word}::\n`)).toBeGreaterThan(stdout.indexOf('1 passed, 1 failed'));
    expect(stdout).toMatch(
      /\n::error file=suite-\d+\/b\.yaml,line=3,col=\d+,title=b\.yaml%3A the output is exactly .*::.*\n$/,
    );
    expect(readFileSync(page, 'utf8')).toMatch(/^### ❌ concur: failed\n(.*\n)+\| ❌ failed \| b\.yaml \|/);
  });

  it('is a summary page only where there is one', async () => {
    const { stdout } = await concur(['test', '--virtual', '--reporter', 'plain', 'a.yaml'], {
      cwd: folder,
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '' },
    });
    expect(stdout).not.toContain('::');
  });
});

describe('being interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: reports what was done, in files too, and exits %i', async (signal, code) => {
    const folder = folderOf({
      'a.yaml': passing('a'),
      'b.yaml': holderAndWaiters('process'),
      'c.yaml': passing('c'),
    });
    await using run = new ConcurRun(['test', '--reporter', 'tap=out.tap', '--reporter', 'junit=out.xml'], {
      cwd: folder,
      input: '',
    });
    await run.output(/^passed +a\.yaml/m);
    await run.started();
    run.signal(signal);
    const ended = await run.end();
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(/^concur: told to stop; at work: b\.yaml \(\d+ s\)\n$/);
    expect(titles(ended.stdout)).toEqual(['a.yaml', 'b.yaml']);
    expect(ended.stdout).toMatch(
      /3 cases of 3 files in .*: 1 passed, 1 interrupted, 1 not run; interrupted\n$/,
    );
    expect(readFileSync(join(folder, 'out.tap'), 'utf8')).toMatch(/\nBail out! interrupted\n$/);
    expect(readFileSync(join(folder, 'out.xml'), 'utf8')).toMatch(
      /tests="3" failures="0" errors="1" skipped="1"/,
    );
    expect(run.family()).toEqual([]);
  });
});
