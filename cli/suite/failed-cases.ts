/**
 * Which cases did not pass when they were last run: what `--failed` runs, and `--failed-first` runs before the others.
 *
 * Written whenever it changes, so that it is there after whatever ends the command. A folder where nothing ever failed gets
 * no file.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseEnd, SuiteCase } from '../../engine/command.ts';
import { caseKey } from './case-names.ts';

/** Where it is without `--output`. */
const stateFolder = '.concur';

export type FailedCases = {
  readonly isEmpty: boolean;
  /** Whether it did not pass the last time it was run. */
  readonly has: (one: SuiteCase) => boolean;
  readonly note: (end: CaseEnd) => void;
};

export function openFailedCases(output: string | undefined): FailedCases {
  const folder = output ?? stateFolder;
  const path = join(folder, 'failed.json');
  const failed = new Set(keysIn(path));
  const before = new Set(failed);
  return {
    isEmpty: before.size === 0,
    has: (one) => before.has(caseKey(one)) || before.has(wholeKey(one)),
    note({ case: one, outcome }) {
      const key = caseKey(one);
      if (one.file === '-' || outcome === 'interrupted') return;
      const known = [...failed].join();
      // The file's cases are known again.
      if (outcome !== 'invalid') failed.delete(wholeKey(one));
      if (outcome === 'passed' || outcome === 'flaky') failed.delete(key);
      else failed.add(key);
      if ([...failed].join() === known) return;
      write(folder, path, [...failed], output === undefined);
    },
  };
}

/** An invalid file stands for all cases that it may have. */
function wholeKey({ file }: SuiteCase): string {
  return caseKey({ file, name: file, caseName: null, judge: null });
}

/** None where there is no such file, or another. */
function keysIn(path: string): readonly string[] {
  try {
    const { concurFailed, cases } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return concurFailed === 1 && Array.isArray(cases) ? cases.map((one) => JSON.stringify(one)) : [];
  } catch {
    return [];
  }
}

/** Where that cannot be, as in a checkout that is read-only, `--failed` will have nothing: no reason to end a suite. */
function write(folder: string, path: string, keys: readonly string[], isHidden: boolean): void {
  try {
    mkdirSync(folder, { recursive: true });
    const ignored = join(folder, '.gitignore');
    if (isHidden && !existsSync(ignored)) writeFileSync(ignored, '*\n');
    const cases = keys.map((key) => `  ${key}`).join(',\n');
    writeFileSync(`${path}.new`, `{"concurFailed": 1, "cases": [\n${cases}\n]}\n`);
    renameSync(`${path}.new`, path);
  } catch {
    // Said above.
  }
}
