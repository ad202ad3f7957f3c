import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instruction } from '../../engine/plan/instruction.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import type { Plan, Resource } from '../../engine/plan/plan.ts';
import { judgementOf, verdictOn } from './judging.ts';
import {
  barrier,
  condition,
  constant,
  event,
  lock,
  makePlan,
  pipe,
  pool,
  queue,
  rlock,
  type Scene,
  type Story,
  semaphore,
  spanOfLine,
  tell,
} from './scene.ts';

const NOWHERE = { start: 0, end: 0 };
const reading = (variable: number) => ({
  cel: 'n',
  span: NOWHERE,
  reads: [{ from: 'variable', name: 'n', variable } as const],
});

/** On line 20 `n` is updated, on line 21 awaited; lines 22, 23 and 24 are one moment, and line 25 comes after it. */
const instructions: readonly Instruction[] = [
  { op: 'update', step: 20, writes: [{ variable: 0, value: reading(0) }] },
  { op: 'await', step: 21, condition: reading(0) },
  { op: 'begin', step: 22 },
  { op: 'evaluate', step: 22, expressions: [reading(0)], slots: [0] },
  { op: 'branch', step: 22, condition: constant(true), otherwise: 8 },
  { op: 'write', step: 23, variable: 0, from: 0 },
  { op: 'commit', step: 23 },
  { op: 'jump', step: 23, to: 10 },
  { op: 'write', step: 24, variable: 0, from: 0 },
  { op: 'commit', step: 24 },
  { op: 'write', step: 25, variable: 0, from: 0 },
];

function scene(resources: readonly Resource[], more: Scene = {}): Plan {
  return makePlan({
    resources,
    tasks: ['a', 'b', 'c'].map((name) => ({ name, instructions })),
    variables: { n: 0n, list: { cells: [0n, 0n] } },
    ...more,
  });
}

const begun = (plan: Plan): Story => tell(plan).run('a', 'b', 'c');

/** The names of vars that were raced for, each as often as there are pairs of steps. */
function raced(plan: Plan, story: Story): readonly string[] {
  return verdictOn(plan, story.stops('timeout'), { stopped: 'timeout' }).races.map(
    ({ variable }) => variable,
  );
}

type Deed = (story: Story) => Story;
const on = (
  task: string,
  operation: OperationName,
  target: string,
  amount = 1,
  value: string | bigint | boolean | null = null,
): Deed => {
  return (story) => story.did(task, operation, target, amount, value);
};
const waits = (task: string, operation: OperationName, target: string): Deed => {
  return (story) => story.waits(task, operation, target);
};
const writes =
  (task: string): Deed =>
  (story) =>
    story.line(task.charCodeAt(0) - 90).writes(task, 'n', 1n);

function play(plan: Plan, ...deeds: readonly Deed[]): Story {
  let story = begun(plan);
  for (const deed of deeds) story = deed(story);
  return story;
}

/** `a` writes, then the deeds, then `b` writes. */
function between(resources: readonly Resource[], ...deeds: readonly Deed[]): readonly string[] {
  const plan = scene(resources);
  return raced(plan, play(plan, writes('a'), ...deeds, writes('b')));
}

