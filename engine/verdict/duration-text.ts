/**
 * Lengths of time for people: two figures' worth, in the unit that fits.
 */

/**
 * `0.4 ms`, `42 ms`, `1.3 s`, `2 min 5 s`, `3 h 20 min`.
 *
 * @param us microseconds; less than nothing counts as nothing
 */
export function durationText(us: number): string {
  const tenthsOfMs = Math.round(Math.max(0, us) / 100);
  if (tenthsOfMs === 0) return '0 s';
  if (tenthsOfMs < 10) return `0.${tenthsOfMs} ms`;
  const ms = Math.round(us / 1000);
  if (ms < 100) return `${ms} ms`;
  const tenths = Math.round(us / 100_000);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(us / 1_000_000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The same in tenths of a second only, for a clock that runs: `0.0 s`, `1.3 s`, `2 min 5 s`. */
export function clockText(us: number): string {
  const tenths = Math.floor(Math.max(0, us) / 100_000);
  return tenths < 600 ? `${(tenths / 10).toFixed(1)} s` : durationText(us);
}
