/**
 * `concur test --output`: what is kept of a suite, what of that is there after whatever ends the command, and what `--failed` makes
 * of it.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur, until } from './concur-run.ts';
import { scratch } from './scratch.ts';

let folders = 0;

function folderOf(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const path = join(dirname(scratch('outputs-are-here', '')), `output-${folders}`);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), `concur: 1\n${text}`);
  return path;
}

const good = 'main: [ { print: fine } ]\n';
const writing = (code: number) => `main: [ { run: 'echo some > "$CONCUR_WORKSPACE/x"; exit ${code}' } ]\n`;
const test = (cwd: string, ...args: readonly string[]) => concur(['test', ...args], { cwd });
const titles = (stdout: string) =>
  [...stdout.matchAll(/^(?:passed|failed|flaky) +(\S+) in /gm)].map(([, title]) => title);
const casesIn = (folder: string) =>
  existsSync(join(folder, 'out/cases')) ? readdirSync(join(folder, 'out/cases')).toSorted() : [];

describe('evidence', { timeout: 120_000 }, () => {
  it('is kept of what did not pass: log, workspace, reports, and how to repeat it', async () => {
    const folder = folderOf({
      'a.yaml': writing(0),
      'b.yaml': writing(3),
      'c.yaml': 'main: [ { prnt: x } ]\n',
    });
    const { code, stdout } = await test(folder, '--seed', '5', '--output', 'out');
    expect(code).toBe(2);
    expect(casesIn(folder)).toEqual(['0002-b', '0003-c']);
    const own = join(folder, 'out/cases/0002-b');
    expect(readdirSync(own).toSorted()).toEqual([
      'log.jsonl',
      'repeat.sh',
      'report.json',
      'report.txt',
      'workspace',
    ]);
    expect(readFileSync(join(own, 'workspace/x'), 'utf8')).toBe('some\n');
    expect(readFileSync(join(own, 'log.jsonl'), 'utf8')).toMatch(
      /^\{"concurLog".*\n(.*\n)*.*"state":"failed"/,
    );
    expect(readFileSync(join(own, 'repeat.sh'), 'utf8')).toMatch(/\nconcur run b\.yaml --seed 5\n$/);
    expect(readFileSync(join(own, 'report.txt'), 'utf8')).toContain('\n1 case of 1 file in ');
    expect(JSON.parse(readFileSync(join(own, 'report.json'), 'utf8'))).toMatchObject({
      cases: [{ file: 'b.yaml', evidence: 'cases/0002-b' }],
    });
    expect(readdirSync(join(folder, 'out/cases/0003-c')).toSorted()).toEqual([
      'repeat.sh',
      'report.json',
      'report.txt',
    ]);
    expect(stdout).toContain('\n  kept: cases/0002-b (in the folder of --output)\n');
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual([
      'cases',
      'durations.json',
      'failed.json',
      'report.json',
      'report.tap',
      'report.txt',
      'report.xml',
      'results.jsonl',
    ]);
    expect(readFileSync(join(folder, 'out/report.txt'), 'utf8').replaceAll(/ in .*/g, '')).toBe(
      stdout.replaceAll(/ in .*/g, ''),
    );
  });

  it('is kept of all with --keep all; its replay is the run', async () => {
    const folder = folderOf({ 'a.yaml': writing(0), 'b.yaml': good });
    expect((await test(folder, '--output', 'out', '--keep', 'all')).code).toBe(0);
    expect(casesIn(folder)).toEqual(['0001-a', '0002-b']);
    const replayed = await concur(['replay', 'b.yaml', 'out/cases/0002-b/log.jsonl'], { cwd: folder });
    expect(replayed.code, replayed.stderr).toBe(0);
  });

  it('is of the run that is shown, of several; and of each try that did not pass', async () => {
    const counting = `cd "$CONCUR_SCENARIO_FOLDER"; n=$(wc -c < mark 2>/dev/null || echo 0); printf x >> mark; echo $n > "$CONCUR_WORKSPACE/n"`;
    const folder = folderOf({ 'a.yaml': `main: [ { run: '${counting}; test $n -ne 1 -a $n -ne 2' } ]\n` });
    const seen = (path: string) =>
      readFileSync(join(folder, 'out/cases/0001-a', path, 'workspace/n'), 'utf8').trim();
    await test(folder, '--output', 'out', '--repeat', '4');
    expect(seen('.')).toBe('1');
    rmSync(join(folder, 'mark'));
    writeFileSync(join(folder, 'mark'), 'x');
    const { stdout } = await test(folder, '--output', 'out', '--retries', '5');
    expect(stdout).toMatch(/^flaky /);
    expect([seen('.'), seen('try-2')]).toEqual(['1', '2']);
    expect(existsSync(join(folder, 'out/cases/0001-a/try-3'))).toBe(false);
  });

  it('has no pipe, and no link that leads elsewhere: whoever uploads it would read them', async () => {
    const odd = `cd "$CONCUR_WORKSPACE"; echo x > x; mkfifo pipe; mkdir d; ln -s ../x d/near; ln -s / root; ln -s nowhere dead; ln -s d folder; exit 1`;
    const folder = folderOf({ 'a.yaml': `main: [ { run: '${odd}' } ]\n` });
    const { stderr } = await test(folder, '--output', 'out');
    expect(stderr).toBe('');
    const workspace = join(folder, 'out/cases/0001-a/workspace');
    expect(readdirSync(workspace).toSorted()).toEqual(['d', 'folder', 'x']);
    expect(readdirSync(join(workspace, 'd'))).toEqual(['near']);
  });

  it('is the way that a search has found, to be played again', async () => {
    const race =
      'vars: { n: 0 }\ntasks: { p: { count: 2, steps: [ { set: { n: n + 1 } } ] } }\nexpect: { finally: [ n == 2 ] }\n';
    const folder = folderOf({ 'a.yaml': race });
    expect((await test(folder, '--check', '--output', 'out')).code).toBe(1);
    const replayed = await concur(['replay', 'a.yaml', 'out/cases/0001-a/schedule.json'], { cwd: folder });
    expect(replayed.code, replayed.stderr).toBe(1);
  });

  it('is copied where it is on another disk', async (context) => {
    if (!existsSync('/dev/shm')) context.skip('there is no other disk');
    const folder = folderOf({ 'a.yaml': writing(1) });
    const place = `/dev/shm/concur-test-${process.pid}`;
    mkdirSync(place);
    try {
      await concur(['test', '--output', 'out'], { cwd: folder, env: { TMPDIR: place } });
      expect(readFileSync(join(folder, 'out/cases/0001-a/workspace/x'), 'utf8')).toBe('some\n');
      expect(readdirSync(place).filter((name) => name.startsWith('concur-'))).toEqual([]);
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  it('of an earlier suite goes, and nothing of anybody else', async () => {
    const folder = folderOf({ 'a.yaml': writing(1), 'b.yaml': writing(1) });
    await test(folder, '--output', 'out');
    writeFileSync(join(folder, 'out/notes.txt'), 'mine');
    await test(folder, '--output', 'out', 'b.yaml');
    expect(casesIn(folder)).toEqual(['0001-b']);
    expect(readFileSync(join(folder, 'out/notes.txt'), 'utf8')).toBe('mine');
    mkdirSync(join(folder, 'other/cases'), { recursive: true });
    writeFileSync(join(folder, 'other/cases/mine'), '');
    const refused = await test(folder, '--output', 'other');
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        "concur: '--output other' has cases, which no concur test has written there: name an empty folder, or a new one\n",
    });
    expect(existsSync(join(folder, 'other/cases/mine'))).toBe(true);
  });

  it('holds no scenario that a later suite would run', async () => {
    const made = `'printf "concur: 1\\\\nmain: []\\\\n" > "$CONCUR_WORKSPACE/found.yaml"; exit 1'`;
    const folder = folderOf({ 'a.yaml': `main: [ { run: ${made} } ]\n` });
    await test(folder, '--output', 'out');
    expect(existsSync(join(folder, 'out/cases/0001-a/workspace/found.yaml'))).toBe(true);
    expect((await test(folder, '--output', 'out', '--list')).stdout).toBe('a.yaml\n');
  });

  it('that cannot be written is said, and is no pass', async () => {
    const folder = folderOf({ 'a.yaml': good });
    symlinkSync('/dev/full', join(folder, 'full'));
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await test(folder, '--output', 'file');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'concur: cannot write file: a part of its path is not a directory\n',
    });
  });
});

