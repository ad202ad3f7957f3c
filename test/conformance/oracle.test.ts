/**
 * CPython is asked for every behaviour that it has too; and the lists are in good order themselves.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { behaviours, comparable, expectedLines } from './behaviour.ts';

type Answer = { readonly exitCode: number; readonly output: string; readonly error: string };

const asked = behaviours.flatMap((one) => (one.python === undefined ? [] : [{ ...one, python: one.python }]));
const answers = await askPython(asked.map(({ python }) => python));

/** One process for all snippets; undefined where there is no Python. */
async function askPython(snippets: readonly string[]): Promise<readonly Answer[] | undefined> {
  const script = fileURLToPath(new URL('oracle.py', import.meta.url));
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const isThere = await new Promise((resolve) => {
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false));
  });
  if (isThere !== true) return undefined;
  child.stdin.end(JSON.stringify(snippets));
  return JSON.parse(await text(child.stdout)) as readonly Answer[];
}

describe(`${asked.length} of ${behaviours.length} behaviours in CPython`, () => {
  for (const [index, one] of asked.entries()) {
    it(one.title, ({ skip }) => {
      if (answers === undefined) return skip('there is no python3 here to compare with');
      const { exitCode, output, error } = answers[index]!;
      const lines = comparable(one, output.split('\n').slice(0, -1));
      expect({ lines, exitCode, error }).toEqual({
        lines: expectedLines(one),
        exitCode: Number(one.exitCode ?? 0),
        error: '',
      });
    });
  }
});

describe('the lists', () => {
  it('say of each behaviour what Python does, or why it cannot be asked', () => {
    const both = behaviours.filter(
      ({ python, noPython }) => (python === undefined) === (noPython === undefined),
    );
    expect(both.map(({ title }) => title)).toEqual([]);
  });

  it('give a reason for each skip, and skip nothing everywhere', () => {
    const skips = behaviours.flatMap(({ skip }) => Object.values(skip ?? {}));
    expect(skips.filter((reason) => reason.length < 20)).toEqual([]);
    const nowhere = behaviours.filter(({ skip }) => skip?.thread !== undefined && skip.process !== undefined);
    expect(nowhere.map(({ title }) => title)).toEqual([]);
  });

  it('tell no behaviour twice', () => {
    const titles = behaviours.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});
