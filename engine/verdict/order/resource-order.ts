/**
 * What comes before what by way of resources: a release before the next acquire, a put before the get of its item, a
 * signal before the end of a wait, all arrivals at a barrier before any departure.
 *
 * What keeps nobody waiting orders nothing: a disabled lock, or a permit that nobody had before.
 */
import type { Plan, Resource } from '../../plan/plan.ts';
import { createItemQueue } from '../model/item-queue.ts';
import { orderCondition, orderLock, orderSemaphore } from './holding-order.ts';
import {
  type Closures,
  orderBarrier,
  orderEvent,
  orderPipe,
  orderQueue,
  type ResourceOrder,
} from './passing-order.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

/** By resource; null where nothing is ordered. */
export function createResourceOrders(
  plan: Plan,
  clocks: TaskClocks,
  closures: Closures,
): readonly (ResourceOrder | null)[] {
  const inboxes = plan.resources.map(() => createItemQueue<Clock>('fifo'));
  const orders = plan.resources.map(create);
  return orders;

  function create(resource: Resource, id: number): ResourceOrder | null {
    switch (resource.kind) {
      case 'lock':
      case 'rlock':
        return resource.enabled ? orderLock(clocks) : null;
      case 'semaphore':
        return resource.enabled ? orderSemaphore(clocks, resource.permits) : null;
      case 'condition':
        return orderCondition(clocks, () => orders[resource.lock] ?? null);
      case 'queue':
        return orderQueue(clocks, closures, resource);
      case 'event':
        return orderEvent(clocks);
      case 'barrier':
        return orderBarrier(clocks, closures, resource.parties);
      case 'pipeEnd':
        return orderPipe(clocks, closures, { own: inboxes[id], peer: inboxes[resource.peer] });
      case 'pool':
        return {
          did({ operation, task, amount }) {
            if (operation === 'pool.adopt') clocks.learn(amount, clocks.publish(task));
          },
        };
      case 'file':
        return null;
    }
  }
}
