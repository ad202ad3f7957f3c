/**
 * The file that `--log`, `--save` or a report is written to. Failing to write it does not stop the run; it is said afterwards.
 *
 * A pipe is written as its reader takes it: what the reader has not taken yet is kept, so that the run goes on, and signals
 * are heard, however slow the reader is.
 */
import { closeSync, constants, openSync, realpathSync, statSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileMistake, fileProblem, systemCode } from './read-source.ts';

export type LogFile = {
  write(text: string): void;
  /** Waits for a reader. What went wrong while writing, or undefined. */
  close(interruption: Interruption): Promise<string | undefined>;
};

/** Told to stop, or already told: a reader who does not read is not waited for any more. */
type Interruption = { readonly signal: AbortSignal };

/** What is kept for a reader, in bytes. */
const MOST_KEPT = 64 * 1024 * 1024;
/** How often it is seen whether a reader has taken something. */
const LOOK_MS = 10;
/** For what a reader who does read needs, once somebody wants the end. */
const LAST_MS = 500;

/** @param scenarios files that must not be overwritten by it */
export function openLogFile(
  path: string,
  scenarios: readonly string[],
  noun = 'log',
): LogFile | { readonly mistake: string } {
  const overwritten = scenarios.find((file) => isSameFile(path, file));
  if (overwritten !== undefined)
    return { mistake: `the ${noun} would overwrite the scenario ${overwritten}` };
  try {
    return logFile(path, openForWriting(path));
  } catch (error) {
    return { mistake: fileMistake('write', path, error) };
  }
}

function logFile(path: string, file: number): LogFile {
  let problem: string | undefined;
  let kept: Uint8Array[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const give = (): void => {
    let given = 0;
    try {
      for (let chunk = kept[given]; chunk !== undefined; chunk = kept[given]) {
        const taken = writeSync(file, chunk);
        bytes -= taken;
        if (taken < chunk.length) kept[given] = chunk.subarray(taken);
        else given += 1;
      }
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') problem = fileProblem('write', path, error);
    }
    kept = problem === undefined ? kept.slice(given) : [];
    clearTimeout(timer);
    if (kept.length > 0) timer = setTimeout(give, LOOK_MS).unref();
  };
  return {
    write(text) {
      if (problem !== undefined) return;
      const chunk = Buffer.from(text);
      kept.push(chunk);
      bytes += chunk.length;
      if (kept.length === 1) give();
      if (bytes <= MOST_KEPT) return;
      problem = `cannot write ${path}: its reader is too slow`;
      give();
    },
    async close({ signal }) {
      const isLate = latenessAfter(signal);
      for (; kept.length > 0 && !isLate(); give()) await delay(LOOK_MS);
      clearTimeout(timer);
      closeSync(file);
      if (kept.length > 0) problem ??= `cannot write ${path}: nobody reads it`;
      return problem;
    },
  };
}

/** Whether it is some time since somebody wanted the end. */
function latenessAfter(signal: AbortSignal): () => boolean {
  let since: number | undefined;
  return () => {
    if (!signal.aborted) return false;
    since ??= performance.now();
    return performance.now() - since > LAST_MS;
  };
}

/**
 * To write into a full pipe would wait for its reader, and hear nothing meanwhile; to open one that nobody reads, for ever.
 *
 * @throws Error of the system
 */
function openForWriting(path: string): number {
  return isPipe(path) ? openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) : openSync(path, 'w');
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

function isSameFile(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    // One of them does not exist: then they are not the same.
    return false;
  }
}
