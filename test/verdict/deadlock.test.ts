import { describe, expect, test } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel } from '../../engine/verdict/model/model.ts';
import type { DeadlockReport } from '../../engine/verdict/verdict.ts';
import { createAbilities } from '../../engine/verdict/waits/abilities.ts';
import { findDeadlock } from '../../engine/verdict/waits/deadlock.ts';
import {
  event,
  lineOf,
  lock,
  makePlan,
  queue,
  rlock,
  type Story,
  semaphore,
  spanOfLine,
  tell,
} from './scene.ts';

function find(plan: Plan, story: Story): DeadlockReport | null {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  expect(model.violation()).toBeNull();
  return findDeadlock(model, { abilities: createAbilities(plan), lineOf });
}

function whys(report: DeadlockReport | null): readonly (readonly [string, string])[] {
  return (report?.waiting ?? []).map(({ task, why }) => [task, why] as const);
}

describe('two locks taken in opposite order', () => {
  const plan = makePlan({ resources: [lock('a'), lock('b')], tasks: ['p1', 'p2'] });
  const crossed = (): Story => {
    const story = tell(plan).run('p1', 'p2').at(0.1).line(12).did('p1', 'lock.acquire', 'a');
    story.line(21).did('p2', 'lock.acquire', 'b').at(0.2).line(13).waits('p1', 'lock.acquire', 'b');
    return story.at(0.3).line(22);
  };

  test('are a deadlock once everybody waits', () => {
    const story = crossed();
    expect(find(plan, story)).toBeNull();
    story.waits('p2', 'lock.acquire', 'a');
    expect(find(plan, story)).toBeNull();
    const report = find(plan, story.line(30).waits('main', 'end'));
    expect(report?.cycle).toEqual(['p1', 'p2']);
    expect(whys(report)).toMatchSnapshot();
    expect(report?.waiting[1]).toMatchObject({
      operation: 'lock.acquire',
      resource: 'b',
      sinceUs: 200_000,
      span: spanOfLine(13),
      holders: [{ task: 'p2', sinceUs: 100_000, span: spanOfLine(21), ended: false }],
    });
  });

  test('are none while a timeout runs', () => {
    const story = crossed().waits('p2', 'lock.acquire', 'a', true).waits('main', 'end');
    expect(find(plan, story)).toBeNull();
    story.at(1).timesOut('p2', 'lock.acquire', 'a');
    expect(find(plan, story)).toBeNull();
  });

  test('are none while somebody sleeps', () => {
    const story = crossed()
      .waits('p2', 'lock.acquire', 'a')
      .event('main', { type: 'sleeping', untilUs: 900_000 });
    expect(find(plan, story)).toBeNull();
  });

  test('say nothing of lines without the text of the scenario', () => {
    const story = crossed().waits('p2', 'lock.acquire', 'a').waits('main', 'end');
    const model = createModel(plan);
    for (const each of story.events) model.handle(each);
    expect(findDeadlock(model, { abilities: createAbilities(plan) })?.waiting[1]?.why).toMatchSnapshot();
  });
});

test('is told as that of tasks nobody wrote where there are no others', () => {
  const plan = makePlan({ tasks: ['p1'], mainIsWritten: false });
  const story = tell(plan).run('p1').line(3).waits('main', 'task.join', 'p1').line(4);
  const both = find(plan, story.waits('p1', 'await'));
  expect(both?.waiting.map(({ task }) => task)).toEqual(['p1']);
  const made = plan.groups.map((group) => ({ ...group, made: 'helper' as const }));
  const alone = find({ ...plan, groups: made }, story);
  expect(alone?.waiting.map(({ task }) => task)).toEqual(['main', 'p1']);
});

