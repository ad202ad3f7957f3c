/**
 * The library as its page tells it: every example is run against the built package, as `import 'concur'` finds it, and every
 * export is on the page.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './concur-run.ts';

const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const project = mkdtempSync(join(tmpdir(), 'concur-api-'));

beforeAll(() => {
  // A package of its own: else one that lies in a folder above would be it.
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/concur-scenarios'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** An example, and what it is said to write. */
const examples = [...page.matchAll(/^```js example\n(.*?)^```\n\n```output\n(.*?)^```$/gms)].map(
  ({ 1: code = '', 2: output = '', index }) => {
    return { code, output, line: page.slice(0, index).split('\n').length };
  },
);

describe('docs/api.md', () => {
  it('has examples, each with its output', () => {
    expect(examples.length).toBeGreaterThan(4);
    expect(page.match(/^```js/gm)).toHaveLength(examples.length);
  });

  it.each(examples)('line $line does what it says', async ({ code, output, line }) => {
    const file = join(project, `example-${line}.mjs`);
    writeFileSync(file, code);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' });
  });

  it('has every export', () => {
    const source = readFileSync(join(root, 'engine/index.ts'), 'utf8');
    const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
      names.split(',').map((name) =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/^.* as /, ''),
      ),
    );
    const declared = [...source.matchAll(/^export (?:async )?(?:type|function|const) (\w+)/gm)].map(
      ([, name = '']) => name,
    );
    const names = [...lists, ...declared].filter((name) => name !== '');
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });

  it('exports nothing else, and nothing that is only for the command', async () => {
    const code = `import * as all from 'concur-scenarios'; console.log(Object.keys(all).sort().join())`;
    writeFileSync(join(project, 'all.mjs'), code);
    const { stdout } = await promisify(execFile)(process.execPath, ['all.mjs'], { cwd: project });
    expect(stdout.trim().split(',')).toEqual([
      'caseNames',
      'check',
      'checkLog',
      'createLogWriter',
      'createRepetition',
      'hasErrors',
      'loadCases',
      'loadScenario',
      'parseLog',
      'parseScheduleDocument',
      'parseScheduleLine',
      'recordSchedule',
      'renderDiagnostics',
      'replay',
      'replayForReal',
      'replayLog',
      'run',
      'scheduleDocument',
      'scheduleLine',
      'verdictText',
    ]);
  });
});
