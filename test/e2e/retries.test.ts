/**
 * `concur test --retries`: what another try excuses, what it does not, and how the command exits.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concur } from './concur-run.ts';
import { scratch } from './scratch.ts';

let folders = 0;

function folderOf(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const path = join(dirname(scratch('retries-are-here', '')), `retries-${folders}`);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), `concur: 1\n${text}`);
  return path;
}

/** A command that leaves a mark each time it runs, and answers as `$n`, how often it ran before, makes it. */
const counting = (then: string) =>
  `'cd "$CONCUR_SCENARIO_FOLDER"; n=$(wc -c < mark 2>/dev/null || echo 0); printf x >> mark; ${then}'`;
const passesAtThird = `main: [ { run: ${counting('test "$n" -ge 2')} } ]\n`;

const triesOf = (folder: string): number => readFileSync(join(folder, 'mark'), 'utf8').length;

async function outcomeOf(folder: string, ...args: readonly string[]) {
  const { code, stdout } = await concur(['test', '--json', '--seed', '5', ...args], { cwd: folder });
  const { outcome, cases } = JSON.parse(stdout) as {
    outcome: string;
    cases: readonly { outcome: string; tries: readonly { outcome: string }[]; inexcusable: string | null }[];
  };
  const [only] = cases;
  return { code, outcome, tries: only?.tries.map((one) => one.outcome), inexcusable: only?.inexcusable };
}

describe('a case that fails and then passes', { timeout: 120_000 }, () => {
  it('is flaky: exit 0, and 1 with --fail-on-flaky', async () => {
    const folder = folderOf({ 'a.yaml': passesAtThird });
    const tries = ['failed', 'failed', 'passed'];
    expect(await outcomeOf(folder, '--retries', '4')).toEqual({
      code: 0,
      outcome: 'flaky',
      tries,
      inexcusable: null,
    });
    expect(triesOf(folder)).toBe(3);
    const other = folderOf({ 'a.yaml': passesAtThird });
    expect(await outcomeOf(other, '--retries', '2', '--fail-on-flaky')).toMatchObject({
      code: 1,
      outcome: 'flaky',
    });
  });

  it('stays failed if there are too few tries, and without any', async () => {
    const folder = folderOf({ 'a.yaml': passesAtThird });
    expect(await outcomeOf(folder, '--retries', '1')).toMatchObject({
      code: 1,
      outcome: 'failed',
      tries: ['failed', 'failed'],
    });
    const other = folderOf({ 'a.yaml': passesAtThird });
    expect(await outcomeOf(other)).toMatchObject({ code: 1, outcome: 'failed', tries: [] });
    expect(triesOf(other)).toBe(1);
  });

  it('is no end for --bail, unless flaky is a failure', async () => {
    const files = { 'a.yaml': passesAtThird, 'b.yaml': 'main: [ { print: b } ]\n' };
    const args = ['test', '--retries', '2', '--bail'];
    const { stdout } = await concur(args, { cwd: folderOf(files) });
    expect(stdout).toMatch(/: 1 passed, 1 flaky\n$/);
    const strict = await concur([...args, '--fail-on-flaky'], { cwd: folderOf(files) });
    expect(strict.stdout).toMatch(/: 1 flaky, 1 not run; stopped after the first/);
    expect(strict.code).toBe(1);
  });

  it('is tried with all of its runs', async () => {
    const folder = folderOf({ 'a.yaml': passesAtThird });
    expect(await outcomeOf(folder, '--retries', '1', '--repeat', '2')).toMatchObject({
      code: 0,
      tries: ['failed', 'passed'],
    });
    expect(triesOf(folder)).toBe(4);
  });
});

describe('is not tried again', { timeout: 120_000 }, () => {
  const atFirst = (then: string) => counting(`test "$n" -ge 1 ${then}`);
  it.each([
    [
      'a deadlock',
      `events: [ e ]\nmain: [ { run: ${atFirst('')}, codes: [ 0, 1 ], as: r }, { if: r.code == 1, then: [ { wait: e } ] } ]\n`,
    ],
    [
      'a broken `always`',
      `vars: { n: 0 }\nmain: [ { run: ${atFirst('')}, codes: [ 0, 1 ], as: r }, { set: { n: r.code } } ]\nexpect: { always: [ n == 0 ] }\n`,
    ],
    [
      'a forbidden result',
      `vars: { n: 0 }\nmain: [ { run: ${atFirst('')}, codes: [ 0, 1 ], as: r }, { set: { n: r.code } } ]\nexpect: { outcome: n, outcomes: [ { is: 1, grade: forbidden } ], others: allowed }\n`,
    ],
    [
      'a data race',
      `vars: { n: 0 }\ntasks: { a: { steps: [ { set: { n: n + 1 } } ] }, b: { steps: [ { set: { n: n + 1 } } ] }, c: { steps: [ { run: ${atFirst('')} } ] } }\n`,
    ],
  ])('%s, though the next run would pass', async (inexcusable, text) => {
    const folder = folderOf({ 'a.yaml': text });
    expect(await outcomeOf(folder, '--retries', '5')).toEqual({
      code: 1,
      outcome: 'failed',
      tries: [],
      inexcusable,
    });
    expect(triesOf(folder)).toBe(1);
    expect(await outcomeOf(folder)).toMatchObject({ code: 0, outcome: 'passed' });
  });

  it('a deadlock that only a later try shows', async () => {
    const text = `events: [ e ]\nmain: [ { run: ${counting('test "$n" -ge 1')}, codes: [ 0, 1 ], as: r }, { if: r.code == 1, then: [ { fail: x } ] }, { wait: e } ]\n`;
    expect(await outcomeOf(folderOf({ 'a.yaml': text }), '--retries', '5')).toEqual({
      ...{ code: 1, outcome: 'failed' },
      ...{ tries: ['failed', 'failed'], inexcusable: 'a deadlock' },
    });
  });

  it('a run in virtual time, a check, or an invalid file: they would be the same again', async () => {
    const folder = folderOf({ 'a.yaml': 'main: [ { fail: x } ]\n' });
    for (const mode of ['--virtual', '--check'])
      expect(await outcomeOf(folder, '--retries', '3', mode)).toMatchObject({
        code: 1,
        tries: [],
        inexcusable: null,
      });
    const invalid = folderOf({ 'a.yaml': 'main: [ { fial: x } ]\n' });
    expect(await outcomeOf(invalid, '--retries', '3')).toMatchObject({ code: 2, tries: [] });
  });
});
