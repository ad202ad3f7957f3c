/**
 * What the machine does not give: no room, no descriptors, no threads, no folder. That says nothing of the scenario, so its
 * run is inconclusive, and tells why.
 */
import { getSystemErrorMap } from 'node:util';

/** The message is a sentence for the user. */
export class MachineFault extends Error {
  override readonly name = 'MachineFault';
}

/**
 * What the system says where it has no more of something, or where a disk does not take what is written; with the words of
 * C libraries where they are not those of Node. `ENFILE` is before `EMFILE`, whose words are in its own.
 */
const LACKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['EAGAIN', []],
  ['EDQUOT', ['quota exceeded']],
  ['EIO', ['input/output error']],
  ['ENFILE', ['too many open files in system']],
  ['EMFILE', ['no file descriptors available']],
  ['ENOMEM', ['cannot allocate memory', 'out of memory']],
  ['ENOSPC', []],
  ['EROFS', []],
]);

/** Why, in words, if the machine is what an error of the system is due to. */
export function lackIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error as NodeJS.ErrnoException;
  if (isWithoutFolder(message)) return 'the folder that it was started in is gone';
  if (code?.startsWith('ERR_') === false) return LACKS.has(code) ? reasonOf(code) : undefined;
  // An error that a worker hands over has lost its code, and some of Node's own have one that says less, or none.
  return lackInWords(message);
}

/** The same of what Node writes where it fails, or of a message: by a code in it, or by what that code is in words. */
export function lackInWords(text: string): string | undefined {
  const lower = text.toLowerCase();
  for (const [code, others] of LACKS) {
    const said = [wordsOf(code), ...others];
    if (
      new RegExp(`\\b${code}\\b`).test(text) ||
      said.some((words) => words !== undefined && lower.includes(words))
    )
      return reasonOf(code);
  }
  return undefined;
}

/** Whoever asks for the current folder where that was removed gets this error: Node itself does, in each thread. */
function isWithoutFolder(message: string): boolean {
  return message.startsWith('ENOENT') && message.includes('uv_cwd');
}

/** @throws MachineFault where it is gone */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new MachineFault(lackIn(error) ?? whyOf(error));
  }
}

/** `too many open files (EMFILE)` */
export function reasonOf(code: string): string {
  const words = wordsOf(code);
  return words === undefined ? code : `${words} (${code})`;
}

function wordsOf(code: string): string | undefined {
  for (const [name, words] of getSystemErrorMap().values()) if (name === code) return words;
  return undefined;
}

/** Of any error: the system's reason where it has one. */
export function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : reasonOf(code);
}
