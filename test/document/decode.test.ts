import { expect, test } from 'vitest';
import { decodeSource } from '../../engine/document/decode.ts';
import { limits } from '../../engine/document/limits.ts';

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );

test('UTF-8 text, with or without a byte order mark', () => {
  expect(decodeSource(bytes('a: ü🚻'), 'x.yaml')).toEqual({
    source: { file: 'x.yaml', text: 'a: ü🚻' },
    diagnostics: [],
  });
  expect(decodeSource(bytes([0xef, 0xbb, 0xbf], 'a: b'), 'x.yaml').source.text).toBe('a: b');
  expect(decodeSource(bytes(), 'x.yaml')).toEqual({ source: { file: 'x.yaml', text: '' }, diagnostics: [] });
});

test.each([
  ['a byte that begins nothing', bytes('name: ü ', [0xff], ' end'), 8],
  ['Latin-1', bytes('name: f', [0xfc], 'r'), 7],
  ['a character that is cut off', bytes('name: ', [0xe2, 0x82]), 6],
  ['an encoded surrogate', bytes('a', [0xed, 0xa0, 0x80]), 1],
])('%s is found at its place', (_, content, offset) => {
  const { source, diagnostics } = decodeSource(content, 'x.yaml');
  expect(diagnostics.map(({ code, span }) => [code, span.start])).toEqual([['invalid-utf8', offset]]);
  expect(source.text[offset]).toBe('\ufffd');
});

test('a replacement character that the user wrote is text', () => {
  expect(decodeSource(bytes('a: \ufffd'), 'x.yaml').diagnostics).toEqual([]);
});

test.each([
  ['UTF-16', bytes([0xff, 0xfe, 0x61, 0x00]), 'invalid-utf8'],
  ['a program', bytes([0x7f], 'ELF', [0, 0, 1]), 'binary-file'],
  ['a file of many megabytes', new Uint8Array(5 * limits.text), 'file-too-large'],
])('%s', (_, content, code) => {
  expect(decodeSource(content, 'x').diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
});