describe('two writes', () => {
  test('race where nothing orders them', () => {
    const plan = scene([]);
    const story = begun(plan).at(0.1).line(3).writes('a', 'n', 1n).at(0.2).line(4).writes('b', 'n', 2n);
    const verdict = verdictOn(plan, story.ends('a').ends('b').ends('c').ends('main'));
    expect(verdict.races).toEqual([
      {
        variable: 'n',
        first: { task: 'a', deed: 'wrote', at: 100_000, span: spanOfLine(3) },
        second: { task: 'b', deed: 'wrote', at: 200_000, span: spanOfLine(4) },
        times: 1,
      },
    ]);
    expect(verdict.outcome).toBe('passed');
  });

  test('race once for each pair of steps, however often', () => {
    const plan = scene([]);
    const story = begun(plan).line(3);
    for (let round = 0; round < 5; round += 1) story.writes('a', 'n', 1n).writes('b', 'n', 2n);
    expect(verdictOn(plan, story.stops('timeout'), { stopped: 'timeout' }).races).toMatchObject([
      { times: 9 },
    ]);
  });

  test('of one task do not race, nor do reads', () => {
    const plan = scene([]);
    expect(raced(plan, begun(plan).writes('a', 'n', 1n).writes('a', 'n', 2n))).toEqual([]);
    expect(raced(plan, begun(plan).reads('a', 'n').reads('b', 'n').reads('a', 'n'))).toEqual([]);
  });

  test('of different cells do not race', () => {
    const plan = scene([]);
    expect(raced(plan, begun(plan).writes('a', 'list', 1n, 0).writes('b', 'list', 1n, 1))).toEqual([]);
    expect(raced(plan, begun(plan).writes('a', 'list', 1n, 1).writes('b', 'list', 1n, 1))).toEqual([
      'list[1]',
    ]);
  });

  test('of an array race, a read of it does not: it may have used another cell', () => {
    const plan = scene([]);
    expect(raced(plan, begun(plan).reads('a', 'list').writes('b', 'list', 1n, 0))).toEqual([]);
  });

  test('of different copies do not race, of a shared var they do', () => {
    const tasks = [{ name: 'a', kind: 'process' } as const, { name: 'b', kind: 'process' } as const];
    const own = makePlan({ tasks, variables: { n: 0n } });
    expect(raced(own, tell(own).run('a', 'b').writes('a', 'n', 1n).writes('b', 'n', 1n))).toEqual([]);
    const shared = makePlan({ tasks, variables: { n: { cells: [0n], shared: true } } });
    expect(raced(shared, tell(shared).run('a', 'b').writes('a', 'n', 1n).writes('b', 'n', 1n))).toEqual([
      'n',
    ]);
  });
});

describe('a read and a write', () => {
  test('race whichever comes first', () => {
    const plan = scene([]);
    expect(raced(plan, begun(plan).reads('a', 'n').writes('b', 'n', 1n))).toEqual(['n']);
    expect(raced(plan, begun(plan).writes('a', 'n', 1n).reads('b', 'n'))).toEqual(['n']);
  });

  test('race for every reader that the writer knows nothing of', () => {
    const plan = scene([]);
    const story = begun(plan).line(3).reads('a', 'n').line(4).reads('b', 'n').line(5).writes('c', 'n', 1n);
    const { races } = verdictOn(plan, story.stops('timeout'), { stopped: 'timeout' });
    expect(races.map(({ first, second }) => [first.task, first.deed, second.task])).toEqual([
      ['a', 'read', 'c'],
      ['b', 'read', 'c'],
    ]);
  });

  test('lose an update: its reads and its writes are found', () => {
    const plan = scene([]);
    const story = begun(plan)
      .line(3)
      .reads('a', 'n')
      .reads('b', 'n')
      .line(4)
      .writes('a', 'n', 1n)
      .writes('b', 'n', 1n);
    const { races } = verdictOn(plan, story.stops('timeout'), { stopped: 'timeout' });
    expect(
      races.map(({ first, second }) => `${first.task} ${first.deed}, ${second.task} ${second.deed}`),
    ).toEqual(['b read, a wrote', 'a wrote, b wrote']);
  });
});

