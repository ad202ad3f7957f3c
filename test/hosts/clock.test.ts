/** The clock of a carrier: as the others', however often its thread was kept waiting while it was set. */
import { expect, test } from 'vitest';
import { createClock, monotonicUs } from '../../engine/hosts/real/carrier-kernel.ts';

test('runs as the clock that all share, though the system took the thread away between two readings', () => {
  let now = 5_000_000;
  let readings = 0;
  const clocks = {
    shared: () => now,
    own: () => {
      // Whoever is kept waiting reads later than it asked for.
      if (readings++ === 0) now += 8_000;
      return now - 3_000_000;
    },
  };
  const clock = createClock(4_000_000, clocks);
  expect(clock()).toBe(now - 4_000_000);
  now += 100_000;
  expect(clock()).toBe(now - 4_000_000);
});

test('is never before what was, and never after what is', () => {
  const begin = monotonicUs();
  const clock = createClock(begin);
  const before = monotonicUs() - begin;
  const read = clock();
  const after = monotonicUs() - begin;
  // Both clocks are cut to whole microseconds.
  expect(read).toBeGreaterThanOrEqual(before - 2);
  expect(read).toBeLessThanOrEqual(after + 2);
});
