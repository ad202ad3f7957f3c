/**
 * Builds everything that is not TypeScript as it stands: the schema, its validators and types, the bundles that ship.
 *
 * `node build.js` builds all; `node build.js --generate` only what type checking and tests need, and the docs' page of all
 * keys, which a test compares.
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  await run({ withPages: process.argv.includes('--generate') });
}

/** The public API is a module; what is heavy (listr2, ajv's runtime) is loaded late, from chunks. */
async function bundleLibrary() {
  await build({
    ...shared,
    entryPoints: { index: 'engine/index.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
  });
}

/**
 * commander can run subcommands as programs of their own, which ours are not: loading what that takes is a twentieth of a
 * short command's time.
 */
const withoutPrograms = {
  name: 'commander-without-programs',
  setup({ onLoad }) {
    onLoad({ filter: /commander\/lib\/command\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace("require('node:child_process')", '{}'),
      loader: 'js',
    }));
  },
};

/** The command and the carriers are scripts, in one piece each, for their code caches. */
async function bundleScripts() {
  const scripts = { ...shared, outdir: 'dist', format: 'cjs', minifyWhitespace: true, minifySyntax: true };
  await build({ ...scripts, entryPoints: { concur: 'cli/start.ts' } });
  await build({
    ...scripts,
    entryPoints: { 'concur-main': 'cli/concur.ts' },
    plugins: [withoutPrograms],
    define: { 'import.meta.url': 'urlOfBundle' },
    banner: { js: "const urlOfBundle = require('node:url').pathToFileURL(__filename).href;" },
  });
  await build({
    ...scripts,
    entryPoints: {
      carrier: 'engine/hosts/carrier-start.ts',
      'carrier-main': 'engine/hosts/carrier.ts',
      'call-worker': 'engine/hosts/call-worker.ts',
    },
    outExtension: { '.js': '.cjs' },
  });
  await Promise.all(['dist/concur-main.js', 'dist/carrier-main.cjs'].map(toCacheable));
  await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
  await chmod('dist/concur.js', 0o755);
}

/**
 * For scripts that are loaded from a code cache. Text that is ASCII is read, and kept by V8, in half the time and room (the
 * bundler leaves other text in regular expressions); and an `import()` is that of their loader.
 */
async function toCacheable(file) {
  const text = await readFile(file, 'utf8');
  const imported = text.replace(/\bimport\((?=")/g, 'importModule(');
  const escaped = imported.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== text) await writeFile(file, escaped);
}

async function bundle() {
  await rm('dist', { recursive: true, force: true });
  await mkdir('dist', { recursive: true });
  await bundleLibrary();
  await bundleScripts();
}

/**
 * A run of a scenario with threads leaves V8's code cache of the command and of the carrier beside their bundles. Without
 * them all works, later.
 */
function writeCaches() {
  const run = ['dist/concur.js', 'run', '--quiet', 'scenarios/queue-fifo.yaml'];
  spawnSync(process.execPath, run, {
    env: { ...process.env, CONCUR_WRITE_CODE_CACHE: '1' },
    stdio: 'ignore',
  });
}

await generate();
if (!process.argv.includes('--generate')) {
  await bundle();
  writeCaches();
}