describe('tasks are ordered', () => {
  test('by start and join', () => {
    const plan = scene([]);
    const story = tell(plan).writes('main', 'n', 1n).run('a').writes('a', 'n', 2n).ends('a');
    expect(raced(plan, story.did('main', 'task.join', 'a').writes('main', 'n', 3n))).toEqual([]);
    const early = tell(plan).run('a').writes('main', 'n', 1n).writes('a', 'n', 2n);
    expect(raced(plan, early)).toEqual(['n']);
    const unjoined = tell(plan).run('a').writes('a', 'n', 2n).ends('a').writes('main', 'n', 3n);
    expect(raced(plan, unjoined)).toEqual(['n']);
  });

  test('by the end of a process, which waits for its threads', () => {
    const plan = makePlan({
      tasks: [{ name: 'child', kind: 'process' }, 'thread'],
      variables: { n: { cells: [0n], shared: true } },
    });
    const story = tell(plan).run('child').start('child', 'thread').begin('thread');
    story.waits('child', 'end').writes('thread', 'n', 1n).ends('thread').ends('child');
    expect(raced(plan, story.did('main', 'task.join', 'child').writes('main', 'n', 2n))).toEqual([]);
  });

  test('by locks', () => {
    const held = [on('b', 'lock.acquire', 'l')] as const;
    const plan = scene([lock('l')]);
    const locked = play(
      plan,
      on('a', 'lock.acquire', 'l'),
      writes('a'),
      on('a', 'lock.release', 'l'),
      ...held,
      writes('b'),
    );
    expect(raced(plan, locked)).toEqual([]);
    const other = scene([lock('l'), lock('m')]);
    const twoLocks = play(
      other,
      on('a', 'lock.acquire', 'm'),
      writes('a'),
      on('a', 'lock.release', 'm'),
      ...held,
      writes('b'),
    );
    expect(raced(other, twoLocks)).toEqual(['n']);
    const disabled = scene([lock('l', { enabled: false })]);
    const open = play(
      disabled,
      on('a', 'lock.acquire', 'l'),
      writes('a'),
      on('a', 'lock.release', 'l'),
      ...held,
      writes('b'),
    );
    expect(raced(disabled, open)).toEqual(['n']);
  });

  test('by rlocks, at each depth', () => {
    const plan = scene([rlock('r')]);
    const story = begun(plan)
      .did('a', 'rlock.acquire', 'r')
      .did('a', 'rlock.acquire', 'r', 2)
      .did('a', 'rlock.release', 'r');
    story.line(3).writes('a', 'n', 1n).did('a', 'rlock.release', 'r', 0).did('b', 'rlock.acquire', 'r');
    expect(raced(plan, story.line(4).writes('b', 'n', 2n))).toEqual([]);
  });

  test('by a lock that its holder gives back when it ends', () => {
    const plan = scene([lock('l', { onHolderExit: 'release' })]);
    const story = begun(plan).did('a', 'lock.acquire', 'l').writes('a', 'n', 1n).ends('a');
    expect(raced(plan, story.did('b', 'lock.acquire', 'l').writes('b', 'n', 2n))).toEqual([]);
  });

  test('by semaphores, so far as their permits are used up', () => {
    const steps = [on('a', 'semaphore.release', 's'), on('b', 'semaphore.acquire', 's')];
    const used = (permits: number): readonly string[] => {
      const plan = scene([semaphore('s', permits)]);
      return raced(plan, play(plan, on('a', 'semaphore.acquire', 's'), writes('a'), ...steps, writes('b')));
    };
    expect(used(1)).toEqual([]);
    // With a second permit b could have gone first.
    expect(used(2)).toEqual(['n']);
    const signal = scene([semaphore('s', 0, { bounded: false })]);
    expect(raced(signal, play(signal, writes('a'), ...steps, writes('b')))).toEqual([]);
  });

  test('by items of queues, in their own order', () => {
    const puts = on('a', 'queue.put', 'q', 0, 'mine');
    expect(between([queue('q')], puts, on('b', 'queue.get', 'q', 0, 'mine'))).toEqual([]);
    const other = on('c', 'queue.put', 'q', 0, 'other');
    expect(between([queue('q', 'fifo')], puts, other, on('b', 'queue.get', 'q', 1, 'mine'))).toEqual([]);
    expect(between([queue('q', 'lifo')], puts, other, on('b', 'queue.get', 'q', 1, 'other'))).toEqual(['n']);
    const late = on('a', 'queue.put', 'q', 9, 'mine');
    const early = on('c', 'queue.put', 'q', 1, 'other');
    expect(between([queue('q', 'priority')], late, early, on('b', 'queue.get', 'q', 1, 'other'))).toEqual([
      'n',
    ]);
  });

  test('by the room in queues', () => {
    const full = [
      on('c', 'queue.put', 'q', 0, 'x'),
      on('a', 'queue.get', 'q', 0, 'x'),
      on('b', 'queue.put', 'q', 0, 'y'),
    ];
    expect(between([queue('q', 'fifo', 1)], ...full)).toEqual([]);
    expect(between([queue('q', 'fifo', 2)], ...full)).toEqual(['n']);
  });

  test('by the work done on a queue', () => {
    const plan = scene([queue('q')]);
    const story = play(
      plan,
      on('c', 'queue.put', 'q', 0, 'x'),
      on('a', 'queue.get', 'q', 0, 'x'),
      writes('a'),
    );
    story.did('a', 'queue.taskDone', 'q', 0).did('b', 'queue.join', 'q', 0);
    expect(raced(plan, writes('b')(story))).toEqual([]);
  });

  test('by the close of a queue or of a pipe', () => {
    const shut = (story: Story): Story => story.raises('b', 'ShutDown', true);
    expect(between([queue('q')], on('a', 'queue.close', 'q', 0), shut)).toEqual([]);
    const ended = (story: Story): Story => story.raises('b', 'EOFError', true);
    expect(between(pipe('p', 0), on('a', 'pipe.close', 'p.left', 0), ended)).toEqual([]);
    const failed = (story: Story): Story => story.raises('b', 'ValueError', true);
    expect(between([queue('q')], on('a', 'queue.close', 'q', 0), failed)).toEqual(['n']);
  });

  test('by events', () => {
    expect(between([event('e')], on('a', 'event.signal', 'e'), on('b', 'event.wait', 'e', 0, true))).toEqual(
      [],
    );
    expect(between([event('e', true)], on('b', 'event.wait', 'e', 0, true))).toEqual(['n']);
  });

  test('by conditions: the lock goes with the wait, and the notify counts', () => {
    const plan = scene([lock('l'), condition('c', 0)]);
    const story = begun(plan)
      .did('b', 'lock.acquire', 'l')
      .line(3)
      .writes('b', 'n', 1n)
      .waits('b', 'condition.wait', 'c');
    story
      .did('a', 'lock.acquire', 'l')
      .line(4)
      .writes('a', 'n', 2n)
      .did('a', 'condition.notify', 'c')
      .did('a', 'lock.release', 'l');
    expect(raced(plan, story.did('b', 'condition.wait', 'c', 1, true).line(5).writes('b', 'n', 3n))).toEqual(
      [],
    );
    const open = scene([lock('l', { enabled: false }), condition('c', 0)]);
    const notified = begun(open)
      .waits('b', 'condition.wait', 'c')
      .line(4)
      .writes('a', 'n', 2n)
      .did('a', 'condition.notify', 'c');
    expect(
      raced(open, notified.did('b', 'condition.wait', 'c', 1, true).line(5).writes('b', 'n', 3n)),
    ).toEqual([]);
  });

  test('by the lock of a condition that nobody notified', () => {
    const plan = scene([lock('l'), condition('c', 0)]);
    const story = begun(plan).did('b', 'lock.acquire', 'l').waits('b', 'condition.wait', 'c', true);
    story.did('a', 'lock.acquire', 'l').line(3).writes('a', 'n', 1n).did('a', 'lock.release', 'l');
    story.timesOut('b', 'condition.wait', 'c');
    expect(raced(plan, story.did('b', 'condition.wait', 'c', 1, false).line(4).writes('b', 'n', 2n))).toEqual(
      [],
    );
  });

  test('by all who ever gave a lock back, whoever did so last', () => {
    const plan = scene([lock('l')]);
    const story = begun(plan)
      .did('b', 'lock.acquire', 'l')
      .line(3)
      .writes('b', 'n', 1n)
      .did('b', 'lock.release', 'l');
    story.did('a', 'lock.acquire', 'l').did('c', 'lock.release', 'l').did('main', 'lock.acquire', 'l');
    expect(raced(plan, story.line(4).writes('main', 'n', 2n))).toEqual([]);
  });

  test('by one round of a barrier, but not by those before', () => {
    const plan = scene([barrier('b', 2)]);
    const first = play(
      plan,
      writes('a'),
      waits('a', 'barrier.wait', 'b'),
      on('b', 'barrier.wait', 'b', 1, 1n),
    );
    const second = first.did('a', 'barrier.wait', 'b', 0, 0n).waits('c', 'barrier.wait', 'b');
    expect(
      raced(
        plan,
        writes('c')(second.did('main', 'barrier.wait', 'b', 1, 1n).did('c', 'barrier.wait', 'b', 0, 0n)),
      ),
    ).toEqual(['n']);
  });

  test('by barriers, all with all', () => {
    const comes = [waits('a', 'barrier.wait', 'b'), on('b', 'barrier.wait', 'b', 1, 1n)];
    expect(between([barrier('b', 2)], ...comes)).toEqual([]);
    const plan = scene([barrier('b', 2)]);
    const story = play(
      plan,
      waits('a', 'barrier.wait', 'b'),
      writes('b'),
      on('b', 'barrier.wait', 'b', 1, 1n),
    );
    expect(raced(plan, story.did('a', 'barrier.wait', 'b', 0, 0n).line(9).writes('a', 'n', 3n))).toEqual([]);
    const late = play(
      plan,
      waits('a', 'barrier.wait', 'b'),
      on('b', 'barrier.wait', 'b', 1, 1n),
      writes('b'),
    );
    expect(raced(plan, late.did('a', 'barrier.wait', 'b', 0, 0n).line(9).writes('a', 'n', 3n))).toEqual([
      'n',
    ]);
  });

  test('by the items of pipes', () => {
    const sends = [on('a', 'pipe.send', 'p.left', 1, 'x'), on('b', 'pipe.receive', 'p.right', 0, 'x')];
    expect(between(pipe('p', 0), ...sends)).toEqual([]);
    const other = on('c', 'pipe.send', 'p.left', 1, 'x');
    const receives = [
      on('b', 'pipe.receive', 'p.right', 1, 'x'),
      on('b', 'pipe.receive', 'p.right', 0, 'y'),
    ] as const;
    const both = [other, on('a', 'pipe.send', 'p.left', 2, 'y'), receives[0]] as const;
    expect(between(pipe('p', 0), ...both)).toEqual(['n']);
    expect(between(pipe('p', 0), ...both, receives[1])).toEqual([]);
  });

  test('by the worker that runs both', () => {
    const plan = makePlan({
      resources: [pool('pool', 1)],
      tasks: [
        { name: 'worker', daemon: true },
        { name: 'job', count: 2, pool: 0 },
      ],
      variables: { n: 0n },
    });
    const story = tell(plan).start('main', 'worker', true).begin('worker');
    for (const job of ['job[0]', 'job[1]'])
      story.start('main', job, true).line(-1).waits(job, 'pool.adopt', 'pool').line(0);
    story.did('worker', 'pool.adopt', 'pool', 2, 2n).begin('job[0]').writes('job[0]', 'n', 1n).ends('job[0]');
    story.did('worker', 'task.join', 'job[0]').did('worker', 'pool.adopt', 'pool', 3, 3n).begin('job[1]');
    expect(raced(plan, story.writes('job[1]', 'n', 2n))).toEqual([]);
  });

  test('not by time', () => {
    const slept = (story: Story): Story =>
      story.event('b', { type: 'sleeping', untilUs: 1000 }).at(1).event('b', { type: 'woke' });
    expect(between([], slept)).toEqual(['n']);
  });
});

