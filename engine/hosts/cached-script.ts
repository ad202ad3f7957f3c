/**
 * Loads a CommonJS file with V8's code cache beside it: what was compiled once need not be compiled in each process.
 *
 * The cache is made together with the file by the build, after a run, so that it holds the functions that a run uses.
 * V8 takes it for the same version and flags only; otherwise the file is compiled as ever. It does not compare the text,
 * so a cache never outlives its file. The file is ASCII, as the build sees to: it is read as what is read the quickest.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

export type CachedScript = {
  /** What the file exports. */
  readonly exports: unknown;
  /** Whether the cache was there and V8 took it. */
  readonly fromCache: boolean;
  /** Writes all that is compiled by now as the file's cache, in one moment. */
  readonly save: () => void;
};

type Wrapper = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  folder: string,
  importModule: (name: string) => Promise<unknown>,
) => void;

/** @throws whatever the file throws */
export function loadCachedScript(file: string): CachedScript {
  const cachedData = readIfThere(cacheOf(file));
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname, importModule) {${readFileSync(file, 'latin1')}\n})`,
    { filename: file, ...(cachedData === undefined ? {} : { cachedData }) },
  );
  const save = () => {
    const { threadId } = createRequire(file)('node:worker_threads');
    const temporary = `${cacheOf(file)}.${process.pid}.${threadId}`;
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, cacheOf(file));
  };
  const module = { exports: {} as unknown };
  const run = script.runInThisContext() as Wrapper;
  // A script from the cache has lost its way to `import()`: its bundle calls this one, which stands in a file of its own.
  const importModule = (name: string) => import(name);
  run(module.exports, createRequire(file), module, file, dirname(file), importModule);
  return { exports: module.exports, fromCache: script.cachedDataRejected === false, save };
}

function cacheOf(file: string): string {
  return `${file}.cache`;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
