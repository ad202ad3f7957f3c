/**
 * Any text at all gives a document or an error, soon, and never throws.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../engine/diagnostic/finding.ts';
import { renderAll } from '../../engine/diagnostic/render.ts';
import { limits } from '../../engine/document/limits.ts';
import { loadDocument } from '../../engine/document/load.ts';

function codesIn(text: string): readonly string[] {
  const source = { file: 'test.yaml', text };
  const { document, diagnostics } = loadDocument(source);
  const isFine = !diagnostics.some(({ severity }) => severity === 'error');
  expect(document !== undefined).toBe(isFine);
  expect(diagnostics).toEqual(inOrder(diagnostics));
  expect(diagnostics.length).toBeLessThanOrEqual(limits.findings + 1);
  for (const { span } of diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
  }
  expect(renderAll(diagnostics, source, { columns: 20 })).toBeTypeOf('string');
  return diagnostics.map(({ code }) => code);
}

const head = 'concur: 1\nmain: []\n';
const big = limits.text - 100;

describe('hostile text', () => {
  const nested = Array.from({ length: 20_000 }, (_, depth) => `${' '.repeat(Math.min(depth, 10))}a:`).join(
    '\n',
  );
  const cases: readonly (readonly [name: string, text: string, code: string])[] = [
    ['nothing', '', 'empty-file'],
    ['white space', ' \n\n', 'empty-file'],
    ['a comment', '# concur: 1\n', 'empty-file'],
    ['only a marker', '---\n', 'empty-file'],
    ['10 MB', `${head}# ${'x'.repeat(10_000_000)}`, 'file-too-large'],
    ['20,000 levels in brackets', `${head}vars: { a: ${'['.repeat(20_000)}`, 'too-deep'],
    ['20,000 levels of lists', `${head}vars: \n  - ${'- '.repeat(20_000)}x`, 'too-deep'],
    ['20,000 levels of keys', `${head}vars:\n${nested}`, 'duplicate-key'],
    ['20,000 levels of explicit keys', `${head}vars:\n  ${'? '.repeat(20_000)}`, 'too-deep'],
    ['a NUL', `${head}name: a\u0000b\n`, 'control-character'],
    ['an escape sequence', `${head}name: "\u001b[31mred"\n`, 'control-character'],
    ['half a surrogate pair', `${head}name: "\ud800"\n`, 'control-character'],
    ['carriage returns alone', 'concur: 1\rmain: []\r', 'control-character'],
    [
      'a bomb of aliases',
      `${head}vars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 20 }, (_, i) => `  a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`).join('\n')}\n`,
      'aliases-too-large',
    ],
    [
      'a bomb of merge keys',
      `${head}vars:\n  a0: &a0 { value: [x, x, x, x] }\n${Array.from({ length: 25 }, (_, i) => `  a${i + 1}: &a${i + 1} { value: [ { <<: *a${i} }, { <<: *a${i} } ] }`).join('\n')}\n`,
      'aliases-too-large',
    ],
    [
      'a chain of aliases',
      `${head}vars:\n  a0: &a0 [x]\n${Array.from({ length: 400 }, (_, i) => `  a${i + 1}: &a${i + 1} [*a${i}]`).join('\n')}\n`,
      'too-deep',
    ],
    ['many wrong entries', `${head}tags: [${'[],'.repeat(9000)}]\n`, 'too-many-findings'],
    ['many entries', `${head}tags: [${'a,'.repeat(20_000)}]\n`, 'too-many-entries'],
    [
      'many keys',
      `${head}vars: {${Array.from({ length: 20_000 }, (_, i) => `a${i}: 1`).join(',')}}\n`,
      'too-many-entries',
    ],
    ['many wrong steps', `concur: 1\nmain:\n${'- x\n'.repeat(50_000)}`, 'too-many-findings'],
    ['many duplicates', `${head}vars:\n${'  a: 1\n'.repeat(20_000)}`, 'too-many-findings'],
    [
      'many unknown keys',
      `${head}${Array.from({ length: 10_000 }, (_, i) => `a${i}: 1`).join('\n')}\n`,
      'too-many-findings',
    ],
    ['a long key', `${head}${'x'.repeat(big)}: 1\n`, 'yaml-syntax'],
    ['a long unknown key', `${head}? ${'x'.repeat(big)}\n: 1\n`, 'unknown-key'],
    ['a long name', `${head}vars: { ? ${'-'.repeat(big)} : 1 }\n`, 'bad-name'],
    ['a long number', `${head}seed: ${'9'.repeat(200_000)}\n`, 'number-out-of-range'],
    ['a long text where a duration belongs', `${head}timeout: ${'1s'.repeat(100_000)}x\n`, 'bad-duration'],
    ['unclosed quotes', `${head}name: "${'\\a'.repeat(100_000)}`, 'yaml-syntax'],
    ['quotes without end', `${head}tags: [${`"a" b,`.repeat(5000)}]`, 'too-many-findings'],
    ['closing brackets', `${head}${'}'.repeat(100_000)}`, 'yaml-syntax'],
    ['commas', `${head}tags: [${','.repeat(100_000)}]`, 'yaml-syntax'],
    ['a parenthesis and commas', `${head}tags: [(${','.repeat(100_000)})]`, 'yaml-syntax'],
    ['templates in flow', `${head}tags: [${'${{ a }},'.repeat(10_000)}]`, 'yaml-flow'],
    ['templates without end', `${head}tags: [${'${{'.repeat(50_000)}]`, 'too-deep'],
    ['tags', `${head}name: ${'!a '.repeat(20_000)}`, 'yaml-syntax'],
    ['anchors', `${head}name: ${'&a '.repeat(20_000)}`, 'yaml-syntax'],
    ['documents', '---\n'.repeat(20_000), 'several-documents'],
    ['colons', `${head}name: ${': '.repeat(100_000)}`, 'too-deep'],
    ['a line of reserved characters', `${head}tags: [${'a @,'.repeat(50_000)}\n`, 'yaml-syntax'],
    ['lines of reserved characters', `${head}${'@a\n'.repeat(50_000)}\n`, 'yaml-syntax'],
    ['a file of another tool', '<?xml version="1.0"?><a b="c"/>', 'wrong-type'],
    ['keys of JavaScript', `${head}__proto__: 1\nconstructor: 2\ntoString: 3\n`, 'unknown-key'],
  ];
  test.each(cases)('%s', (_, text, code) => {
    expect(codesIn(text)).toContain(code);
  });

  test('`constructor` is a name like any other, and `__proto__` a key of data', () => {
    const { document } = loadDocument({
      file: 'test.yaml',
      text: `${head}vars: { constructor: 2, n: { value: { __proto__: 1 } } }\n`,
    });
    expect(Object.keys(document?.scenario.vars ?? {})).toEqual(['constructor', 'n']);
    const value = document?.scenario.vars?.['n']?.value;
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

/** All scenarios of this folder, good and bad. */
const scenarios = ['./good/', './bad/'].flatMap((folder) => {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url).map((file) => readFileSync(new URL(file, url), 'utf8'));
});

const fragments = [
  '\n',
  '  ',
  '- ',
  ': ',
  '#',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '!',
  '&a ',
  '*a',
  '<<: ',
  '|',
  '>',
  '${{',
  '}}',
  '?',
  '\t',
  '\u0000',
  'concur: 1',
  'do:',
  '~',
  '0',
  '1s',
  'é',
  '🚻',
];

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(12),
  insert: fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6, unit: 'binary' })),
});

test('mutations of scenarios never throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...scenarios),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      (scenario, mutations) => {
        let text = scenario;
        for (const { at, remove, insert } of mutations) {
          const offset = Math.floor(at * text.length);
          text = text.slice(0, offset) + insert + text.slice(offset + remove);
        }
        codesIn(text);
      },
    ),
    { numRuns: 1500 },
  );
});

test('any text never throws', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 4 })), { maxLength: 40 }),
      (parts) => {
        codesIn(parts.join(''));
      },
    ),
    { numRuns: 1500 },
  );
});
