/**
 * Every scenario that ships does what it says, for real and in virtual time; and its expectations would notice if it
 * did not: each has a way to break it, by one edit of the file, after which it must fail.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseNames, loadScenario, renderDiagnostics, run, type Source } from '../../engine/index.ts';
import { breaks } from './breaks.ts';
import { concur, root } from './concur-command.ts';

/** What `validate` warns of where a scenario does the wrong thing on purpose. */
const warnings = [
  { name: 'daemon-process-children', finding: 'daemon-starts-process' },
  { name: 'primitives/vars', finding: 'process-own-copy' },
];

const names = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' })
  // Those with commands have a test of their own.
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('ci/'))
  .map((name) => name.replace('.yaml', ''));

/** Their wrong versions are cases of their own: `gallery.test.ts`. */
const gallery = /^(classics|bugs)\//;

it('has a way to break every scenario', () => {
  expect(Object.keys(breaks).sort()).toEqual(names.filter((name) => !gallery.test(name)).toSorted());
});

describe('every scenario', { concurrent: true }, () => {
  it.for(names)('%s passes for real', async (name, { expect }) => {
    const ended = await concur('run', pathOf(name));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });

  it.for(names)('%s passes in virtual time, whatever the seed', async (name, { expect }) => {
    const ended = await concur('run', '--virtual', '--repeat', '10', '--seed', '1', pathOf(name));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });
});

it('has no findings in any scenario but those that are meant', async () => {
  const { code, stdout, stderr } = await concur('validate', ...names.map(pathOf));
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  const found = [...stdout.matchAll(/^scenarios\/(\S+)\.yaml:\S+ \w+\[(.+?)\]/gm)];
  expect(found.map(([, name, finding]) => ({ name, finding }))).toEqual(warnings);
});

const edits = Object.entries(breaks).flatMap(([name, some]) => some.map((edit) => ({ name, ...edit })));

describe('a broken scenario', () => {
  it.for(edits)('$name fails when $what', async ({ name, from, to }) => {
    const text = readFileSync(join(root, pathOf(name)), 'utf8');
    expect(text).toContain(from);
    expect(await outcomes({ file: pathOf(name), text: text.replaceAll(from, to) })).toContain('failed');
  });
});

/** Of all its cases, in virtual time. */
async function outcomes(source: Source): Promise<readonly string[]> {
  const { document, diagnostics } = await loadScenario(source);
  if (document === undefined) throw new Error(renderDiagnostics(diagnostics, source));
  const names = caseNames(document);
  const all: string[] = [];
  for (const caseName of names.length === 0 ? [undefined] : names) {
    const options = { seed: 1, ...(caseName === undefined ? {} : { caseName }) };
    const loaded = await loadScenario(source, options);
    if (loaded.plan === undefined) throw new Error(renderDiagnostics(loaded.diagnostics, source));
    const { verdict } = await run(loaded.plan, { mode: 'virtual' });
    all.push(verdict.outcome);
  }
  return all;
}

function pathOf(name: string): string {
  return join('scenarios', `${name}.yaml`);
}
