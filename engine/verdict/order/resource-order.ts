/**
 * What comes before what by way of resources: a release before the next acquire, a put before the get of its item, a
 * signal before the end of a wait, all arrivals at a barrier before any departure.
 *
 * What keeps nobody waiting orders nothing: a disabled lock, or a permit that nobody had before.
 */
import type { Plan } from '../../plan/plan.ts';
import { createItemQueue } from '../model/primitives/item-queue.ts';
import { modelOf } from '../model/primitives/table.ts';
import type { Closures, ResourceOrder } from './passing-order.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

/** By resource; null where nothing is ordered. */
export function createResourceOrders(
  plan: Plan,
  clocks: TaskClocks,
  closures: Closures,
): readonly (ResourceOrder | null)[] {
  const inboxes = plan.resources.map(() => createItemQueue<Clock>('fifo'));
  const context = {
    clocks,
    closures,
    inboxOf: (id: number) => inboxes[id],
    orderOf: (id: number) => orders[id] ?? null,
  };
  const orders: readonly (ResourceOrder | null)[] = plan.resources.map((resource, id) =>
    modelOf(resource).order(context, resource, id),
  );
  return orders;
}
