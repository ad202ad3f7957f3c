/**
 * A suite in parts, on several machines: what the parts come to together is what one machine comes to, in every report; and parts that
 * do not belong together are refused.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { concur } from './concur-run.ts';
import { scratch } from './scratch.ts';

const top = join(dirname(scratch('shards-are-here', '')), 'shards');

/** One of everything that a case can come to, and values that JSON has no words for. */
const scenarios: Readonly<Record<string, string>> = {
  'passing.yaml':
    'main: [ { print: hello } ]\ncases: [ { name: one }, { name: "two\\n::error::x" }, { name: "💥/../x" } ]\n',
  'failing.yaml':
    'vars: { n: 1 }\nmain: [ { print: "said \\e[31m" }, { set: { n: 9223372036854775807 } } ]\nexpect: { always: [ n == 1 ], outcome: n }\n',
  'odd-values.yaml':
    'vars: { x: { "$int": "1" }, y: 0.0 }\nmain: [ { set: { y: 0.0 - y * 1.0 } }, { fail: done } ]\nexpect: { outcome: "[x, y]" }\n',
  'deadlock.yaml':
    'locks: [ a, b ]\ntasks: { p: { steps: [ { with: a, do: [ { sleep: 1s }, { with: b, do: [] } ] } ] }, q: { steps: [ { with: b, do: [ { sleep: 1s }, { with: a, do: [] } ] } ] } }\n',
  'searched.yaml':
    'judge: [ check, virtual ]\nvars: { n: 0 }\ntasks: { p: { count: 2, steps: [ { set: { n: n + 1 } } ] } }\nexpect: { outcome: n, outcomes: [ { is: 2, grade: expected } ], others: forbidden, races: never }\n',
  'invalid.yaml': 'main: [ { prnt: x } ]\n',
  'warned.yaml': 'locks: [ unused ]\nmain: [ { print: x } ]\n',
  'drawn.yaml':
    'vars: { n: 0 }\nmain: [ { set: { n: "random(1, 4)" } }, { assert: n < 0 } ]\nparams: { p: 1 }\n',
};

const suite = join(top, 'files');
const options = ['--virtual', '--check', '--seed', '7', '--set', 'p=2', '--timeout', '5m', '--repeat', '2'];

async function testTo(output: string, ...args: readonly string[]) {
  const { code, stderr } = await concur(['test', ...options, '--output', output, '-q', 'files', ...args], {
    cwd: top,
  });
  expect(stderr).toBe('');
  return code;
}

const merge = (...args: readonly string[]) =>
  concur(['report', '--merge', ...args], { cwd: top, env: { GITHUB_WORKSPACE: top } });

beforeAll(async () => {
  mkdirSync(suite, { recursive: true });
  for (const [name, text] of Object.entries(scenarios))
    writeFileSync(join(suite, name), `concur: 1\n${text}`);
  await testTo('one');
  await Promise.all([1, 2, 3].map((part) => testTo(`parts/${part}`, '--shard', `${part}/3`)));
}, 240_000);

