/**
 * Text is ordered and counted by code points, as in Python: wherever two texts are compared, before the run or in it.
 */
import { expect, it } from 'vitest';
import { compareText } from '../../engine/expression/functions/text-order.ts';
import { concur } from '../scenarios/concur-command.ts';

it.each([['real'], ['virtual']])('orders text by code points in %s time', async (time) => {
  const mode = time === 'virtual' ? ['--virtual'] : [];
  const ended = await concur('run', 'test/findings/string-order.yaml', ...mode);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
});

const ascending = ['', 'a', 'ab', 'a｡', 'a😀', 'a😀b', 'a😁', 'b', '｡', '😀', '😀a', '😀😀', '😁'];

it('is an order of all texts', () => {
  for (const [i, left] of ascending.entries()) {
    for (const [j, right] of ascending.entries()) {
      expect(Math.sign(compareText(left, right)), `${left} and ${right}`).toBe(Math.sign(i - j));
    }
  }
});

it('orders halves of code points as Python does', () => {
  expect(compareText('\ud83d', '｡')).toBeLessThan(0);
  expect(compareText('\ud83d', '\ud83d\ude00')).toBeLessThan(0);
  expect(compareText('\ud83da', '\ud83d\ude00')).toBeLessThan(0);
});
