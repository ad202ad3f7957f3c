import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  harmless,
  harmlessJson,
  harmlessLines,
  printable,
  withoutCommands,
} from '../../engine/source/harmless.ts';

describe('harmless', () => {
  it.each([
    ['plain text, ünïcödé, 漢字, 👩‍👩‍👧', 'plain text, ünïcödé, 漢字, 👩‍👩‍👧'],
    ['\u001b[2J\u001b[31mred', '\\x1b[2J\\x1b[31mred'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['50%\r100%', '50%\\r100%'],
    ['a\tb', 'a\\tb'],
    ['user\u202eexe.txt', 'user\\u202eexe.txt'],
    ['a\u2028b', 'a\\u2028b'],
    ['\ud800 alone', '\\ud800 alone'],
    ['\u0000\u007f', '\\x00\\x7f'],
  ])('%j', (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it('leaves no control character and no broken surrogate in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = harmless(text);
        expect(shown).not.toMatch(/\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('changes nothing that is harmless already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(harmless(harmless(text))).toBe(harmless(text));
      }),
    );
  });
});

describe('harmlessLines', () => {
  it.each([
    ['one', ['one']],
    ['one\ntwo', ['one', 'two']],
    ['one\r\ntwo\n', ['one', 'two']],
    ['', ['']],
    ['\n', ['']],
    ['a\n\nb', ['a', '', 'b']],
    ['\u001b[A\nforged', ['\\x1b[A', 'forged']],
  ])('%j', (text, lines) => {
    expect(harmlessLines(text)).toEqual(lines);
  });
});

describe('other ways to write the same', () => {
  it.each([
    ['##[error]x', '#\\x23[error]x'],
    ['a ##vso[x] b', 'a #\\x23vso[x] b'],
    ['## [a heading](b)', '## [a heading](b)'],
    ['\u{e0041}\u00ad', '\\u{e0041}\\xad'],
  ])('harmless %j', (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it('JSON is the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = harmlessJson(JSON.stringify({ text: `${text}##[x]` }, null, 2));
        expect(JSON.parse(json)).toEqual({ text: `${text}##[x]` });
        expect(json.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]|##/u);
      }),
    );
  });

  it('frames show a visible character for each harmful one', () => {
    expect(printable('a\tb\u0000\u007f\u202e##[x]')).toBe('a b\u2400\u2421\ufffd#\ufffd[x]');
  });

  it.each([
    ['::error::x', '\\x3a:error::x'],
    ['a\n  ::error::x\nb ::c', 'a\n  \\x3a:error::x\nb ::c'],
    ['\u001b[1m::x\u001b[22m', '\u001b[1m\\x3a:x\u001b[22m'],
    ['\u00a0:::', '\u00a0\\x3a::'],
    [': a', ': a'],
  ])('no line of %j is a command', (text, expected) => {
    expect(withoutCommands(text)).toBe(expected);
  });
});