describe('what was recorded', { timeout: 240_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('is there after %s', async (signal) => {
    const slow = `main: [ { run: 'echo some > "$CONCUR_WORKSPACE/x"' }, { print: ready }, { sleep: 1h } ]\n`;
    const folder = folderOf({ 'a.yaml': writing(1), 'b.yaml': good, 'c.yaml': slow, 'd.yaml': good });
    await using run = new ConcurRun(['test', '--output', 'out'], { cwd: folder, input: '' });
    const log = join(folder, 'out/cases/0003-c/log.jsonl');
    await until(
      () => existsSync(log) && readFileSync(log, 'utf8').includes('"ready"'),
      () => `the third case is not at work:\n${run.stdout}`,
    );
    run.signal(signal);
    await run.end();
    const merged = await concur(['report', '--merge', 'out', '--json'], { cwd: folder });
    const { outcome, cases } = JSON.parse(merged.stdout) as {
      outcome: string;
      cases: readonly { outcome: string }[];
    };
    const isKilled = signal === 'SIGKILL';
    expect(outcome).toBe('interrupted');
    expect(cases.map((one) => one.outcome)).toEqual([
      'failed',
      'passed',
      isKilled ? 'notRun' : 'interrupted',
      'notRun',
    ]);
    expect(merged.code).toBe(1);
    expect(merged.stderr).toMatch(
      isKilled
        ? /^concur: the suite was ended by force: .*; at work: c\.yaml\n$/
        : /^concur: the suite was interrupted: /,
    );
    expect(readFileSync(join(folder, 'out/cases/0001-a/workspace/x'), 'utf8')).toBe('some\n');
    expect(existsSync(join(folder, 'out/cases/0003-c/workspace/x'))).toBe(!isKilled);
    expect(JSON.parse(readFileSync(join(folder, 'out/failed.json'), 'utf8'))).toMatchObject({
      cases: [['a.yaml', null, null]],
    });
  });

  it('is told of all that are at work, when several are', async () => {
    const slow = 'main: [ { print: ready }, { sleep: 1h } ]\n';
    const folder = folderOf({ 'a.yaml': slow, 'b.yaml': slow });
    await using run = new ConcurRun(['test', '--jobs', '2', '--output', 'out'], { cwd: folder, input: '' });
    const began = () =>
      existsSync(join(folder, 'out/results.jsonl')) &&
      readFileSync(join(folder, 'out/results.jsonl'), 'utf8').split('"began"').length === 3;
    await until(began, () => run.stdout);
    run.signal('SIGTERM');
    const { code, stderr } = await run.end();
    expect(code).toBe(143);
    expect(stderr).toMatch(/^concur: told to stop; at work: a\.yaml \(\d+ s\), b\.yaml \(\d+ s\)\n$/);
  });
});

