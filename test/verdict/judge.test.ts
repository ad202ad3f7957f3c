import { describe, expect, test } from 'vitest';
import type { Read } from '../../engine/expression/expression.ts';
import type { RunEnd } from '../../engine/log/event.ts';
import type { Bound, OutputCheck, TaskCheck } from '../../engine/plan/expectations.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { createJudge, type Judge, type JudgeOptions } from '../../engine/verdict/judge.ts';
import type { Judgement, Verdict } from '../../engine/verdict/verdict.ts';
import { judgementOf, verdictOn } from './judging.ts';
import {
  claim,
  event,
  lineOf,
  lock,
  makePlan,
  queue,
  rlock,
  type Scene,
  type Story,
  semaphore,
  spanOfLine,
  tell,
} from './scene.ts';

function follow(plan: Plan, story: Story, options: JudgeOptions = { lineOf }): Judge {
  const judge = createJudge(plan, options);
  for (const each of story.events) judge.handle(each);
  return judge;
}

const variable = (name: string, id: number): Read => ({ from: 'variable', name, variable: id });
const resource = (name: string, first: number, attributes: readonly string[], count?: number): Read => ({
  from: 'resource',
  name,
  first,
  count: count ?? 1,
  array: count !== undefined,
  attributes,
});

describe('a run without expectations', () => {
  const plan = makePlan({ tasks: ['p1', { name: 'helper', daemon: true }] });

  test('passes when every task finishes', () => {
    const story = tell(plan).run('p1').start('main', 'helper', true).begin('helper').ends('p1').ends('main');
    const verdict = verdictOn(plan, story.ends('helper', { state: 'terminated', cause: 'daemon' }));
    expect(verdict).toMatchObject({ outcome: 'passed', deadlock: null });
    expect(verdict.summary).toMatchSnapshot();
    expect(verdict.ends).toEqual({ finished: 2, failed: 0, terminated: 1, skipped: 0, notStarted: 0 });
    expect(verdict.judgements.map(({ name, result }) => [name, result])).toEqual([
      ['deadlock', 'passed'],
      ['tasks', 'passed'],
    ]);
  });

  test('fails when a task fails', () => {
    const story = tell(plan).run('p1').start('main', 'helper', true).begin('helper').at(0.5).line(7);
    story.fails('p1', 'ValueError').ends('main').ends('helper', { state: 'terminated', cause: 'daemon' });
    const verdict = verdictOn(plan, story);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.summary).toMatchSnapshot();
    expect(judgementOf(verdict, 'tasks').evidence).toEqual([
      { at: 500_000, task: 'p1', span: spanOfLine(7), text: 'failed: ValueError: no' },
    ]);
  });

  test('tells the step that failed, though the end comes after those of others', () => {
    const story = tell(plan)
      .run('p1')
      .line(7)
      .raises('main', 'KeyError', true)
      .line(8)
      .raises('main', 'ValueError');
    const failure = { state: 'failed', error: { name: 'ValueError', message: 'no' }, exitCode: 1 } as const;
    const verdict = verdictOn(plan, story.line(9).ends('p1').line(-1).ends('main', failure));
    expect(judgementOf(verdict, 'tasks').evidence).toMatchObject([{ task: 'main', span: spanOfLine(8) }]);
  });

  test('fails when a task is never started, unless a written main leaves it out', () => {
    const unwritten = makePlan({ tasks: ['p1', 'helper'], mainIsWritten: false });
    const verdict = verdictOn(unwritten, tell(unwritten).run('p1').ends('p1').ends('main'));
    expect(judgementOf(verdict, 'tasks')).toMatchObject({ result: 'failed', seen: '`helper` notStarted' });
    expect(verdict.outcome).toBe('failed');
    expect(verdictOn(plan, tell(plan).run('p1').ends('p1').ends('main')).outcome).toBe('passed');
  });

  test('does not mind what the scenario itself ends', () => {
    const story = tell(plan)
      .run('p1')
      .start('main', 'helper', true)
      .begin('helper')
      .did('main', 'task.kill', 'p1');
    story.ends('p1', { state: 'terminated', cause: 'kill', exitCode: -9 }).ends('main');
    expect(verdictOn(plan, story.ends('helper', { state: 'terminated', cause: 'daemon' })).outcome).toBe(
      'passed',
    );
  });
});

