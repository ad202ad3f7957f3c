/**
 * How often a command is tried, and how long it rests between two attempts: the same for a real command and for its model.
 */
import { lengthFromValue } from '../expression/values/duration.ts';
import type { ValueMap } from '../expression/values/value.ts';

/** @param request what the service `run` was asked for */
export function mostAttempts(request: ValueMap): number {
  return Math.max(1, Number(request['attempts'] ?? 1n));
}

/** In microseconds. @param attempt the one that has failed, from 1 */
export function restAfter(request: ValueMap, attempt: number): number {
  const longestUs = lengthFromValue(request['maxDelay'] ?? '10000d').minUs;
  const firstUs = lengthFromValue(request['delay'] ?? '0s').minUs;
  if (firstUs === 0) return 0;
  return Math.min(firstUs * Number(request['backoff'] ?? 1n) ** (attempt - 1), longestUs);
}