describe('a lock', () => {
  test('whose holder has ended', () => {
    const plan = makePlan({ resources: [lock('a')], tasks: ['p1', 'p2'] });
    const story = tell(plan)
      .run('p1', 'p2')
      .at(0.1)
      .line(12)
      .did('p1', 'lock.acquire', 'a')
      .at(0.2)
      .ends('p1');
    const report = find(plan, story.waits('p2', 'lock.acquire', 'a').waits('main', 'task.join', 'p2'));
    expect(whys(report)).toMatchSnapshot();
    expect(report?.waiting[1]?.holders).toMatchObject([{ task: 'p1', ended: true }]);
    expect(report?.cycle).toEqual([]);
  });

  test('taken twice by one task', () => {
    const plan = makePlan({ resources: [lock('a')] });
    const story = tell(plan)
      .line(4)
      .did('main', 'lock.acquire', 'a')
      .line(5)
      .waits('main', 'lock.acquire', 'a');
    const report = find(plan, story);
    expect(whys(report)).toMatchSnapshot();
    expect(report?.cycle).toEqual(['main']);
  });

  test('that is an rlock', () => {
    const plan = makePlan({ resources: [rlock('r')], tasks: ['p1'] });
    const story = tell(plan).run('p1').did('main', 'rlock.acquire', 'r', 1).waits('p1', 'rlock.acquire', 'r');
    const report = find(plan, story.waits('main', 'task.join', 'p1'));
    expect(report?.cycle).toEqual(['main', 'p1']);
    expect(report?.waiting[1]?.why).toMatchSnapshot();
  });

  test('that fails for the next when its holder has ended makes nobody wait', () => {
    const plan = makePlan({ resources: [lock('a', { onHolderExit: 'fail' })], tasks: ['p1', 'p2'] });
    const story = tell(plan)
      .run('p1', 'p2')
      .did('p1', 'lock.acquire', 'a')
      .waits('p2', 'lock.acquire', 'a')
      .ends('p1');
    expect(find(plan, story.waits('main', 'end'))).toBeNull();
  });
});

describe('a queue', () => {
  const scene = (deeds: 'queue.put' | 'event.wait') =>
    makePlan({
      resources: [queue('q', 'fifo', 1), lock('a')],
      tasks: [
        { name: 'consumer', deeds: [['queue.get', 'q']] },
        { name: 'producer', deeds: [[deeds, 'q']] },
      ],
    });

  test('that nobody puts into', () => {
    const plan = scene('event.wait');
    const story = tell(plan).run('consumer', 'producer').waits('consumer', 'queue.get', 'q').ends('producer');
    const report = find(plan, story.waits('main', 'end'));
    expect(whys(report)[1]).toMatchSnapshot();
    expect(report?.cycle).toEqual([]);
  });

  test('whose producer has ended', () => {
    const plan = scene('queue.put');
    const story = tell(plan).run('consumer', 'producer').waits('consumer', 'queue.get', 'q').ends('producer');
    const report = find(plan, story.waits('main', 'end'));
    expect(whys(report)[1]?.[1]).toMatchSnapshot();
  });

  test('whose producer was never started', () => {
    const plan = scene('queue.put');
    const story = tell(plan)
      .run('consumer')
      .waits('consumer', 'queue.get', 'q')
      .waits('main', 'task.join', 'consumer');
    expect(whys(find(plan, story))[1]?.[1]).toMatch(/puts into it: `producer` was never started$/);
  });

  test('whose producer waits for what the consumer holds', () => {
    const plan = scene('queue.put');
    const story = tell(plan).run('consumer', 'producer').did('consumer', 'lock.acquire', 'a');
    story.waits('consumer', 'queue.get', 'q').waits('producer', 'lock.acquire', 'a').waits('main', 'end');
    const report = find(plan, story);
    expect(whys(report)[1]?.[1]).toMatchSnapshot();
    expect(report?.cycle).toEqual(['consumer', 'producer']);
  });

  test('that is full', () => {
    const plan = scene('queue.put');
    const story = tell(plan)
      .run('consumer', 'producer')
      .did('producer', 'queue.put', 'q', 0, 1n)
      .ends('consumer');
    const report = find(plan, story.waits('producer', 'queue.put', 'q').waits('main', 'end'));
    expect(whys(report)[1]?.[1]).toMatchSnapshot();
  });

  test('whose items are never done', () => {
    const plan = scene('queue.put');
    const story = tell(plan).run('producer').did('producer', 'queue.put', 'q', 0, 1n).ends('producer');
    const report = find(plan, story.waits('main', 'queue.join', 'q'));
    expect(whys(report)[0]?.[1]).toMatchSnapshot();
  });
});