describe('always', () => {
  const scene = (cel: string, reads: readonly Read[]): Plan =>
    makePlan({
      resources: [semaphore('stall', 1, { enabled: false }), lock('fork[0]'), lock('fork[1]')],
      tasks: [{ name: 'p', count: 3 }],
      variables: { n: 1n, m: 1n },
      points: ['write'],
      expect: {
        always: [claim(cel, reads)],
        tasks: [{ span: spanOfLine(0), name: 'p', tasks: [1, 2, 3] }],
      },
    });

  test('keeps the first moment at which it was false', () => {
    const plan = scene('stall.holders <= limit', [
      resource('stall', 0, ['holders']),
      { from: 'constant', name: 'limit', value: 1n },
    ]);
    const story = tell(plan)
      .run('p[0]', 'p[1]', 'p[2]')
      .at(0.1)
      .did('p[0]', 'semaphore.acquire', 'stall')
      .at(0.2)
      .line(8);
    story.did('p[1]', 'semaphore.acquire', 'stall').at(0.3).line(9).did('p[2]', 'semaphore.acquire', 'stall');
    const verdict = verdictOn(plan, story.ends('p[0]').ends('p[1]').ends('p[2]').ends('main'));
    expect(judgementOf(verdict, 'always')).toEqual({
      name: 'always',
      result: 'failed',
      span: spanOfLine(50),
      expected: 'stall.holders <= limit',
      seen: 'false at 0.2 s',
      evidence: [{ at: 200_000, task: 'p[1]', span: spanOfLine(8), text: 'stall.holders = 2, limit = 1' }],
    });
    expect(verdict.outcome).toBe('failed');
    expect(verdict.summary).toMatchSnapshot();
  });

  test('passes when it was true throughout', () => {
    const plan = scene('n + m < 10', [variable('n', 0), variable('m', 1)]);
    const verdict = verdictOn(plan, tell(plan).writes('main', 'n', 8n).ends('main'));
    expect(judgementOf(verdict, 'always')).toMatchObject({
      result: 'passed',
      seen: 'true at every moment seen',
    });
  });

  test('is judged after moments, not within them', () => {
    const plan = scene('n == m', [variable('n', 0), variable('m', 1)]);
    const write = (story: Story, name: number, value: bigint, last: boolean): Story =>
      story.event('main', { type: 'wrote', process: 0, variable: name, cell: 0, value }, last);
    const together = write(write(tell(plan), 0, 2n, false), 1, 2n, true).ends('main');
    expect(judgementOf(verdictOn(plan, together), 'always').result).toBe('passed');
    const apart = write(write(tell(plan), 0, 2n, true), 1, 2n, true).ends('main');
    expect(judgementOf(verdictOn(plan, apart), 'always').evidence[0]?.text).toBe('n = 2, m = 1');
  });

  test('is evaluated only when something it reads has changed', () => {
    const plan = scene('n < 5', [variable('n', 0)]);
    const evaluated: unknown[] = [];
    const evaluator = {
      compile: () => (context: Readonly<Record<string, unknown>>) => {
        evaluated.push(context['n']);
        return true;
      },
    };
    const story = tell(plan)
      .writes('main', 'm', 7n)
      .writes('main', 'n', 2n)
      .prints('main', 'x')
      .writes('main', 'n', 3n);
    const judge = follow(plan, story, { evaluator });
    // What the last moment makes due is looked at when there is time, or before the next one.
    expect(evaluated).toEqual([1n, 2n]);
    expect([judge.work(), judge.work()]).toEqual([true, false]);
    expect(evaluated).toEqual([1n, 2n, 3n]);
  });

  test('may be false at the start', () => {
    const plan = scene('n > 1', [variable('n', 0)]);
    const judgement = judgementOf(verdictOn(plan, tell(plan).writes('main', 'n', 2n).ends('main')), 'always');
    expect(judgement).toMatchObject({ result: 'failed', seen: 'false at the start' });
  });

  test('fails with the error of its expression', () => {
    const plan = scene('10 / n > 1', [variable('n', 0)]);
    const verdict = verdictOn(plan, tell(plan).at(1).writes('main', 'n', 0n).ends('main'));
    expect(judgementOf(verdict, 'always')).toMatchObject({
      result: 'failed',
      seen: expect.stringMatching(/^ZeroDivisionError: .* at 1\.0 s$/),
      evidence: [{ text: 'n = 0' }],
    });
  });

  test('must be true, not something else', () => {
    const plan = scene('n', [variable('n', 0)]);
    expect(judgementOf(verdictOn(plan, tell(plan).ends('main')), 'always').seen).toBe('1 at the start');
  });

  test('sees arrays of resources, points, tasks and time', () => {
    const reads: readonly Read[] = [
      resource('fork', 1, ['held', 'owner'], 2),
      { from: 'point', name: 'write', point: 0, attributes: ['running'] },
      { from: 'group', name: 'p', group: 1, elements: false, attributes: ['running', 'failed'] },
      { from: 'group', name: 'p__each', group: 1, elements: true, attributes: ['state', 'exitCode'] },
      { from: 'now', name: 'now' },
    ];
    const cel =
      'fork[0].held || write.running == 0 || p.running < 2 || p__each[0].state != "waiting" || now < 0.5';
    const plan = scene(cel, reads);
    const story = tell(plan).run('p[0]', 'p[1]').event('p[0]', { type: 'entered', point: 0 });
    story
      .did('p[1]', 'lock.acquire', 'fork[1]')
      .waits('p[0]', 'lock.acquire', 'fork[1]')
      .at(0.75)
      .prints('p[1]', 'x');
    story.ends('p[1]').stops('interrupt').ends('p[0]', { state: 'terminated', cause: 'interrupt' });
    const verdict = verdictOn(plan, story.ends('main', { state: 'terminated' }), { stopped: 'interrupt' });
    expect(judgementOf(verdict, 'always').evidence).toEqual([
      {
        at: 750_000,
        task: 'p[1]',
        span: spanOfLine(0),
        text: [
          'fork.held = [false,true], fork.owner = ["","p[1]"], write.running = 1, p.running = 2, p.failed = 0',
          'p.state = ["waiting","running","notStarted"], p.exitCode = [null,null,null], now = 0.75',
        ].join(', '),
      },
    ]);
    expect(verdict.outcome).toBe('failed');
  });

  test('reads whatever resources have', () => {
    const scene: Scene = {
      resources: [rlock('r'), semaphore('s', 3), queue('q', 'fifo', 5), event('go')],
      expect: {
        always: [
          claim('false', [
            resource('r', 0, ['held', 'owner', 'depth', 'waiting']),
            resource('s', 1, ['holders', 'permits', 'free', 'waiting']),
            resource('q', 2, ['size', 'capacity', 'unfinished', 'closed', 'waiting']),
            resource('go', 3, ['set', 'waiting']),
            { from: 'env', name: 'env', attributes: ['HOME', 'NONE'] },
          ]),
        ],
      },
    };
    const plan = makePlan(scene);
    const judge = createJudge(plan, { environment: { HOME: '/home' } });
    const story = tell(plan).ends('main');
    for (const each of story.events) judge.handle(each);
    expect(judgementOf(judge.verdict(story.end()), 'always').evidence[0]?.text).toBe(
      [
        'r.held = false, r.owner = "", r.depth = 0, r.waiting = 0',
        's.holders = 0, s.permits = 3, s.free = 3, s.waiting = 0',
        'q.size = 0, q.capacity = 5, q.unfinished = 0, q.closed = false, q.waiting = 0',
        'go.set = false, go.waiting = 0, env.HOME = "/home", env.NONE = ""',
      ].join(', '),
    );
  });

  test('is evaluated again when locks are taken and tasks end', () => {
    const reads = [
      resource('fork', 1, ['held'], 2),
      { from: 'group', name: 'p', group: 1, elements: false, attributes: ['finished'] },
    ] as const;
    const plan = scene('p.finished == 0 || !fork[1].held', reads);
    const story = tell(plan)
      .run('p[0]')
      .did('main', 'lock.acquire', 'fork[1]')
      .at(2)
      .ends('p[0]')
      .ends('main');
    expect(judgementOf(verdictOn(plan, story), 'always').seen).toBe('false at 2.0 s');
  });
});

