import { describe, expect, test } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import { createModel, type Model } from '../../engine/verdict/model/model.ts';
import { makePlan, pipe, pool, queue, type Story, tell } from './scene.ts';

function follow(plan: Plan, story: Story): Model {
  const model = createModel(plan);
  for (const each of story.events) model.handle(each);
  return model;
}

function expectLegal(plan: Plan, story: Story): Model {
  const model = follow(plan, story);
  expect(model.violation()).toBeNull();
  return model;
}

function expectImpossible(plan: Plan, story: Story, text: RegExp): void {
  const { violation } = follow(plan, story);
  expect(violation()?.text).toMatch(text);
  expect(violation()?.seq).toBe(story.events.length - 1);
}

describe('a pipe', () => {
  const plan = makePlan({ resources: pipe('p', 0), tasks: ['a', 'b'] });
  const sent = (): Story =>
    tell(plan).run('a', 'b').did('a', 'pipe.send', 'p.left', 1, 'x').did('a', 'pipe.send', 'p.left', 2, 'y');

  test('gives at one end what went in at the other, in that order', () => {
    const story = sent().did('b', 'pipe.receive', 'p.right', 1, 'x');
    expect(expectLegal(plan, story).state.resources[1]).toMatchObject({ peak: 2 });
    expectLegal(plan, story.did('b', 'pipe.receive', 'p.right', 0, 'y'));
    expectImpossible(plan, sent().did('b', 'pipe.receive', 'p.right', 1, 'y'), /where "x" is next/);
    expectImpossible(
      plan,
      sent().did('b', 'pipe.receive', 'p.right', 0, 'x'),
      /says 0 items are at p.right, where 1 are/,
    );
    expectImpossible(plan, sent().did('b', 'pipe.receive', 'p.left', 0, 'x'), /at p.left, which has nothing/);
  });

  test('goes both ways', () => {
    const story = sent().did('b', 'pipe.send', 'p.right', 1, 1n).did('a', 'pipe.receive', 'p.left', 0, 1n);
    expectLegal(plan, story);
  });

  test('makes a task wait while it is empty and the peer is open', () => {
    expectLegal(plan, tell(plan).run('a', 'b').waits('b', 'pipe.receive', 'p.right'));
    expectImpossible(plan, sent().waits('b', 'pipe.receive', 'p.right'), /though it could go on/);
    const closed = tell(plan).run('a', 'b').did('a', 'pipe.close', 'p.left', 0);
    expectImpossible(plan, closed.waits('b', 'pipe.receive', 'p.right'), /though it could go on/);
  });

  test('is of no use once an end is closed, but for what is still in it', () => {
    const closed = (): Story => sent().did('a', 'pipe.close', 'p.left', 0);
    expectLegal(plan, closed().did('b', 'pipe.receive', 'p.right', 1, 'x'));
    expectImpossible(
      plan,
      closed().did('a', 'pipe.send', 'p.left', 3, 'z'),
      /sent by p.left, which is closed/,
    );
    expectImpossible(
      plan,
      closed().did('b', 'pipe.send', 'p.right', 1, 'z'),
      /sent to p.left, which is closed/,
    );
    expectImpossible(
      plan,
      closed().did('a', 'pipe.receive', 'p.left', 0, 'z'),
      /received at p.left, which is closed/,
    );
  });
});

