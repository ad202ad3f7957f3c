/**
 * The command that does the same run again, for a person to copy.
 */
import { escapeHarmful } from '../engine/harmless.ts';
import type { RunArguments } from './arguments.ts';

type Run = { readonly seed?: number; readonly caseName?: string | undefined };

/** What changes a run, and nothing that only changes how it is shown. */
type Changes = Pick<RunArguments, 'file' | 'set' | 'timeout' | 'mode' | 'noExec'>;

/** For a POSIX shell. Without a seed, the run takes its own. */
export function runAgainCommand(args: Changes, { seed, caseName }: Run = {}): string {
  const words = [
    'concur',
    'run',
    fileWord(args.file),
    ...(caseName === undefined ? [] : ['--case', caseName]),
    ...args.set.flatMap(([name, text]) => ['--set', `${name}=${text}`]),
    ...(args.timeout === undefined ? [] : ['--timeout', args.timeout]),
    ...(args.mode === 'virtual' ? ['--virtual'] : []),
    ...(args.noExec ? ['--no-exec'] : []),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ];
  return words.map(shellWord).join(' ');
}

/** A relative name that begins with a dash would be an option. */
function fileWord(file: string): string {
  return file.startsWith('-') && file !== '-' ? `./${file}` : file;
}

/** Quoted if a shell could take it for something else; what could act on a terminal is written as `$'…'` writes it. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const code = (point: number) => `\\U${point.toString(16).padStart(8, '0')}`;
  const escaped = escapeHarmful(word.replace(/[\\']/g, '\\$&'), code);
  const isHarmless = escapeHarmful(word, code) === word;
  return isHarmless ? `'${word.replaceAll("'", "'\\''")}'` : `$'${escaped}'`;
}
