/**
 * The file that `--log` writes. Failing to write it does not stop the run; it is said afterwards.
 */
import { closeSync, constants, openSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { fileMistake, fileProblem } from './read-source.ts';

export type LogFile = {
  write(text: string): void;
  /** What went wrong while writing, or undefined. */
  close(): string | undefined;
};

/** @param scenario the file that must not be overwritten by it */
export function openLogFile(path: string, scenario: string): LogFile | { readonly mistake: string } {
  if (isSameFile(path, scenario)) return { mistake: `the log would overwrite the scenario ${scenario}` };
  let problem: string | undefined;
  let file: number;
  try {
    mustBeRead(path);
    file = openSync(path, 'w');
  } catch (error) {
    return { mistake: fileMistake('write', path, error) };
  }
  return {
    write(text) {
      if (problem !== undefined) return;
      try {
        writeFileSync(file, text);
      } catch (error) {
        problem = fileProblem('write', path, error);
      }
    },
    close() {
      closeSync(file);
      return problem;
    },
  };
}

/** Opening a pipe that nobody reads would wait for ever. @throws Error of the system */
export function mustBeRead(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return;
  closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
}

function isSameFile(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    // One of them does not exist: then they are not the same.
    return false;
  }
}
