import { describe, expect, test } from 'vitest';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { condition, lock, makePlan, rlock, type Story, tell } from './scene.ts';

const plan = makePlan({
  resources: [rlock('r'), condition('c', 0), lock('a'), condition('d', 2), lock('off', { enabled: false })],
  tasks: ['p1', 'p2', 'p3'],
});

function follow(story: Story): Model {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  return model;
}

function expectLegal(story: Story): Model {
  const model = follow(story);
  expect(model.violation()).toBeNull();
  return model;
}

/** The violation must be at the last event: all before it is legal. */
function expectImpossible(story: Story, text: RegExp): void {
  const { violation } = follow(story);
  expect(violation()?.text).toMatch(text);
  expect(violation()?.seq).toBe(story.events.length - 1);
}

const begun = (): Story => tell(plan).run('p1', 'p2', 'p3');

/** Takes the rlock and waits for `c`. */
function waiting(story: Story, task: string, timed = false): Story {
  return story.did(task, 'rlock.acquire', 'r').waits(task, 'condition.wait', 'c', timed);
}

function notify(story: Story, amount: number): Story {
  return story
    .did('p3', 'rlock.acquire', 'r')
    .did('p3', 'condition.notify', 'c', amount)
    .did('p3', 'rlock.release', 'r', 0);
}

const expire = (story: Story, task: string): Story => story.timesOut(task, 'condition.wait', 'c');

function back(story: Story, task: string, value = true, depth = 1): Story {
  return story.did(task, 'condition.wait', 'c', depth, value);
}

describe('to wait for a condition', () => {
  test('releases the lock, and takes it back once notified', () => {
    const story = waiting(begun(), 'p1');
    expect(expectLegal(story).state.resources[0]).toMatchObject({ owner: -1, holders: 0 });
    notify(story, 1).at(0.5);
    expect(expectLegal(back(story, 'p1')).state.resources[0]).toMatchObject({ owner: 1, holders: 1 });
    expect(expectLegal(story).state.resources[1]?.waits).toMatchObject({ count: 1, longestUs: 500_000 });
  });

  test('restores the depth that the lock had', () => {
    const deep = (): Story => {
      const story = begun().did('p1', 'rlock.acquire', 'r').did('p1', 'rlock.acquire', 'r', 2);
      return notify(story.waits('p1', 'condition.wait', 'c'), 1);
    };
    const story = back(deep(), 'p1', true, 2).did('p1', 'rlock.release', 'r', 1);
    expect(expectLegal(story).state.resources[0]).toMatchObject({ owner: 1 });
    expectImpossible(back(deep(), 'p1', true, 1), /took r back at depth 1, where it had it at 2/);
  });

  test('needs the lock: an rlock as its owner, a plain lock held by anybody', () => {
    const other = begun().did('p2', 'rlock.acquire', 'r');
    expectImpossible(other.waits('p1', 'condition.wait', 'c'), /p1 waited for c without holding r/);
    expectImpossible(begun().waits('p1', 'condition.wait', 'd'), /without holding a/);
    const story = begun().did('p2', 'lock.acquire', 'a').waits('p1', 'condition.wait', 'd');
    expect(expectLegal(story).state.resources[2]).toMatchObject({ owner: -1, holders: 0 });
  });

  test('ends only by a notify, or with a timeout', () => {
    expectImpossible(
      back(waiting(begun(), 'p1'), 'p1'),
      /came back from c with true, though it stands in line/,
    );
    expectImpossible(back(waiting(begun(), 'p1', true), 'p1', false), /with false, though it stands in line/);
    expectLegal(back(expire(waiting(begun(), 'p1', true), 'p1'), 'p1', false));
    expectImpossible(
      expire(waiting(begun(), 'p1'), 'p1'),
      /timed out in condition.wait, which has no timeout/,
    );
    expectImpossible(
      back(expire(waiting(begun(), 'p1', true), 'p1'), 'p1'),
      /with true, having been expired/,
    );
    const notified = expire(notify(waiting(begun(), 'p1', true), 1), 'p1');
    expectImpossible(notified, /timed out in condition.wait, which has no timeout/);
  });

  test('waits for the lock after the notify', () => {
    const story = waiting(begun(), 'p1').did('p3', 'rlock.acquire', 'r').did('p3', 'condition.notify', 'c');
    expectImpossible(back(story, 'p1'), /p1 took r back, which p3 holds/);
  });

  test('takes no time with a timeout of nothing', () => {
    const story = (): Story => begun().did('p1', 'rlock.acquire', 'r');
    const late = (): Story => expire(story(), 'p1');
    expect(expectLegal(back(late(), 'p1', false)).state.resources[0]).toMatchObject({ owner: 1, holders: 1 });
    expectImpossible(expire(begun(), 'p1'), /without holding r/);
    expectImpossible(back(story(), 'p1', true), /with true, though it stands in line/);
    // Where others wait for a fair lock, it waits behind them.
    const behind = late().did('p2', 'rlock.acquire', 'r').waits('p1', 'condition.wait', 'c');
    expect(
      expectLegal(behind)
        .state.resources.map(({ waiting }) => waiting)
        .slice(0, 2),
    ).toEqual([1, 0]);
    expectLegal(back(behind.did('p2', 'rlock.release', 'r', 0), 'p1', false));
  });

  test('keeps nobody out where the lock is disabled', () => {
    const free = makePlan({
      resources: [lock('off', { enabled: false }), condition('c', 0)],
      tasks: ['p1', 'p2'],
    });
    const model = createModel(free);
    const story = tell(free)
      .run('p1', 'p2')
      .waits('p1', 'condition.wait', 'c')
      .did('p2', 'lock.acquire', 'off');
    story.did('p2', 'condition.notify', 'c').did('p1', 'condition.wait', 'c', 1, true);
    for (const each of story.events) model.handle(each);
    expect(model.violation()).toBeNull();
    expect(model.state.resources[0]).toMatchObject({ holders: 2 });
  });
});

