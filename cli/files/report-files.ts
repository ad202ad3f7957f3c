/**
 * Where reports on a suite go beside standard output: a file of their own, or one that others write too.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LogFile, openLogFile } from './log-file.ts';
import { fileMistake, fileProblem } from './read-source.ts';

/** Folders on the way are made. @param scenarios files that must not be overwritten */
export function openReportFile(
  path: string,
  scenarios: readonly string[],
): LogFile | { readonly mistake: string } {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    return { mistake: fileMistake('write', path, error) };
  }
  return openLogFile(path, scenarios, 'report');
}

/** A file that others write too: what is there already stays. */
export function appendingFile(path: string): LogFile {
  let problem: string | undefined;
  return {
    write(text) {
      if (problem !== undefined) return;
      try {
        appendFileSync(path, text);
      } catch (error) {
        problem = fileProblem('write', path, error);
      }
    },
    close: async () => problem,
  };
}
