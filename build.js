/**
 * Builds everything that is not TypeScript as it stands: the schema, its validators and types, the bundles that ship.
 *
 * `node build.js` builds all; `node build.js --generate` only what type checking and tests need.
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: false,
  logLevel: 'warning',
  external: ['koffi', 'tinypool'],
};

/** The generator is TypeScript: bundle it to a temporary module beside its dependencies and run it. */
async function generate() {
  const outfile = 'node_modules/.cache/concur/generate.mjs';
  await build({
    ...shared,
    entryPoints: ['schemas/generate.ts'],
    outfile,
    format: 'esm',
    packages: 'external',
  });
  const { generate: run } = await import(pathToFileURL(outfile).href);
  await run();
}

/** The command and the public API share their chunks; what is heavy (listr2, ajv's runtime) is loaded late. */
async function bundle() {
  await rm('dist', { recursive: true, force: true });
  await mkdir('dist', { recursive: true });
  await build({
    ...shared,
    entryPoints: { concur: 'cli/concur.ts', index: 'engine/index.ts' },
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
  });
  await build({
    ...shared,
    entryPoints: {
      carrier: 'engine/hosts/carrier-start.ts',
      'carrier-main': 'engine/hosts/carrier.ts',
      'call-worker': 'engine/hosts/call-worker.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  await chmod('dist/concur.js', 0o755);
}

/** A run of a scenario with threads leaves V8's code cache of the carrier beside its bundle. Without it all works, later. */
function cacheCarrier() {
  const run = ['dist/concur.js', 'run', '--quiet', 'scenarios/queue-fifo.yaml'];
  spawnSync(process.execPath, run, {
    env: { ...process.env, CONCUR_WRITE_CODE_CACHE: '1' },
    stdio: 'ignore',
  });
}

await generate();
if (!process.argv.includes('--generate')) {
  await bundle();
  cacheCarrier();
}
