/**
 * The items of a queue in the order in which they come out: first in first out, last in first out, or the smallest
 * priority first and equal ones in order of arrival.
 */

export type ItemQueue<Item> = {
  size(): number;
  put(item: Item, priority: number): void;
  /** The item that comes out next; undefined if there is none. */
  next(): Item | undefined;
  /** Takes out the next item, if there is one. */
  take(): void;
  clear(): void;
};

/** Empty; putting and taking is constant in time, logarithmic for `priority`. */
export function createItemQueue<Item>(order: 'fifo' | 'lifo' | 'priority'): ItemQueue<Item> {
  switch (order) {
    case 'fifo':
      return createFifo();
    case 'lifo':
      return createLifo();
    case 'priority':
      return createPriority();
  }
}

function createFifo<Item>(): ItemQueue<Item> {
  let items: Item[] = [];
  let head = 0;
  return {
    size: () => items.length - head,
    put: (item) => void items.push(item),
    next: () => items[head],
    take() {
      if (head === items.length) return;
      head += 1;
      // Taken items are let go of in one piece, once they are most of the array.
      if (head < 1024 || head * 2 < items.length) return;
      items = items.slice(head);
      head = 0;
    },
    clear() {
      items = [];
      head = 0;
    },
  };
}

function createLifo<Item>(): ItemQueue<Item> {
  const items: Item[] = [];
  return {
    size: () => items.length,
    put: (item) => void items.push(item),
    next: () => items.at(-1),
    take: () => void items.pop(),
    clear: () => void items.splice(0),
  };
}

type Entry<Item> = { readonly item: Item; readonly priority: number; readonly arrival: number };

/** A binary heap. */
function createPriority<Item>(): ItemQueue<Item> {
  const heap: Entry<Item>[] = [];
  let arrivals = 0;
  return {
    size: () => heap.length,
    put(item, priority) {
      arrivals += 1;
      rise(heap, { item, priority, arrival: arrivals });
    },
    next: () => heap[0]?.item,
    take() {
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sink(heap, last);
    },
    clear: () => void heap.splice(0),
  };
}

function isBefore(left: Entry<unknown>, right: Entry<unknown>): boolean {
  return left.priority < right.priority || (left.priority === right.priority && left.arrival < right.arrival);
}

function rise<Item>(heap: Entry<Item>[], entry: Entry<Item>): void {
  let place = heap.length;
  heap.push(entry);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, entry)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = entry;
}

/** Puts the entry in at the top, in the place of the one that was taken. */
function sink<Item>(heap: Entry<Item>[], entry: Entry<Item>): void {
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const useRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = useRight ? right : left;
    if (child === undefined || isBefore(entry, child)) break;
    heap[place] = child;
    place = 2 * place + (useRight ? 2 : 1);
  }
  heap[place] = entry;
}
