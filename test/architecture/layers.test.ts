/**
 * The layers of the architecture, enforced: who may import whom, type-only imports included, and no import cycle.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What each layer may import besides itself: other layers, then packages. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  source: [],
  diagnostic: ['source', 'get-east-asian-width'],
  document: ['source', 'diagnostic', 'yaml', 'ajv'],
  expression: ['source', 'diagnostic', 'document', '@marcbachmann/cel-js'],
  plan: ['source', 'diagnostic', 'document', 'expression'],
  log: ['source', 'expression', 'plan'],
  kernel: ['expression', 'plan', 'log'],
  machine: ['expression', 'plan', 'log', 'kernel'],
  simulate: ['expression', 'plan', 'log', 'kernel', 'machine'],
  explore: ['expression', 'plan', 'log', 'kernel', 'machine', 'simulate', 'source'],
  hosts: ['expression', 'plan', 'log', 'kernel', 'machine', 'simulate', 'tinypool', 'koffi', 'yaml', 'node:'],
  verdict: ['expression', 'plan', 'log', 'kernel', 'source'],
  report: [
    'source',
    'diagnostic',
    'expression',
    'plan',
    'log',
    'verdict',
    'listr2',
    'yaml',
    'fast-xml-builder',
  ],
  replay: ['expression', 'plan', 'log', 'machine', 'simulate', 'explore', 'hosts', 'verdict'],
  engine: [
    'source',
    'diagnostic',
    'document',
    'expression',
    'plan',
    'log',
    'kernel',
    'machine',
    'simulate',
    'explore',
    'hosts',
    'verdict',
    'replay',
    'report',
    'node:',
  ],
  cli: ['engine', 'commander', 'tinyglobby', 'node:'],
};

/** Public entries: the only files of their layer that others above may import. */
const entries: Readonly<Record<string, readonly string[]>> = {
  engine: [
    'engine/index.ts',
    'engine/command.ts',
    'engine/prepare.ts',
    'engine/harmless.ts',
    'engine/machine-fault.ts',
  ],
};

/** What starts the bundles knows nothing of them: it loads each with its code cache. */
const exceptions = new Set([
  'cli/start.ts → engine/hosts/cached-script.ts',
  'cli/start.ts → engine/hosts/v8-flags.ts',
]);

type Import = { readonly from: string; readonly to: string };

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file))
    .map((file) => join(folder, file));
}

const files = ['engine', 'cli'].flatMap(sourceFiles);

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    return {
      from: file,
      to: name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name,
    };
  });
}

function layerOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top !== 'engine') return top;
  return second.endsWith('.ts') ? 'engine' : second;
}

function isAllowed({ from, to }: Import): boolean {
  if (exceptions.has(`${from} → ${to}`)) return true;
  const own = layerOf(from);
  const names = allowed[own] ?? [];
  if (to.startsWith('node:')) return names.includes('node:');
  const isFile = to.endsWith('.ts') || to.endsWith('.js');
  if (!isFile) return names.some((name) => to === name || to.startsWith(`${name}/`));
  const target = layerOf(to);
  if (target === own) return true;
  return names.includes(target) && (entries[target] ?? [to]).includes(to);
}

const imports = files.flatMap(importsOf);

describe('layers', () => {
  test('the files were found', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  test('every file belongs to a layer', () => {
    expect(files.filter((file) => allowed[layerOf(file)] === undefined)).toEqual([]);
  });

  test('no import against the direction', () => {
    expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('no import cycle', () => {
    expect(cycles()).toEqual([]);
  });

  test('no barrels, no dumping grounds', () => {
    const barrels = files.filter((file) => file.endsWith('/index.ts') && file !== 'engine/index.ts');
    const grounds = files.filter((file) => /(^|\/)(utils?|common|types|helpers)(\/|\.ts$)/.test(file));
    expect([...barrels, ...grounds]).toEqual([]);
  });

  test('no folder is a heap', () => {
    const sizes = new Map<string, number>();
    for (const file of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
    expect(Array.from(sizes).filter(([, count]) => count > 25)).toEqual([]);
  });
});

/** Without comments and texts. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, '');
}

test('no limit is kept by `AbortSignal.timeout`: Node forgets one that only `AbortSignal.any` refers to', () => {
  expect(files.filter((file) => code(file).includes('AbortSignal.timeout'))).toEqual([]);
});

describe('what is injected is not reached for', () => {
  const pure = files.filter((file) =>
    /^engine\/(source|diagnostic|document|expression|plan|log|kernel|machine|simulate|explore|verdict)\//.test(
      file,
    ),
  );

  test.each([
    ['the clock', /Date\.now|new Date\b|\bperformance\.now|\bsetTimeout\b|\bsetImmediate\b/],
    ['randomness', /Math\.random|crypto/],
    ['the console', /\bconsole\./],
    ['asynchrony', /\basync\s*(\(|function)|\bawait\s+\w/],
  ])('%s', (_, pattern) => {
    expect(pure.filter((file) => pattern.test(code(file)))).toEqual([]);
  });
});

function cycles(): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports)
    if (to.endsWith('.ts')) targets.set(from, [...(targets.get(from) ?? []), to]);
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'open') found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (state.has(file)) return;
    state.set(file, 'open');
    for (const next of targets.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  return found;
}
