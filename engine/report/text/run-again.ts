/**
 * The command that does the same run again, for a person to copy.
 */
import type { RunEnd } from '../../log/event.ts';
import { shellWord } from '../../source/shell-word.ts';

/** What changes a run, and nothing that only changes how it is shown. */
export type RunToRepeat = {
  /** How the command was started: `concur`, `npx concur`. */
  readonly startedAs?: string;
  readonly file: string;
  readonly mode: RunEnd['mode'] | 'check';
  readonly caseName?: string | undefined;
  readonly set?: readonly (readonly [name: string, text: string])[];
  /** As it was written. */
  readonly timeout?: string | undefined;
  readonly noExec?: true | undefined;
  /** Without one, the run takes its own. */
  readonly seed?: number | undefined;
};

/** For a POSIX shell. */
export function runAgainCommand(run: RunToRepeat): string {
  const { startedAs = 'concur', file, mode, caseName, set = [], timeout, noExec, seed } = run;
  const words = [
    mode === 'check' ? 'check' : 'run',
    fileWord(file),
    ...(caseName === undefined ? [] : ['--case', caseName]),
    ...set.flatMap(([name, text]) => ['--set', `${name}=${text}`]),
    ...(timeout === undefined ? [] : ['--timeout', timeout]),
    ...(mode === 'virtual' ? ['--virtual'] : []),
    ...(noExec ? ['--no-exec'] : []),
    // A check draws nothing but samples, and tells what they show in full.
    ...(seed === undefined || mode === 'check' ? [] : ['--seed', String(seed)]),
  ];
  return [startedAs, ...words.map(shellWord)].join(' ');
}

/** What plays a schedule again: a file, or the schedule as a line. */
export function replayCommand(
  run: Pick<RunToRepeat, 'startedAs' | 'file' | 'caseName' | 'set'> & { readonly isReal?: boolean },
  schedule: { readonly file: string } | { readonly line: string },
): string {
  const { startedAs = 'concur', file, caseName, set = [], isReal = false } = run;
  const words = [
    'replay',
    fileWord(file),
    ...('file' in schedule ? [fileWord(schedule.file)] : []),
    ...(caseName === undefined || caseName === null ? [] : ['--case', caseName]),
    ...set.flatMap(([name, text]) => ['--set', `${name}=${text}`]),
    ...('line' in schedule ? ['--schedule', schedule.line] : []),
    ...(isReal ? ['--real'] : []),
  ];
  return [startedAs, ...words.map(shellWord)].join(' ');
}

/** A relative name that begins with a dash would be an option. */
function fileWord(file: string): string {
  return file.startsWith('-') && file !== '-' ? `./${file}` : file;
}
