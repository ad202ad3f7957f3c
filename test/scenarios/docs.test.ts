/**
 * The examples in the docs are valid. A fence says by the word after `yaml` what it is: `scenario`, or a fragment,
 * `steps` or `part`, which stands in the scenario of the page's fence `prelude`. A `yaml` fence without a word is no
 * scenario.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { concur, root } from './concur-command.ts';

type Fence = { readonly word: string; readonly text: string; readonly line: number };
type Sections = { readonly [key: string]: unknown };

const directory = mkdtempSync(join(tmpdir(), 'concur-docs-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe.each(['README.md', 'docs/language.md'])('%s', (page) => {
  const fences = fencesOf(readFileSync(join(root, page), 'utf8'));
  const prelude = fences.find(({ word }) => word === 'prelude')?.text ?? '';

  it('has examples', () => {
    expect(fences.filter(({ word }) => word === 'scenario').length).toBeGreaterThan(0);
  });

  it.concurrent.each(fences.filter(({ word }) => word !== ''))(
    'line $line: $word',
    async ({ word, text, line }) => {
      const path = join(directory, `${page.replace('/', '-')}-${line}.yaml`);
      writeFileSync(path, completed(word, text, prelude));
      const ended = await concur('validate', path);
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    },
  );
});

function fencesOf(markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^```yaml ?(\w*)\n(.*?)^```$/gms)].map(
    ({ 1: word = '', 2: text = '', index }) => ({
      word,
      text,
      line: markdown.slice(0, index).split('\n').length,
    }),
  );
}

/** A fragment in its place; a scenario as it stands. */
function completed(word: string, text: string, prelude: string): string {
  switch (word) {
    case 'scenario':
    case 'prelude':
      return text;
    case 'steps':
      return `${prelude}\nmain:\n${text}`;
    case 'part':
      return stringify(merged(parse(prelude) as Sections, parse(text) as Sections));
    default:
      throw new Error(`unknown word after \`\`\`yaml: ${word}`);
  }
}

/** The sections of both; where both have one, the entries of both. */
function merged(one: Sections, other: Sections): Sections {
  const sections: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) sections[key] = mergedSection(one[key], value);
  return sections;
}

function mergedSection(one: unknown, other: unknown): unknown {
  return { ...entries(one), ...entries(other) };
}

/** A list of names is a section too. */
function entries(section: unknown): Sections {
  if (Array.isArray(section)) return Object.fromEntries(section.map((name) => [String(name), null]));
  return (section ?? {}) as Sections;
}