describe('finally', () => {
  const plan = makePlan({
    variables: { n: 0n },
    expect: { finally: [claim('n == 2', [variable('n', 0)])] },
  });

  test('is about the end alone', () => {
    const story = tell(plan).writes('main', 'n', 2n).ends('main');
    expect(judgementOf(verdictOn(plan, story), 'finally')).toMatchObject({
      result: 'passed',
      seen: 'true at the end',
    });
  });

  test('fails with what it read', () => {
    const story = tell(plan).writes('main', 'n', 2n).at(1).writes('main', 'n', 3n).ends('main');
    expect(judgementOf(verdictOn(plan, story), 'finally')).toMatchObject({
      result: 'failed',
      expected: 'n == 2',
      seen: 'false at the end',
      evidence: [{ text: 'at the end, n = 3' }],
    });
  });

  test('is not judged where there was no end', () => {
    const story = tell(plan).stops('interrupt').ends('main', { state: 'terminated', cause: 'interrupt' });
    const verdict = verdictOn(plan, story, { stopped: 'interrupt' });
    expect(judgementOf(verdict, 'finally')).toMatchObject({
      result: 'notJudged',
      reason: expect.stringContaining('interrupted'),
    });
    expect(verdict).toMatchObject({ outcome: 'inconclusive', summary: 'interrupted' });
  });
});

