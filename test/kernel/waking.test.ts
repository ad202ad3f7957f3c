/** Who is woken, who is served, and in which order: cases where the plain answer is known. */
import { describe, expect, test } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import { WAIT } from '../../engine/kernel/memory/layout.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import type { Resource } from '../../engine/plan/plan.ts';
import { cel, event, lock, makePlan, operate, queue, semaphore } from '../plan-builder.ts';
import { OperationsRun } from './operations-run.ts';
import type { SceneOptions } from './scene.ts';
import { blocksInUse } from './value-blocks.ts';

const FOREVER = Number.POSITIVE_INFINITY;

/** Threads 1, 2, 3 … which have begun, and one resource, number 0. */
function runWith(resource: Resource, options: SceneOptions & { readonly several?: boolean } = {}) {
  const takes = options.several ? [operate('semaphore.acquire', 0, { operands: [cel('n')] })] : [];
  const plan = makePlan({
    resources: [resource],
    tasks: [{ name: 'thread', count: 5, program: [] }],
    main: { program: takes },
  });
  const run = new OperationsRun(plan, options);
  const act = (task: number, operation: OperationName, number = 0, item: Value = null, timeout = FOREVER) =>
    run.act(task, { operation, target: 0, item, number }, timeout);
  for (const target of [1, 2, 3, 4, 5]) {
    run.act(0, { operation: 'task.start', target, item: null, number: 0 }, FOREVER);
  }
  run.quiesce(() => 0);
  const waiting = (): number[] =>
    [1, 2, 3, 4, 5].filter((task) => run.model.tasks[task]?.waiting !== undefined);
  const end = (target: number) =>
    run.act(0, { operation: 'task.terminate', target, item: null, number: 0 }, FOREVER);
  return { run, act, waiting, end, settle: () => run.quiesce(() => 0) };
}

describe('by default any waiter may win', () => {
  test('a newcomer overtakes one that was woken', () => {
    const { run, act, waiting } = runWith(lock('lock'));
    act(1, 'lock.acquire');
    act(2, 'lock.acquire');
    act(1, 'lock.release');
    act(3, 'lock.acquire');
    run.quiesce(() => 0);
    expect(waiting()).toEqual([2]);
  });

  test('one that was woken in vain keeps its place in the channel', () => {
    const { act, waiting, settle } = runWith(lock('lock'));
    act(1, 'lock.acquire');
    for (const task of [2, 3, 4]) act(task, 'lock.acquire');
    act(1, 'lock.release');
    act(1, 'lock.acquire');
    settle();
    act(1, 'lock.release');
    settle();
    expect(waiting()).toEqual([3, 4]);
  });

  test('after sixteen vain wakes the release does it for the waiter, and counts as its own deed', () => {
    const { run, act, waiting, settle } = runWith(lock('lock'), { canonical: false });
    act(1, 'lock.acquire');
    act(2, 'lock.acquire');
    const vain = run.scene.layout.waitAt[2] as number;
    for (let round = 0; round < 16; round++) {
      expect(run.k.words[vain + WAIT.vain]).toBe(round);
      act(1, 'lock.release');
      act(1, 'lock.acquire');
      settle();
    }
    act(1, 'lock.release');
    expect(waiting()).toEqual([]);
    act(3, 'lock.acquire', 0, null, 0);
    expect(run.model.resources[0]?.owner).toBe(2);
    settle();
    act(2, 'lock.release');
    expect(run.model.resources[0]?.owner).toBe(-1);
  });

  test('an item is handed to an impatient getter, one in, one out', () => {
    const { run, act, waiting, settle } = runWith(queue('queue', 'fifo', 1), {
      canonical: false,
      shared: true,
    });
    act(2, 'queue.get');
    for (let round = 0; round < 16; round++) {
      act(1, 'queue.put', 0, `item ${round}`);
      act(3, 'queue.get');
      settle();
    }
    expect(waiting()).toEqual([2]);
    act(1, 'queue.put', 0, 'the last item, long enough for a block');
    expect(waiting()).toEqual([]);
    expect(run.model.resources[0]?.items).toEqual([]);
    settle();
  });

  test('permits beyond those that an impatient one takes wake others', () => {
    const { act, waiting, settle } = runWith(semaphore('semaphore', 0), { canonical: false });
    act(1, 'semaphore.acquire', 1);
    for (let round = 0; round < 16; round++) {
      act(3, 'semaphore.release', 1);
      act(4, 'semaphore.acquire', 1);
      settle();
    }
    act(2, 'semaphore.acquire', 1);
    act(3, 'semaphore.release', 2);
    settle();
    expect(waiting()).toEqual([]);
  });

  test('a wake that its receiver cannot use goes to the next', () => {
    const { act, waiting, settle, end } = runWith(lock('lock'));
    act(1, 'lock.acquire');
    act(2, 'lock.acquire');
    act(3, 'lock.acquire');
    act(1, 'lock.release');
    end(2);
    settle();
    expect(waiting()).toEqual([]);
  });

  test('one that wants many permits does not hide one that wants few', () => {
    const { act, waiting, settle } = runWith(semaphore('semaphore', 0), { several: true });
    act(1, 'semaphore.acquire', 3);
    act(2, 'semaphore.acquire', 1);
    act(3, 'semaphore.release', 1);
    settle();
    expect(waiting()).toEqual([1]);
  });
});

