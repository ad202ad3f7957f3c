/**
 * A file of a run: a value in its format, at a place inside of the run's folder.
 *
 * Files are opened without waiting, as a command may have put a pipe in a file's place.
 */
import { constants, existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import { encode } from '../../log/codec.ts';
import { MOST_VALUE_WORDS } from '../../log/ring.ts';
import { fileTooLarge } from '../../plan/file-too-large.ts';
import type { FileResource } from '../../plan/plan.ts';
import { lackIn, MachineFault } from '../machine-fault.ts';
import { valueFromText } from './file-formats.ts';

/** @throws ScenarioError by Python's names */
export async function readValue(folder: string, file: FileResource): Promise<Value> {
  const text = await readText(folder, file);
  if (file.format === 'text') return text;
  try {
    return await valueFromText(file.format, text);
  } catch (error) {
    const why = error instanceof RangeError ? 'it nests too deeply' : firstLineOf(error);
    throw new ScenarioError('ValueError', `${file.path} is not ${file.format}: ${why}`);
  }
}

/** @throws ScenarioError by Python's names */
export async function writeValue(folder: string, file: FileResource, value: Value): Promise<void> {
  const text = textOf(file, value);
  await withFile(folder, file, { verb: 'write', flags: constants.O_WRONLY | constants.O_CREAT }, (handle) =>
    rewrite(handle, text),
  );
}

async function rewrite(handle: FileHandle, text: string): Promise<void> {
  await handle.truncate();
  await handle.writeFile(text);
}

export function textOf({ format }: FileResource, value: Value): string {
  switch (format) {
    case 'text':
      return textFromValue(value);
    case 'json':
      return `${encode(value).replaceAll(/~(NaN|-?Infinity)/g, 'null')}\n`;
    case 'yaml':
      return stringify(value);
    default:
      return format satisfies never;
  }
}

/** A place inside of the workspace, whatever links a command may have put there; its folders are made. */
export function pathOf(folder: string, { path }: FileResource): string {
  const full = join(folder, path);
  let place = folder;
  for (const part of path.split('/')) {
    place = join(place, part);
    if (isThere(place) && !isInside(folder, place))
      throw new ScenarioError('PermissionError', `${path} leads out of the workspace`);
  }
  mkdirSync(dirname(full), { recursive: true });
  return full;
}

/** A link is there whether it leads anywhere or not. */
function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

/** A link that leads nowhere yet could lead out once it is written to. */
function isInside(folder: string, place: string): boolean {
  return existsSync(place) && !relative(folder, realpathSync(place)).startsWith('..');
}

/** Of a file: not even read where no value can hold it. */
const MOST_BYTES = MOST_VALUE_WORDS * Int32Array.BYTES_PER_ELEMENT;

function readText(folder: string, file: FileResource): Promise<string> {
  return withFile(folder, file, { verb: 'read', flags: constants.O_RDONLY }, async (handle, size) => {
    if (size > MOST_BYTES) throw new ScenarioError(fileTooLarge.name, fileTooLarge.message);
    // As much as there was when it was opened: somebody may write it for ever.
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let more = -1; more !== 0 && length < size; length += more)
      ({ bytesRead: more } = await handle.read(bytes, length, size - length));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length));
  });
}

type Access = { readonly verb: 'read' | 'write'; readonly flags: number };

/** Opens a regular file, and nothing that one might wait for. @throws ScenarioError by Python's names */
async function withFile<Result>(
  folder: string,
  file: FileResource,
  { verb, flags }: Access,
  use: (handle: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(pathOf(folder, file), flags | constants.O_NONBLOCK, 0o666);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw isDirectory(file.path);
    if (!stats.isFile()) throw notRegular(file.path);
    return await use(handle, stats.size);
  } catch (error) {
    throw fileError(error, verb, file.path);
  } finally {
    await handle?.close();
  }
}

/** Whose fault it is, and why. */
export function fileError(error: unknown, verb: Access['verb'], shown: string): Error {
  if (error instanceof ScenarioError) return error;
  const lack = lackIn(error);
  if (lack !== undefined)
    return new MachineFault(`the system refused to ${verb} the file \`${shown}\`: ${lack}`);
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return new ScenarioError('FileNotFoundError', `[Errno 2] No such file or directory: '${shown}'`);
    case 'EISDIR':
      return isDirectory(shown);
    // A pipe that nobody reads, a socket.
    case 'ENXIO':
      return notRegular(shown);
    default:
      return new ScenarioError('OSError', `${shown}: ${code ?? String(error)}`);
  }
}

function isDirectory(shown: string): ScenarioError {
  return new ScenarioError('IsADirectoryError', `[Errno 21] Is a directory: '${shown}'`);
}

function notRegular(shown: string): ScenarioError {
  return new ScenarioError('OSError', `${shown} is no regular file`);
}

function firstLineOf(error: unknown): string | undefined {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
