/**
 * What the docs show is true: every example runs, what a command is shown to print is what it prints, links lead somewhere.
 *
 * `fences.ts` says what the words after `yaml` mean. A `console` fence shows a command and its output; the file it names
 * is the scenario in the fence before it.
 *
 * All run in virtual time with a seed, where even durations are certain. `CONCUR_UPDATE_DOCS=1` writes what commands
 * print into the pages, instead of comparing.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verbNames } from '../../engine/document/language/verbs.ts';
import { command, concur, root } from './concur-command.ts';
import { completed, exitCodes, fencesOf } from './fences.ts';

const directory = mkdtempSync(join(tmpdir(), 'concur-docs-'));

/** The command where npx finds it, in a project that has it installed. */
function asNpxStarts(): string {
  const folder = join(directory, 'node_modules/.bin');
  const link = join(folder, 'concur');
  if (!existsSync(link)) {
    mkdirSync(folder, { recursive: true });
    symlinkSync(join(root, 'dist/concur.js'), link);
  }
  return link;
}
afterAll(() => rmSync(directory, { recursive: true }));

describe.each([
  'README.md',
  'docs/language.md',
  'docs/commands.md',
  'docs/ci.md',
  'docs/check.md',
  'docs/fairness.md',
  'docs/replay.md',
])('%s', { concurrent: true }, (page) => {
  const fences = fencesOf(readFileSync(join(root, page), 'utf8'));
  const examples = fences.filter(({ language, word }) => language === 'yaml' && word in exitCodes);
  const prelude = fences.find(({ word }) => word === 'prelude')?.text ?? '';

  it('has examples', ({ expect }) => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.for(examples)('line $line: $word', async ({ word, text, line }, { expect }) => {
    const path = join(directory, `${page.replace('/', '-')}-${line}.yaml`);
    writeFileSync(path, completed(word, text, prelude));
    const ended = await concur('run', '--virtual', '--seed', '1', path);
    expect(ended.code, ended.stdout + ended.stderr).toBe(exitCodes[word]);
  });

  const shown = fences.filter(({ language }) => language === 'console');
  it.for(shown)('line $line: what the command prints', async ({ text, before, line }, { expect }) => {
    const { 1: args = '', 2: output } = /^\$ npx concur ([^\n]*)\n(.*)$/s.exec(text) ?? [];
    const words = args.split(' ');
    const cwd = mkdtempSync(join(directory, `console-${line}-`));
    writeFileSync(join(cwd, words.at(-1) ?? ''), before);
    const { stdout, stderr } = await command(process.execPath, [asNpxStarts(), ...words], { cwd });
    const printed = (stdout + stderr).trim();
    if (process.env['CONCUR_UPDATE_DOCS'] === '1') {
      replaceIn(page, text, `$ npx concur ${args}\n${printed}\n`);
    } else {
      expect(timeless(words, printed)).toBe(timeless(words, output?.trim() ?? ''));
    }
  });
});

/** How long a search took is no two times the same. */
function timeless([verb]: readonly string[], text: string): string {
  return verb === 'check' ? text.replaceAll(/ in \d+\.\d\d s/g, '') : text;
}

describe('docs/language.md', () => {
  const page = readFileSync(join(root, 'docs/language.md'), 'utf8');

  it.each(verbNames.filter((verb) => verb !== 'then'))('has the verb %s', (verb) => {
    expect(page).toMatch(new RegExp(`\`${verb}[:\`]`));
  });
});

describe('links', () => {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];

  it.each(pages)('of %s lead to files and headings that are there', (page) => {
    const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(
      ([, to = '']) => to,
    );
    expect(links.filter((to) => !/^https?:/.test(to) && !isThere(page, to))).toEqual([]);
  });
});

function isThere(page: string, to: string): boolean {
  const [file = '', anchor] = to.split('#');
  const path = file === '' ? join(root, page) : join(root, dirname(page), file);
  if (!existsSync(path)) return false;
  return anchor === undefined || anchorsOf(readFileSync(path, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

function replaceIn(page: string, old: string, wanted: string): void {
  const path = join(root, page);
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(old, () => wanted),
  );
}
