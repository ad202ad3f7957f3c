/**
 * What comes before what by way of what tasks pass on: items of queues and pipes, signals, arrivals at barriers.
 */
import type { EventOf } from '../../log/event.ts';
import type { QueueResource } from '../../plan/plan.ts';
import { createItemQueue, type ItemQueue } from '../model/primitives/item-queue.ts';
import { createPermitClocks } from './permit-clocks.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

export type ResourceOrder = {
  /** An operation happened. */
  did(event: EventOf<'operated'>): void;
  /** A task began to wait. */
  waits?(event: EventOf<'waiting'>): void;
  /** A task woke up that nobody has called. */
  wokeUp?(task: number): void;
  /** A task takes it, or gives it back, by other ways than its operations. */
  take?(task: number): void;
  give?(task: number, amount: number): void;
};

/** What the order of one resource is made from. */
export type OrderContext = {
  readonly clocks: TaskClocks;
  readonly closures: Closures;
  /** What was sent to an end of a pipe. */
  readonly inboxOf: (resource: number) => ItemQueue<Clock> | undefined;
  readonly orderOf: (resource: number) => ResourceOrder | null;
};

/** What those learn whose operation fails since something was closed, reset or broken. */
export type Closures = {
  /** The task closed something. */
  add(task: number): void;
};

/** An item's get comes after its put; a put into a bounded queue after the get that made room for it. */
export function orderQueue(clocks: TaskClocks, closures: Closures, queue: QueueResource): ResourceOrder {
  const items = createItemQueue<Clock>(queue.order);
  const room = queue.capacity > 0 ? createPermitClocks(queue.capacity) : null;
  let done: Clock = null;
  return {
    did({ operation, task, amount }) {
      switch (operation) {
        case 'queue.put':
          clocks.learn(task, room?.take() ?? null);
          items.put(clocks.publish(task), amount);
          return;
        case 'queue.get':
          clocks.learn(task, items.next() ?? null);
          items.take();
          room?.give(clocks.publish(task));
          return;
        case 'queue.taskDone':
          done = clocks.join(done, clocks.publish(task));
          return;
        case 'queue.join':
          clocks.learn(task, done);
          return;
        case 'queue.close':
          closures.add(task);
          // What is dropped counts as done; room in a closed queue is of no use to anybody.
          done = clocks.join(done, clocks.publish(task));
          if (amount === 1) items.clear();
      }
    },
  };
}

/** The end of a wait comes after all signals. */
export function orderEvent(clocks: TaskClocks): ResourceOrder {
  let signalled: Clock = null;
  return {
    did({ operation, task }) {
      if (operation === 'event.signal') signalled = clocks.join(signalled, clocks.publish(task));
      else if (operation === 'event.wait') clocks.learn(task, signalled);
    },
  };
}

/** Who goes comes after all who have come, and after the action. */
export function orderBarrier(clocks: TaskClocks, closures: Closures, parties: number): ResourceOrder {
  let arrived: Clock = null;
  let opened: Clock = null;
  return {
    waits({ task, amount }) {
      if (amount > 0) arrived = clocks.join(arrived, clocks.publish(task));
    },
    did({ operation, task, amount }) {
      switch (operation) {
        case 'barrier.wait':
          if (amount < parties - 1) {
            clocks.learn(task, opened);
            return;
          }
          clocks.learn(task, arrived);
          opened = clocks.publish(task);
          arrived = null;
          return;
        case 'barrier.release':
          opened = clocks.join(opened, clocks.publish(task));
          return;
        default:
          closures.add(task);
      }
    },
  };
}

/** The receipt of an item comes after its sending. */
export function orderPipe(
  clocks: TaskClocks,
  closures: Closures,
  inboxes: { readonly own: ItemQueue<Clock> | undefined; readonly peer: ItemQueue<Clock> | undefined },
): ResourceOrder {
  return {
    did({ operation, task }) {
      switch (operation) {
        case 'pipe.send':
          inboxes.peer?.put(clocks.publish(task), 0);
          return;
        case 'pipe.receive':
          clocks.learn(task, inboxes.own?.next() ?? null);
          inboxes.own?.take();
          return;
        default:
          closures.add(task);
      }
    },
  };
}
