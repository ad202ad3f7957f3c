import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createItemQueue } from '../../engine/verdict/model/primitives/item-queue.ts';

const puts = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -3, max: 3 })), { maxLength: 300 });

/** What comes out when true puts (the number of the put, with that priority) and false takes. */
function drain(
  order: 'fifo' | 'lifo' | 'priority',
  moves: readonly (readonly [boolean, number])[],
): unknown[] {
  const queue = createItemQueue(order);
  const out: unknown[] = [];
  for (const [number, [isPut, priority]] of moves.entries()) {
    if (isPut) {
      queue.put(BigInt(number), priority);
    } else {
      out.push(queue.next(), queue.size());
      queue.take();
    }
  }
  while (queue.size() > 0) {
    out.push(queue.next());
    queue.take();
  }
  return out;
}

function drainPlainly(
  order: 'fifo' | 'lifo' | 'priority',
  moves: readonly (readonly [boolean, number])[],
): unknown[] {
  let items: { value: bigint; priority: number }[] = [];
  const out: unknown[] = [];
  const next = () => {
    if (order === 'fifo') return items[0];
    if (order === 'lifo') return items.at(-1);
    return items.toSorted(
      (left, right) => left.priority - right.priority || Number(left.value - right.value),
    )[0];
  };
  const take = (): void => {
    const first = next();
    items = items.filter((item) => item !== first);
  };
  for (const [number, [isPut, priority]] of moves.entries()) {
    if (isPut) {
      items.push({ value: BigInt(number), priority });
    } else {
      out.push(next()?.value, items.length);
      take();
    }
  }
  for (; items.length > 0; take()) out.push(next()?.value);
  return out;
}

describe('items come out in order', () => {
  test.each(['fifo', 'lifo', 'priority'] as const)('%s', (order) => {
    fc.assert(
      fc.property(puts, (moves) => {
        expect(drain(order, moves)).toEqual(drainPlainly(order, moves));
      }),
    );
  });

  test('however many have passed through', () => {
    const queue = createItemQueue('fifo');
    for (let number = 0; number < 10_000; number += 1) {
      queue.put(BigInt(number), 0);
      if (number % 2 === 1) queue.take();
    }
    expect([queue.size(), queue.next()]).toEqual([5000, 5000n]);
    queue.clear();
    expect([queue.size(), queue.next()]).toEqual([0, undefined]);
  });
});
