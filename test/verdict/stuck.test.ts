import { describe, expect, test } from 'vitest';
import type { Instruction } from '../../engine/plan/instruction.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel } from '../../engine/verdict/model/model.ts';
import type { DeadlockReport } from '../../engine/verdict/verdict.ts';
import { createAbilities } from '../../engine/verdict/waits/abilities.ts';
import { findDeadlock } from '../../engine/verdict/waits/deadlock.ts';
import { verdictOn } from './judging.ts';
import {
  barrier,
  condition,
  constant,
  type Deed,
  event,
  lineOf,
  lock,
  makePlan,
  pipe,
  pool,
  queue,
  rlock,
  type SceneTask,
  type Story,
  semaphore,
  spanOfLine,
  tell,
} from './scene.ts';

function whys(report: DeadlockReport | null): readonly (readonly [string, string])[] {
  return (report?.waiting ?? []).map(({ task, why }) => [task, why] as const);
}

function whole(plan: Plan, story: Story): DeadlockReport | null {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  expect(model.violation()).toBeNull();
  return findDeadlock(model, { abilities: createAbilities(plan), lineOf });
}

describe('a deadlock', () => {
  test('of a wait for a notify that came too early', () => {
    const notifies: Deed = ['condition.notify', 'c'];
    const plan = makePlan({
      resources: [lock('l'), condition('c', 0)],
      tasks: [{ name: 'p', deeds: [notifies] }, 'q'],
    });
    const story = tell(plan)
      .run('p', 'q')
      .at(0.1)
      .line(7)
      .did('p', 'lock.acquire', 'l')
      .did('p', 'condition.notify', 'c', 0);
    story
      .did('p', 'lock.release', 'l')
      .ends('p')
      .at(0.2)
      .did('q', 'lock.acquire', 'l')
      .waits('q', 'condition.wait', 'c');
    expect(whys(whole(plan, story.waits('main', 'end')))[1]).toMatchSnapshot();
  });

  test('of one who was notified and cannot have the lock back', () => {
    const plan = makePlan({ resources: [lock('l'), condition('c', 0)], tasks: ['p', 'q'] });
    const story = tell(plan).run('p', 'q').did('p', 'lock.acquire', 'l').waits('p', 'condition.wait', 'c');
    story
      .at(0.1)
      .line(9)
      .did('q', 'lock.acquire', 'l')
      .did('q', 'condition.notify', 'c')
      .waits('q', 'task.join', 'p');
    const report = whole(plan, story.waits('main', 'end'));
    expect(whys(report)[1]).toMatchSnapshot();
    expect(report?.cycle).toEqual(['p', 'q']);
  });

  test('at a barrier to which too few come', () => {
    const comes: Deed = ['barrier.wait', 'b', 0n];
    const tasks = ['p', 'q'].map((name) => ({ name, deeds: [comes] }));
    const plan = makePlan({ resources: [barrier('b', 3)], tasks });
    const story = tell(plan)
      .run('p', 'q')
      .waits('p', 'barrier.wait', 'b')
      .waits('q', 'barrier.wait', 'b', false, 2);
    expect(whys(whole(plan, story.waits('main', 'end')))[1]).toMatchSnapshot();
  });

  test('at a barrier whose action was cut short', () => {
    const plan = makePlan({ resources: [barrier('b', 2, 'acting')], tasks: [{ name: 'p' }, { name: 'q' }] });
    const story = tell(plan)
      .run('p', 'q')
      .waits('p', 'barrier.wait', 'b')
      .did('q', 'barrier.wait', 'b', 1, 1n);
    story.ends('q', { state: 'terminated', cause: 'kill' });
    expect(whys(whole(plan, story.waits('main', 'end')))[1]).toMatchSnapshot();
  });

  test('at a pipe into which nobody sends', () => {
    const sends: Deed = ['pipe.send', 'p.left'];
    const plan = makePlan({ resources: pipe('p', 0), tasks: [{ name: 'a', deeds: [sends] }, 'b'] });
    const story = tell(plan)
      .run('a', 'b')
      .ends('a')
      .waits('b', 'pipe.receive', 'p.right')
      .waits('main', 'end');
    expect(whys(whole(plan, story))[1]).toMatchSnapshot();
  });

  test('of a task that no worker of its pool takes', () => {
    const takes: Deed = ['pool.adopt', 'pool'];
    const tasks: readonly SceneTask[] = [
      { name: 'worker', daemon: true, deeds: [takes] },
      { name: 'job', pool: 0 },
    ];
    const plan = makePlan({ resources: [pool('pool', 1), lock('l')], tasks });
    const story = tell(plan).start('main', 'worker', true).begin('worker').did('main', 'lock.acquire', 'l');
    story
      .waits('worker', 'lock.acquire', 'l')
      .start('main', 'job', true)
      .line(-1)
      .waits('job', 'pool.adopt', 'pool')
      .line(0);
    expect(whys(whole(plan, story.waits('main', 'task.join', 'job')))[2]).toMatchSnapshot();
  });
});

