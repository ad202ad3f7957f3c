import { describe, expect, test } from 'vitest';
import type { Event } from '../../engine/log/event.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { cellsOf } from '../../engine/verdict/model/model-state.ts';
import { event, lock, makePlan, queue, rlock, type Story, semaphore, tell } from './scene.ts';

function follow(plan: Plan, story: Story): Model {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  return model;
}

/** The violation must be at the last event: all before it is legal. */
function expectImpossible(plan: Plan, story: Story, text: RegExp): void {
  const model = follow(plan, story);
  expect(model.violation()?.text).toMatch(text);
  expect(model.violation()?.seq).toBe(story.events.length - 1);
}

function expectLegal(plan: Plan, story: Story): Model {
  const model = follow(plan, story);
  expect(model.violation()).toBeNull();
  return model;
}

const lockPlan = makePlan({ resources: [lock('a'), rlock('r')], tasks: ['p1', 'p2', 'p3'] });

describe('locks', () => {
  test('are taken, waited for and released', () => {
    const story = tell(lockPlan).run('p1', 'p2').line(3).at(0.1).did('p1', 'lock.acquire', 'a');
    story.waits('p2', 'lock.acquire', 'a').at(0.3).did('p1', 'lock.release', 'a');
    const model = expectLegal(lockPlan, story.at(0.4).did('p2', 'lock.acquire', 'a'));
    const [a] = model.state.resources;
    expect(a).toMatchObject({ owner: 2, holders: 1, peak: 1, waiting: 0 });
    expect(a?.waits).toMatchObject({ count: 1, longestUs: 300_000 });
  });

  test('have one holder at a time', () => {
    const story = tell(lockPlan).run('p1', 'p2').did('p1', 'lock.acquire', 'a');
    expectImpossible(lockPlan, story.did('p2', 'lock.acquire', 'a'), /p2 took a, which p1 holds/);
  });

  test('are released by anybody, but not when they are free', () => {
    const story = tell(lockPlan)
      .run('p1', 'p2')
      .did('p1', 'lock.acquire', 'a')
      .did('p2', 'lock.release', 'a');
    expect(expectLegal(lockPlan, story).state.resources[0]).toMatchObject({ owner: -1, holders: 0 });
    expectImpossible(lockPlan, story.did('p1', 'lock.release', 'a'), /which nobody held/);
  });

  test('that are not enabled count holders and exclude nobody', () => {
    const plan = makePlan({ resources: [lock('a', { enabled: false })], tasks: ['p1', 'p2'] });
    const story = tell(plan).run('p1', 'p2').did('p1', 'lock.acquire', 'a').did('p2', 'lock.acquire', 'a');
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ holders: 2, peak: 2 });
    story.did('p1', 'lock.release', 'a').did('p2', 'lock.release', 'a');
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ holders: 0, peak: 2, owner: -1 });
  });

  test('stay taken when their holder ends, unless they say otherwise', () => {
    const kept = tell(lockPlan).run('p1', 'p2').did('p1', 'lock.acquire', 'a').ends('p1');
    expectImpossible(lockPlan, kept.did('p2', 'lock.acquire', 'a'), /which p1 holds/);
    const plan = makePlan({ resources: [lock('a', { onHolderExit: 'release' })], tasks: ['p1', 'p2'] });
    const given = tell(plan).run('p1', 'p2').did('p1', 'lock.acquire', 'a').ends('p1');
    expectLegal(plan, given.did('p2', 'lock.acquire', 'a'));
    // The kernel may also say so itself, with an event that comes after the end.
    const said = tell(plan)
      .run('p1', 'p2')
      .did('p1', 'lock.acquire', 'a')
      .ends('p1')
      .did('p1', 'lock.release', 'a');
    expectLegal(plan, said.did('p2', 'lock.acquire', 'a'));
  });

  test('that are fair serve in order of arrival', () => {
    const plan = makePlan({ resources: [lock('a', { fair: true })], tasks: ['p1', 'p2', 'p3'] });
    const story = tell(plan).run('p1', 'p2', 'p3').did('p1', 'lock.acquire', 'a');
    story.waits('p2', 'lock.acquire', 'a').waits('p3', 'lock.acquire', 'a').did('p1', 'lock.release', 'a');
    expectImpossible(plan, story.did('p3', 'lock.acquire', 'a'), /p3 overtook others at a/);
    const inOrder = tell(plan).run('p1', 'p2', 'p3').did('p1', 'lock.acquire', 'a');
    inOrder.waits('p2', 'lock.acquire', 'a').waits('p3', 'lock.acquire', 'a').did('p1', 'lock.release', 'a');
    inOrder.did('p2', 'lock.acquire', 'a').did('p2', 'lock.release', 'a');
    expectLegal(plan, inOrder.did('p3', 'lock.acquire', 'a'));
  });
});