describe('a moment', () => {
  const plan = scene([]);
  const updates = (story: Story, task: string): Story =>
    story.line(20).reads(task, 'n').writes(task, 'n', 1n);

  test('does not race with another, and comes after it', () => {
    expect(raced(plan, updates(updates(begun(plan), 'a'), 'b'))).toEqual([]);
    const handed = updates(updates(begun(plan).line(3).writes('a', 'list', 1n), 'a'), 'b');
    expect(raced(plan, handed.line(4).writes('b', 'list', 2n))).toEqual([]);
  });

  test('races with a plain write or read', () => {
    expect(raced(plan, updates(begun(plan).line(3).writes('a', 'n', 5n), 'b'))).toEqual(['n']);
    expect(raced(plan, updates(begun(plan), 'a').line(3).writes('b', 'n', 5n))).toEqual(['n']);
    expect(raced(plan, updates(begun(plan), 'a').line(3).reads('b', 'n'))).toEqual(['n']);
  });

  test('may be made of several steps', () => {
    const atomic = (story: Story, task: string): Story =>
      story.line(22).reads(task, 'n').line(23).writes(task, 'n', 1n);
    expect(raced(plan, updates(atomic(atomic(begun(plan), 'a'), 'b'), 'c'))).toEqual([]);
    const otherwise = (story: Story, task: string): Story =>
      story.line(22).reads(task, 'n').line(24).writes(task, 'n', 1n);
    expect(raced(plan, otherwise(otherwise(begun(plan), 'a'), 'b'))).toEqual([]);
    expect(raced(plan, begun(plan).line(25).writes('a', 'n', 1n).writes('b', 'n', 1n))).toEqual(['n']);
  });

  test('that only reads races with a later write, not with a read', () => {
    const looks = (story: Story, task: string): Story => story.line(22).reads(task, 'n');
    expect(raced(plan, looks(begun(plan), 'a').line(3).reads('b', 'n'))).toEqual([]);
    expect(raced(plan, looks(begun(plan), 'a').line(3).writes('b', 'n', 1n))).toEqual(['n']);
  });
});

