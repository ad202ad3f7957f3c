/**
 * What ships as the carriers' entry: the carrier's bundle beside it (`carrier.ts`), loaded with its code cache, which
 * saves each child and each worker a good part of its start.
 *
 * Loading is running in a child process: the bundle does all its work there and ends the process. In a worker it is called.
 */
import { join } from 'node:path';
import { loadCachedScript } from '../cached-script.ts';

/** Set by the build, for one run of a scenario with threads: a worker then writes the cache when it has done its work. */
const WRITES_CACHE = 'CONCUR_WRITE_CODE_CACHE';

const bundle = loadCachedScript(join(__dirname, 'carrier-main.cjs'));
const carrier = bundle.exports as { readonly default: (input: unknown) => unknown };

// biome-ignore lint/style/noDefaultExport: tinypool calls a worker file's default export
export default function carry(input: unknown): unknown {
  const result = carrier.default(input);
  if (input !== null && process.env[WRITES_CACHE] === '1') bundle.save();
  return result;
}
