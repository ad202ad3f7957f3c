/**
 * Builds everything that is not TypeScript as it stands: the schema, its validators and types, the bundles that ship.
 *
 * `node build.js` builds all; `node build.js --generate` only what type checking and tests need, and the docs' page of all
 * keys, which a test compares.
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: false,
  logLevel: 'warning',
  metafile: true,
  external: ['koffi'],
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

/**
 * commander can run subcommands as programs, tinypool its workers as processes, which ours are not: loading what that takes
 * is a twentieth of a short command's time. A worker begins with a `.cjs`: for that, Node looks for no `package.json`, which
 * it takes for missing or broken where it has too few descriptors.
 */
const withoutPrograms = {
  name: 'without-programs',
  setup({ onLoad }) {
    replace(onLoad, /commander\/lib\/command\.js$/, { "require('node:child_process')": '{}' });
    replace(onLoad, /tinypool\/dist\/index\.js$/, {
      'import { fork } from "node:child_process";': 'let fork;',
      'entry/worker.js': 'entry/worker.cjs',
    });
  },
};

/** A worker of tinypool measures its memory after each run, for a limit that ours has not; without `/proc` that fails. */
const withoutMeasuring = {
  name: 'without-measuring',
  setup({ onLoad }) {
    replace(onLoad, /tinypool\/dist\/entry\/worker\.js$/, {
      'process.memoryUsage.bind(process)': '() => ({ heapUsed: 0 })',
    });
  },
};

function replace(onLoad, filter, texts) {
  onLoad({ filter }, async ({ path }) => {
    let contents = await readFile(path, 'utf8');
    for (const [text, instead] of Object.entries(texts)) {
      if (!contents.includes(text)) throw new Error(`${path} has changed: there is no ${text}`);
      contents = contents.replace(text, instead);
    }
    return { contents, loader: 'js' };
  });
}

/** The public API is a module; what is heavy (listr2, ajv's runtime) is loaded late, from chunks. */
async function bundleLibrary() {
  return build({
    ...shared,
    entryPoints: { index: 'engine/index.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
    minifySyntax: true,
    chunkNames: '[name]-[hash]',
    plugins: [withoutPrograms],
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
  });
}

/** The command and the carriers are scripts, in one piece each, for their code caches. */
async function bundleScripts() {
  const scripts = { ...shared, outdir: 'dist', format: 'cjs', minifyWhitespace: true, minifySyntax: true };
  // It tells a Node that is too old so, and must be read by it.
  await build({ ...scripts, target: 'node16', entryPoints: { concur: 'cli/start.ts' } });
  const command = await build({
    ...scripts,
    entryPoints: { 'concur-main': 'cli/concur.ts' },
    plugins: [withoutPrograms],
    define: { 'import.meta.url': 'urlOfBundle' },
    banner: { js: "const urlOfBundle = require('node:url').pathToFileURL(__filename).href;" },
  });
  const carriers = await build({
    ...scripts,
    entryPoints: {
      carrier: 'engine/hosts/real/carrier-start.ts',
      'carrier-main': 'engine/hosts/real/carrier.ts',
      'call-worker': 'engine/hosts/calls/call-worker.ts',
    },
    outExtension: { '.js': '.cjs' },
  });
  await build({
    ...scripts,
    entryPoints: { 'entry/worker': 'node_modules/tinypool/dist/entry/worker.js' },
    outExtension: { '.js': '.cjs' },
    supported: { 'dynamic-import': false },
    plugins: [withoutMeasuring],
  });
  await toCacheable('dist/concur-main.js', command);
  await toCacheable('dist/carrier-main.cjs', carriers);
  await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
  await chmod('dist/concur.js', 0o755);
  return command;
}

/** The licences of all packages that are in the bundles, as they ask for it. */
async function writeLicences(bundles) {
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.flatMap((file) => file.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/g) ?? []));
  const texts = Array.from(packages)
    .sort()
    .map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
      const [file] = (await readdir(folder)).filter((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file === undefined ? `Licensed under ${license}.\n` : await readFile(`${folder}/${file}`, 'utf8');
      return `${name} ${version}\n\n${text}`;
    });
  await writeFile('dist/licences.txt', (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`));
}

/**
 * For scripts that are loaded from a code cache. Text that is ASCII is read, and kept by V8, in half the time and room (the
 * bundler leaves other text in regular expressions); and an `import()` is that of their loader. What looks like one and is none,
 * or is written in another way than the bundler wrote them so far, fails the build.
 */
async function toCacheable(file, { metafile }) {
  const text = await readFile(file, 'utf8');
  // What `log/int.ts` says of a word must cost nothing.
  if (/function int\d*\(/.test(text)) throw new Error(`${file} calls int() where its argument should be`);
  const found = [];
  const imported = text.replace(/\bimport\("([^"\\]+)"/g, (_, name) => {
    found.push(name);
    return `importModule("${name}"`;
  });
  const meant = metafile.outputs[file].imports.filter(({ kind }) => kind === 'dynamic-import');
  const names = meant.map(({ path }) => path);
  if (found.sort().join() !== names.sort().join())
    throw new Error(`${file} imports [${names}] late, and in its text there is import() of [${found}]`);
  const escaped = imported.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== text) await writeFile(file, escaped);
}

async function bundle() {
  await rm('dist', { recursive: true, force: true });
  await mkdir('dist', { recursive: true });
  await writeLicences([await bundleLibrary(), await bundleScripts()]);
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