describe('deadlock', () => {
  const scene = (deadlock: 'never' | 'possible' | 'certain'): Plan =>
    makePlan({ resources: [lock('a'), lock('b')], tasks: ['p1', 'p2'], expect: { deadlock } });
  const crossed = (plan: Plan): Story => {
    const story = tell(plan)
      .run('p1', 'p2')
      .did('p1', 'lock.acquire', 'a')
      .did('p2', 'lock.acquire', 'b')
      .at(0.2)
      .line(3);
    story
      .waits('p1', 'lock.acquire', 'b')
      .waits('p2', 'lock.acquire', 'a')
      .waits('main', 'end')
      .at(0.5)
      .stops('deadlock');
    for (const name of ['p1', 'p2', 'main'])
      story.ends(name, { state: 'terminated', cause: 'deadlock', exitCode: -15 });
    return story;
  };
  const ended = (plan: Plan): Story => tell(plan).run('p1', 'p2').ends('p1').ends('p2').ends('main');

  test.each(['before', 'after'] as const)(
    'because of a failure that ends the run is no deadlock of its own: others wait %s it',
    (when) => {
      const plan = { ...scene('never'), failFast: true };
      const story = tell(plan).run('p1', 'p2').did('p2', 'lock.acquire', 'a');
      if (when === 'before') story.waits('p1', 'lock.acquire', 'a').waits('main', 'end');
      story.fails('p2', 'ValueError');
      if (when === 'after') story.waits('p1', 'lock.acquire', 'a').waits('main', 'end');
      story.stops('failFast');
      for (const name of ['p1', 'main']) story.ends(name, { state: 'terminated' });
      const verdict = verdictOn(plan, story, { stopped: 'failFast' });
      expect(verdict.deadlock).toBe(null);
      expect(judgementOf(verdict, 'deadlock').result).toBe('passed');
      expect(verdict.summary).toMatch(/^`p2` failed/);
    },
  );

  test('is never expected, if nothing is said', () => {
    const plan = scene('never');
    const verdict = verdictOn(plan, crossed(plan), { stopped: 'deadlock' });
    expect(verdict.outcome).toBe('failed');
    expect(verdict.summary).toMatchSnapshot();
    expect(verdict.deadlock?.cycle).toEqual(['p1', 'p2']);
    expect(judgementOf(verdict, 'deadlock').evidence).toHaveLength(3);
    expect(judgementOf(verdict, 'deadlock').evidence[1]).toMatchObject({
      at: 200_000,
      task: 'p1',
      span: spanOfLine(3),
    });
    // The deadlock is told once, not once more for each task that it ended.
    expect(judgementOf(verdict, 'tasks').result).toBe('passed');
    expect(verdict.ends.terminated).toBe(3);
  });

  test('may be certain', () => {
    const plan = scene('certain');
    expect(verdictOn(plan, crossed(plan), { stopped: 'deadlock' }).outcome).toBe('passed');
    const verdict = verdictOn(plan, ended(plan));
    expect(judgementOf(verdict, 'deadlock')).toMatchObject({
      result: 'failed',
      expected: 'certain',
    });
  });

  test('that is possible is not judged by one run', () => {
    const plan = scene('possible');
    for (const verdict of [
      verdictOn(plan, ended(plan)),
      verdictOn(plan, crossed(plan), { stopped: 'deadlock' }),
    ]) {
      expect(judgementOf(verdict, 'deadlock').result).toBe('notJudged');
      expect(verdict.outcome).toBe('passed');
      expect(verdict.summary).toMatchSnapshot();
    }
  });

  test('that the host sees where somebody can act is a bug in concur', () => {
    const plan = scene('never');
    const story = tell(plan).run('p1').did('main', 'lock.acquire', 'a').waits('p1', 'lock.acquire', 'a');
    story.did('main', 'lock.release', 'a').waits('main', 'end').stops('deadlock');
    const judge = follow(plan, story);
    const verdict = judge.verdict(story.end({ stopped: 'deadlock' }));
    expect(judge.violation()?.text).toBe('the run was stopped for a deadlock, but a task could go on');
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.summary).toMatch(/^bug in concur: at event \d+, the run was stopped for a deadlock/);
  });

  test('is found though the log does not say why the run was stopped', () => {
    const plan = scene('never');
    const story = tell(plan)
      .run('p1')
      .did('main', 'lock.acquire', 'a')
      .waits('p1', 'lock.acquire', 'a')
      .waits('main', 'end');
    const verdict = verdictOn(plan, story, { stopped: 'timeout' });
    expect(verdict.summary).toMatchSnapshot();
  });

  test('can be asked for while the run goes on', () => {
    const plan = scene('never');
    const story = crossed(plan);
    const judge = createJudge(plan, {});
    const before = story.events.findIndex((each) => each.type === 'stopped');
    for (const each of story.events.slice(0, before - 1)) judge.handle(each);
    expect(judge.deadlock()).toBeNull();
    judge.handle(story.events[before - 1]!);
    expect(judge.deadlock()?.cycle).toEqual(['p1', 'p2']);
  });
});

