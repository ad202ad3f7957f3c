/**
 * Reads `results.jsonl`: what a shard wrote down, as far as it came.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteStop } from '../../engine/command.ts';
import { readText } from '../files/read-source.ts';
import type { Engine } from '../host.ts';
import { resultsMark, resultsName } from './output-folder.ts';
import type { ResultsHeader, ResultsLine } from './results-file.ts';

type Ended = Extract<ResultsLine, { readonly ended: number }>;

export type Results = {
  /** The file it was read from. */
  readonly path: string;
  readonly header: ResultsHeader;
  /** Scenarios' bytes in base64, by file. */
  readonly sources: ReadonlyMap<string, string>;
  readonly ended: readonly Ended[];
  /** Places of cases that were begun, and did not end. */
  readonly atWork: readonly number[];
  /** How it ended; null where it was ended by force. */
  readonly over: { readonly stop: SuiteStop | null; readonly durationUs: number } | null;
};

/** The folder's own results, or those of the folders in it: one that downloads come into. */
export function resultsIn(folder: string): readonly string[] {
  const own = join(folder, resultsName);
  if (isFile(own)) return [own];
  return foldersIn(folder)
    .map((name) => join(folder, name, resultsName))
    .filter(isFile)
    .toSorted();
}

/** What is in the way, such as a file that is no folder, is none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export async function readResults(
  engine: Engine,
  path: string,
): Promise<Results | { readonly mistake: string }> {
  const read = await readText(path);
  if ('mistake' in read) return read;
  if (!read.text.startsWith(resultsMark)) return { mistake: `${path} has no results of concur test` };
  // A line that was not finished is no line: whoever wrote it was killed.
  const lines = read.text.split('\n').slice(0, -1);
  const number = { at: 0 };
  try {
    const parsed = lines.map((line, index) => {
      number.at = index + 1;
      return engine.fromExactJson(line);
    });
    number.at = 1;
    return resultsOf(path, parsed);
  } catch {
    return { mistake: `${path} is damaged, at its line ${number.at}: get it again, or run that part again` };
  }
}

function resultsOf(
  path: string,
  [first, ...lines]: readonly unknown[],
): Results | { readonly mistake: string } {
  const header = first as ResultsHeader | undefined;
  if (header === undefined) return { mistake: `${path} is empty: that part was ended before it began` };
  if (header.concurResults !== 1)
    return { mistake: `${path} was written by another version of concur: use the same for all parts` };
  const { shard, cases, files, settings } = header;
  if (![shard, files, settings].every((part) => typeof part === 'object') || !Array.isArray(cases))
    throw new Error('a header that is none');
  const sources = new Map<string, string>();
  const ended: Ended[] = [];
  const atWork = new Set<number>();
  let over: Results['over'] = null;
  for (const line of lines as readonly ResultsLine[]) {
    if ('source' in line) sources.set(line.source.file, line.source.base64);
    else if ('began' in line) atWork.add(line.began);
    else if ('over' in line) over = { stop: line.over, durationUs: line.durationUs };
    else {
      atWork.delete(line.ended);
      ended.push(line);
    }
  }
  return { path, header, sources, ended, atWork: [...atWork], over };
}
