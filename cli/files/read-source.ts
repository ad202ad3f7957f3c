/**
 * A scenario's bytes, from a file or from standard input; what goes wrong is one line for the user.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { lackIn } from '../../engine/machine-fault.ts';

/** A text as the user named it, or why there is none. */
export type ReadSource =
  | { readonly source: { readonly file: string; readonly text: string; readonly bytes: Uint8Array } }
  | { readonly mistake: string };

/** As many bytes as a scenario may have, and some more, so that what is too large is seen to be. */
const mostBytes = 4 * 1024 * 1024;

export async function readSource(file: string): Promise<ReadSource> {
  try {
    if (mayWaitForEver(file)) return { mistake: `cannot read ${file}: it is a pipe or a socket, not a file` };
    const bytes = isShortFile(file) ? readFileSync(file) : await beginningOf(file);
    return { source: { file, text: new TextDecoder().decode(bytes), bytes } };
  } catch (error) {
    return { mistake: fileMistake('read', file, error) };
  }
}

/** A text of any length that is no scenario: a log, a schedule. */
export async function readText(
  file: string,
): Promise<{ readonly text: string } | { readonly mistake: string }> {
  try {
    if (mayWaitForEver(file)) return { mistake: `cannot read ${file}: it is a pipe or a socket, not a file` };
    return { text: readFileSync(file === '-' ? 0 : file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE')
      return { mistake: `cannot read ${file}: it is too large` };
    return { mistake: fileMistake('read', file, error) };
  }
}

/** What the shell opened for us has somebody at its other end; a pipe in the file system may have nobody. */
function mayWaitForEver(file: string): boolean {
  if (file === '-' || /^\/(?:dev\/(?:stdin$|fd\/)|proc\/)/.test(file)) return false;
  const stats = statSync(file);
  return stats.isFIFO() || stats.isSocket();
}

/** As much of it as there is to see whether it can be a scenario. */
export function beginningOf(file: string): Promise<Uint8Array> {
  return firstBytes(streamOf(file));
}

/** What is read at once: to load Node's streams takes longer. */
function isShortFile(file: string): boolean {
  if (file === '-') return false;
  const stats = statSync(file);
  return stats.isFile() && stats.size <= mostBytes;
}

function streamOf(file: string): AsyncIterable<Uint8Array> {
  return file === '-' ? process.stdin : createReadStream(file);
}

/** `/dev/zero` and `yes |` have no end. */
async function firstBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) break;
  }
  return Buffer.concat(chunks);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EEXIST: 'a part of its path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENOMEM: 'not enough memory',
  EAGAIN: 'the system has no more processes or threads',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device does not work',
  ENXIO: 'nobody is at its other end',
};

/** In a sentence what the machine does not give, where that is what an error says. */
export function machineFault(error: unknown): string | undefined {
  const lack = lackIn(error);
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (lack === undefined || syscall === 'uv_cwd') return lack;
  const refused = path === undefined ? syscall : `${syscall} of ${path}`;
  return `the system refused ${refused ?? 'what Node needs'}: ${lack}`;
}

/** For what was asked for: what the machine lacks is no mistake, and goes on, as whatever is not the system's. */
export function fileMistake(verb: 'read' | 'write', file: string, error: unknown): string {
  if (machineFault(error) !== undefined) throw error;
  return fileProblem(verb, file, error);
}

/** `cannot read x.yaml: there is no such file`; errors that are not the system's go on. */
export function fileProblem(verb: 'read' | 'write', file: string, error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) throw error;
  return `cannot ${verb} ${file === '-' ? 'standard input' : file}: ${reasonFor(code)}`;
}

/** `ENOENT` in words. */
export function reasonFor(code: string): string {
  return reasons[code] ?? code;
}

/** The code of an error of the operating system: `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'code' in error && 'syscall' in error;
  return isSystemError && typeof error.code === 'string' ? error.code : undefined;
}
