/**
 * `judge` of a scenario, and `concur test --check`: a suite that also looks at every interleaving, in each of its reports.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concur } from './concur-run.ts';
import { scratch } from './scratch.ts';

const holds = `concur: 1
judge: [run, virtual, check]
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { update: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }
`;
const loses = `concur: 1
judge: [virtual, check]
seed: 1
vars: { n: 0 }
locks: [ m ]
tasks: { t: { count: 2, steps: [ { sleep: "\${{ task.index * 10 }}ms" }, { set: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }
`;
const locks = `concur: 1
judge: check
locks: [ a, b ]
tasks:
  one: { steps: [ { with: [a, b], do: [ { print: one } ] } ] }
  two: { steps: [ { with: [b, a], do: [ { print: two } ] } ] }
`;
const timed = 'concur: 1\njudge: [check]\nmain: [ { print: "${{ now }}" } ]\n';

const folder = join(dirname(scratch('judged', '')), 'suite');
mkdirSync(folder);
for (const [name, text] of Object.entries({ holds, loses, locks, timed }))
  writeFileSync(join(folder, `${name}.yaml`), text);

const test = (...args: readonly string[]) => concur(['test', ...args], { cwd: folder });

describe('a suite that is judged in several ways', () => {
  it('tells each of them', async () => {
    const { code, stdout } = await test('.');
    expect(code).toBe(2);
    const lines = [...stdout.matchAll(/^(passed|failed|invalid) +(\S+\.yaml(?:, \w+)?)(?=:| in )/gm)];
    expect(lines.map(([, outcome, title]) => `${outcome} ${title}`)).toEqual([
      'passed holds.yaml, run',
      'passed holds.yaml, virtual',
      'passed holds.yaml, check',
      'failed locks.yaml',
      'passed loses.yaml, virtual',
      'failed loses.yaml, check',
      'invalid timed.yaml',
    ]);
    expect(stdout).toContain('this cannot be checked');
    expect(stdout).toMatch(/read n = 0/);
    expect(stdout).toContain('deadlock: 2 tasks ');
  });

  it('is what the command line says', async () => {
    const { code, stdout } = await test('holds.yaml', '--check');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^passed +holds.yaml in .*, 3 states$/m);
    expect(stdout).toContain('1 case of 1 file');
    const both = await test('holds.yaml', '--virtual', '--check');
    expect(both.stdout).toContain('2 cases of 1 file');
  });

  it('says how to check again', async () => {
    const { stdout } = await test('loses.yaml', '--check', '--json');
    const { cases } = JSON.parse(stdout);
    expect(cases[0]).toMatchObject({ outcome: 'failed', judge: null, verdict: null });
    expect(cases[0].command).toMatch(/check loses\.yaml$/);
    expect(cases[0].check).toMatchObject({ verdict: 'failed', coverage: 'all' });
  });

  it.each(['junit', 'tap', 'github'])('has the steps in %s', async (name) => {
    const { stdout } = await test('loses.yaml', '--check', '--reporter', name);
    expect(stdout).toContain('n == 2 at the end');
    expect(stdout).toMatch(/`t\[\d\]` has not written `n` yet/);
    expect(stdout).toContain('check loses.yaml');
  });

  it('is a row of the page of a job', async () => {
    const page = join(folder, 'page.md');
    await concur(['test', 'loses.yaml'], { cwd: folder, env: { GITHUB_STEP_SUMMARY: page } });
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(/❌ failed \| loses\.yaml, check \|.*n \S+ 2 at the end\\?: seen 1/);
    expect(text).toContain('✅ passed | loses.yaml, virtual');
  });
});