describe('output', () => {
  const span = spanOfLine(40);
  const printed = (check: OutputCheck, lines: readonly string[], end: Partial<RunEnd> = {}): Judgement => {
    const plan = makePlan({ expect: { output: [check] } });
    const story = tell(plan);
    lines.forEach((line, index) => {
      story
        .at(index)
        .line(index + 1)
        .prints('main', line);
    });
    if (end.stopped != null) story.stops(end.stopped);
    return judgementOf(verdictOn(plan, story.ends('main'), end), `output ${check.check}`);
  };

  test('equals', () => {
    const check = { span, check: 'equals', lines: ['a', 'b'] } as const;
    expect(printed(check, ['a', 'b'])).toMatchObject({ result: 'passed', span });
    expect(printed(check, ['a\nb'])).toMatchObject({ result: 'passed' });
    expect(printed(check, ['a', 'c'])).toMatchObject({
      result: 'failed',
      seen: 'line 2 is `c`, not `b`',
      evidence: [{ at: 1_000_000, task: 'main', span: spanOfLine(2), text: 'printed `c`' }],
    });
    expect(printed(check, ['a'])).toMatchObject({ result: 'failed', seen: '1 line; `b` is missing' });
    expect(printed(check, ['a', 'b', 'c']).seen).toBe('line 3 is `c`, where the end was expected');
  });

  test('inOrder', () => {
    const check = { span, check: 'inOrder', lines: ['a', 'b'] } as const;
    expect(printed(check, ['a', 'x', 'b'])).toMatchObject({ result: 'passed' });
    const failed = printed(check, ['b', 'a', 'bb']);
    expect(failed).toMatchObject({ result: 'failed', seen: 'no line `b` after `a`' });
    expect(failed.evidence[0]).toMatchObject({ at: 1_000_000, text: 'printed `a`' });
  });

  test('contains', () => {
    const check = { span, check: 'contains', lines: ['done', 'all'] } as const;
    expect(printed(check, ['p1 done', 'all'])).toMatchObject({ result: 'passed' });
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const failed = printed(check, ['all', ...lines]);
    expect(failed).toMatchObject({ result: 'failed', seen: 'none of the 21 lines contains `done`' });
    expect(failed.evidence.map(({ text }) => text)).toEqual(
      lines.slice(-5).map((line) => `printed \`${line}\``),
    );
  });

  test('excludes', () => {
    const check = { span, check: 'excludes', lines: ['done'] } as const;
    expect(printed(check, ['p1 begun'])).toMatchObject({ result: 'passed' });
    expect(printed(check, ['x', 'p1 done', 'p2 done'])).toMatchObject({
      result: 'failed',
      expected: 'no line of the output contains `done`',
      seen: 'line 2 is `p1 done`',
      evidence: [{ at: 1_000_000, span: spanOfLine(2) }],
    });
  });

  test('count', () => {
    const check = { span, check: 'count', text: 'in', times: { comparison: '==', value: 2 } } as const;
    expect(printed(check, ['a in', 'b in', 'c'])).toMatchObject({ result: 'passed', seen: '2' });
    expect(printed(check, ['a in'])).toMatchObject({
      result: 'failed',
      expected: '2 lines of the output contain `in`',
      seen: '1',
    });
    expect(printed(check, ['a in', 'b in', 'c in', 'd in'])).toMatchObject({
      result: 'failed',
      seen: '4',
      evidence: [{ text: 'printed `c in`' }],
    });
  });

  test('matches', () => {
    const check = { span, check: 'matches', pattern: '^end\\d+$' } as const;
    expect(printed(check, ['123', 'end123'])).toMatchObject({ result: 'passed' });
    expect(printed(check, ['end'])).toMatchObject({
      result: 'failed',
      seen: expect.stringMatching(/^the only line does not match/),
    });
    expect(printed({ ...check, pattern: '(' }, ['end']).seen).toMatch(/the pattern is not valid/);
  });

  const stoppedCases: readonly (readonly [OutputCheck, readonly string[], Judgement['result']])[] = [
    [{ span, check: 'equals', lines: ['a'] }, ['b'], 'failed'],
    [{ span, check: 'equals', lines: ['a'] }, ['a'], 'notJudged'],
    [{ span, check: 'inOrder', lines: ['a'] }, ['a'], 'passed'],
    [{ span, check: 'inOrder', lines: ['a'] }, [], 'notJudged'],
    [{ span, check: 'contains', lines: ['a'] }, ['a'], 'passed'],
    [{ span, check: 'contains', lines: ['a'] }, [], 'notJudged'],
    [{ span, check: 'excludes', lines: ['a'] }, ['a'], 'failed'],
    [{ span, check: 'excludes', lines: ['a'] }, [], 'notJudged'],
    [{ span, check: 'count', text: 'a', times: { comparison: '<=', value: 1 } }, ['a', 'a'], 'failed'],
    [{ span, check: 'count', text: 'a', times: { comparison: '==', value: 1 } }, ['a'], 'notJudged'],
    [{ span, check: 'count', text: 'a', times: { comparison: '>=', value: 1 } }, ['a'], 'passed'],
    [{ span, check: 'matches', pattern: 'a' }, ['a'], 'passed'],
    [{ span, check: 'matches', pattern: 'a' }, [], 'notJudged'],
  ];

  test.each(stoppedCases)('%o of a stopped run that printed %o is %s', (check, lines, result) => {
    expect(printed(check, lines, { stopped: 'interrupt' }).result).toBe(result);
  });

  test.each(stoppedCases)('%o of a run that lost lines, and printed %o, is %s', (check, lines, result) => {
    expect(printed(check, lines, { hasLostLines: true }).result).toBe(result);
  });

  test('where it cannot be judged because lines were lost, the run is inconclusive', () => {
    const plan = makePlan({ expect: { output: [{ span, check: 'excludes', lines: ['a'] }] } });
    const verdict = verdictOn(plan, tell(plan).prints('main', 'b').ends('main'), { hasLostLines: true });
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      summary: 'no line of the output contains `a`: commands wrote lines that are not in the log',
    });
  });
});