describe('fair: in order of arrival', () => {
  test('a newcomer goes behind one that was woken', () => {
    const { run, act, waiting } = runWith(lock('lock', { fair: true }));
    act(1, 'lock.acquire');
    act(2, 'lock.acquire');
    act(1, 'lock.release');
    act(3, 'lock.acquire');
    expect(waiting()).toEqual([2, 3]);
    run.quiesce(() => 0);
    expect(waiting()).toEqual([3]);
    expect(run.model.resources[0]?.owner).toBe(2);
  });

  test.each([0, 1, 2, 3, 4])(
    'one that wants few waits behind one that wants many (tries in order %d)',
    (choice) => {
      const { run, act, waiting } = runWith(semaphore('semaphore', 0, { fair: true }), { several: true });
      act(1, 'semaphore.acquire', 3);
      act(2, 'semaphore.acquire', 1);
      act(3, 'semaphore.acquire', 1);
      act(5, 'semaphore.release', 1);
      run.quiesce(() => choice);
      expect(waiting()).toEqual([1, 2, 3]);
      act(5, 'semaphore.release', 3);
      run.quiesce(() => choice);
      expect(waiting()).toEqual([3]);
      act(5, 'semaphore.release', 1);
      run.quiesce(() => choice);
      expect(waiting()).toEqual([]);
    },
  );

  test('one that ends while it waits lets the next one pass', () => {
    const { run, act, waiting, settle, end } = runWith(lock('lock', { fair: true }));
    act(1, 'lock.acquire');
    for (const task of [2, 3, 4]) act(task, 'lock.acquire');
    end(2);
    act(1, 'lock.release');
    settle();
    expect(run.model.resources[0]?.owner).toBe(3);
    act(3, 'lock.release');
    end(4);
    settle();
    expect(waiting()).toEqual([]);
    act(5, 'lock.acquire');
    expect(run.model.resources[0]?.owner).toBe(5);
  });

  test('one that gives up lets the next one pass', () => {
    const { run, act, waiting, settle } = runWith(semaphore('semaphore', 2, { fair: true }), {
      several: true,
    });
    act(1, 'semaphore.acquire', 1);
    act(2, 'semaphore.acquire', 2, null, 5);
    act(3, 'semaphore.acquire', 1);
    settle();
    expect(waiting()).toEqual([2, 3]);
    run.passTime(5);
    settle();
    expect(waiting()).toEqual([]);
  });

  test('a queue that is closed lets all go who wait for items, whoever comes between', () => {
    const { act, waiting, settle } = runWith(queue('queue', 'fifo', 2, { fair: true }));
    for (const task of [1, 2, 3]) act(task, 'queue.get');
    act(4, 'queue.put', 0, 'item');
    act(4, 'queue.close');
    act(5, 'queue.get');
    settle();
    expect(waiting()).toEqual([]);
  });
});

describe('values of those who end while they wait', () => {
  const long = 'a text that needs a block of its own';

  test('an item that was not put, and one that was handed over but not taken', () => {
    const { run, act, end, settle } = runWith(queue('queue', 'fifo', 1), { canonical: false, shared: true });
    const before = blocksInUse(run.scene);
    act(1, 'queue.put', 0, long);
    act(2, 'queue.put', 0, long);
    end(2);
    act(1, 'queue.get');
    expect(blocksInUse(run.scene)).toEqual(before);
    act(3, 'queue.get');
    for (let round = 0; round < 16; round++) {
      act(1, 'queue.put', 0, long);
      act(1, 'queue.get');
      settle();
    }
    act(1, 'queue.put', 0, long);
    end(3);
    settle();
    expect(run.model.resources[0]?.items).toEqual([]);
    expect(blocksInUse(run.scene)).toEqual(before);
  });
});

describe('events', () => {
  test.each([true, false])(
    'setting lets all go who wait, even if it is cleared at once (fair: %s)',
    (fair) => {
      const { act, waiting, settle } = runWith({ ...event('event'), fair });
      for (const task of [1, 2, 3, 4]) act(task, 'event.wait');
      act(5, 'event.signal');
      act(5, 'event.clear');
      expect(waiting()).toEqual([]);
      settle();
      act(1, 'event.wait');
      settle();
      expect(waiting()).toEqual([1]);
    },
  );
});

describe('timeouts', () => {
  test('none: it gives up at once, and never stands in line', () => {
    const { act, waiting, run } = runWith(lock('lock', { fair: true }));
    act(1, 'lock.acquire');
    act(2, 'lock.acquire', 0, null, 0);
    expect(waiting()).toEqual([]);
    act(3, 'lock.acquire');
    act(1, 'lock.release');
    run.quiesce(() => 0);
    expect(run.model.resources[0]?.owner).toBe(3);
  });

  test('a last try before giving up: what became free in that moment is taken', () => {
    const { act, waiting, run } = runWith(lock('lock'));
    act(1, 'lock.acquire');
    act(2, 'lock.acquire', 0, null, 3);
    run.passTime(3);
    act(1, 'lock.release');
    run.quiesce(() => 0);
    expect(waiting()).toEqual([]);
    expect(run.model.resources[0]?.owner).toBe(2);
  });
});
