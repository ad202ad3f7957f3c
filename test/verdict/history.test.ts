import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { type History, historyPlan, writeHistory } from './history.ts';

const orders = ['fifo', 'lifo', 'priority'] as const;
const tape = fc.array(fc.nat(2 ** 16), { minLength: 20, maxLength: 200 });

function follow(order: (typeof orders)[number], { story }: History): Model {
  const model = createModel(historyPlan(order));
  for (const event of story.events) model.handle(event);
  return model;
}

describe.each(orders)('random histories with a queue that is %s', (order) => {
  const plan = historyPlan(order);

  test('are legal', () => {
    fc.assert(
      fc.property(tape, (choices) => {
        const history = writeHistory(plan, order, choices, false);
        expect(follow(order, history).violation()).toBeNull();
      }),
    );
  });

  test('are impossible from the first fault on', () => {
    let faults = 0;
    fc.assert(
      fc.property(tape, (choices) => {
        const history = writeHistory(plan, order, choices, true);
        if (!history.faulty) return;
        faults += 1;
        expect(follow(order, history).violation()?.seq).toBe(history.story.events.length - 1);
      }),
    );
    expect(faults).toBeGreaterThan(50);
  });

  test('lead to the same state, told with or without waits', () => {
    fc.assert(
      fc.property(tape, (choices) => {
        const history = writeHistory(plan, order, choices, false);
        const events = history.story.events.filter((event) => event.type !== 'waiting');
        const told = { ...history.story, events: events.map((event, seq) => ({ ...event, seq })) };
        const [full, short] = [follow(order, history), follow(order, { ...history, story: told })];
        expect(short.violation()).toBeNull();
        expect(summary(short)).toEqual(summary(full));
      }),
    );
  });
});

function summary({ state }: Model): unknown {
  return state.resources.map((record) => {
    const { name, holders, peak } = record;
    const size = record.kind === 'queue' ? record.items.size() : 0;
    return { name, holders, peak, size, next: record.kind === 'queue' ? record.items.next() : null };
  });
}
