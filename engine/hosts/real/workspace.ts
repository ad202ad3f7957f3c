/**
 * The folder of a run: its files are really on disk, and gone when the run is over.
 *
 * Files are read and written one after the other, so that nobody reads what is half written.
 */
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Value } from '../../expression/values/value.ts';
import type { FileResource, Plan } from '../../plan/plan.ts';
import { MachineFault, whyOf } from '../machine-fault.ts';
import { uniqueName } from '../processes/unique-name.ts';
import { fileError, pathOf, readValue, textOf, writeValue } from './run-file.ts';

export type Workspace = {
  readonly folder: string;
  /** What every command finds in its environment: where the run's files are, and where the scenario's own file lies. */
  readonly environment: Readonly<Record<'CONCUR_WORKSPACE' | 'CONCUR_SCENARIO_FOLDER', string>>;
  /** @throws ScenarioError `FileNotFoundError`, `ValueError` where the content is not in the file's format */
  readonly load: (file: number) => Promise<Value>;
  /** @throws ScenarioError `OSError` */
  readonly save: (file: number, value: Value) => Promise<void>;
  /** What the files hold now, by name; those that are not there are missing. */
  readonly contents: () => Promise<Readonly<Record<string, Value>>>;
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
  const inTurn = createTurns();
  return {
    folder,
    environment: { CONCUR_WORKSPACE: folder, CONCUR_SCENARIO_FOLDER: resolve(dirname(plan.file)) },
    load: (id) => inTurn(() => readValue(folder, fileOf(id))),
    save: (id, value) => inTurn(() => writeValue(folder, fileOf(id), value)),
    contents: () => inTurn(() => contentsOf(folder, declared)),
    close: () => removed(folder),
  };
}

/** Who does something begins when those before are done, whatever came of it. */
function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
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
    writeFileSync(pathOf(folder, file), textOf(file, content));
  } catch (error) {
    const fault = fileError(error, 'write', file.path);
    if (fault instanceof MachineFault) throw fault;
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

async function contentsOf(
  folder: string,
  files: readonly FileResource[],
): Promise<Readonly<Record<string, Value>>> {
  const contents: [string, Value][] = [];
  for (const file of files)
    if (existsSync(join(folder, file.path))) contents.push([file.name, await contentOf(folder, file)]);
  return Object.fromEntries(contents);
}

async function contentOf(folder: string, file: FileResource): Promise<Value> {
  try {
    return await readValue(folder, file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