/** Everything but how long it took. */
function timeless(text: string): string {
  return text
    .replace(/\b(in|takes?|Time|after) [\d.]+ (µs|ms|s|min)\b/g, '$1 T')
    .replace(/(time="|time=|"durationUs": )[\d.]+(ms)?/g, '$1T')
    .replace(/\| [\d.]+ (µs|ms|s|min) \|/g, '| T |');
}

describe('three parts, merged', { timeout: 240_000 }, () => {
  it('share the cases, and none has them all', () => {
    const counts = [1, 2, 3].map((part) => {
      const json = JSON.parse(readFileSync(join(top, `parts/${part}/report.json`), 'utf8')) as {
        cases: readonly unknown[];
      };
      return json.cases.length;
    });
    expect(counts).toEqual([7, 7, 6]);
  });

  it.each(['report.txt', 'report.json', 'report.xml', 'report.tap'])('are one run in %s', async (name) => {
    const { code } = await merge('parts', '--output', 'merged', '-q');
    const whole = readFileSync(join(top, 'one', name), 'utf8');
    expect(timeless(readFileSync(join(top, 'merged', name), 'utf8'))).toBe(timeless(whole));
    expect(code).toBe(2);
  });

  it.each([
    ['plain', []],
    ['github', []],
    ['page', []],
  ])('are one run in what %s writes', async (name) => {
    const page = (folder: string) => join(top, `${folder}.md`);
    const told = async (folder: string) => {
      rmSync(page(folder), { force: true });
      const env = { GITHUB_STEP_SUMMARY: page(folder), GITHUB_WORKSPACE: top };
      const reporter = name === 'github' ? ['--reporter', 'github'] : [];
      const { stdout } = await concur(['report', '--merge', folder, ...reporter], { cwd: top, env });
      return timeless(name === 'page' ? readFileSync(page(folder), 'utf8') : stdout).replaceAll(
        /^::[\w-]{20,}.*$|stop-commands::.*$/gm,
        '',
      );
    };
    const whole = await told('one');
    expect(whole.length).toBeGreaterThan(500);
    expect(await told('parts')).toBe(whole);
  });

  it('can be merged again, from what merging has kept', async () => {
    await merge('parts', '--output', 'kept', '-q');
    const again = await merge('kept', '--json');
    expect(timeless(again.stdout)).toBe(timeless(readFileSync(join(top, 'one/report.json'), 'utf8')));
  });

  it('keep what failed, and how long all took, as one run does', async () => {
    await merge('parts', '--output', 'state', '-q');
    const failedIn = (folder: string) =>
      (JSON.parse(readFileSync(join(top, folder, 'failed.json'), 'utf8')) as { cases: readonly unknown[] })
        .cases;
    expect(failedIn('state')).toEqual(failedIn('one'));
    const keysIn = (folder: string) =>
      (
        JSON.parse(readFileSync(join(top, folder, 'durations.json'), 'utf8')) as {
          cases: readonly { key: unknown }[];
        }
      ).cases.map(({ key }) => key);
    expect(keysIn('state')).toEqual(keysIn('one'));
  });

  it('have evidence in folders that do not collide', () => {
    const folders = [1, 2, 3].flatMap((part) => readdirSync(join(top, `parts/${part}/cases`)));
    expect(folders.toSorted()).toEqual(readdirSync(join(top, 'one/cases')).toSorted());
    expect(new Set(folders).size).toBe(folders.length);
  });

  it('are dealt out evenly by durations, and still come to the same', async () => {
    const durations = join(top, 'one/durations.json');
    for (const part of ['1/2', '2/2'])
      await testTo(`even/${part[0]}`, '--shard', part, '--durations', durations);
    const { stdout } = await merge('even', '--json');
    expect(timeless(stdout)).toBe(timeless(readFileSync(join(top, 'one/report.json'), 'utf8')));
  });
});

describe('what is refused', { timeout: 240_000 }, () => {
  it.each([
    [
      'a part that is missing',
      ['parts/1', 'parts/3'],
      'part 2 of 3 is missing: name the folder of each, or run it again',
    ],
    [
      'parts that are missing',
      ['parts/3'],
      'parts 1, 2 of 3 are missing: name the folder of each, or run it again',
    ],
    [
      'a folder without results',
      ['files'],
      'files has no results: it must be a folder that concur test --output wrote, or have such folders in it',
    ],
  ])('%s', async (_, folders, message) => {
    expect(await merge(...folders)).toMatchObject({ code: 2, stdout: '', stderr: `concur: ${message}\n` });
  });

  it('a part that is there twice, unless it is the same folder', async () => {
    cpSync(join(top, 'parts/2'), join(top, 'copy'), { recursive: true });
    expect(await merge('parts', 'copy')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^concur: part 2 of 3 is there 2 times, in \S+ and \S+: name one of them\n$/,
      ),
    });
    expect((await merge('parts', 'parts/2', './parts/3/', '-q')).stderr).toBe('');
  });

  it.each([
    [
      'another number of parts',
      ['--shard', '2/4'],
      / are not of one suite: one is part of \d, the other of \d\n$/,
    ],
    [
      'another seed',
      ['--shard', '2/3', '--seed', '8'],
      / they differ in --seed; run all parts with the same options\n$/,
    ],
    ['another way of judging', ['--shard', '2/3', '--retries', '1'], / they differ in --retries; /],
    [
      'other cases',
      ['--shard', '2/3', '--filter', 'passing'],
      / only one of them knows the case files\/\S+.*; run all parts on the same files\n$/,
    ],
    [
      'other durations',
      ['--shard', '2/3', '--durations', 'one/durations.json'],
      / were dealt out by other durations: give --durations the same file in all parts\n$/,
    ],
  ])('a part with %s', async (name, args, message) => {
    const folder = `foreign-${name.replaceAll(' ', '-')}`;
    await testTo(folder, ...args);
    const { code, stdout, stderr } = await merge('parts/1', folder, 'parts/3');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('a part of another text, or another version', async () => {
    const edited = (folder: string, edit: (text: string) => string) => {
      cpSync(join(top, 'parts/2'), join(top, folder), { recursive: true });
      const path = join(top, folder, 'results.jsonl');
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
      return merge('parts/1', folder, 'parts/3');
    };
    const text = await edited('edited', (results) => results.replace(/("files":\{"[^"]+":")\w/, '$1x'));
    expect(text.stderr).toMatch(/: files\/\S+ was not the same; run all parts on the same commit\n$/);
    const version = await edited('version', (results) =>
      results.replace(/"version":"[^"]*"/, '"version":"9.9.9"'),
    );
    expect(version.stderr).toMatch(
      / is by concur 9\.9\.9, and this is \S+: merge with the version that ran the parts\n$/,
    );
    expect([text.code, version.code]).toEqual([2, 2]);
  });

  it.each([
    ['not JSON', (text: string) => text.replace('{"ended"', '{"end')],
    ['a line in the middle', (text: string) => text.replace('{"began":0}', 'x')],
    ['a verdict that is none', (text: string) => text.replaceAll('"judgements":', '"judgments":')],
    ['no list', (text: string) => text.replace('"cases":[', '"kases":[')],
    ['a character that could do harm', (text: string) => text.replaceAll('"seed":7', '"seed":"\\u001b[2J"')],
    ['an outcome that is none', (text: string) => text.replaceAll('"outcome":"passed"', '"outcome":"great"')],
    ['a text that is no scenario', (text: string) => text.replaceAll(/"base64":"[^"]*"/g, '"base64":"AAAA"')],
  ])('results that are damaged: %s', async (name, damage) => {
    const folder = `damaged-${name.replaceAll(' ', '-')}`;
    cpSync(join(top, 'one'), join(top, folder), { recursive: true });
    const path = join(top, folder, 'results.jsonl');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    const { code, stdout, stderr } = await merge(folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^concur: .*damaged.*: get \w+ again, or run .* again\n$/);
  });

  it('parts that do not share the cases: one that nobody has run, or two have', async () => {
    const edited = (folder: string, edit: (text: string) => string) => {
      cpSync(join(top, 'parts/2'), join(top, folder), { recursive: true });
      const path = join(top, folder, 'results.jsonl');
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
      return merge('parts/1', folder, 'parts/3');
    };
    const none = await edited('less', (text) => text.replace(/\{"ended".*\n/, ''));
    expect(none.stderr).toMatch(
      /^concur: no part has run the case files\/\S+.*: run all parts on the same files, with the same version\n$/,
    );
    const twice = await edited('more', (text) => text.replaceAll('"ended":1,', '"ended":0,'));
    expect(twice.stderr).toMatch(/^concur: more than one part has run the case files\/\S+/);
    expect([none.code, twice.code]).toEqual([2, 2]);
  });

  it('an output that would replace a part', async () => {
    const { code, stderr } = await merge('parts', '--output', 'parts/2');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "concur: '--output parts/2' is the folder of a part, and would replace that: name another\n",
    });
    expect(readdirSync(join(top, 'parts/2'))).toContain('results.jsonl');
  });
});

describe('a part that did not come to its end', { timeout: 240_000 }, () => {
  it.each([
    [
      'by force',
      (text: string) => text.slice(0, text.indexOf('\n{"ended"', text.indexOf('{"ended"')) + 40),
      'was ended by force',
    ],
    [
      'by a signal',
      (text: string) => text.replace('{"over":null', '{"over":"interrupted"'),
      'was interrupted',
    ],
  ])('%s is reported on as far as it came, and is no pass', async (name, cut, words) => {
    const folder = `cut-${name.replaceAll(' ', '-')}`;
    cpSync(join(top, 'parts/2'), join(top, folder), { recursive: true });
    const path = join(top, folder, 'results.jsonl');
    writeFileSync(path, cut(readFileSync(path, 'utf8')));
    const { stdout, stderr } = await merge('parts/1', folder, 'parts/3', '--json');
    expect(stderr).toMatch(new RegExp(`^concur: part 2 of 3 ${words}: not all of its cases were run`));
    const { outcome, stopped, counts } = JSON.parse(stdout) as {
      outcome: string;
      stopped: string;
      counts: { notRun: number };
    };
    expect({ outcome, stopped }).toEqual({ outcome: 'interrupted', stopped: 'interrupted' });
    expect(counts.notRun > 0).toBe(name === 'by force');
  });

  it('is inconclusive where all that was run has passed', async () => {
    const args = ['test', '--virtual', '--output', 'calm', 'files/passing.yaml'];
    expect((await concur(args, { cwd: top })).code).toBe(0);
    expect((await merge('calm', '-q')).code).toBe(0);
    const path = join(top, 'calm/results.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\{"over".*\n$/, ''));
    expect((await merge('calm', '-q')).code).toBe(3);
  });
});

it('more parts than cases: some have nothing to do, and together they are the suite', {
  timeout: 240_000,
}, async () => {
  for (const part of [1, 2, 3, 4]) {
    const args = [
      'test',
      '--virtual',
      '--shard',
      `${part}/4`,
      '--output',
      `many/${part}`,
      'files/passing.yaml',
    ];
    const { code, stderr, stdout } = await concur(args, { cwd: top });
    expect(code).toBe(0);
    if (part < 4) continue;
    expect(stderr).toBe('concur: part 4 of 4 has no case: the suite has 3\n');
    expect(stdout).toMatch(/\n0 cases of 0 files in .*: nothing to run\n$/);
  }
  const { code, stdout } = await merge('many', '-q');
  expect({ code, stdout: stdout.replace(/ in .*:/, '') }).toEqual({
    code: 0,
    stdout: '\n3 cases of 1 file 3 passed\n',
  });
});