describe('--failed', { timeout: 120_000 }, () => {
  it('runs what did not pass the last time, until it passes', async () => {
    const folder = folderOf({
      'a.yaml': good,
      'b.yaml': 'main: [ { fail: x } ]\n',
      'c.yaml': 'main: [ { fail: x } ]\n',
    });
    await test(folder, '--virtual');
    expect(readFileSync(join(folder, '.concur/.gitignore'), 'utf8')).toBe('*\n');
    expect(titles((await test(folder, '--virtual', '--failed')).stdout)).toEqual(['b.yaml', 'c.yaml']);
    writeFileSync(join(folder, 'b.yaml'), `concur: 1\n${good}`);
    // A case that was not run keeps what is known of it.
    await test(folder, '--virtual', 'b.yaml');
    expect(titles((await test(folder, '--virtual', '--failed')).stdout)).toEqual(['c.yaml']);
    expect(titles((await test(folder, '--virtual', '--failed-first')).stdout)).toEqual([
      'c.yaml',
      'a.yaml',
      'b.yaml',
    ]);
    writeFileSync(join(folder, 'c.yaml'), `concur: 1\n${good}`);
    await test(folder, '--virtual', '--failed');
    const none = await test(folder, '--virtual', '--failed');
    expect(titles(none.stdout)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(none.stderr).toBe('concur: no case that failed is known in .concur: all are run\n');
  });

  it('is a mistake where nothing that failed is among the cases', async () => {
    const folder = folderOf({ 'a.yaml': good, 'b.yaml': 'main: [ { fail: x } ]\n' });
    await test(folder, '--virtual');
    expect(await test(folder, '--virtual', '--failed', 'a.yaml')).toMatchObject({
      code: 2,
      stderr:
        "concur: none of these cases failed the last time, as .concur/failed.json has it: leave out '--failed'\n",
    });
  });

  it('takes a file that was invalid for all cases that it has when it is mended', async () => {
    const folder = folderOf({ 'a.yaml': good, 'b.yaml': 'main: [ { prnt: x } ]\n' });
    await test(folder, '--virtual');
    writeFileSync(join(folder, 'b.yaml'), `concur: 1\n${good}cases: [ { name: one }, { name: two } ]\n`);
    const { stdout } = await test(folder, '--virtual', '--failed');
    expect(stdout).toMatch(/\n2 cases of 1 file in .*: 2 passed\n$/);
    expect((await test(folder, '--virtual', '--failed')).stderr).toContain('no case that failed is known');
  });

  it('is a suite of its own, to be reported on again', async () => {
    const folder = folderOf({ 'a.yaml': good, 'b.yaml': 'main: [ { fail: x } ]\n' });
    await test(folder, '--virtual', '--output', 'out');
    await test(folder, '--virtual', '--output', 'out', '--failed');
    expect(casesIn(folder)).toEqual(['0001-b']);
    const { code, stdout } = await concur(['report', '--merge', 'out', '-q'], { cwd: folder });
    expect(stdout).toMatch(/\n1 case of 1 file in .*: 1 failed\n$/);
    expect(code).toBe(1);
  });

  it('leaves no folder where nothing fails, and none of what another file holds', async () => {
    const folder = folderOf({ 'a.yaml': good });
    await test(folder, '--virtual');
    expect(existsSync(join(folder, '.concur'))).toBe(false);
    mkdirSync(join(folder, '.concur'));
    writeFileSync(join(folder, '.concur/failed.json'), '[1]');
    expect((await test(folder, '--virtual', '--failed')).code).toBe(0);
  });

  it('is of the folder of --output, where there is one', async () => {
    const folder = folderOf({ 'a.yaml': good, 'b.yaml': 'main: [ { fail: x } ]\n' });
    await test(folder, '--virtual', '--output', 'out');
    expect(existsSync(join(folder, '.concur'))).toBe(false);
    expect(titles((await test(folder, '--virtual', '--output', 'out', '--failed')).stdout)).toEqual([
      'b.yaml',
    ]);
  });
});

describe('what a suite tells of itself', { timeout: 120_000 }, () => {
  it('is a list of its cases, none of which is run', async () => {
    const folder = folderOf({
      'a.yaml': `${good}cases: [ { name: one }, { name: "two\\n" } ]\n`,
      'b.yaml': 'main: [ { fail: x } ]\n',
    });
    expect(await test(folder, '--list')).toMatchObject({
      code: 0,
      stdout: 'a.yaml (one)\na.yaml (two\\n)\nb.yaml\n',
    });
    expect((await test(folder, '--list', '--shard', '2/2')).stdout).toBe('a.yaml (two\\n)\n');
    expect(JSON.parse((await test(folder, '--list', '--json')).stdout)).toEqual({
      concurCases: 1,
      cases: [
        { file: 'a.yaml', name: 'a', case: 'one', judge: null },
        { file: 'a.yaml', name: 'a', case: 'two\n', judge: null },
        { file: 'b.yaml', name: 'b', case: null, judge: null },
      ],
    });
  });

  it('is the slowest cases', async () => {
    const folder = folderOf({ 'a.yaml': good, 'b.yaml': 'main: [ { sleep: 1s } ]\n', 'c.yaml': good });
    const { stdout } = await test(folder, '--slowest', '2');
    expect(stdout).toMatch(
      /\nthe slowest 2 cases:\n {2}\d\.\d s {2}b\.yaml\n +\S+ \S+ {2}[ac]\.yaml\n\n3 cases of /,
    );
  });
});
