/**
 * Where reports on a suite go: standard output, or a file of their own.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mustBeRead } from './log-file.ts';
import { fileMistake, fileProblem } from './read-source.ts';

export type ReportFile = {
  readonly write: (text: string) => void;
  /** What went wrong while writing, or undefined. */
  readonly close: () => string | undefined;
};

/** Folders on the way are made. @param scenarios files that must not be overwritten */
export function openReportFile(
  path: string,
  scenarios: readonly string[],
): ReportFile | { readonly mistake: string } {
  const overwritten = scenarios.find((file) => file !== '-' && realPath(file) === realPath(path));
  if (overwritten !== undefined && realPath(path) !== undefined)
    return { mistake: `the report would overwrite the scenario ${overwritten}` };
  try {
    mkdirSync(dirname(path), { recursive: true });
    mustBeRead(path);
    return reportFile(path, openSync(path, 'w'));
  } catch (error) {
    return { mistake: fileMistake('write', path, error) };
  }
}

function reportFile(path: string, file: number): ReportFile {
  let problem: string | undefined;
  return {
    write(text) {
      problem ??= problemOf(path, () => writeFileSync(file, text));
    },
    close() {
      closeSync(file);
      return problem;
    },
  };
}

/** A file that others write too: what is there already stays. */
export function appendingFile(path: string): ReportFile {
  let problem: string | undefined;
  return {
    write(text) {
      problem ??= problemOf(path, () => appendFileSync(path, text));
    },
    close: () => problem,
  };
}

function problemOf(path: string, write: () => void): string | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    return fileProblem('write', path, error);
  }
}

/** Undefined where there is no such file. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
