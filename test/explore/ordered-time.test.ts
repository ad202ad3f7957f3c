/**
 * `check: { time: ordered }`: only orders that the durations allow, with scenarios of known answers; and what cannot be followed is
 * not judged.
 */
import { describe, expect, it } from 'vitest';
import { refusalsOf, unexplored } from '../../engine/command.ts';
import { check, parseScheduleLine, replay, scheduleLine } from '../../engine/index.ts';
import { checked, outcomesOf, planOf, planOfFile } from './checked.ts';

type Tasks = Readonly<Record<string, string>>;

const timed = (tasks: Tasks, expectations = 'outcome: x, others: allowed', time = 'ordered') => `
concur: 1
vars: { x: 0 }
locks: [ m ]
conditions: { c: m }
barriers: { gate: 2 }
tasks:
${Object.entries(tasks)
  .map(([name, steps]) => `  ${name}: { let: { ok: true }, steps: [ ${steps} ] }`)
  .join('\n')}
expect: { ${expectations}, outcomes: [ { is: -1, grade: allowed } ] }
check: { time: ${time} }
`;

describe('shipped scenarios', () => {
  it.each([
    ['scenarios/daemon-process-mixed.yaml', 29],
    ['scenarios/daemon-thread-mixed.yaml', 29],
    ['scenarios/ci/server-and-shards.yaml', 2_338],
  ])('%s passes, in %i states', async (file, states) => {
    const { verdict, violation } = await check(await planOfFile(file));
    expect(violation).toBeNull();
    expect(verdict).toMatchObject({
      outcome: 'passed',
      summary: 'all interleavings that the durations allow',
      coverage: { states },
    });
  });
});

describe('what is possible', () => {
  it.each<readonly [why: string, tasks: Tasks, ordered: readonly string[], free: readonly string[]]>([
    [
      'the shorter sleep is over first',
      { a: '{ sleep: 10ms }, { set: { x: 1 } }', b: '{ sleep: 20ms }, { set: { x: 2 } }' },
      ['2'],
      ['1', '2'],
    ],
    [
      'who wait for the same instant go in any order',
      { a: '{ sleep: 20ms }, { set: { x: 1 } }', b: '{ sleep: 20ms }, { set: { x: 2 } }' },
      ['1', '2'],
      ['1', '2'],
    ],
    [
      'a range may be over before and after',
      { a: '{ sleep: 10ms..30ms }, { set: { x: 1 } }', b: '{ sleep: 20ms }, { set: { x: 2 } }' },
      ['1', '2'],
      ['1', '2'],
    ],
    [
      'two ranges that only touch',
      { a: '{ sleep: 10ms..20ms }, { set: { x: 1 } }', b: '{ sleep: 21ms..30ms }, { set: { x: 2 } }' },
      ['2'],
      ['1', '2'],
    ],
    [
      'what is left of a range depends on what has passed',
      {
        a: '{ sleep: 10ms..20ms }, { sleep: 10ms }, { set: { x: 1 } }',
        b: '{ sleep: 31ms }, { set: { x: 2 } }',
      },
      ['2'],
      ['1', '2'],
    ],
    [
      'a timeout counts from the attempt that was refused',
      {
        a: '{ with: m, do: [ { sleep: 30ms } ] }',
        b: '{ sleep: 10ms }, { acquire: m, timeout: 21ms, as: ok }, { if: "!ok", then: [ { set: { x: 1 } } ] }',
      },
      ['0'],
      ['0', '1'],
    ],
    [
      'at its end, the wait and what it waits for go in any order',
      {
        a: '{ with: m, do: [ { sleep: 30ms } ] }',
        b: '{ sleep: 10ms }, { acquire: m, timeout: 20ms, as: ok }, { if: "!ok", then: [ { set: { x: 1 } } ] }',
      },
      ['0', '1'],
      ['0', '1'],
    ],
    [
      'a model takes its time, as long as its step may last',
      {
        a: '{ run: work, model: { takes: 1m }, timeout: 20ms, onTimeout: [ { set: { x: 1 } } ] }',
        b: '{ run: work, model: { takes: 10ms } }, { set: { x: 2 } }',
      },
      ['1'],
      ['1', '2'],
    ],
    [
      'whoever was notified has all the time there is for the lock',
      {
        a: '{ with: m, do: [ { wait: c, timeout: 20ms, as: ok }, { if: "!ok", then: [ { set: { x: 1 } } ] } ] }',
        b: '{ sleep: 10ms }, { with: m, do: [ { notify: c }, { sleep: 1h } ] }',
      },
      ['0'],
      ['0', '1'],
    ],
    [
      'at a barrier the time runs from when it is reached',
      {
        a: '{ wait: gate, timeout: 20ms, onTimeout: [ { set: { x: 1 } } ] }',
        b: '{ sleep: 19ms }, { try: [ { wait: gate } ], catch: { any: [] } }',
      },
      ['0'],
      ['0', '1'],
    ],
  ])('%s', async (_, tasks, ordered, free) => {
    const found = await checked(timed(tasks));
    expect(found.violation).toBeNull();
    expect(found.verdict.coverage.end).toBe('all');
    expect(outcomesOf(found)).toEqual({ results: ordered, stuck: false });
    const others = await checked(timed(tasks, undefined, 'free'));
    expect(others.violation).toBeNull();
    expect(outcomesOf(others).results).toEqual(expect.arrayContaining([...free]));
  });

  it('is the same where replicas count as one another, in fewer states', async () => {
    const text = timed({ a: '{ sleep: 10ms }, { update: { x: x + 1 } }' }).replace('a: {', 'a: { count: 4,');
    const all = await checked(text, { symmetry: false });
    const few = await checked(text);
    expect(outcomesOf(few)).toEqual(outcomesOf(all));
    expect(few.verdict.coverage.states).toBeLessThan(all.verdict.coverage.states / 4);
  });

  it('takes no replicas of ranges for one another, and says so', async () => {
    const text = timed({ a: '{ sleep: 10ms..20ms }' }).replace('a: {', 'a: { count: 2,');
    const { exploration } = await checked(text);
    expect(exploration.symmetry.groups).toEqual([]);
    expect(exploration.symmetry.asymmetries.map(({ reason }) => reason)).toEqual([
      'with `time: ordered`, ranges of time are compared task by task',
    ]);
  });
});

