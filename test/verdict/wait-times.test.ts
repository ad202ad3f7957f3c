import { expect, test } from 'vitest';
import { addWait, createWaitTimes, medianWait } from '../../engine/verdict/waits/wait-times.ts';

test('no waits have no length', () => {
  const times = createWaitTimes();
  expect([times.count, times.longestUs, medianWait(times)]).toEqual([0, 0, 0]);
});

test('the median is the one in the middle, or between the two', () => {
  const times = createWaitTimes();
  for (const length of [30, 10, 20]) addWait(times, length);
  expect(medianWait(times)).toBe(20);
  addWait(times, 100);
  expect([times.count, times.longestUs, medianWait(times)]).toEqual([4, 100, 25]);
});

test('two resources do not share their waits', () => {
  const [one, other] = [createWaitTimes(), createWaitTimes()];
  addWait(one, 5);
  addWait(other, 7);
  expect([medianWait(one), medianWait(other)]).toEqual([5, 7]);
});

test('memory is bounded, the median stays near, count and longest exact', () => {
  const times = createWaitTimes();
  for (let index = 1; index <= 1_000_000; index += 1) addWait(times, index);
  expect([times.count, times.longestUs]).toEqual([1_000_000, 1_000_000]);
  expect(times.lengths.length).toBe(65_536);
  // Every sixteenth is kept: 62,500 of them.
  expect([times.stride, times.kept]).toEqual([16, 62_500]);
  expect(Math.abs(medianWait(times) - 500_000)).toBeLessThan(100);
});