describe('a notify', () => {
  test('needs the lock', () => {
    expectImpossible(
      waiting(begun(), 'p1').did('p3', 'condition.notify', 'c'),
      /notified c without holding r/,
    );
  });

  test('goes to who came first', () => {
    const both = (): Story => notify(waiting(waiting(begun(), 'p1'), 'p2'), 1);
    expectLegal(back(both(), 'p1'));
    expectImpossible(back(both(), 'p2'), /p2 came back from c with true, though it stands in line/);
  });

  test('reaches no more than wait, and is lost where nobody does', () => {
    expectImpossible(
      waiting(begun(), 'p1').did('p3', 'rlock.acquire', 'r').did('p3', 'condition.notify', 'c', 2),
      /notified 2 tasks by c, where 1 waited/,
    );
    expectImpossible(back(waiting(notify(begun(), 0), 'p1'), 'p1'), /though it stands in line/);
  });

  test('makes its task one that waits for the lock', () => {
    const story = waiting(waiting(begun(), 'p1'), 'p2');
    expect(
      expectLegal(story)
        .state.resources.map((each) => each.waiting)
        .slice(0, 2),
    ).toEqual([0, 2]);
    notify(story, 1);
    expect(
      expectLegal(story)
        .state.resources.map((each) => each.waiting)
        .slice(0, 2),
    ).toEqual([1, 1]);
    back(story, 'p1');
    expect(
      expectLegal(story)
        .state.resources.map((each) => each.waiting)
        .slice(0, 2),
    ).toEqual([0, 1]);
  });

  test('goes to the next where the time of the first is over', () => {
    const line = (): Story => notify(expire(waiting(waiting(begun(), 'p1', true), 'p2'), 'p1'), 1);
    expectLegal(back(back(line(), 'p2').did('p2', 'rlock.release', 'r', 0), 'p1', false));
    expectLegal(back(back(line(), 'p1', false).did('p1', 'rlock.release', 'r', 0), 'p2'));
    expectImpossible(back(line(), 'p1'), /p1 came back from c with true, having been expired/);
  });

  test('goes on to nobody when its task is ended', () => {
    const killed = { state: 'terminated', cause: 'kill', exitCode: -9 } as const;
    const story = notify(waiting(waiting(begun(), 'p1', true), 'p2'), 1).ends('p1', killed);
    expect(
      expectLegal(story)
        .state.resources.map((each) => each.waiting)
        .slice(0, 2),
    ).toEqual([0, 1]);
    expectImpossible(back(story, 'p2'), /though it stands in line/);
  });
});
