/**
 * Whether the file of a user's function is there, beside the scenario that calls it, and which one may be meant.
 *
 * For the planner, which knows no files. Nothing of a module is loaded: to load it is to run it.
 */

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { didYouMean } from './diagnostic/did-you-mean.ts';
import type { MissingModule } from './plan/missing-module.ts';

/**
 * Looks for the file of a call.
 *
 * @param scenario the scenario's file; `-` and other names without a folder mean the working directory
 * @returns undefined where the file is there
 */
export function missingModule(scenario: string, module: string): MissingModule | undefined {
  const path = resolve(dirname(scenario), module);
  if (isFile(path)) return undefined;
  const instead = similar(path);
  return instead === undefined ? { path } : { path, instead: `./${join(dirname(module), instead)}` };
}

/** Whatever keeps the system from looking keeps it from loading as well. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** One with the same name and another ending, or else with nearly the same name. */
function similar(path: string): string | undefined {
  const modules = filesIn(dirname(path)).filter((name) => /^\.[cm]?[jt]s$/.test(extname(name)));
  const wanted = stem(path);
  const meant = modules.some((name) => stem(name) === wanted)
    ? wanted
    : didYouMean(wanted, modules.map(stem));
  return modules.find((name) => stem(name) === meant);
}

function stem(path: string): string {
  return basename(path, extname(path));
}

/** Empty where there is no such folder, or nobody may look into it. */
function filesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}
