/**
 * Lengths of time at run time: expressions have no type for them that could be stored, so a duration that leaves an
 * expression is text (`250ms`), and whoever sleeps for it reads it back here.
 */
import { type Length, parseDuration } from '../../document/duration.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Value } from './value.ts';
import { textFromValue } from './value-text.ts';

/**
 * Reads a computed duration: text as the scenario language writes it, a range included.
 *
 * @throws ScenarioError `TypeError` for a number without a unit, `ValueError` for text that is no duration
 */
export function lengthFromValue(value: Value): Length {
  if (typeof value !== 'string') {
    const hint = typeof value === 'bigint' || typeof value === 'number' ? `, such as "${value}s"` : '';
    throw new ScenarioError(
      'TypeError',
      `${textFromValue(value)} is not a duration: write text with a unit${hint}`,
    );
  }
  const length = parseDuration(value);
  if (length === undefined) {
    throw new ScenarioError(
      'ValueError',
      `${JSON.stringify(value)} is not a duration: write 250ms, 1.5s or 0s..3s`,
    );
  }
  return length;
}

/** The shortest usual way to write it: `250ms`, `1.5s`, `-2s`. */
export function textFromMicroseconds(microseconds: number): string {
  const size = Math.abs(microseconds);
  if (size >= 1e6 || size === 0) return `${microseconds / 1e6}s`;
  if (size >= 1e3) return `${microseconds / 1e3}ms`;
  return `${microseconds}us`;
}
