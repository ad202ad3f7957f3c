/** How programs end, by CPython's order; daemons; exit; terminate. Each story tells when what happened. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../engine/plan/plan.ts';
import {
  assign,
  type Bit,
  cel,
  end,
  evaluate,
  event,
  lock,
  makePlan,
  operate,
  print,
  readLocal,
  readVariable,
  sleep,
  type TaskDraft,
  update,
  variable,
} from '../plan-builder.ts';
import { type Told, tell } from './virtual-run.ts';

const start = (target: number): Bit => operate('task.start', target);
const live = (name: string, ms: number, rest: Partial<TaskDraft> = {}): TaskDraft => ({
  name,
  program: [sleep(ms), end],
  ...rest,
});

/** `10 child finished`, one an end, in milliseconds. */
function ends(plan: Plan, { of }: Told): string[] {
  return of('ended').map(({ at, target, state, cause, exitCode }) => {
    const how = cause === null ? state : `${state} ${cause}`;
    return `${at / 1000} ${plan.tasks[target]?.name} ${how} ${exitCode}`;
  });
}

async function story(draft: Parameters<typeof makePlan>[0]): Promise<string[]> {
  const plan = makePlan(draft);
  return ends(plan, await tell(plan));
}

describe('the main program', () => {
  test('joins its threads, terminates daemon processes, joins the others, and its daemon threads die', async () => {
    expect(
      await story({
        main: { program: [start(1), start(2), start(3), start(4), end] },
        tasks: [
          live('thread', 30),
          live('daemon thread', 1000, { daemon: true }),
          live('process', 50, { kind: 'process' }),
          live('daemon process', 1000, { kind: 'process', daemon: true }),
        ],
      }),
    ).toEqual([
      '30 thread finished 0',
      '30 daemon process terminated daemon -15',
      '50 process finished 0',
      '50 daemon thread terminated daemon -15',
      '50 main finished 0',
    ]);
  });

  test('a daemon thread lives as long as there is another child process', async () => {
    const plan = makePlan({
      main: { program: [start(1), start(2), end] },
      tasks: [
        { name: 'daemon', daemon: true, program: [sleep(30), print('still here'), end] },
        live('process', 50, { kind: 'process' }),
      ],
    });
    expect((await tell(plan)).lines).toEqual(['still here']);
  });

  test('ends together with what it takes along, as one moment', async () => {
    const plan = makePlan({
      main: { program: [start(1), start(2), end] },
      tasks: [live('daemon', 1000, { daemon: true, count: 2 })],
    });
    expect((await tell(plan)).of('ended').map(({ last }) => last)).toEqual([false, false, true]);
  });
});

describe('a child process', () => {
  test('looks after its children first, then joins its threads', async () => {
    expect(
      await story({
        main: { program: [start(1), end] },
        tasks: [
          { name: 'child', kind: 'process', program: [start(2), start(3), start(4), start(5), end] },
          live('thread', 30),
          live('daemon thread', 1000, { daemon: true }),
          live('grandchild', 10, { kind: 'process' }),
          live('daemon grandchild', 1000, { kind: 'process', daemon: true }),
        ],
      }),
    ).toEqual([
      '0 daemon grandchild terminated daemon -15',
      '10 grandchild finished 0',
      '30 thread finished 0',
      '30 daemon thread terminated daemon -15',
      '30 child finished 0',
      '30 main finished 0',
    ]);
  });

  test('that is terminated takes its threads along, not its children', async () => {
    expect(
      await story({
        main: { program: [start(1), sleep(5), operate('task.terminate', 1), end] },
        tasks: [
          { name: 'child', kind: 'process', program: [start(2), start(3), sleep(100), end] },
          live('thread', 50),
          live('grandchild', 20, { kind: 'process' }),
        ],
      }),
    ).toEqual([
      '5 thread terminated terminate -15',
      '5 child terminated terminate -15',
      '5 grandchild terminated daemon -15',
      '5 main finished 0',
    ]);
  });

  test('has its own copy of the vars, from the moment it was started', async () => {
    const add = (by: number): Bit => update(0, cel(`n + ${by}`, readVariable('n', 0)));
    const addShared = (by: number): Bit => update(1, cel(`s + ${by}`, readVariable('s', 1)));
    const look = print(cel('text([n, s])', readVariable('n', 0), readVariable('s', 1)));
    const plan = makePlan({
      variables: [variable('n', 1n), variable('s', 1n, { shared: true })],
      main: { program: [add(10), start(1), add(100), addShared(1000), operate('task.join', 1), look, end] },
      tasks: [{ name: 'child', kind: 'process', program: [sleep(1), add(5), addShared(5), look, end] }],
    });
    expect((await tell(plan)).lines).toEqual(['[16,1006]', '[111,1006]']);
  });
});