describe('rlocks', () => {
  test('count their depth', () => {
    const story = tell(lockPlan)
      .run('p1', 'p2')
      .did('p1', 'rlock.acquire', 'r', 1)
      .did('p1', 'rlock.acquire', 'r', 2);
    story.did('p1', 'rlock.release', 'r', 1);
    expect(expectLegal(lockPlan, story).state.resources[1]).toMatchObject({ owner: 1, holders: 1 });
    story.did('p1', 'rlock.release', 'r', 0);
    expect(expectLegal(lockPlan, story).state.resources[1]).toMatchObject({ owner: -1, holders: 0 });
  });

  test('belong to their owner', () => {
    const story = tell(lockPlan).run('p1', 'p2').did('p1', 'rlock.acquire', 'r', 1);
    expectImpossible(lockPlan, story.did('p2', 'rlock.release', 'r', 0), /p2 released r, which p1 holds/);
    const other = tell(lockPlan).run('p1', 'p2').did('p1', 'rlock.acquire', 'r', 1);
    expectImpossible(lockPlan, other.did('p2', 'rlock.acquire', 'r', 1), /p2 took r, which p1 holds/);
  });

  test('say the true depth', () => {
    const story = tell(lockPlan).run('p1').did('p1', 'rlock.acquire', 'r', 1);
    expectImpossible(lockPlan, story.did('p1', 'rlock.acquire', 'r', 1), /gave depth 1 where it must be 2/);
  });

  test('are no plain locks', () => {
    const story = tell(lockPlan).run('p1');
    expectImpossible(lockPlan, story.did('p1', 'lock.acquire', 'r'), /lock.acquire on r, which is a rlock/);
  });
});

