/** Files that a test writes: in a directory of its own, which goes with the tests of the file that imports this. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'concur-e2e-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The path of a file with that name; written, where there is a text for it. */
export function scratch(name: string, text?: string): string {
  const path = join(directory, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}
