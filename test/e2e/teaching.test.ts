/**
 * The commands that teach: `explain`, `list`, `init`, `schema`, and the hint that leads to the first.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { concur, root } from './concur-run.ts';
import { scratch } from './scratch.ts';

describe('concur explain', () => {
  it('prints the page of a code, also as findings show it', async () => {
    const page = await concur(['explain', 'missing-verb']);
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).toMatch(/^missing-verb\n\nA step without a verb \(error\)\n\n/);
    expect(page.stdout).toMatch(/\n {2}wrong\n {2}│ concur: 1\n/);
    expect(page.stdout).toMatch(/\n {2}right\n {2}│ concur: 1\n/);
    expect(page.stdout).not.toContain('```');
    expect((await concur(['explain', 'error[missing-verb]'])).stdout).toBe(page.stdout);
  });

  it('knows what was meant', async () => {
    expect(await concur(['explain', 'mising-verb'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "concur: there is no code 'mising-verb' (did you mean missing-verb?)\n",
    });
    expect((await concur(['explain', '../../README'])).stderr).toBe(
      "concur: there is no code '../../README' (concur explain lists all)\n",
    );
  });

  it('lists all codes', async () => {
    const { code, stdout } = await concur(['explain']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Errors\n/);
    expect(stdout).toMatch(/^ {2}missing-verb +A step without a verb$/m);
    expect(stdout).toMatch(/\nWarnings\n(?:.*\n)*? {2}unused-resource +A resource that nobody uses\n/);
  });

  it('is hinted at once, however much is found', async () => {
    const file = scratch('bad.yaml', 'concur: 1\nmain:\n  - prnt: x\n  - sleep: 5\n');
    const validated = await concur(['validate', file, file]);
    expect(validated.stdout.match(/concur explain \S+/g)).toEqual(['concur explain missing-verb']);
    const run = await concur(['run', file]);
    expect(run.stderr.match(/concur explain \S+/g)).toEqual(['concur explain missing-verb']);
    expect((await concur(['validate', '--json', file])).stdout).not.toContain('concur explain');
    expect((await concur(['validate', 'scenarios/toilet.yaml'])).stdout).not.toContain('concur explain');
  });
});

describe('concur list', () => {
  type Listed = { readonly scenarios: readonly { readonly name: string; readonly valid: boolean }[] };

  beforeAll(() => {
    mkdirSync(scratch('more/deep'), { recursive: true });
    scratch('more/deep/one.yaml', 'concur: 1\ndescription: |\n  What it\n  shows.\ntags: [a, b]\nmain: []\n');
    scratch('more/other.yml', 'services: { web: { image: x } }\n');
    scratch('more/notes.txt', 'concur: 1\n');
    scratch('wrong.yaml', 'concur: 1\nmain: [ { prnt: x } ]\n');
  });

  it('tells what the shipped scenarios show, wherever it is called', async () => {
    const { code, stdout } = await concur(['list'], { cwd: scratch('more') });
    expect(code).toBe(0);
    expect(stdout).toContain(
      `toilet  ${join(root, 'scenarios/toilet.yaml')}\n  Thirteen visitors, three stalls (or five). Never more inside than there are stalls.\n  cases three-stalls, five-stalls`,
    );
  });

  it('looks through directories for what is a scenario', async () => {
    const { code, stdout } = await concur(['list', 'more'], { cwd: scratch('') });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'one  more/deep/one.yaml\n  What it shows.\n  tags a, b\n',
    });
  });

  it('--json', async () => {
    const { code, stdout } = await concur(['list', '--json', 'more'], { cwd: scratch('') });
    expect({ code, list: JSON.parse(stdout) as Listed }).toEqual({
      code: 0,
      list: {
        scenarios: [
          {
            file: 'more/deep/one.yaml',
            name: 'one',
            description: 'What it\nshows.',
            tags: ['a', 'b'],
            cases: [],
            valid: true,
          },
        ],
      },
    });
  });

  it('says what is invalid, and what cannot be read', async () => {
    const { code, stdout } = await concur(['list', 'wrong.yaml'], { cwd: scratch('') });
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: 'wrong.yaml  wrong.yaml\n  invalid: see concur validate wrong.yaml\n',
    });
    expect(await concur(['list', 'nowhere'])).toMatchObject({
      code: 2,
      stderr: 'concur: cannot read nowhere: there is no such file\n',
    });
  });
});

describe('concur init', () => {
  it('writes a scenario that passes', async () => {
    const cwd = scratch('fresh');
    mkdirSync(cwd);
    const init = await concur(['init'], { cwd });
    expect(init).toMatchObject({ code: 0, stdout: 'wrote minimal.yaml\n\n  concur run minimal.yaml\n' });
    const run = await concur(['run', 'minimal.yaml'], { cwd });
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });

  it('overwrites nothing without --force', async () => {
    const file = scratch('mine.yaml', 'my own\n');
    const refused = await concur(['init', 'tasks', '--output', file]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('exists already');
    expect(readFileSync(file, 'utf8')).toBe('my own\n');
    expect((await concur(['init', 'tasks', '-o', file, '--force'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^# Tasks that wait for each other/);
  });

  it('lists its templates, and knows what was meant', async () => {
    expect((await concur(['init', '--list'])).stdout).toMatch(/^minimal +\S.*\n(?:.*\n)*processes +\S/);
    expect(await concur(['init', 'proceses'])).toMatchObject({
      code: 2,
      stderr: "concur: there is no template 'proceses' (did you mean processes?)\n",
    });
    expect(existsSync('proceses.yaml')).toBe(false);
  });

  it('writes to standard output, which can be run', async () => {
    const { stdout } = await concur(['init', 'ci', '-o', '-']);
    const run = await concur(['run', '-q', '-'], { input: stdout });
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });

  it('tells editors where the schema is, if it is there', async () => {
    const cwd = scratch('project');
    mkdirSync(join(cwd, 'node_modules/concur-scenarios/schemas'), { recursive: true });
    mkdirSync(join(cwd, 'tests'));
    writeFileSync(join(cwd, 'node_modules/concur-scenarios/schemas/scenario.schema.json'), '{}');
    await concur(['init', '-o', 'tests/first.yaml'], { cwd });
    expect(readFileSync(join(cwd, 'tests/first.yaml'), 'utf8').split('\n', 1)).toEqual([
      '# yaml-language-server: $schema=../node_modules/concur-scenarios/schemas/scenario.schema.json',
    ]);
  });
});

describe('concur schema', () => {
  it('prints the schema', async () => {
    const { code, stdout } = await concur(['schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(root, 'schemas/scenario.schema.json'), 'utf8'));
  });
});
