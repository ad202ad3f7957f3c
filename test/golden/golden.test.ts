/**
 * The same seed gives the same log and the same verdict, byte for byte, from one version to the next.
 *
 * `hashes.json` has a hash of each (`recorded.ts` says of what); `logs/` has one log of each scenario that ships, to be
 * read where a hash differs. `CONCUR_UPDATE_GOLDENS=1` writes both. A change of them is a change for users: a seed that
 * they kept finds something else. The commit that makes it says why.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { casesOf, hashesOf, record, sources } from './recorded.ts';

const isUpdate = process.env['CONCUR_UPDATE_GOLDENS'] === '1';
const folder = import.meta.dirname;
const hashesFile = join(folder, 'hashes.json');
const logsFolder = join(folder, 'logs');

type Hashes = Record<string, Record<string, string>>;
const known = isUpdate ? {} : (JSON.parse(readFileSync(hashesFile, 'utf8')) as Hashes);
const found: Hashes = {};

/** Lines of a log that is kept to be read. */
const SHOWN_LINES = 200;

afterAll(() => {
  if (!isUpdate) return;
  const shipped = new Set(sources().map(({ file }) => file.replace(/\.yaml$/, '.jsonl')));
  for (const name of logs()) if (!shipped.has(name)) rmSync(join(logsFolder, name));
  const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(hashesFile, `${JSON.stringify(sorted, null, 2)}\n`);
});

describe('virtual runs are the same as ever', () => {
  it.for(sources().map((source) => [source.file, source] as const))(
    '%s',
    async ([file, source], { expect }) => {
      const hashes: Record<string, string> = {};
      for (const caseName of await casesOf(source)) {
        const text = await hashesOf(source, caseName);
        if (text !== undefined) hashes[caseName] = text;
      }
      found[file] = hashes;
      if (isUpdate) return;
      expect(hashes, `see test/golden/logs, and git log there`).toEqual(known[file] ?? {});
    },
  );
});

describe('the logs that are kept to be read', () => {
  const shipped = sources().filter(({ file }) => file.startsWith('scenarios/'));
  it.for(shipped.map((source) => [source.file, source] as const))(
    '%s',
    async ([file, source], { expect }) => {
      const [first] = await casesOf(source);
      const recorded = first === undefined ? undefined : await record(source, first, 1);
      if (recorded === undefined) return;
      const path = join(logsFolder, file.replace(/\.yaml$/, '.jsonl'));
      const shown = beginningOf(recorded.log);
      if (isUpdate) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, shown);
      } else {
        expect(shown).toBe(readFileSync(path, 'utf8'));
      }
    },
  );

  it('no log is there of a scenario that is not', () => {
    const names = logs();
    const files = new Set(shipped.map(({ file }) => file.replace(/\.yaml$/, '.jsonl')));
    expect(names.filter((name) => !files.has(name))).toEqual([]);
  });
});

function logs(): readonly string[] {
  const names = readdirSync(logsFolder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.jsonl'));
}

function beginningOf(log: string): string {
  const lines = log.split('\n');
  if (lines.length <= SHOWN_LINES) return log;
  return `${lines.slice(0, SHOWN_LINES).join('\n')}\n… ${lines.length - SHOWN_LINES} more\n`;
}
