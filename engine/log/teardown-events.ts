/**
 * The events of the run that follows for `teardown`, as part of the first run's log: they go on in its numbers and its
 * time, and its only task has the number that the plan gives it. And the other way round.
 */
import type { Plan } from '../plan/plan.ts';
import type { Event, RunEnd } from './event.ts';

/** Makes the events of the second run those of the first one's log. */
export function createTeardownEvents({ teardown }: Plan, end: RunEnd): (event: Event) => Event {
  const task = teardown?.task ?? 0;
  const moved = (number: number): number => (number === 0 ? task : number);
  return (event) => {
    const own = {
      ...event,
      seq: event.seq + end.events,
      at: event.at + end.durationUs,
      task: moved(event.task),
      phase: 'teardown',
    } as const;
    if (own.type === 'started' || own.type === 'ended') return { ...own, target: moved(own.target) };
    return own.type === 'sleeping' ? { ...own, untilUs: own.untilUs + end.durationUs } : own;
  };
}

/**
 * Makes them events of the second run again, for those who follow it by a plan of its own. Its time goes on from that of the
 * first run.
 */
export function createOwnTeardownEvents({ teardown }: Plan): (event: Event) => Event {
  let first = -1;
  const own = (number: number): number => (number === teardown?.task ? 0 : number);
  return (event) => {
    if (first < 0) first = event.seq;
    const moved = { ...event, seq: event.seq - first, task: own(event.task) };
    if (moved.type === 'started' || moved.type === 'ended') return { ...moved, target: own(moved.target) };
    return moved;
  };
}