describe('semaphores', () => {
  const plan = makePlan({
    resources: [semaphore('s', 2), semaphore('loose', 0, { bounded: false })],
    tasks: ['p1', 'p2', 'p3'],
  });

  test('give what they have', () => {
    const story = tell(plan)
      .run('p1', 'p2', 'p3')
      .did('p1', 'semaphore.acquire', 's')
      .did('p2', 'semaphore.acquire', 's');
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ free: 0, holders: 2, peak: 2 });
    expectImpossible(plan, story.did('p3', 'semaphore.acquire', 's'), /p3 took 1 of s, which has 0 free/);
  });

  test('count tasks as holders, and permits for the peak', () => {
    const story = tell(plan)
      .run('p1')
      .did('p1', 'semaphore.acquire', 's', 2)
      .did('p1', 'semaphore.release', 's', 1);
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ free: 1, holders: 1, peak: 2 });
    story.did('p1', 'semaphore.release', 's', 1);
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ free: 2, holders: 0 });
  });

  test('of which no more is held than there was', () => {
    const none = makePlan({ resources: [semaphore('s', 0, { bounded: false })], tasks: ['p1', 'p2'] });
    const signal = tell(none).run('p1', 'p2').did('p1', 'semaphore.release', 's', 2);
    signal.did('p2', 'semaphore.acquire', 's', 2);
    expect(expectLegal(none, signal).state.resources[0]).toMatchObject({ free: 0, holders: 0, peak: 0 });
    const two = makePlan({ resources: [semaphore('s', 2, { bounded: false })], tasks: ['p1', 'p2', 'p3'] });
    const more = tell(two).run('p1', 'p2', 'p3').did('p1', 'semaphore.release', 's', 1);
    for (const task of ['p1', 'p2', 'p3']) more.did(task, 'semaphore.acquire', 's');
    expect(expectLegal(two, more).state.resources[0]).toMatchObject({ free: 0, holders: 2, peak: 2 });
  });

  test('are given back by others: what the releaser holds first, then what the first in the file do', () => {
    const story = tell(plan)
      .run('p1', 'p2', 'p3')
      .did('p1', 'semaphore.acquire', 's')
      .did('p2', 'semaphore.acquire', 's')
      .did('p3', 'semaphore.release', 's');
    const { tasks } = expectLegal(plan, story).state;
    expect(tasks.map(({ held }) => held.first?.amount ?? 0)).toEqual([0, 0, 1, 0]);
  });

  test('that are bounded get back no more than they gave', () => {
    const story = tell(plan).run('p1').did('p1', 'semaphore.release', 'loose', 3);
    expect(expectLegal(plan, story).state.resources[1]).toMatchObject({ free: 3 });
    expectImpossible(plan, story.did('p1', 'semaphore.release', 's'), /which has 2 of 2 free/);
  });

  test('are never asked for nothing', () => {
    expectImpossible(plan, tell(plan).run('p1').did('p1', 'semaphore.acquire', 's', 0), /of 0 permits/);
  });

  test('that are fair serve in order of arrival', () => {
    const fair = makePlan({ resources: [semaphore('s', 1, { fair: true })], tasks: ['p1', 'p2', 'p3'] });
    const story = tell(fair)
      .run('p1', 'p2', 'p3')
      .did('p1', 'semaphore.acquire', 's')
      .waits('p2', 'semaphore.acquire', 's');
    story.did('p1', 'semaphore.release', 's');
    expectImpossible(fair, story.did('p3', 'semaphore.acquire', 's'), /p3 overtook others at s/);
  });

  test('that are not enabled never run out', () => {
    const off = makePlan({ resources: [semaphore('s', 1, { enabled: false })], tasks: ['p1', 'p2'] });
    const story = tell(off)
      .run('p1', 'p2')
      .did('p1', 'semaphore.acquire', 's')
      .did('p2', 'semaphore.acquire', 's');
    expect(expectLegal(off, story).state.resources[0]).toMatchObject({ holders: 2, peak: 2 });
  });
});

