/**
 * What comes before what by way of what tasks hold: locks, rlocks, semaphores, and the locks of conditions.
 */

import { NOBODY } from '../model/primitives/resource-record.ts';
import type { ResourceOrder } from './passing-order.ts';
import { createPermitClocks } from './permit-clocks.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

/** Who takes it comes after all who gave it back. */
export function orderLock(clocks: TaskClocks): ResourceOrder {
  let given: Clock = null;
  /** Who took it last and so knows all that was given: most often the next to give it back. */
  let taker = NOBODY;
  const take = (task: number): void => {
    clocks.learn(task, given);
    taker = task;
  };
  const give = (task: number): void => {
    const own = clocks.publish(task);
    given = taker === task ? own : clocks.join(given, own);
  };
  return {
    take,
    give,
    did({ operation, task }) {
      if (operation === 'lock.acquire' || operation === 'rlock.acquire') take(task);
      else give(task);
    },
  };
}

/** Who takes a permit comes after who gave just that one back. */
export function orderSemaphore(clocks: TaskClocks, permits: number): ResourceOrder {
  const places = createPermitClocks(permits);
  const give = (task: number, amount: number): void => {
    for (let count = 0; count < amount; count += 1) places.give(clocks.publish(task));
  };
  return {
    give,
    did({ operation, task, amount }) {
      if (operation === 'semaphore.release') give(task, amount);
      else for (let count = 0; count < amount; count += 1) clocks.learn(task, places.take());
    },
  };
}

/** To wait is to give the lock back, and to come back to take it; who was notified comes after who notified. */
export function orderCondition(clocks: TaskClocks, lock: () => ResourceOrder | null): ResourceOrder {
  let notified: Clock = null;
  /** Those who woke up by themselves: they come after nobody. */
  const awake = new Set<number>();
  return {
    waits: ({ task }) => lock()?.give?.(task, 1),
    wokeUp: (task) => void awake.add(task),
    did({ operation, task, value }) {
      if (operation === 'condition.notify') {
        notified = clocks.join(notified, clocks.publish(task));
        return;
      }
      lock()?.take?.(task);
      if (!awake.delete(task) && value === true) clocks.learn(task, notified);
    },
  };
}
