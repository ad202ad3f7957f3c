/**
 * Data comes through as it was written, in any style of YAML, and no trap is seen where there is none.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Document, isScalar, parseDocument, stringify, visit } from 'yaml';
import { loadDocument } from '../../engine/document/load.ts';

const text = fc.oneof(
  fc.string({ maxLength: 12 }).filter((string) => !string.includes('(')),
  fc
    .array(
      fc.constantFrom(
        'a',
        'b ',
        ' ',
        ',',
        ':',
        ': ',
        '#',
        ' #',
        ')',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '?',
        ' ? ',
        '!',
        '${{',
        '}}',
        '\n',
        '*',
        '&',
        '-',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0.5, -1.25, 1e100),
);
const { value: data } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '<<'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

/** The library writes the text `":\\na"` in flow style so that it reads an empty key itself, which is no data of a scenario. */
function hasEmptyKey(document: Document.Parsed): boolean {
  let isThere = false;
  visit(document, {
    Pair: (_, { key }) => {
      if (key === null || (isScalar(key) && key.value === null)) isThere = true;
    },
  });
  return isThere;
}

test('an empty key in flow style is a finding, also where a text was meant', () => {
  const text = 'concur: 1\nmain: []\nvars:\n  it:\n    value: [ :\n\n        a ]\n';
  const { diagnostics } = loadDocument({ file: 'test.yaml', text });
  expect(diagnostics.map(({ code }) => code)).toEqual(['bad-key']);
});

test.each(['block', 'flow'] as const)(
  'what the library writes in %s style is read as the library reads it',
  (collectionStyle) => {
    fc.assert(
      fc.property(data, (value) => {
        const scenario = { concur: 1, main: [], vars: { it: { value } } };
        const text = stringify(scenario, { collectionStyle, lineWidth: 0, aliasDuplicateObjects: false });
        const own = parseDocument(text, { intAsBigInt: true, uniqueKeys: false });
        fc.pre(own.errors.length === 0 && own.warnings.length === 0 && !hasEmptyKey(own));
        const { document, diagnostics } = loadDocument({ file: 'test.yaml', text });
        expect([text, diagnostics]).toEqual([text, []]);
        expect(document?.scenario.vars?.['it']?.value).toEqual(own.toJS().vars.it.value);
      }),
      { numRuns: 1000 },
    );
  },
);

test.each([
  ['{ url: http://localhost:80/y?a=b#c }', { url: 'http://localhost:80/y?a=b#c' }],
  ['[ a:b, -1, (c), d (e), f( ]', ['a:b', -1n, '(c)', 'd (e)', 'f(']],
  ['{ "a":1, \'b\':[2], c: { d: [ ] } }', { a: 1n, b: [2n], c: { d: [] } }],
  ['[ \'it\'\'s\', it\'s, "say \\"hi\\"", "a, b" ]', ["it's", "it's", 'say "hi"', 'a, b']],
  ['[ what? yes, is it ?, why ]', ['what? yes', 'is it ?', 'why']],
  ['[ a, # a [comment], with { brackets\n      b ]', ['a', 'b']],
  ['[ several\n      lines ]', ['several lines']],
  ['{ a, b: , c }', { a: null, b: null, c: null }],
  ['[ !!str 5, &x y, *x ]', ['5', 'y', 'y']],
  ['[ a: 1, ? b : 2 ]', [{ a: 1n }, { b: 2n }]],
  ['fork[(0 + 1) % 5] { } # comment', 'fork[(0 + 1) % 5] { }'],
  ['a > b && c', 'a > b && c'],
])('%s', (yaml, value) => {
  const { document, diagnostics } = loadDocument({
    file: 'test.yaml',
    text: `concur: 1\nmain: []\nvars:\n  it:\n    value: ${yaml}\n`,
  });
  expect(diagnostics).toEqual([]);
  expect(document?.scenario.vars?.['it']?.value).toEqual(value);
});