describe('daemons', () => {
  const child = (daemon: boolean | undefined, program: readonly Bit[]): TaskDraft => ({
    name: 'child',
    kind: 'process',
    program: [...program, end],
    ...(daemon === undefined ? {} : { daemon }),
  });

  test('a daemon process may not start processes', async () => {
    const plan = makePlan({
      main: { program: [start(1), operate('task.join', 1), end] },
      tasks: [child(true, [start(2)]), live('grandchild', 1, { kind: 'process' })],
    });
    const told = await tell(plan);
    expect(told.of('raised')[0]?.error).toEqual({
      name: 'AssertionError',
      message: 'daemonic processes are not allowed to have children',
    });
    expect(told.ends['grandchild']).toBe('notStarted');
  });

  test('nor may a thread of it, which it may start', async () => {
    const plan = makePlan({
      main: { program: [start(1), operate('task.join', 1), end] },
      tasks: [
        child(true, [start(2), operate('task.join', 2)]),
        { name: 'thread', program: [start(3), end] },
        live('grandchild', 1, { kind: 'process' }),
      ],
    });
    expect((await tell(plan)).ends).toMatchObject({ child: 'finished', thread: 'failed AssertionError' });
  });

  test.each([
    { name: 'a thread of a daemon thread is one', outer: { daemon: true }, inner: {}, daemon: true },
    { name: 'a thread of another is none', outer: {}, inner: {}, daemon: false },
    { name: 'what is written counts', outer: { daemon: true }, inner: { daemon: false }, daemon: false },
    {
      name: 'a thread of a daemon process is none',
      outer: { kind: 'process' as const, daemon: true },
      inner: {},
      daemon: false,
    },
    {
      name: 'a process that a daemon thread starts is none',
      outer: { daemon: true },
      inner: { kind: 'process' as const },
      daemon: false,
    },
  ])('$name', async ({ outer, inner, daemon }) => {
    const plan = makePlan({
      main: { program: [start(1), sleep(10), end] },
      tasks: [{ ...outer, name: 'outer', program: [start(2), sleep(5), end] }, live('inner', 1, inner)],
    });
    const told = await tell(plan);
    expect(told.of('started').find(({ target }) => target === 2)?.daemon).toBe(daemon);
  });
});

describe('exit', () => {
  const exit = (code: bigint): Bit => ({
    op: 'exit',
    code: { cel: '', span: { start: 0, end: 0 }, reads: [], constant: code },
  });

  test.each([
    [0n, 'finished', 0],
    [3n, 'failed', 3],
    [256n, 'finished', 0],
    [-1n, 'failed', 255],
  ])('%d of main ends everything at once', async (code, state, exitCode) => {
    const plan = makePlan({
      main: { program: [start(1), start(2), sleep(5), exit(code), end] },
      tasks: [live('thread', 30), live('process', 30, { kind: 'process' })],
    });
    const told = await tell(plan);
    expect(told.ends).toMatchObject({ thread: 'terminated exit', process: 'terminated exit' });
    expect(told.of('ended').at(-1)).toMatchObject({ target: 0, state, exitCode, at: 5000 });
  });

  test('by a thread of a child: the child ends, its other threads too; its children and main go on', async () => {
    const plan = makePlan({
      main: { program: [start(1), sleep(50), end] },
      tasks: [
        { name: 'child', kind: 'process', program: [start(2), start(3), start(4), sleep(100), end] },
        live('thread', 30),
        { name: 'quitter', program: [sleep(5), exit(7n), end] },
        live('grandchild', 20, { kind: 'process' }),
      ],
    });
    const told = await tell(plan);
    expect(ends(plan, told)).toEqual([
      '5 thread terminated exit -15',
      '5 quitter terminated exit -15',
      '5 child failed exit 7',
      '20 grandchild finished 0',
      '50 main finished 0',
    ]);
  });

  test('a code that is no whole number is a TypeError', async () => {
    const plan = makePlan({
      main: { slots: 1, program: [assign(0, 'x'), { op: 'exit', code: cel('x', readLocal('x', 0)) }, end] },
    });
    expect((await tell(plan)).ends['main']).toBe('failed TypeError');
  });
});