describe('tasks that wait for tasks', () => {
  test('in a circle', () => {
    const plan = makePlan({ tasks: ['p1', 'p2', 'p3'] });
    const story = tell(plan)
      .run('p1', 'p2', 'p3')
      .waits('main', 'task.join', 'p1')
      .waits('p1', 'task.join', 'p2');
    const report = find(plan, story.waits('p2', 'task.join', 'p3').waits('p3', 'task.join', 'p1'));
    expect(report?.cycle).toEqual(['p1', 'p2', 'p3']);
    expect(whys(report)[3]).toEqual(['p3', '`p1` never ends: it waits for `p2` to end']);
    expect(report?.waiting[3]).toMatchObject({ resource: 'p1', operation: 'task.join', holders: [] });
  });

  test('for a condition that nobody makes true', () => {
    const plan = makePlan({ tasks: ['p1'] });
    const report = find(plan, tell(plan).run('p1').line(8).waits('p1', 'await').waits('main', 'end'));
    expect(report?.waiting[1]).toMatchSnapshot();
  });

  test('of which a child process waits for its parent', () => {
    const plan = makePlan({ resources: [event('go')], tasks: [{ name: 'child', kind: 'process' }] });
    const story = tell(plan).run('child').waits('child', 'event.wait', 'go').waits('main', 'end');
    expect(whys(find(plan, story))).toMatchSnapshot();
  });
});

describe('a semaphore', () => {
  const plan = makePlan({
    resources: [semaphore('s', 2), semaphore('t', 1)],
    tasks: [{ name: 'p', count: 3, deeds: [['semaphore.acquire', 's', 2n]] }],
  });

  test('whose holders wait', () => {
    const story = tell(plan)
      .run('p[0]', 'p[1]')
      .did('p[0]', 'semaphore.acquire', 's', 2)
      .did('p[1]', 'semaphore.acquire', 't');
    story
      .waits('p[0]', 'semaphore.acquire', 't')
      .waits('p[1]', 'semaphore.acquire', 's')
      .waits('main', 'end');
    const report = find(plan, story);
    expect(report?.cycle).toEqual(['p[0]', 'p[1]']);
    expect(whys(report)[1]?.[1]).toMatchSnapshot();
  });

  test('of which one asks for more than is left', () => {
    const story = tell(plan).run('p[0]', 'p[1]').did('p[0]', 'semaphore.acquire', 's').ends('p[0]');
    const report = find(
      plan,
      story.line(59).waits('p[1]', 'semaphore.acquire', 's', false, 2).waits('main', 'end'),
    );
    expect(whys(report)[1]?.[1]).toMatchSnapshot();
  });
});

describe('no deadlock is', () => {
  const plan = makePlan({
    resources: [queue('q'), lock('a')],
    tasks: ['p1', { name: 'service', kind: 'process', daemon: true }, { name: 'helper', daemon: true }],
  });

  test('an end at which only daemons wait', () => {
    const story = tell(plan).start('main', 'helper', true).begin('helper').waits('helper', 'queue.get', 'q');
    expect(find(plan, story)).toBeNull();
    story.start('main', 'service', true).begin('service').waits('service', 'queue.get', 'q').ends('main');
    expect(find(plan, story)).toBeNull();
  });

  test('a main program that has only daemons left to wait for', () => {
    const story = tell(plan)
      .start('main', 'service', true)
      .begin('service')
      .waits('service', 'queue.get', 'q');
    expect(find(plan, story.waits('main', 'end'))).toBeNull();
  });

  test('a run that has ended', () => {
    expect(find(plan, tell(plan).ends('main'))).toBeNull();
  });

  test('a wait whose reason is gone: that is a wake still to come', () => {
    const story = tell(plan).run('p1').did('main', 'lock.acquire', 'a').waits('p1', 'lock.acquire', 'a');
    story.did('main', 'lock.release', 'a').waits('main', 'task.join', 'p1');
    expect(find(plan, story)).toBeNull();
  });
});

test('a deadlock of thousands is reported whole', () => {
  const count = 2000;
  const plan = makePlan({ resources: [lock('a')], tasks: [{ name: 'p', count }] });
  const story = tell(plan).did('main', 'lock.acquire', 'a');
  for (let index = 0; index < count; index += 1) {
    story.run(`p[${index}]`).waits(`p[${index}]`, 'lock.acquire', 'a');
  }
  const report = find(plan, story.waits('main', 'task.join', 'p[7]'));
  expect(report?.waiting).toHaveLength(count + 1);
  expect(report?.cycle).toEqual(['main', 'p[7]']);
});