describe('vars', () => {
  const span = spanOfLine(41);
  const plan = makePlan({
    tasks: [{ name: 'child', kind: 'process' }],
    variables: { n: 1n, list: { cells: [0n, 0n] }, shared: { cells: [0n], shared: true } },
    expect: {
      vars: [
        { span, variable: 0, value: 1 },
        { span, variable: 1, value: [0n, 5n] },
        { span, variable: 2, value: 7n },
      ],
    },
  });

  test('are compared in the main program’s copy, numbers by their amount', () => {
    const story = tell(plan)
      .run('child')
      .writes('child', 'n', 9n)
      .writes('child', 'shared', 7n)
      .ends('child');
    const verdict = verdictOn(plan, story.writes('main', 'list', 5n, 1).ends('main'));
    expect(verdict.outcome).toBe('passed');
  });

  test('fail with who wrote them last', () => {
    const story = tell(plan)
      .run('child')
      .at(2)
      .line(6)
      .writes('child', 'shared', 8n)
      .ends('child')
      .ends('main');
    const verdict = verdictOn(plan, story);
    expect(judgementOf(verdict, 'vars shared')).toEqual({
      name: 'vars shared',
      result: 'failed',
      span,
      expected: '7',
      seen: '8',
      evidence: [
        { at: 2_000_000, task: 'child', span: spanOfLine(6), text: 'wrote shared = 8, the last write' },
      ],
    });
    expect(judgementOf(verdict, 'vars list')).toMatchObject({
      result: 'failed',
      expected: '[0,5]',
      seen: '[0,0]',
      evidence: [{ text: 'never written' }],
    });
    expect(verdict.summary).toMatchSnapshot();
  });
});

describe('tasks', () => {
  const span = spanOfLine(42);
  const scene = (...checks: readonly Omit<TaskCheck, 'span'>[]): Plan =>
    makePlan({
      tasks: [{ name: 'p', count: 3 }, 'q'],
      expect: { tasks: checks.map((check) => ({ span, ...check })) },
    });
  /** `p[0]` finishes, the others fail, `q` is not started. */
  const mixed = (plan: Plan): Story => {
    const story = tell(plan)
      .run('p[0]', 'p[1]', 'p[2]')
      .ends('p[0]')
      .at(1)
      .line(5)
      .fails('p[1]', 'ValueError');
    return story.fails('p[2]', 'ValueError').ends('main');
  };
  const is = (value: number): Bound => ({ comparison: '==', value });
  const bound = (comparison: Bound['comparison'], value: number): Bound => ({ comparison, value });
  const q = { name: 'q', tasks: [4], ends: ['notStarted'] } as const;
  const p = { name: 'p', tasks: [1, 2, 3] } as const;

  test('may be expected to fail', () => {
    const plan = scene(q, { ...p, counts: { finished: is(1), failed: is(2) } });
    const verdict = verdictOn(plan, mixed(plan));
    expect(verdict.outcome).toBe('passed');
    expect(judgementOf(verdict, 'tasks p')).toMatchObject({
      expected: '1 finished, 2 failed',
      seen: '1 finished, 2 failed',
    });
    expect(judgementOf(verdict, 'tasks')).toMatchObject({
      expected: 'every other task finishes',
      seen: '1 finished',
    });
  });

  test('that fail must be expected in counts, too', () => {
    const plan = scene(q, { ...p, counts: { finished: is(1) } });
    const verdict = verdictOn(plan, mixed(plan));
    expect(judgementOf(verdict, 'tasks p').result).toBe('passed');
    expect(judgementOf(verdict, 'tasks')).toMatchObject({
      result: 'failed',
      seen: '`p[1]` failed at 1.0 s: ValueError: no (1 other task did not finish)',
    });
  });

  const cases: readonly (readonly [
    Omit<TaskCheck, 'span' | 'name' | 'tasks'>,
    Judgement['result'],
    string,
  ])[] = [
    [{ ends: ['failed'] }, 'failed', 'failed'],
    [{ ends: ['finished', 'failed'] }, 'passed', 'finished or failed'],
    [{ counts: { failed: is(3) } }, 'failed', '3 failed'],
    [{ counts: { failed: bound('>=', 1), finished: bound('<', 2) } }, 'passed', '< 2 finished, >= 1 failed'],
    [{ counts: { failed: bound('<=', 1) } }, 'failed', '<= 1 failed'],
    [{ counts: { finished: bound('>', 1) } }, 'failed', '> 1 finished'],
    [{ error: 'ValueError' }, 'failed', 'error `ValueError`'],
    [{ exitCode: 1 }, 'failed', 'exit code 1'],
  ];

  test.each(cases)('%o', (check, result, expected) => {
    const plan = scene(q, { ...p, ...check });
    expect(judgementOf(verdictOn(plan, mixed(plan)), 'tasks p')).toMatchObject({ result, expected, span });
  });

  test.each(['ValueError', 'no', 'ValueError: no'])(
    'an error is known by its name or message: %s',
    (error) => {
      const plan = scene(q, { name: 'p', tasks: [2, 3], ends: ['failed'], error, exitCode: 1 });
      expect(judgementOf(verdictOn(plan, mixed(plan)), 'tasks p').result).toBe('passed');
    },
  );

  test('fail with the tasks that are wrong', () => {
    const plan = scene(q, { ...p, ends: ['finished'] });
    expect(judgementOf(verdictOn(plan, mixed(plan)), 'tasks p')).toMatchObject({
      seen: '1 finished, 2 failed',
      evidence: [
        { at: 1_000_000, task: 'p[1]', span: spanOfLine(5), text: 'failed: ValueError: no' },
        { at: 1_000_000, task: 'p[2]', span: spanOfLine(5), text: 'failed: ValueError: no' },
      ],
    });
  });

  test.each([
    [bound('<=', 1), 'failed'],
    [bound('<', 2), 'failed'],
    [is(1), 'failed'],
    [bound('>=', 3), 'notJudged'],
    [bound('<=', 2), 'notJudged'],
  ] as const)('of a run that was stopped count failures that are too many: %o', (failed, result) => {
    const plan = scene(q, { ...p, counts: { failed } });
    const story = tell(plan).run('p[0]', 'p[1]', 'p[2]').fails('p[1]', 'ValueError');
    story.fails('p[2]', 'ValueError').stops('interrupt');
    for (const name of ['p[0]', 'main']) story.ends(name, { state: 'terminated', cause: 'interrupt' });
    expect(judgementOf(verdictOn(plan, story, { stopped: 'interrupt' }), 'tasks p').result).toBe(result);
  });

  test('of a run that was stopped say nothing, but for failures', () => {
    const plan = scene({ ...p, ends: ['finished'] });
    const story = tell(plan).run('p[0]', 'p[1]', 'p[2]').stops('interrupt');
    for (const name of ['p[0]', 'p[1]', 'p[2]', 'main'])
      story.ends(name, { state: 'terminated', cause: 'interrupt' });
    const verdict = verdictOn(plan, story, { stopped: 'interrupt' });
    expect(judgementOf(verdict, 'tasks p').result).toBe('notJudged');
    expect(judgementOf(verdict, 'tasks').result).toBe('notJudged');
    expect(verdict.outcome).toBe('inconclusive');
    const failing = tell(plan)
      .run('p[0]', 'q')
      .fails('q', 'ValueError')
      .stops('failFast')
      .ends('p[0]', { state: 'terminated' });
    expect(
      verdictOn(plan, failing.ends('main', { state: 'terminated' }), { stopped: 'failFast' }).summary,
    ).toMatch(/`q` failed at 0 s: ValueError: no/);
  });
});