describe('terminate and kill', () => {
  test.each([
    ['task.terminate', 'terminated terminate', -15],
    ['task.kill', 'terminated kill', -9],
  ] as const)('%s: of a thread and of a process', async (operation, how, exitCode) => {
    for (const kind of ['thread', 'process'] as const) {
      const plan = makePlan({
        main: {
          slots: 1,
          program: [
            start(1),
            sleep(5),
            operate(operation, 1),
            operate('task.join', 1, { result: 0 }),
            print(cel('text([e.state, e.exitCode])', readLocal('e', 0))),
            operate(operation, 1),
            end,
          ],
        },
        tasks: [live('other', 100, { kind })],
      });
      const told = await tell(plan);
      expect(told.ends['other']).toBe(how);
      expect(told.lines).toEqual([`["terminated",${exitCode}]`]);
      expect(told.ends['main']).toBe('finished');
    }
  });

  test('of a task that waits, holds and sleeps: it goes, what it holds stays', async () => {
    const plan = makePlan({
      resources: [lock('held'), lock('wanted', { fair: true })],
      main: {
        program: [
          operate('lock.acquire', 1),
          start(1),
          start(2),
          sleep(5),
          operate('task.terminate', 1),
          operate('lock.release', 1),
          operate('task.join', 2),
          operate('lock.acquire', 0),
          end,
        ],
      },
      tasks: [
        { name: 'first', program: [operate('lock.acquire', 0), operate('lock.acquire', 1), end] },
        { name: 'second', program: [sleep(1), operate('lock.acquire', 1), print('got it'), end] },
      ],
    });
    const told = await tell(plan);
    expect(told.lines).toEqual(['got it']);
    expect(told.end.stopped).toBe('deadlock');
  });

  test.each([['task.terminate'], ['task.kill']] as const)(
    '%s of main ends the run, and all there is',
    async (operation) => {
      const plan = makePlan({
        main: { program: [start(1), start(2), start(3), sleep(100), end] },
        tasks: [
          { name: 'thread', program: [sleep(5), operate(operation, 0), print('never'), end] },
          live('other', 50, { daemon: true }),
          { name: 'process', kind: 'process', program: [sleep(50), end] },
        ],
      });
      const told = await tell(plan);
      expect(told.lines).toEqual([]);
      expect(Object.values(told.ends).every((how) => how.startsWith('terminated'))).toBe(true);
      expect(told.end.durationUs).toBe(5000);
    },
  );

  test('of itself: nothing more is done', async () => {
    const plan = makePlan({
      main: { program: [start(1), operate('task.join', 1), print('joined'), end] },
      tasks: [
        {
          name: 'self',
          slots: 1,
          program: [operate('task.terminate', 1, { result: 0 }), print('never'), end],
        },
      ],
    });
    const told = await tell(plan);
    expect(told.lines).toEqual(['joined']);
    expect(told.ends['self']).toBe('terminated terminate');
  });

  test('before it is started: an error', async () => {
    const plan = makePlan({ main: { program: [operate('task.terminate', 1), end] }, tasks: [live('t', 1)] });
    expect((await tell(plan)).ends['main']).toBe('failed RuntimeError');
  });
});

describe('start and join, wrongly', () => {
  test.each([
    { name: 'twice', program: [start(1), start(1)], message: 'threads can only be started once' },
    {
      name: 'join before start',
      program: [operate('task.join', 1)],
      message: 'cannot join thread before it is started',
    },
    { name: 'join oneself', program: [operate('task.join', 0)], message: 'cannot join current thread' },
  ])('$name', async ({ program, message }) => {
    const plan = makePlan({ main: { program: [...program, end] }, tasks: [live('t', 1)] });
    expect((await tell(plan)).of('raised')[0]?.error).toEqual({ name: 'RuntimeError', message });
  });

  test('the input of a second start is not the task’s', async () => {
    const plan = makePlan({
      resources: [event('e')],
      main: {
        slots: 1,
        program: [
          operate('task.start', 1, { operands: [['first', 'a text']] }),
          operate('task.start', 1, { operands: [['second', 'a text']] }),
          end,
        ],
        handlers: [{ from: 1, to: 2, target: 2, slot: 0 }],
      },
      tasks: [
        {
          name: 't',
          slots: 1,
          program: [
            sleep(5),
            evaluate(0, cel('task.input[0]', { from: 'task', name: 'task', attributes: ['input'] })),
            print(cel('x', readLocal('x', 0))),
            end,
          ],
        },
      ],
    });
    expect((await tell(plan)).lines).toEqual(['first']);
  });
});
