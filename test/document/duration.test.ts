import { expect, test } from 'vitest';
import { durationMistake, parseDuration } from '../../engine/document/duration.ts';

test.each([
  ['250ms', 250_000, 250_000],
  ['1.5s', 1_500_000, 1_500_000],
  ['2m', 120_000_000, 120_000_000],
  ['1h30m', 5_400_000_000, 5_400_000_000],
  ['1m500ms', 60_500_000, 60_500_000],
  ['1d', 86_400_000_000, 86_400_000_000],
  ['7us', 7, 7],
  ['0.0000004s', 0, 0],
  ['0s', 0, 0],
  ['0s..3s', 0, 3_000_000],
  ['100ms .. 1s', 100_000, 1_000_000],
])('%s', (text, minUs, maxUs) => {
  expect(parseDuration(text)).toEqual({ minUs, maxUs });
});

test.each(['', '5', 's', '-1s', '1 s', '1sec', '3s..', '3s..1s', '1s...2s', '1e3s', '٣s', '1s\n'])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('what has the form of a duration may be none', () => {
  expect(durationMistake('3s..1s')?.is).toBe('this range runs backwards');
  expect(durationMistake('10001d')?.is).toBe('this is too long');
  expect(durationMistake('10000d')).toBeUndefined();
  expect(durationMistake('1s..3s')).toBeUndefined();
  expect(durationMistake('rubbish')).toBeUndefined();
  expect(parseDuration('99999999999999999999d')).toBeUndefined();
});
