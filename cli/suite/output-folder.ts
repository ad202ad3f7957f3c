/**
 * The folder of `--output`: one to upload, with all that came of a suite.
 *
 *     results.jsonl    what came of each case, line by line as it came: what shards are merged from
 *     report.*         the suite's reports
 *     failed.json      what `--failed` runs again
 *     durations.json   what `--durations` deals cases out by
 *     cases/…          of each case that is kept: log, workspace, reports, the command that repeats it
 *
 * What an earlier suite left there goes. What is somebody else's is not touched.
 */
import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileMistake } from '../files/read-source.ts';

export const resultsName = 'results.jsonl';
export const resultsMark = '{"concurResults":';
/** What the reports are called, by the reporters that write them. */
export const reportNames = {
  plain: 'report.txt',
  json: 'report.json',
  junit: 'report.xml',
  tap: 'report.tap',
} as const;

const ours = [resultsName, 'durations.json', 'cases', ...Object.values(reportNames)];

/** Where evidence is: whatever is in there, no suite is to run it. */
export function evidenceIn(folder: string): string {
  return join(folder, 'cases');
}

/** Makes it, and empties it of what an earlier suite left. What is wrong with it, or undefined. */
export function claimOutputFolder(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true });
    const found = ours.filter((name) => existsSync(join(path, name)));
    const [foreign] = found;
    if (foreign !== undefined && !isOurs(join(path, resultsName)))
      return `'--output ${path}' has ${foreign}, which no concur test has written there: name an empty folder, or a new one`;
    for (const name of found) rmSync(join(path, name), { recursive: true, force: true });
    return undefined;
  } catch (error) {
    return fileMistake('write', path, error);
  }
}

/** Whether that file is the results of a suite. */
function isOurs(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(resultsMark.length);
    readSync(file, bytes);
    return bytes.toString('latin1') === resultsMark;
  } finally {
    closeSync(file);
  }
}