describe('peak and takes', () => {
  const span = spanOfLine(43);
  const scene = (bound: Bound, id = 0): Plan =>
    makePlan({
      resources: [semaphore('s', 3), queue('q')],
      tasks: ['p1', 'p2'],
      expect: {
        peak: [{ span, resource: id, bound }],
        takes: { span, atLeastUs: 1_000_000, atMostUs: 2_000_000 },
      },
    });
  const story = (plan: Plan): Story => {
    const told = tell(plan).run('p1', 'p2').did('p1', 'semaphore.acquire', 's').at(0.5).line(4);
    told.did('p2', 'semaphore.acquire', 's').did('p2', 'queue.put', 'q', 0, 1n);
    told.did('p1', 'semaphore.release', 's').did('p1', 'semaphore.acquire', 's').at(1.5);
    return told.ends('p1').ends('p2').ends('main');
  };

  const bounds: readonly (readonly [Bound, Judgement['result'], string])[] = [
    [{ comparison: '==', value: 2 }, 'passed', '2'],
    [{ comparison: '==', value: 3 }, 'failed', '3'],
    [{ comparison: '<=', value: 2 }, 'passed', '<= 2'],
    [{ comparison: '<=', value: 1 }, 'failed', '<= 1'],
    [{ comparison: '<', value: 2 }, 'failed', '< 2'],
    [{ comparison: '>=', value: 2 }, 'passed', '>= 2'],
    [{ comparison: '>', value: 2 }, 'failed', '> 2'],
  ];

  test.each(bounds)('most holders %o', (bound, result, expected) => {
    const plan = scene(bound);
    expect(judgementOf(verdictOn(plan, story(plan)), 'peak s')).toMatchObject({
      result,
      expected,
      seen: '2',
      span,
    });
  });

  test('a peak that is wrong is shown where it was reached', () => {
    const plan = scene({ comparison: '<=', value: 1 });
    expect(judgementOf(verdictOn(plan, story(plan)), 'peak s').evidence).toEqual([
      { at: 500_000, task: 'p2', span: spanOfLine(4), text: 'from here on 2 permits at once' },
    ]);
  });

  test('the peak of a queue is its depth', () => {
    const plan = scene({ comparison: '==', value: 2 }, 1);
    expect(judgementOf(verdictOn(plan, story(plan)), 'peak q')).toMatchObject({
      result: 'failed',
      seen: '1',
    });
  });

  test('a stopped run may have shown too much already', () => {
    const stop = (plan: Plan): Verdict => {
      const told = tell(plan)
        .run('p1', 'p2')
        .did('p1', 'semaphore.acquire', 's')
        .did('p2', 'semaphore.acquire', 's');
      return verdictOn(plan, told.at(3).stops('interrupt'), { stopped: 'interrupt', durationUs: 3_000_000 });
    };
    expect(judgementOf(stop(scene({ comparison: '<=', value: 1 })), 'peak s').result).toBe('failed');
    const verdict = stop(scene({ comparison: '==', value: 2 }));
    expect(judgementOf(verdict, 'peak s').result).toBe('notJudged');
    expect(judgementOf(verdict, 'takes atLeast').result).toBe('passed');
    expect(judgementOf(verdict, 'takes atMost')).toMatchObject({
      result: 'failed',
      expected: '<= 2 s',
      seen: '3 s',
    });
  });

  test.each([
    [500_000, 'failed', 'passed'],
    [1_500_000, 'passed', 'passed'],
    [2_500_000, 'passed', 'failed'],
  ])('a run of %i µs', (durationUs, atLeast, atMost) => {
    const plan = scene({ comparison: '>=', value: 0 });
    const verdict = verdictOn(plan, story(plan), { durationUs });
    expect(judgementOf(verdict, 'takes atLeast').result).toBe(atLeast);
    expect(judgementOf(verdict, 'takes atMost').result).toBe(atMost);
  });
});

