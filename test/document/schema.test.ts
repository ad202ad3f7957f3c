/**
 * The schema for editors: committed as it is generated, a valid schema, and of one mind with the loader.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { verbNames, verbTable } from '../../engine/document/language/verbs.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { schemaText } from '../../schemas/generate.ts';
import { referencePage } from '../../schemas/reference-page.ts';

const committed = readFileSync(new URL('../../schemas/scenario.schema.json', import.meta.url), 'utf8');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
ajv.addSchema(JSON.parse(committed), 'scenario');
const accepts = (scenario: unknown): boolean => ajv.getSchema('scenario')?.(scenario) === true;

test('schemas/scenario.schema.json is current: `node build.js --generate` writes it', () => {
  expect(committed).toBe(schemaText());
});

describe('docs/reference.md', () => {
  const page = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');

  test('is current: `node build.js --generate` writes it', () => {
    expect(page).toBe(referencePage());
  });

  test('has a section for every verb', () => {
    const headings = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, verb]) => verb);
    expect(headings.toSorted()).toEqual(verbNames.toSorted());
  });

  test('its links lead to its own headings, or to those of docs/language.md', () => {
    const language = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
    const anchors = new Set([
      ...anchorsOf(page).map((anchor) => `#${anchor}`),
      ...anchorsOf(language).map((anchor) => `language.md#${anchor}`),
      'language.md',
    ]);
    const links = [...page.matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('every example in the schema is valid where it stands', () => {
  const examples = examplesIn(JSON.parse(committed), '');
  expect(examples.length).toBeGreaterThan(200);
  for (const { path, example } of examples) {
    const validate = ajv.getSchema(`scenario#${path}`);
    expect([path, example, validate?.(example)]).toEqual([path, example, true]);
  }
});

type Example = { readonly path: string; readonly example: unknown };

function examplesIn(node: unknown, path: string): readonly Example[] {
  if (typeof node !== 'object' || node === null) return [];
  const own =
    'examples' in node && Array.isArray(node.examples)
      ? node.examples.map((example) => ({ path, example }))
      : [];
  const inner = Object.entries(node).filter(([key]) => key !== 'examples');
  return [
    ...own,
    ...inner.flatMap(([key, value]) => examplesIn(value, `${path}/${encodeURIComponent(key)}`)),
  ];
}

describe('one mind with the loader', () => {
  const bad = new URL('./bad/', import.meta.url);
  /** What a schema cannot see: YAML itself, names across sections, reserved words, ranges that run backwards. */
  const unseen =
    /^(?:yaml-|duplicate-|reserved-name|several-documents|bad-merge|bad-key|circular-alias|unknown-alias|number-out-of-range)/;

  const files = readdirSync(bad)
    .map((file) => ({ file, text: readFileSync(new URL(file, bad), 'utf8') }))
    .filter(({ text }) => !/\[(?:yaml|several|unknown-alias|circular)/.test(text))
    .filter(({ file, text }) =>
      loadDocument({ file, text }).diagnostics.some(({ code }) => !unseen.test(code)),
    );
  test.each(files)('refuses $file', ({ text }) => {
    expect(accepts(parse(text, { merge: true, uniqueKeys: false }))).toBe(false);
  });

  test('accepts the scenario of the reference', () => {
    const text = readFileSync(new URL('./good/toilet.yaml', import.meta.url), 'utf8');
    expect(accepts(parse(text))).toBe(true);
  });

  test.each(verbNames)('accepts the example of %s', (verb) => {
    expect(accepts({ concur: 1, main: parse(verbTable[verb].example) })).toBe(true);
  });

  const pieces: readonly (readonly [yaml: string, isGood: boolean])[] = [
    ['locks: [a]', true],
    ['locks: { a: rlock }', true],
    ['locks: { a: rlok }', false],
    ['locks: { a: { fair: true } }', true],
    ['locks: { a: { fare: true } }', false],
    ['locks:', true],
    ['semaphores: { a: "${{ params.n }}" }', true],
    ['semaphores: { a: n }', false],
    ['vars: { a: { value: { b: 1 } } }', true],
    ['vars: { a: { b: 1 } }', false],
    ['barriers: { a: { timeout: 1s } }', false],
    ['tasks: { a: { run: true } }', true],
    ['tasks: { a: { run: x, steps: [] } }', false],
    ['tasks: { a: {} }', false],
    ['tasks: { a: { steps: [break] } }', true],
    ['tasks: { a: { steps: [brake] } }', false],
    ['tasks: { a: { steps: { print: x, sleep: 1s } } }', false],
    ['tasks: { a: { steps: { print: x, timeout: 1s } } }', false],
    ['tasks: { a: { steps: { get: x, timeout: 1 } } }', false],
    ['tasks: { a: { steps: { get: x, timeout: 1s, as: y, if: true, id: z } } }', true],
    ['tasks: { a: { steps: { with: x, do: { with: [y, z], do: [] } } } }', true],
    ['tasks: { a: { steps: { with: x } } }', false],
    ['tasks: { a: { needs: [b] , run: x } }', true],
    ['tasks: { a: { needs: { b: opened }, run: x } }', false],
    ['expect: { tasks: { a: finished, b: [failed], c: { finished: 1 } } }', true],
    ['expect: { deadlock: null }', false],
    ['cases: [ { expect: { deadlock: null } } ]', true],
  ];
  test.each(pieces)('%s', (yaml, isGood) => {
    const text = `concur: 1\nmain: []\n${yaml}\n`;
    expect(accepts(parse(text))).toBe(isGood);
    expect(loadDocument({ file: 'test.yaml', text }).document !== undefined).toBe(isGood);
  });
});