describe('queues', () => {
  const plan = makePlan({
    resources: [queue('fifo', 'fifo', 3), queue('lifo', 'lifo'), queue('prio', 'priority')],
    tasks: ['p1', 'p2'],
  });
  const fill = (name: string): Story => {
    const story = tell(plan).run('p1', 'p2').did('p1', 'queue.put', name, 10, { a: 1n });
    return story.did('p1', 'queue.put', name, -1, 'xxxx').did('p1', 'queue.put', name, 10, 3n);
  };
  const orders = [
    ['fifo', [{ a: 1n }, 'xxxx', 3n]],
    ['lifo', [3n, 'xxxx', { a: 1n }]],
    ['prio', ['xxxx', { a: 1n }, 3n]],
  ] as const;

  test.each(orders)('%s gives in its order', (name, items) => {
    const story = fill(name);
    for (const item of items) story.did('p2', 'queue.get', name, 0, item);
    const model = expectLegal(plan, story);
    const record = model.state.resources.find((one) => one.name === name);
    expect(record).toMatchObject({ peak: 3, unfinished: 3 });
    expectImpossible(plan, story.did('p2', 'queue.get', name, 0, 1n), /which is empty/);
  });

  test.each(orders)('%s gives nothing out of its order', (name, items) => {
    expectImpossible(plan, fill(name).did('p2', 'queue.get', name, 0, items[1]), /is next$/);
  });

  test('keep the type of an item', () => {
    const story = tell(plan).run('p1').did('p1', 'queue.put', 'fifo', 0, 1n);
    expectImpossible(plan, story.did('p1', 'queue.get', 'fifo', 0, 1), /got 1.0 from fifo, where 1 is next/);
  });

  test('take no more than fits', () => {
    expectImpossible(plan, fill('fifo').did('p1', 'queue.put', 'fifo', 0, 4n), /which is full with 3/);
  });

  test('count what is unfinished', () => {
    const story = fill('fifo')
      .did('p2', 'queue.get', 'fifo', 0, { a: 1n })
      .did('p2', 'queue.taskDone', 'fifo', 2);
    expectLegal(plan, story);
    expectImpossible(plan, story.did('p2', 'queue.taskDone', 'fifo', 2), /says 2 unfinished where 1 are/);
    expectImpossible(plan, fill('fifo').did('p1', 'queue.join', 'fifo', 0), /where 3 are unfinished/);
    expectImpossible(
      plan,
      tell(plan).run('p1').did('p1', 'queue.taskDone', 'fifo', 0),
      /where none is unfinished/,
    );
  });

  test('that are closed take nothing, but drain', () => {
    const story = fill('fifo')
      .did('p1', 'queue.close', 'fifo', 0)
      .did('p2', 'queue.get', 'fifo', 0, { a: 1n });
    expectLegal(plan, story);
    expectImpossible(plan, story.did('p1', 'queue.put', 'fifo', 0, 1n), /which is closed/);
  });

  test('that are closed at once drop what is queued, and what is dropped is done', () => {
    const story = fill('fifo')
      .did('p2', 'queue.get', 'fifo', 0, { a: 1n })
      .did('p1', 'queue.close', 'fifo', 1);
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ unfinished: 1, closed: true });
    expectImpossible(plan, story.did('p2', 'queue.get', 'fifo', 0, 'xxxx'), /which is empty/);
  });

  test('that are fair serve getters in order of arrival', () => {
    const fair = makePlan({ resources: [queue('q', 'fifo', 0, { fair: true })], tasks: ['p1', 'p2', 'p3'] });
    const story = tell(fair)
      .run('p1', 'p2', 'p3')
      .waits('p1', 'queue.get', 'q')
      .waits('p2', 'queue.get', 'q');
    story.did('p3', 'queue.put', 'q', 0, 1n);
    expectImpossible(fair, story.did('p2', 'queue.get', 'q', 0, 1n), /p2 overtook others at q/);
  });
});

describe('events', () => {
  const plan = makePlan({ resources: [event('go')], tasks: ['p1', 'p2'] });

  test('let waiters go on once they are set', () => {
    const story = tell(plan)
      .run('p1', 'p2')
      .waits('p1', 'event.wait', 'go')
      .did('p2', 'event.signal', 'go', 0);
    expectLegal(plan, story.did('p1', 'event.wait', 'go', 0).did('p2', 'event.wait', 'go', 0));
    expectImpossible(plan, tell(plan).run('p1').did('p1', 'event.wait', 'go', 0), /which is not set/);
  });

  test('let those go on who waited when they were signalled, though cleared since', () => {
    const story = tell(plan)
      .run('p1', 'p2')
      .waits('p1', 'event.wait', 'go')
      .did('p2', 'event.signal', 'go', 0);
    story.did('p2', 'event.clear', 'go', 0).did('p1', 'event.wait', 'go', 0);
    expectLegal(plan, story);
    expectImpossible(plan, story.did('p2', 'event.wait', 'go', 0), /which is not set/);
  });
});

