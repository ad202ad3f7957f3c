/**
 * The scheduler of a search, which asks each task in each state whether it can go on: nobody stands in a list, nobody is woken,
 * and no time passes. Core alone says who waits for what.
 */
import type { Scheduler } from '../kernel.ts';
import { completeFor, waitingIn } from './perform.ts';

const nothing = (): void => {};

export const unlisted: Scheduler = {
  park: nothing,
  wakeTask: nothing,
  wakeWaiters(k, channel, _count, completes) {
    if (!completes) return;
    for (let task = 0; task < k.plan.tasks.length; task++)
      if (waitingIn(k, task) === channel) completeFor(k, task);
  },
  makeReady: nothing,
  addTimer: nothing,
  request: nothing,
};
