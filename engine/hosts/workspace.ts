/**
 * The folder of a run: its files are really on disk, and gone when the run is over.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { decode, encode } from '../log/codec.ts';
import { MOST_VALUE_WORDS } from '../log/ring.ts';
import { fileTooLarge } from '../plan/file-too-large.ts';
import type { FileResource, Plan } from '../plan/plan.ts';
import { ScenarioError } from '../plan/scenario-error.ts';
import type { Value } from '../plan/value.ts';
import { fitsInteger, impossibleKey } from '../plan/value-bounds.ts';
import { textFromValue } from '../plan/value-text.ts';
import { lackIn, MachineFault, whyOf } from './machine-fault.ts';
import { uniqueName } from './unique-name.ts';

export type Workspace = {
  readonly folder: string;
  /** What every command finds in its environment: where the run's files are, and where the scenario's own file lies. */
  readonly environment: Readonly<Record<'CONCUR_WORKSPACE' | 'CONCUR_SCENARIO_FOLDER', string>>;
  /** @throws ScenarioError `FileNotFoundError`, `ValueError` where the content is not in the file's format */
  readonly load: (file: number) => Value;
  /** @throws ScenarioError `OSError` */
  readonly save: (file: number, value: Value) => void;
  /** What the files hold now, by name; those that are not there are missing. */
  readonly contents: () => Readonly<Record<string, Value>>;
  /** @returns why it is still there, where it is */
  readonly close: () => string | undefined;
};

/**
 * Makes the folder, and writes the files whose content the scenario gives.
 *
 * @throws MachineFault where that cannot be
 * @param announce is told its path before it is there, so that a runner killed in between leaves nothing behind
 */
export function createWorkspace(plan: Plan, announce: (folder: string) => void): Workspace {
  const folder = createFolder(announce);
  const declared = plan.resources.filter((resource) => resource.kind === 'file');
  try {
    for (const file of declared) if (file.content !== undefined) writeFirst(folder, file, file.content);
  } catch (error) {
    removed(folder);
    throw error;
  }
  const fileOf = (id: number): FileResource => plan.resources[id] as FileResource;
  return {
    folder,
    environment: { CONCUR_WORKSPACE: folder, CONCUR_SCENARIO_FOLDER: resolve(dirname(plan.file)) },
    load: (id) => read(folder, fileOf(id)),
    save: (id, value) => write(folder, fileOf(id), value),
    contents: () => Object.fromEntries(declared.flatMap((file) => contentOf(folder, file))),
    close: () => removed(folder),
  };
}

function createFolder(announce: (folder: string) => void): string {
  const place = tmpdir();
  try {
    const folder = join(realpathSync(place), `concur-${uniqueName()}`);
    announce(folder);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    throw new MachineFault(
      `there can be no folder for the run's files in ${place}, where temporary files go (TMPDIR): ${whyOf(error)}`,
    );
  }
}

/** Before the run, so that there is no step that could fail of it. */
function writeFirst(folder: string, file: FileResource, content: Value): void {
  try {
    write(folder, file, content);
  } catch (error) {
    if (error instanceof MachineFault) throw error;
    throw new MachineFault(`the file \`${file.path}\` cannot be written: ${whyOf(error)}`);
  }
}

/** A command may have made in it what cannot be removed. */
function removed(folder: string): string | undefined {
  try {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    return `the run's folder ${folder} could not be removed: ${whyOf(error)}`;
  }
}

function contentOf(folder: string, file: FileResource): [string, Value][] {
  if (!existsSync(join(folder, file.path))) return [];
  try {
    return [[file.name, read(folder, file)]];
  } catch (error) {
    return [[file.name, error instanceof Error ? error.message : String(error)]];
  }
}

/** A place inside of the workspace, whatever links a command may have put there; its folders are made. */
function pathOf(folder: string, { path }: FileResource): string {
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

function read(folder: string, file: FileResource): Value {
  const text = readText(folder, file);
  if (file.format === 'text') return text;
  try {
    return valueFromParsed(parse(text, { intAsBigInt: true, maxAliasCount: 100 }));
  } catch (error) {
    const why = error instanceof RangeError ? 'it nests too deeply' : firstLineOf(error);
    throw new ScenarioError('ValueError', `${file.path} is not ${file.format}: ${why}`);
  }
}

/** Of a file: not even read where no value can hold it. */
const MOST_BYTES = MOST_VALUE_WORDS * Int32Array.BYTES_PER_ELEMENT;

function firstLineOf(error: unknown): string | undefined {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

function readText(folder: string, file: FileResource): string {
  const shown = file.path;
  try {
    const path = pathOf(folder, file);
    if (statSync(path).size > MOST_BYTES) throw new ScenarioError(fileTooLarge.name, fileTooLarge.message);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    throwLack('read', shown, error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new ScenarioError('FileNotFoundError', `[Errno 2] No such file or directory: '${shown}'`);
    throw new ScenarioError('OSError', `${shown}: ${code ?? String(error)}`);
  }
}

/**
 * Parsed data has the shapes of values already; going through the codec checks it.
 *
 * @throws Error where it is no value of a scenario
 */
function valueFromParsed(data: unknown): Value {
  const value = decode(encode((data ?? null) as Value));
  check(value);
  return value;
}

/** @throws Error where it is beyond what values can be */
function check(value: Value): void {
  if (typeof value === 'bigint' && !fitsInteger(value)) throw new Error(`${value} is no integer of 64 bits`);
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && Object.hasOwn(value, impossibleKey))
    throw new Error(`\`${impossibleKey}\` cannot be a key of a map`);
  for (const one of Object.values(value)) check(one);
}

function write(folder: string, file: FileResource, value: Value): void {
  try {
    writeFileSync(pathOf(folder, file), textOf(file, value));
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    throwLack('write', file.path, error);
    throw new ScenarioError(
      'OSError',
      `${file.path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}

/** @throws MachineFault where it is the machine that is in the way */
function throwLack(verb: 'read' | 'write', shown: string, error: unknown): void {
  const lack = lackIn(error);
  if (lack !== undefined)
    throw new MachineFault(`the system refused to ${verb} the file \`${shown}\`: ${lack}`);
}

function textOf({ format }: FileResource, value: Value): string {
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
