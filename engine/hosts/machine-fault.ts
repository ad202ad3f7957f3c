/**
 * What the machine does not give: no room, no descriptors, no threads, no folder. That says nothing of the scenario, so its
 * run is inconclusive, and tells why.
 */
import { getSystemErrorMap } from 'node:util';

/** The message is a sentence for the user. */
export class MachineFault extends Error {
  override readonly name = 'MachineFault';
}

/** What the system says where it has no more of something, or where a disk does not take what is written. */
const LACKS: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'EROFS',
]);

/** Why, in words, if the machine is what an error of the system is due to. */
export function lackIn(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  // An error that a worker hands over has lost its code, and some of Node's own have one that says less.
  const known = code?.startsWith('ERR_') === false ? code : (/\bE[A-Z0-9]{2,}\b/.exec(message)?.[0] ?? '');
  if (LACKS.has(known)) return reasonOf(known);
  return isWithoutFolder(error) ? 'the folder that it was started in is gone' : undefined;
}

/** Whoever asks for the current folder where that was removed gets this error: Node itself does, in each thread. */
function isWithoutFolder(error: unknown): boolean {
  const { message } = error as Error;
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
  for (const [name, message] of getSystemErrorMap().values())
    if (name === code) return `${message} (${code})`;
  return code;
}

/** Of any error: the system's reason where it has one. */
export function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : reasonOf(code);
}