describe('a way that breaks something', () => {
  it.each([
    ['{ sleep: 30ms }', '{ sleep: 20ms }, { acquire: m, timeout: 5ms }'],
    ['{ sleep: 30ms..60ms }', '{ sleep: 5ms..20ms }, { acquire: m, timeout: 10ms..20ms }'],
  ])('keeps to the durations when it is played again: %s', async (holding, waiting) => {
    const text = timed({ a: `{ with: m, do: [ ${holding} ] }`, b: waiting }, 'tasks: { b: finished }');
    const { verdict, counterexample, violation } = await checked(
      text.replace(', outcomes: [ { is: -1, grade: allowed } ]', ''),
    );
    expect(violation).toBeNull();
    expect(verdict.outcome).toBe('failed');
    const moves = counterexample?.saved.moves ?? [];
    const kept = parseScheduleLine(scheduleLine({ moves }))?.moves;
    expect(kept).toEqual(moves);
    const plan = await planOf(text.replace(', outcomes: [ { is: -1, grade: allowed } ]', ''));
    const again = await replay(plan, kept ?? []);
    if ('misfit' in again) throw new Error(again.misfit);
    expect(again.violation).toBeNull();
    expect(again.verdict.outcome).toBe('failed');
    // Nobody is late: whoever sleeps wakes when it is time.
    const due = new Map<number, number>();
    for (const event of again.events) {
      if (event.type === 'sleeping') due.set(event.task, event.untilUs);
      if (event.type === 'woke') expect(event.at).toBe(due.get(event.task));
    }
  });
});

describe('a way on which somebody is late', () => {
  const text = (holds: string, time: string) =>
    timed(
      { a: `{ with: m, do: [ { sleep: ${holds} } ] }`, b: '{ acquire: m, timeout: 20ms }' },
      'tasks: { b: finished }',
      time,
    ).replace(', outcomes: [ { is: -1, grade: allowed } ]', '');

  it.each([
    ['10ms', 'free', 'never'],
    ['30ms', 'ordered', null],
  ])('is told apart from one that the durations allow: %s, %s', async (holds, time, inTime) => {
    const found = await checked(text(holds, time));
    expect(found.verdict.outcome).toBe('failed');
    expect(found.inTime).toBe(inTime);
  });
});

describe('what cannot be followed', () => {
  it.each([
    ['a sleep that is computed', '{ let: { d: 10 } }, { sleep: "${{ string(d) + \'ms\' }}" }'],
    ['several waits with one timeout', '{ with: m, do: [ { wait: c, until: x > 0, timeout: 10ms } ] }'],
    ['a command that is tried again', '{ run: work, retry: { attempts: 2 }, model: { takes: 1s } }'],
    [
      'a model that takes longer than its step or not',
      '{ run: work, timeout: 1s, model: { takes: 500ms..2s } }',
    ],
  ])('is not judged, and the line is said: %s', async (_, steps) => {
    const text = timed({ a: steps });
    const plan = await planOf(text);
    expect(unexplored(plan)?.span).not.toBeNull();
    const { verdict } = await check(plan);
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.judgements.every(({ result }) => result === 'notJudged')).toBe(true);
  });

  it('is a time that is read', async () => {
    const plan = await planOf(timed({ a: '{ if: now > 1.0, then: [ { set: { x: 1 } } ] }' }));
    expect(refusalsOf(plan)).toHaveLength(1);
  });

  it.each([
    ['a loop that looks until another has slept', '{ while: x < 1, do: [] }'],
    ['one that takes a lock each time', '{ while: x < 1, do: [ { with: m, do: [] } ] }'],
  ])('is that time passes: %s', async (_, steps) => {
    const { verdict } = await checked(timed({ a: steps, b: '{ sleep: 10ms }, { set: { x: 1 } }' }));
    expect(verdict.coverage.end).toBe('instant');
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('is not where nobody waits for time, or a loop sleeps', async () => {
    const endless = await checked(timed({ a: '{ while: "true", do: [ { with: m, do: [] } ] }' }));
    expect(endless.verdict.coverage.end).toBe('all');
    const sleeps = '{ while: x < 1, do: [ { sleep: 3ms } ] }';
    const slow = await checked(timed({ a: sleeps, b: '{ sleep: 10ms }, { set: { x: 1 } }' }));
    expect(slow.verdict).toMatchObject({ outcome: 'passed', coverage: { end: 'all' } });
  });
});
