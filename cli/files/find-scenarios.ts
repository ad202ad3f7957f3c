/**
 * From what the user named, files, folders and patterns, to the files of a suite.
 *
 * A file that is named is taken as it is. In folders, and among what a pattern matches, only YAML and JSON files with
 * `concur` at their top level are scenarios: whatever else lies there is none of our business. Hidden folders and
 * `node_modules` are not looked into, and links to folders are not followed.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { beginningOf, fileMistake, systemCode } from './read-source.ts';

export type FoundScenarios = { readonly files: readonly string[] } | { readonly mistake: string };

/**
 * In the order of what was named, within it by name; no file twice.
 *
 * @param leftOut a folder in which nothing is looked for
 */
export async function findScenarios(paths: readonly string[], leftOut?: string): Promise<FoundScenarios> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const found = await findAt(path, leftOut);
    if ('mistake' in found) return found;
    for (const file of found.files) {
      const key = file === '-' ? file : resolve(file);
      if (!files.has(key)) files.set(key, file);
    }
  }
  return { files: [...files.values()] };
}

async function findAt(path: string, leftOut: string | undefined): Promise<FoundScenarios> {
  if (path === '-') return { files: [path] };
  try {
    const facts = await stat(path);
    return facts.isDirectory() ? { files: await scenariosOf('**/*', path, leftOut) } : { files: [path] };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || !isDynamicPattern(path)) {
      return { mistake: fileMistake('read', path, error) };
    }
  }
  const files = await scenariosOf(path, '.', leftOut);
  return files.length > 0 ? { files } : { mistake: `no scenario matches ${path}` };
}

async function scenariosOf(
  pattern: string,
  folder: string,
  leftOut: string | undefined,
): Promise<readonly string[]> {
  const within = leftOut === undefined ? undefined : `${resolve(leftOut)}/`;
  const matches = await glob(pattern, {
    cwd: folder,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  const files = matches
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .map((name) => (folder === '.' ? name : join(folder, name)))
    .filter((file) => within === undefined || !resolve(file).startsWith(within))
    .sort();
  const kept: string[] = [];
  for (const file of files) if (await isScenario(file)) kept.push(file);
  return kept;
}

/** What cannot be read might be one: that is said when it is to be run. */
async function isScenario(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    return hasMark(new TextDecoder().decode(await beginningOf(file)));
  } catch {
    return true;
  }
}

/** Whether `concur` is a key at the top of a YAML or JSON text, as far as can be seen without reading all of it. */
export function hasMark(text: string): boolean {
  if (!/^\s*\{/.test(text)) return /^\ufeff?(?:concur|"concur"|'concur')[ \t]*:(?:\s|$)/m.test(text);
  try {
    return Object.hasOwn(JSON.parse(text) as object, 'concur');
  } catch {
    return /^\s*\{\s*["']?concur["']?\s*:/.test(text);
  }
}
