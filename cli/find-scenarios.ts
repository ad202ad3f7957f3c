/**
 * Scenarios in files and directories.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileMistake } from './read-source.ts';

export type FoundFile = {
  readonly file: string;
  /** Somebody named it: it is meant to be a scenario. Of a directory's files, some are something else. */
  readonly isNamed: boolean;
};

/** The files that paths mean, directories searched through, each once and in order; or why a path means none. */
export async function findFiles(
  paths: readonly string[],
): Promise<readonly FoundFile[] | { readonly mistake: string }> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    try {
      const isNamed = path === '-' || !(await stat(path)).isDirectory();
      for (const file of isNamed ? [path] : await filesIn(path))
        if (!found.has(file)) found.set(file, { file, isNamed });
    } catch (error) {
      return { mistake: fileMistake('read', path, error) };
    }
  }
  return [...found.values()];
}

/** Whether a text means to be a scenario: `concur` is what marks one. */
export function looksLikeScenario(text: string): boolean {
  return /^[ {]*["']?concur["']? *:/m.test(text);
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) files.push(path);
  }
  return files;
}
