import { describe, expect, it } from 'vitest';
import { cellWidth, fitCells } from '../../engine/report/text/cell-width.ts';
import { createPalette } from '../../engine/report/text/palette.ts';
import { chooseUse } from '../../engine/report/text/terminal.ts';
import { clockText, durationText } from '../../engine/verdict/duration-text.ts';

describe('durationText', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [400, '0.4 ms'],
    [42_000, '42 ms'],
    [99_499, '99 ms'],
    [99_500, '0.1 s'],
    [1_250_000, '1.3 s'],
    [59_949_999, '59.9 s'],
    [59_950_000, '1 min 0 s'],
    [125_000_000, '2 min 5 s'],
    [3_599_999_999, '1 h 0 min'],
    [12_000_000_000, '3 h 20 min'],
  ])('%i µs: %s', (us, text) => {
    expect(durationText(us)).toBe(text);
  });

  it('never runs ahead of a running clock', () => {
    expect([clockText(-1), clockText(0), clockText(99_999), clockText(1_399_999)]).toEqual([
      '0.0 s',
      '0.0 s',
      '0.0 s',
      '1.3 s',
    ]);
  });
});

describe('fitCells', () => {
  it.each([
    ['visitor', 7, 'visitor'],
    ['visitor', 6, 'visit…'],
    ['visitor', 1, '…'],
    ['visitor', 0, ''],
    ['漢字漢字', 8, '漢字漢字'],
    ['漢字漢字', 7, '漢字漢…'],
    ['漢字漢字', 6, '漢字…'],
    ['é'.normalize('NFD').repeat(3), 3, 'é'.normalize('NFD').repeat(3)],
  ])('%s in %i cells: %s', (text, cells, expected) => {
    expect(fitCells(text, cells)).toBe(expected);
    expect(cellWidth(fitCells(text, cells))).toBeLessThanOrEqual(cells);
  });

  it.each([
    ['a', 1],
    ['e\u0301', 1],
    ['字', 2],
    ['🚻', 2],
    // A clock, a trigram, and a character of Tangut: wide by the tables of Unicode.
    ['⌚☰\u{17000}', 6],
  ])('takes of %s as many cells as a terminal', (text, cells) => {
    expect(cellWidth(text)).toBe(cells);
  });

  it('is not fooled by a flood of marks that take no room', () => {
    const flooded = `a${'\u0301'.repeat(100_000)}b`;
    expect(fitCells(flooded, 10).length).toBeLessThan(200);
  });
});

describe('chooseUse', () => {
  const terminal = { isTTY: true, columns: 80, env: { TERM: 'xterm' } };

  it.each([
    ['a terminal', terminal, { live: true, colour: true }],
    ['a narrow terminal', { ...terminal, columns: 20 }, { live: true, colour: true }],
    ['a terminal of width 0', { ...terminal, columns: 0 }, { live: false, colour: true }],
    ['a terminal of unknown width', { ...terminal, columns: undefined }, { live: false, colour: true }],
    ['a pipe', { ...terminal, isTTY: false, columns: undefined }, { live: false, colour: false }],
    ['CI', { ...terminal, env: { CI: 'true' } }, { live: false, colour: true }],
    ['CI=false', { ...terminal, env: { CI: 'false' } }, { live: true, colour: true }],
    ['NO_COLOR', { ...terminal, env: { NO_COLOR: '1' } }, { live: true, colour: false }],
    ['an empty NO_COLOR', { ...terminal, env: { NO_COLOR: '' } }, { live: true, colour: true }],
    ['a dumb terminal', { ...terminal, env: { TERM: 'dumb' } }, { live: false, colour: false }],
  ])('%s', (_name, facts, use) => {
    expect(chooseUse(facts)).toEqual(use);
  });
});

describe('createPalette', () => {
  it('gives a task the same colour each time, and neighbours different ones', () => {
    const { task } = createPalette(true);
    expect(task(3, 'a')).toBe(task(3, 'a'));
    expect(task(3, 'a')).not.toBe(task(4, 'a'));
  });

  it('without colour changes nothing', () => {
    const { bold, dim, good, bad, unsure, task } = createPalette(false);
    const painted = [bold, dim, good, bad, unsure].map((paint) => paint('text'));
    expect([...painted, task(1, 'text')]).toEqual(Array(6).fill('text'));
  });
});