describe('an await', () => {
  const plan = scene([]);

  test('reads what others write, and comes after it', () => {
    const story = begun(plan).line(3).writes('a', 'list', 1n).writes('a', 'n', 1n).line(21).reads('b', 'n');
    story.event('b', { type: 'passed' });
    expect(raced(plan, story.line(4).writes('b', 'list', 2n).writes('b', 'n', 2n))).toEqual([]);
  });

  test('that has not passed orders nothing', () => {
    const story = begun(plan).line(3).writes('a', 'list', 1n).writes('a', 'n', 1n).line(21).reads('b', 'n');
    expect(raced(plan, story.line(4).writes('b', 'list', 2n))).toEqual(['list[0]']);
  });

  test('comes after the end of tasks whose counts it reads', () => {
    const ended = {
      cel: 'a.finished',
      span: NOWHERE,
      reads: [{ from: 'group', name: 'a', group: 1, elements: false, attributes: ['finished'] } as const],
    };
    const plan = makePlan({
      tasks: ['a', { name: 'b', instructions: [{ op: 'await', step: 21, condition: ended }] }],
      variables: { n: 0n },
    });
    const story = tell(plan)
      .run('a', 'b')
      .line(3)
      .writes('a', 'n', 1n)
      .ends('a')
      .line(21)
      .event('b', { type: 'passed' });
    expect(raced(plan, story.line(4).writes('b', 'n', 2n))).toEqual([]);
  });
});