/** Two tasks wait for each other's locks, and a third one sleeps, when the time of the run is over. */
function crossed(more: SceneTask = { name: 'other' }): { readonly plan: Plan; readonly story: Story } {
  const takes: readonly Deed[] = [
    ['lock.acquire', 'a'],
    ['lock.acquire', 'b'],
    ['lock.release', 'a'],
    ['lock.release', 'b'],
  ];
  const sleeps: Instruction = {
    op: 'sleep',
    step: 6,
    duration: { kind: 'fixed', minUs: 90_000_000, maxUs: 90_000_000 },
  };
  const plan = makePlan({
    resources: [lock('a'), lock('b'), event('e'), queue('q')],
    tasks: [
      { name: 'p1', deeds: takes },
      { name: 'p2', deeds: takes },
      { deeds: takes, ...more, instructions: [sleeps, ...(more.instructions ?? [])] },
    ],
  });
  const story = tell(plan).run('p1', 'p2', more.name).at(0.1).line(3).did('p1', 'lock.acquire', 'a').line(4);
  story
    .did('p2', 'lock.acquire', 'b')
    .at(0.2)
    .line(5)
    .waits('p1', 'lock.acquire', 'b')
    .line(6)
    .waits('p2', 'lock.acquire', 'a');
  story.event(more.name, { type: 'sleeping', untilUs: 99_000_000 });
  return { plan, story };
}

const timedOut = (plan: Plan, story: Story) =>
  verdictOn(plan, story.at(9).stops('timeout'), { stopped: 'timeout' });

