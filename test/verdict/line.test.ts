/** Order of arrival in the verdict's model: only the first in line may go on, and what that means for who is stuck. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { createAbilities } from '../../engine/verdict/waits/abilities.ts';
import { canGoOn } from '../../engine/verdict/waits/blockage.ts';
import { findDeadlock } from '../../engine/verdict/waits/deadlock.ts';
import { findStuck } from '../../engine/verdict/waits/stuck.ts';
import { condition, type Deed, lock, makePlan, queue, rlock, type Story, semaphore, tell } from './scene.ts';

const fair = { fair: true } as const;

function follow(plan: Plan, story: Story): Model {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  expect(model.violation()).toBeNull();
  return model;
}

function whoCanGoOn(plan: Plan, story: Story): readonly string[] {
  const { state } = follow(plan, story);
  return state.tasks
    .filter((task) => task.state === 'waiting' && canGoOn(state, task))
    .map(({ name }) => name);
}

function stuck(plan: Plan, story: Story): readonly string[] {
  const { state } = follow(plan, story);
  return findStuck(state, createAbilities(plan)).map(({ name }) => name);
}

describe('the first in line alone may go on', () => {
  test.each(['lock', 'rlock'] as const)('at a fair %s', (kind) => {
    const plan = makePlan({
      resources: [kind === 'lock' ? lock('l', fair) : rlock('l', fair)],
      tasks: ['p', 'q', 'r'],
    });
    const story = tell(plan).run('p', 'q', 'r').did('p', `${kind}.acquire`, 'l', 1);
    story.waits('q', `${kind}.acquire`, 'l').waits('r', `${kind}.acquire`, 'l');
    expect(whoCanGoOn(plan, story.did('p', `${kind}.release`, 'l', 0))).toEqual(['q']);
    expect(whoCanGoOn(plan, story.ends('q', { state: 'terminated' }))).toEqual(['r']);
  });

  test('at a fair semaphore, however few permits the next one asks for', () => {
    const plan = makePlan({ resources: [semaphore('s', 2, fair)], tasks: ['p', 'q', 'r'] });
    const story = tell(plan).run('p', 'q', 'r').did('p', 'semaphore.acquire', 's');
    story.waits('q', 'semaphore.acquire', 's', true, 2).waits('r', 'semaphore.acquire', 's', false, 1);
    expect(whoCanGoOn(plan, story)).toEqual([]);
    expect(whoCanGoOn(plan, story.timesOut('q', 'semaphore.acquire', 's'))).toEqual(['r']);
  });

  test('in the two lines of a fair queue', () => {
    const plan = makePlan({ resources: [queue('q', 'fifo', 1, fair)], tasks: ['p', 'r', 'maker', 'more'] });
    const story = tell(plan).run('p', 'r', 'maker', 'more');
    story.waits('p', 'queue.get', 'q').waits('r', 'queue.get', 'q').did('maker', 'queue.put', 'q', 0, 1n);
    story.waits('maker', 'queue.put', 'q').waits('more', 'queue.put', 'q');
    expect(whoCanGoOn(plan, story)).toEqual(['p']);
    expect(whoCanGoOn(plan, story.did('p', 'queue.get', 'q', 0, 1n))).toEqual(['maker']);
    // Whoever gets or puts in vain at a closed queue fails, whatever its place.
    expect(whoCanGoOn(plan, story.did('p', 'queue.close', 'q', 0))).toEqual(['r', 'maker', 'more']);
  });

  test('at the lock of a condition, where who is notified comes at that moment', () => {
    const plan = makePlan({
      resources: [lock('l', fair), condition('c', 0)],
      tasks: ['first', 'p', 'waiter', 'late'],
    });
    const story = tell(plan).run('first', 'p', 'waiter', 'late').did('waiter', 'lock.acquire', 'l');
    story.waits('waiter', 'condition.wait', 'c').did('p', 'lock.acquire', 'l');
    story.waits('first', 'lock.acquire', 'l').did('p', 'condition.notify', 'c', 1);
    story.waits('late', 'lock.acquire', 'l').did('p', 'lock.release', 'l');
    expect(whoCanGoOn(plan, story)).toEqual(['first']);
    story.did('first', 'lock.acquire', 'l').did('first', 'lock.release', 'l');
    expect(whoCanGoOn(plan, story)).toEqual(['waiter']);
    expect(whoCanGoOn(plan, story.ends('waiter', { state: 'terminated' }))).toEqual(['late']);
  });
});

describe('who stands behind one who waits for ever', () => {
  const takes: Deed = ['semaphore.acquire', 's'];
  const plan = makePlan({
    resources: [semaphore('s', 4, fair)],
    tasks: [
      { name: 'm', deeds: [takes] },
      { name: 'r', deeds: [takes] },
    ],
  });
  const upTo = (timed: boolean): Story =>
    tell(plan)
      .run('m', 'r')
      .did('m', 'semaphore.acquire', 's')
      .waits('m', 'semaphore.acquire', 's', timed, 4)
      .waits('r', 'semaphore.acquire', 's', false, 1)
      .waits('main', 'end');

  test('does so, too, and is told why', () => {
    const report = findDeadlock(follow(plan, upTo(false)), { abilities: createAbilities(plan) });
    expect(report?.waiting.map(({ task, why }) => [task, why]).slice(1)).toMatchSnapshot();
    expect(stuck(plan, upTo(false))).toEqual(['main', 'm', 'r']);
  });

  test('does not where that one may give up', () => expect(stuck(plan, upTo(true))).toEqual([]));
});

test('whoever took a permit and has not released it may do so, though by the books it holds none', () => {
  const plan = makePlan({
    resources: [semaphore('s', 0, { bounded: false })],
    tasks: [
      'maker',
      {
        name: 'p',
        instructions: [
          { op: 'sleep', step: 6, duration: { kind: 'fixed', minUs: 99_000_000, maxUs: 99_000_000 } },
        ],
        deeds: [
          ['semaphore.acquire', 's'],
          ['semaphore.release', 's'],
        ],
      },
      'waiter',
    ],
  });
  const taken = tell(plan)
    .run('maker', 'p', 'waiter')
    .did('maker', 'semaphore.release', 's')
    .ends('maker')
    .did('p', 'semaphore.acquire', 's');
  const waited = (story: Story): Story =>
    story
      .line(6)
      .event('p', { type: 'sleeping', untilUs: 99_000_000 })
      .waits('waiter', 'semaphore.acquire', 's')
      .waits('main', 'task.join', 'p');
  expect(follow(plan, taken).state.resources[0]?.holders).toBe(0);
  expect(stuck(plan, waited(taken))).toEqual([]);

  const untaken = tell(plan).run('maker', 'p', 'waiter').ends('maker');
  expect(stuck(plan, waited(untaken))).toEqual(['waiter']);
});