describe('races: never', () => {
  const plan = scene([], { expect: { races: 'never' } });
  const ended = (story: Story): Story => story.ends('a').ends('b').ends('c').ends('main');

  test('passes without races', () => {
    expect(judgementOf(verdictOn(plan, ended(begun(plan))), 'races')).toMatchObject({
      result: 'passed',
      seen: 'none',
    });
  });

  test('fails with both accesses', () => {
    const story = begun(plan).at(0.1).line(3).reads('a', 'n').at(0.2).line(4).writes('b', 'n', 2n);
    const verdict = verdictOn(plan, ended(story));
    expect(judgementOf(verdict, 'races')).toEqual({
      name: 'races',
      result: 'failed',
      span: null,
      expected: 'never',
      seen: '`a` read `n` at 0.1 s and `b` wrote it at 0.2 s without synchronization',
      evidence: [
        { at: 100_000, task: 'a', span: spanOfLine(3), text: 'read `n`' },
        { at: 200_000, task: 'b', span: spanOfLine(4), text: 'wrote `n`' },
      ],
    });
    expect(verdict.outcome).toBe('failed');
  });

  test('is not judged in a run that was stopped, unless there was one', () => {
    const none = verdictOn(plan, begun(plan).stops('timeout'), { stopped: 'timeout' });
    expect(judgementOf(none, 'races').result).toBe('notJudged');
    const one = begun(plan).writes('a', 'n', 1n).writes('b', 'n', 2n).stops('timeout');
    expect(judgementOf(verdictOn(plan, one, { stopped: 'timeout' }), 'races').result).toBe('failed');
  });
});

