/**
 * What `failFast` hears: an error that no handler took, when it happens (a program whose main code failed ends only when its
 * threads and children have ended), and a task that ended as failed without one.
 */
import type { Event } from './event.ts';

export function isFailure(event: Event): boolean {
  if (event.type === 'raised') return !event.caught;
  return event.type === 'ended' && event.state === 'failed';
}