describe('tasks', () => {
  const plan = makePlan({
    resources: [lock('a'), lock('b'), semaphore('s', 2), queue('q'), event('go')],
    tasks: [
      'p1',
      'p2',
      { name: 'child', kind: 'process' },
      { name: 'service', kind: 'process', daemon: true },
      { name: 'helper', daemon: true },
    ],
    points: ['inside'],
    verbs: { 9: 'exit' },
  });
  const begun = (): Story => tell(plan).run('p1', 'p2');
  const impossible: readonly (readonly [string, Story, RegExp])[] = [
    ['starts twice', begun().start('main', 'p1'), /p1 started twice/],
    ['begins twice', begun().begin('p1'), /p1 began while it runs/],
    ['begins before its start', tell(plan).begin('p1'), /p1 began while it is not started/],
    [
      'acts before it began',
      tell(plan).start('main', 'p1').prints('p1', 'x'),
      /printed while it has not begun/,
    ],
    ['starts others before its start', tell(plan).start('p1', 'p2'), /p1 started p2 while it is not started/],
    ['ends twice', begun().ends('p1').ends('p1'), /p1 ended twice/],
    ['ends before its start', tell(plan).ends('p1'), /ended as finished, but it is not started/],
    ['acts after its end', begun().ends('p1').did('p1', 'lock.acquire', 'a'), /has ended as finished/],
    ['prints after its end', begun().ends('p1').prints('p1', 'x'), /has ended as finished/],
    ['is skipped while it runs', begun().ends('p1', { state: 'skipped' }), /ended as skipped, but it runs/],
    [
      'finishes in a wait',
      begun().did('p2', 'lock.acquire', 'a').waits('p1', 'lock.acquire', 'a').ends('p1'),
      /p1 finished while it waits in lock.acquire/,
    ],
    [
      'acts in a wait',
      begun().did('p2', 'lock.acquire', 'a').waits('p1', 'lock.acquire', 'a').did('p1', 'lock.acquire', 'b'),
      /p1 did lock.acquire while it waits in lock.acquire/,
    ],
    ['waits for a free lock', begun().waits('p1', 'lock.acquire', 'a'), /though it could go on/],
    [
      'waits for a set event',
      begun().did('p1', 'event.signal', 'go', 0).waits('p2', 'event.wait', 'go'),
      /could go on/,
    ],
    [
      'waits for an ended task',
      begun().ends('p1').waits('p2', 'task.join', 'p1'),
      /for p1, though it could go on/,
    ],
    [
      'waits with permits free',
      begun().waits('p1', 'semaphore.acquire', 's'),
      /for s, though it could go on/,
    ],
    [
      'waits to put into what has room',
      begun().waits('p1', 'queue.put', 'q'),
      /for q, though it could go on/,
    ],
    ['waits where nobody waits', begun().waits('p1', 'lock.release', 'a'), /which never waits/],
    ['joins who lives', begun().did('main', 'task.join', 'p1'), /main joined p1, which has not ended/],
    ['logs a start as an operation', tell(plan).did('main', 'task.start', 'p1'), /logged a start/],
    [
      'times out without a timeout',
      begun().waits('p1', 'queue.get', 'q').timesOut('p1', 'queue.get', 'q'),
      /which has no timeout/,
    ],
    [
      'times out in another wait',
      begun().waits('p1', 'queue.get', 'q', true).timesOut('p1', 'event.wait', 'go'),
      /timed out in event.wait while it waits in queue.get/,
    ],
    ['wakes without sleep', begun().event('p1', { type: 'woke' }), /p1 woke while it runs/],
    [
      'acts asleep',
      begun().event('p1', { type: 'sleeping', untilUs: 10 }).prints('p1', 'x'),
      /p1 printed while it sleeps/,
    ],
    [
      'wakes too early',
      begun().event('p1', { type: 'sleeping', untilUs: 50_000 }).at(0.04).event('p1', { type: 'woke' }),
      /p1 woke at 40000 µs, before 50000 µs/,
    ],
    [
      'leaves what it is not in',
      begun().event('p1', { type: 'left', point: 0 }),
      /left inside, where nobody is/,
    ],
    [
      'leaves what another is in',
      begun().event('p1', { type: 'entered', point: 0 }).event('p2', { type: 'left', point: 0 }),
      /p2 left inside, where it is not inside/,
    ],
    [
      'passes an await in another wait',
      begun().waits('p1', 'queue.get', 'q').event('p1', { type: 'passed' }),
      /passed/,
    ],
    [
      'enters a point that is not',
      begun().event('p1', { type: 'entered', point: 7 }),
      /point 7, which does not exist/,
    ],
    ['ends with others', begun().ends('main'), /main ended before 2 threads and 0 processes/],
    [
      'ends with children',
      tell(plan).run('child').ends('main'),
      /main ended before 0 threads and 1 processes/,
    ],
    [
      'is a process of a daemon process',
      tell(plan).start('main', 'service', true).begin('service').start('service', 'child'),
      /service of a daemon process started the process child/,
    ],
    [
      'hides at its end that it had failed',
      begun().raises('p1', 'KeyError').ends('p1'),
      /p1 ended as finished, but it had failed/,
    ],
    [
      'hides that it had failed where it is terminated',
      begun().raises('p1', 'KeyError').ends('p1', { state: 'terminated', cause: 'terminate' }),
      /p1 ended as terminated, but it had failed/,
    ],
    [
      'hides that it had failed where the run is stopped',
      begun()
        .raises('main', 'KeyError')
        .event('main', { type: 'stopped', reason: 'deadlock' })
        .ends('main', { state: 'terminated', cause: 'deadlock' }),
      /main ended as terminated, but it had failed/,
    ],
    [
      'ends with another error than the one it failed with',
      begun()
        .raises('p1', 'KeyError')
        .ends('p1', { state: 'failed', error: { name: 'ValueError', message: 'no' } }),
      /p1 ended as failed, but it had failed, and not so/,
    ],
    [
      'fails after it failed',
      begun().raises('p1', 'KeyError').raises('p1', 'ValueError'),
      /p1 raised an error after one that it did not catch/,
    ],
    [
      'is no daemon though it must be',
      tell(plan).start('main', 'helper', false),
      /helper started with daemon false/,
    ],
    [
      'starts in another process',
      tell(plan).event('main', { type: 'started', target: 1, process: 1, daemon: false }),
      /p1 started in process 1, not in 0/,
    ],
  ];

  test.each(impossible)('no task %s', (_name, story, text) => {
    expectImpossible(plan, story, text);
  });

  test('inherit being a daemon as in Python', () => {
    const family = makePlan({
      tasks: [
        { name: 'service', kind: 'process', daemon: true },
        { name: 'helper', daemon: true },
        'inner',
        { name: 'child', kind: 'process' },
      ],
    });
    const helped = () => tell(family).start('main', 'helper', true).begin('helper');
    expectLegal(family, helped().start('helper', 'inner', true).start('helper', 'child', false));
    expectImpossible(family, helped().start('helper', 'inner', false), /inner started with daemon false/);
    expectImpossible(family, helped().start('helper', 'child', true), /child started with daemon true/);
    const served = () => tell(family).start('main', 'service', true).begin('service');
    expectLegal(family, served().start('service', 'inner', false));
    expectImpossible(family, served().start('service', 'inner', true), /inner started with daemon true/);
  });

  test('go through all their states', () => {
    const story = begun().start('main', 'helper', true).begin('helper').waits('helper', 'queue.get', 'q');
    story
      .waits('p1', 'queue.get', 'q', true)
      .at(1)
      .timesOut('p1', 'queue.get', 'q')
      .raises('p1', 'Empty', true);
    story.event('p1', { type: 'sleeping', untilUs: 2_000_000 }).at(2).event('p1', { type: 'woke' });
    story
      .waits('p1', 'await')
      .event('p1', { type: 'passed' })
      .ends('p1')
      .waits('main', 'end')
      .fails('p2', 'ValueError');
    story.ends('main').ends('helper', { state: 'terminated', cause: 'daemon' });
    const model = expectLegal(plan, story);
    model.finish();
    expect(model.violation()).toBeNull();
    expect(model.state.tasks.map((task) => task.state)).toEqual([
      'finished',
      'finished',
      'failed',
      'notStarted',
      'notStarted',
      'terminated',
    ]);
    expect(model.state).toMatchObject({ live: 0, blocked: 0 });
    expect(model.state.tasks[2]?.ending?.error).toEqual({ name: 'ValueError', message: 'no' });
  });

  test('may be ended by an exit whatever they do', () => {
    const story = begun()
      .waits('main', 'task.join', 'p1')
      .line(9)
      .ends('p2', { state: 'terminated', cause: 'exit' });
    expectLegal(plan, story.ends('main').ends('p1', { state: 'terminated', cause: 'exit' }));
  });

  test('have all ended when a run has', () => {
    const model = expectLegal(plan, begun().ends('p2'));
    model.finish();
    expect(model.violation()?.text).toBe('the run ended while main still lived');
  });

  test('leave their points when they end', () => {
    const story = begun()
      .event('p1', { type: 'entered', point: 0 })
      .event('p2', { type: 'entered', point: 0 });
    expect(expectLegal(plan, story).state.points[0]).toEqual({ running: 2, begun: 2, ended: 0 });
    story.event('p1', { type: 'left', point: 0 }).fails('p2', 'ValueError');
    expect(expectLegal(plan, story).state.points[0]).toEqual({ running: 0, begun: 2, ended: 1 });
  });
});