describe('the outcome', () => {
  const plan = makePlan({
    resources: [lock('a')],
    tasks: ['p1'],
  });
  const stopped = (reason: 'timeout' | 'inconclusive'): Story => {
    const story = tell(plan)
      .run('p1')
      .event('p1', { type: 'sleeping', untilUs: 99_000_000 })
      .at(10)
      .stops(reason);
    return story.ends('p1', { state: 'terminated', cause: 'timeout' }).ends('main', { state: 'terminated' });
  };

  test('of a run that took too long is failed, and says who was at what', () => {
    const verdict = verdictOn(plan, stopped('timeout'), { stopped: 'timeout' });
    expect(verdict).toMatchObject({
      outcome: 'failed',
      summary: 'timed out after 10.0 s: `main` runs, `p1` sleeps',
    });
  });

  test('of a run that the machine refused is inconclusive, with the cause', () => {
    const end = { stopped: 'inconclusive', cause: 'no memory' } as const;
    expect(verdictOn(plan, stopped('inconclusive'), end)).toMatchObject({
      outcome: 'inconclusive',
      summary: 'no memory',
    });
  });

  test('is failed before it is inconclusive', () => {
    const story = tell(plan)
      .run('p1')
      .fails('p1', 'ValueError')
      .stops('interrupt')
      .ends('main', { state: 'terminated' });
    expect(verdictOn(plan, story, { stopped: 'interrupt' }).outcome).toBe('failed');
  });

  test('of an impossible log is no outcome at all', () => {
    const story = tell(plan).run('p1').fails('p1', 'ValueError').prints('p1', 'x').ends('main');
    const judge = follow(plan, story);
    expect(judge.verdict(story.end())).toMatchObject({
      outcome: 'inconclusive',
      summary: expect.stringMatching(/^bug in concur/),
    });
    expect(judge.violation()?.text).toBe('p1 printed while it has ended as failed');
  });

  test('of a log that breaks off is none either', () => {
    const story = tell(plan).run('p1').ends('p1');
    const judge = follow(plan, story);
    expect(judge.verdict(story.end()).outcome).toBe('inconclusive');
    expect(judge.violation()?.text).toBe('the run ended while main still lived');
  });
});

test('resources are summarized', () => {
  const plan = makePlan({
    resources: [lock('a'), semaphore('s', 3), queue('q', 'fifo', 4), queue('open'), event('go')],
    tasks: ['p1', 'p2'],
  });
  const story = tell(plan)
    .run('p1', 'p2')
    .did('p1', 'lock.acquire', 'a')
    .at(1)
    .waits('p2', 'lock.acquire', 'a')
    .at(1.5);
  story.did('p1', 'lock.release', 'a').did('p2', 'lock.acquire', 'a').did('p2', 'queue.put', 'q', 0, 1n);
  // Who waited in vain has waited, too.
  story.waits('p1', 'queue.get', 'open', true).at(2).timesOut('p1', 'queue.get', 'open');
  const { resources } = verdictOn(plan, story.ends('p1').ends('p2').ends('main'));
  const figures = resources.map(({ name, peak, limit, waits, medianWaitUs, longestWaitUs }) => {
    return [name, peak, limit, waits, medianWaitUs, longestWaitUs];
  });
  expect(figures).toEqual([
    ['a', 1, 1, 1, 500_000, 500_000],
    ['s', 0, 3, 0, 0, 0],
    ['q', 1, 4, 0, 0, 0],
    ['open', 0, null, 1, 500_000, 500_000],
    ['go', 0, null, 0, 0, 0],
  ]);
});
