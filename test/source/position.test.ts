import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineText, positionAt } from '../../engine/source/position.ts';

const source = { file: 'x', text: 'one\ntwo\r\n\nfour' };

test.each([
  [0, 1, 1],
  [3, 1, 4],
  [4, 2, 1],
  [8, 2, 5],
  [9, 3, 1],
  [10, 4, 1],
  [14, 4, 5],
  [99, 4, 5],
  [-5, 1, 1],
])('offset %i is line %i, column %i', (offset, line, column) => {
  expect(positionAt(source, offset)).toEqual({ line, column });
});

test('lines are without their ends', () => {
  expect([0, 1, 2, 3, 4, 5].map((line) => lineText(source, line))).toEqual([
    '',
    'one',
    'two',
    '',
    'four',
    '',
  ]);
});

test('positions lead back to their offsets', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '\n', '\r\n', 'é', '\t'), { maxLength: 50 }),
      fc.nat(60),
      (parts, offset) => {
        const text = parts.join('');
        const { line, column } = positionAt({ file: 'x', text }, offset);
        const before = text
          .split('\n')
          .slice(0, line - 1)
          .join('\n');
        expect(before.length + (line > 1 ? 1 : 0) + column - 1).toBe(Math.min(offset, text.length));
      },
    ),
  );
});
