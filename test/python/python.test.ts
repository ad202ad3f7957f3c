/**
 * CPython is the oracle for what the primitives mean. Each pair of files here is one small program, for `python3` and
 * for `concur`: both print the same lines in the same order, and end with the same exit code of main. What else is to be
 * seen of ends, the scenario expects itself.
 *
 * In every program the order of the lines is certain, so that they can be compared as they come.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { parse } from 'yaml';
import { command, concur, printedLines, root } from '../scenarios/concur-command.ts';

type Expected = { readonly expect?: { readonly tasks?: { readonly main?: { readonly exitCode?: number } } } };

const names = readdirSync(join(root, 'test/python'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

const python = await command('python3', ['--version']).catch(() => undefined);

describe('a program in Python and the same as a scenario', { concurrent: true }, () => {
  it.for(names)('%s', async (name, { expect, skip }) => {
    const path = join('test/python', name);
    const ours = await concur('run', `${path}.yaml`);
    expect(ours.code, ours.stdout + ours.stderr).toBe(0);
    if (python?.code !== 0) skip('there is no python3 here to compare with');
    const theirs = await command('python3', [`${path}.py`], { env: { PYTHONDONTWRITEBYTECODE: '1' } });
    expect(theirs.stderr).toBe('');
    expect(printedLines(ours)).toEqual(theirs.stdout.split('\n').slice(0, -1));
    expect(theirs.code).toBe(exitCodeOfMain(`${path}.yaml`));
  });
});

/** What the scenario expects of main, and concur has judged. */
function exitCodeOfMain(path: string): number {
  const scenario = parse(readFileSync(join(root, path), 'utf8'), { merge: true }) as Expected;
  return scenario.expect?.tasks?.main?.exitCode ?? 0;
}