describe('a pool', () => {
  const plan = makePlan({
    resources: [pool('pool', 1)],
    tasks: [
      { name: 'worker', daemon: true },
      { name: 'job', count: 2, pool: 0 },
    ],
  });
  const lined = (): Story => {
    const story = tell(plan).start('main', 'worker', true).begin('worker');
    for (const job of ['job[0]', 'job[1]']) {
      story.start('main', job, true).line(-1).waits(job, 'pool.adopt', 'pool').line(0);
    }
    return story;
  };
  const adopts = (story: Story, job: number): Story =>
    story.did('worker', 'pool.adopt', 'pool', job, BigInt(job));

  test('gives its workers the tasks in order', () => {
    expect(expectLegal(plan, lined()).state.resources[0]).toMatchObject({ waiting: 2, holders: 0 });
    const story = adopts(lined(), 2).begin('job[0]');
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ waiting: 1, holders: 1, peak: 1 });
    adopts(story.ends('job[0]'), 3).begin('job[1]');
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ waiting: 0, holders: 1, peak: 1 });
    expectImpossible(plan, adopts(lined(), 3), /took job\[1\] from pool, where job\[0\] is next/);
  });

  test('gives nothing where nobody is in line', () => {
    const idle = tell(plan).start('main', 'worker', true).begin('worker');
    expect(expectLegal(plan, idle.waits('worker', 'pool.adopt', 'pool')).state.resources[0]?.waiting).toBe(0);
    expectImpossible(plan, adopts(idle, 2), /took a task from pool, where none is in line/);
  });

  test('begins no task that no worker took', () => {
    expectImpossible(plan, lined().begin('job[0]'), /job\[0\] began while it waits in pool.adopt/);
  });

  test('loses a task that is ended in line', () => {
    const story = lined().ends('job[0]', { state: 'terminated', cause: 'terminate', exitCode: -15 });
    expect(expectLegal(plan, story).state.resources[0]).toMatchObject({ waiting: 1, holders: 0 });
    expectLegal(plan, adopts(story, 3));
  });

  test.each(['pool.close', 'pool.terminate', 'pool.kill'] as const)('takes nothing more after %s', (end) => {
    const idle = (): Story =>
      tell(plan).start('main', 'worker', true).begin('worker').waits('worker', 'pool.adopt', 'pool');
    expectLegal(plan, idle().did('main', end, 'pool', 0));
    const story = idle().did('main', end, 'pool', 0).start('main', 'job[0]', true);
    expectImpossible(plan, story, /job\[0\] started into a pool that takes no more work/);
  });

  test('has only its own tasks in line', () => {
    const story = tell(plan).start('main', 'worker', true).line(-1).waits('worker', 'pool.adopt', 'pool');
    expectImpossible(plan, story, /worker stood in line for pool, which is not its pool/);
  });
});

describe('what is asked for outside of the run', () => {
  const plan = makePlan({ tasks: ['a'] });
  const asked = (): Story => tell(plan).run('a').event('a', { type: 'asked', service: 'run', timed: false });

  test('is answered once, to who asked for it', () => {
    expectLegal(
      plan,
      asked().event('a', { type: 'answered', service: 'run', ok: true, answer: null }).prints('a', 'x'),
    );
    expectImpossible(
      plan,
      asked().event('a', { type: 'answered', service: 'load', ok: true, answer: null }),
      /did not ask for that/,
    );
    expectImpossible(
      plan,
      asked().event('a', { type: 'asked', service: 'load', timed: false }),
      /asked for load during run/,
    );
  });

  test('may wait to put a line, while its command prints on; a line that is refused ends that', () => {
    const lines = makePlan({ resources: [queue('lines', 'fifo', 1)], tasks: ['a'] });
    const feeds = (): Story =>
      tell(lines)
        .run('a')
        .event('a', { type: 'asked', service: 'run', timed: false })
        .did('a', 'queue.put', 'lines', 0, '1')
        .waits('a', 'queue.put', 'lines')
        .prints('a', 'to the screen');
    expect(expectLegal(lines, feeds()).state).toMatchObject({ live: 2, blocked: 1 });
    const closed = feeds().did('main', 'queue.close', 'lines', 0);
    expectLegal(lines, closed.event('a', { type: 'answered', service: 'run', ok: false, answer: null }));
    expectImpossible(
      lines,
      feeds().event('a', { type: 'answered', service: 'run', ok: true, answer: null }),
      /a was answered \(run\) while it waits in queue.put/,
    );
  });

  test('is neither a wait nor an end of what the task does', () => {
    const model = expectLegal(plan, asked().prints('a', 'line of the command'));
    expect(model.state).toMatchObject({ live: 2, blocked: 0 });
  });
});