describe('a part of the tasks that waits for ever', () => {
  test('is told when the run is stopped, with who waits for it', () => {
    const { plan, story } = crossed();
    const verdict = timedOut(plan, story.line(7).waits('main', 'task.join', 'p1'));
    expect(verdict.deadlock).toBeNull();
    expect(whys(verdict.partialDeadlock)).toMatchSnapshot();
    expect(verdict.partialDeadlock?.cycle).toEqual(['p1', 'p2']);
    expect(verdict.partialDeadlock?.waiting[1]?.span).toEqual(spanOfLine(5));
    expect(verdict.summary).toMatchSnapshot();
  });

  test('is none while somebody may still help', () => {
    const releases: readonly Deed[] = [['lock.release', 'a']];
    const helped = crossed({ name: 'other', deeds: releases });
    expect(timedOut(helped.plan, helped.story).partialDeadlock).toBeNull();
    const calls: Instruction = { op: 'external', step: 8, service: 'call', request: constant(null) };
    const calling = crossed({ name: 'other', instructions: [calls] });
    expect(timedOut(calling.plan, calling.story).partialDeadlock).toBeNull();
  });

  test('does not hold those who have a timeout, nor those whom they help', () => {
    const { plan } = crossed();
    const story = tell(plan)
      .run('p1', 'p2', 'other')
      .did('p1', 'lock.acquire', 'a')
      .did('p2', 'lock.acquire', 'b');
    story
      .waits('p1', 'lock.acquire', 'b')
      .waits('p2', 'lock.acquire', 'a', true)
      .waits('main', 'task.join', 'p1');
    expect(timedOut(plan, story).partialDeadlock).toBeNull();
  });

  test('is told when nobody is left who could', () => {
    const waits = (task: SceneTask): DeadlockReport | null => {
      const { plan, story } = crossed(task);
      return timedOut(plan, story.waits('main', 'queue.get', 'q')).partialDeadlock;
    };
    expect(whys(waits({ name: 'other' }))[0]).toMatchSnapshot();
    expect(whys(waits({ name: 'other', deeds: [['queue.put', 'q']] })).map(([task]) => task)).toEqual([
      'p1',
      'p2',
    ]);
    const run: Instruction = {
      op: 'external',
      step: 8,
      service: 'run',
      request: constant(null),
      feeds: { kind: 'fixed', id: 3 },
    };
    expect(whys(waits({ name: 'other', instructions: [run] })).map(([task]) => task)).toEqual(['p1', 'p2']);
    const elsewhere: Instruction = { ...run, feeds: { kind: 'fixed', id: 0 } };
    expect(whys(waits({ name: 'other', instructions: [elsewhere] })).map(([task]) => task)).toContain('main');
  });

  test('counts on tasks that are still to be started', () => {
    const starts: Instruction = {
      op: 'operate',
      step: 8,
      operation: 'task.start',
      target: { kind: 'fixed', id: 3 },
      operands: [constant(null)],
    };
    const signals: SceneTask = { name: 'signaller', deeds: [['event.signal', 'e']] };
    const stuck = (first: SceneTask): DeadlockReport | null => {
      const plan = makePlan({ resources: [event('e')], tasks: [first, 'waiter', signals] });
      const story = tell(plan)
        .run('first', 'waiter')
        .event('first', { type: 'sleeping', untilUs: 99_000_000 });
      return timedOut(
        plan,
        story.waits('waiter', 'event.wait', 'e').event('main', { type: 'sleeping', untilUs: 99_000_000 }),
      ).partialDeadlock;
    };
    expect(stuck({ name: 'first', instructions: [starts] })).toBeNull();
    expect(whys(stuck({ name: 'first' }))).toMatchSnapshot();
  });

  test('is found for each kind of resource', () => {
    const resources = [
      semaphore('s', 1),
      rlock('r'),
      lock('l'),
      condition('c', 2),
      barrier('b', 2),
      ...pipe('p', 5),
      queue('full', 'fifo', 1),
    ];
    const plan = makePlan({
      resources,
      tasks: ['s', 'r', 'c', 'b', 'p', 'f', 'sleeper', 'gone'].map((name) => `t-${name}`),
    });
    const story = tell(plan).run(
      ...['s', 'r', 'c', 'b', 'p', 'f', 'sleeper', 'gone'].map((name) => `t-${name}`),
    );
    story
      .did('t-gone', 'semaphore.acquire', 's')
      .did('t-gone', 'rlock.acquire', 'r')
      .did('t-gone', 'queue.put', 'full', 0, 'x')
      .ends('t-gone');
    story.waits('t-s', 'semaphore.acquire', 's').waits('t-r', 'rlock.acquire', 'r');
    story
      .did('t-c', 'lock.acquire', 'l')
      .waits('t-c', 'condition.wait', 'c')
      .waits('t-b', 'barrier.wait', 'b');
    story.waits('t-p', 'pipe.receive', 'p.left').waits('t-f', 'queue.put', 'full');
    story
      .event('t-sleeper', { type: 'sleeping', untilUs: 99_000_000 })
      .waits('main', 'task.join', 't-sleeper');
    const report = timedOut(plan, story).partialDeadlock;
    expect(report?.waiting.map(({ task }) => task)).toEqual(['t-s', 't-r', 't-c', 't-b', 't-p', 't-f']);
  });

  test('of daemons at the end of the program is one only if they hold each other up', () => {
    const daemon = { daemon: true } as const;
    const plan = makePlan({
      resources: [lock('a'), lock('b'), queue('q')],
      tasks: [
        { name: 'd1', ...daemon },
        { name: 'd2', ...daemon },
        { name: 'consumer', ...daemon },
      ],
    });
    const story = tell(plan);
    for (const name of ['d1', 'd2', 'consumer']) story.start('main', name, true).begin(name);
    story.did('d1', 'lock.acquire', 'a').did('d2', 'lock.acquire', 'b').waits('d1', 'lock.acquire', 'b');
    story.waits('d2', 'lock.acquire', 'a').waits('consumer', 'queue.get', 'q');
    for (const name of ['d1', 'd2', 'consumer']) {
      story.event('main', {
        type: 'ended',
        target: plan.tasks.findIndex((task) => task.name === name),
        state: 'terminated',
        cause: 'daemon',
        error: null,
        exitCode: 0,
      });
    }
    const verdict = verdictOn(plan, story.ends('main'));
    expect(verdict.outcome).toBe('passed');
    expect(verdict.partialDeadlock?.waiting.map(({ task }) => task)).toEqual(['d1', 'd2']);
  });

  test('is null where everybody waits: that is a deadlock', () => {
    const { plan } = crossed();
    const story = tell(plan).run('p1', 'p2').did('p1', 'lock.acquire', 'a').did('p2', 'lock.acquire', 'b');
    story.waits('p1', 'lock.acquire', 'b').waits('p2', 'lock.acquire', 'a').waits('main', 'task.join', 'p1');
    const verdict = verdictOn(plan, story.stops('deadlock'), { stopped: 'deadlock' });
    expect(verdict.deadlock?.cycle).toEqual(['p1', 'p2']);
    expect(verdict.partialDeadlock).toBeNull();
  });
});