describe('random histories', () => {
  const names = ['a', 'b', 'c'];
  const plan = makePlan({ resources: [lock('l'), lock('m')], tasks: names, variables: { n: 0n, o: 0n } });
  type Touch = {
    readonly task: string;
    readonly variable: string;
    readonly isWrite: boolean;
    readonly before: ReadonlySet<Touch>;
  };

  test('have races for just those vars that two accesses without an order touch', () => {
    const choice = fc.record({ task: fc.constantFrom(...names), deed: fc.nat({ max: 5 }) });
    const seen = { raced: 0, clean: 0 };
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 30, size: 'max' }), (choices) => {
        const story = tell(plan).run(...names);
        const owners = new Map<string, string>();
        const given = new Map<string, Set<Touch>>([
          ['l', new Set()],
          ['m', new Set()],
        ]);
        const known = new Map(names.map((name) => [name, new Set<Touch>()]));
        const touches: Touch[] = [];
        for (const { task, deed } of choices) {
          const mine = known.get(task) as Set<Touch>;
          if (deed < 2) {
            const name = deed === 0 ? 'l' : 'm';
            const past = given.get(name) as Set<Touch>;
            if (owners.get(name) === task) {
              owners.delete(name);
              for (const touch of mine) past.add(touch);
              story.did(task, 'lock.release', name);
            } else if (!owners.has(name)) {
              owners.set(name, task);
              for (const touch of past) mine.add(touch);
              story.did(task, 'lock.acquire', name);
            }
            continue;
          }
          const [variable, isWrite] = [deed < 4 ? 'n' : 'o', deed % 2 === 0];
          const touch: Touch = { task, variable, isWrite, before: new Set(mine) };
          touches.push(touch);
          mine.add(touch);
          if (isWrite) story.writes(task, variable, 1n);
          else story.reads(task, variable);
        }
        const wanted = new Set<string>();
        for (const [index, later] of touches.entries()) {
          for (const earlier of touches.slice(0, index)) {
            const conflict = earlier.variable === later.variable && (earlier.isWrite || later.isWrite);
            if (conflict && earlier.task !== later.task && !later.before.has(earlier))
              wanted.add(later.variable);
          }
        }
        seen[wanted.size > 0 ? 'raced' : 'clean'] += 1;
        expect(new Set(raced(plan, story))).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
    expect(seen.raced).toBeGreaterThan(20);
    expect(seen.clean).toBeGreaterThan(20);
  });
});