describe('vars', () => {
  const plan = makePlan({
    tasks: ['thread', { name: 'child', kind: 'process' }],
    variables: { n: 1n, shared: { cells: [0n], shared: true }, list: { cells: [0n, 0n] } },
  });
  const valueIn = (model: Model, variable: number, process: number) =>
    cellsOf(model.state, model.state.variables[variable]!, process);

  test('are copied when a process starts', () => {
    const story = tell(plan).run('thread').writes('thread', 'n', 2n).run('child').writes('main', 'n', 3n);
    story.writes('child', 'shared', 7n).writes('child', 'list', 5n, 1);
    const model = expectLegal(plan, story);
    expect(valueIn(model, 0, 0)).toEqual([3n]);
    expect(valueIn(model, 0, 1)).toEqual([2n]);
    expect(valueIn(model, 1, 0)).toEqual([7n]);
    expect(valueIn(model, 2, 0)).toEqual([0n, 0n]);
    expect(valueIn(model, 2, 1)).toEqual([0n, 5n]);
  });

  test('have the cells they have', () => {
    expectImpossible(plan, tell(plan).writes('main', 'list', 1n, 2), /wrote cell 2 of list, which has 2/);
    expectImpossible(plan, tell(plan).writes('main', 'n', 1n, -1), /wrote cell -1 of n/);
    const story = tell(plan).event('main', { type: 'wrote', process: 0, variable: 9, cell: 0, value: 1n });
    expectImpossible(plan, story, /wrote var 9, which does not exist/);
  });

  test('are those of the own process', () => {
    const story = tell(plan)
      .run('child')
      .event('child', { type: 'read', process: 0, variable: 0, values: null });
    expectImpossible(plan, story, /child of process 1 touched n of process 0/);
  });

  test('are read as they were written last, where the log says what was read', () => {
    const story = () => tell(plan).writes('main', 'list', 5n, 1);
    const read = (values: readonly bigint[]) =>
      story().event('main', { type: 'read', process: 0, variable: 2, values });
    expectLegal(plan, read([0n, 5n]));
    expectImpossible(plan, read([0n, 0n]), /main read \[0,0\] in list, which held \[0,5\]/);
  });
});

describe('the log', () => {
  test('has no gaps', () => {
    const { events } = tell(lockPlan).run('p1');
    const model = createModel(lockPlan);
    model.handle(events[0] as Event);
    model.handle(events[2] as Event);
    expect(model.violation()).toEqual({ seq: 2, text: 'event 2 came where 1 was next' });
  });

  test('never goes back in time', () => {
    expectImpossible(
      lockPlan,
      tell(lockPlan).at(2).prints('main', 'a').at(1).prints('main', 'b'),
      /time went back/,
    );
  });

  test('keeps the first violation', () => {
    const story = tell(lockPlan).begin('p1').begin('p2').prints('main', 'x');
    expect(follow(lockPlan, story).violation()?.seq).toBe(2);
  });
});
