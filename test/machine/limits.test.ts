/** What would never end, and what outgrows its place: found, told, and nothing hangs. */
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../engine/hosts/run-options.ts';
import {
  assign,
  type Bit,
  cel,
  constant,
  end,
  evaluate,
  lock,
  makePlan,
  operate,
  type PlanDraft,
  print,
  queue,
  readLocal,
  readVariable,
  repeat,
  sleep,
  update,
  variable,
} from '../plan-builder.ts';
import { tell } from './virtual-run.ts';

const main = (program: readonly Bit[], rest: PlanDraft = {}, options: Partial<RunOptions> = {}) =>
  tell(makePlan({ ...rest, main: { slots: 4, program: [...program, end] } }), options);

describe('deadlock', () => {
  test('of two that take two locks in different orders, in some schedules', async () => {
    const takes = (first: number, second: number): Bit[] => [
      operate('lock.acquire', first),
      operate('lock.acquire', second),
      operate('lock.release', second),
      operate('lock.release', first),
      end,
    ];
    const ends = new Set<unknown>();
    for (let seed = 0; seed < 60; seed++) {
      const told = await main([operate('task.start', 1), operate('task.start', 2)], {
        seed,
        resources: [lock('a'), lock('b')],
        tasks: [
          { name: 'ab', program: takes(0, 1) },
          { name: 'ba', program: takes(1, 0) },
        ],
      });
      ends.add(told.end.stopped);
      if (told.end.stopped === 'deadlock')
        expect(told.ends).toEqual({
          main: 'terminated deadlock',
          ab: 'terminated deadlock',
          ba: 'terminated deadlock',
        });
    }
    expect([...ends].sort()).toEqual(['deadlock', null]);
  });

  test('of one with itself, at once', async () => {
    const told = await main([sleep(5), operate('lock.acquire', 0), operate('lock.acquire', 0)], {
      resources: [lock('l')],
    });
    expect(told.end).toMatchObject({ stopped: 'deadlock', durationUs: 5000 });
    expect(told.of('stopped')).toMatchObject([{ reason: 'deadlock' }]);
  });

  test('not where somebody still sleeps', async () => {
    const told = await main([operate('task.start', 1), operate('queue.get', 0)], {
      resources: [queue('q', 'fifo', 1)],
      tasks: [{ name: 't', program: [sleep(60_000), operate('queue.put', 0), end] }],
    });
    expect(told.end.stopped).toBe(null);
  });
});

describe('a run that would take too long', () => {
  test('is stopped at its timeout', async () => {
    const told = await main([sleep(100), print('never')], { timeoutUs: 50_000 });
    expect(told.end).toMatchObject({ stopped: 'timeout', durationUs: 50_000 });
    expect(told.ends['main']).toBe('terminated timeout');
  });

  test('what is due at that very moment still happens', async () => {
    const told = await main([sleep(50), print('just in time')], { timeoutUs: 50_000 });
    expect(told.lines).toEqual(['just in time']);
  });
});

describe('a loop without end in which no time passes', () => {
  const forEver = (body: readonly Bit[]): Bit[] => [...body, { op: 'jump', to: 0 }];

  test.each([
    [
      'of visible moments',
      forEver([update(0, cel('n + 1', readVariable('n', 0)))]),
      '`main` seems to loop for ever',
    ],
    ['of local steps', forEver([assign(0, 1n)]), '`main` loops for ever'],
    ['of computing', forEver([evaluate(0, cel('1 + 1'))]), '`main` loops for ever'],
  ])('%s: inconclusive, and says who', async (_, program, cause) => {
    const told = await main(program, { variables: [variable('n', 0n)] }, { mostMoments: 20_000 });
    expect(told.end.stopped).toBe('inconclusive');
    expect(told.end.cause).toContain(cause);
    expect(told.ends['main']).toBe('terminated terminate');
  });

  test('a long loop that ends is none', async () => {
    const told = await main([...repeat(0, 200_000, 0, [assign(2, 1n)]), print('done')]);
    expect(told.lines).toEqual(['done']);
  });
});

describe('what outgrows its place', () => {
  const double = cel('x + x', readLocal('x', 0));
  const grow = (to: number): Bit[] => [
    assign(0, 'x'.repeat(1000)),
    ...repeat(1, Math.ceil(Math.log2(to / 1000)), 1, [evaluate(0, double)]),
  ];

  test('a value too long for the log', async () => {
    const told = await main([...grow(8_000_000), print('never')]);
    expect(told.end).toMatchObject({
      stopped: 'inconclusive',
      cause: 'a value is too long: 4.1 MB, and 4 MB is the most',
      place: { task: 0 },
    });
    expect(told.lines).toEqual([]);
  });

  test('long values that together are too much for one moment', async () => {
    const x = cel('x', readLocal('x', 0));
    const writes = Array.from({ length: 20 }, (_, index) => ({ variable: index, value: x }));
    const told = await main([...grow(2_048_000), { op: 'update', writes }], {
      variables: writes.map((_, index) => variable(`v${index}`, 0n)),
    });
    expect(told.end).toMatchObject({
      stopped: 'inconclusive',
      cause: expect.stringContaining('one moment had more to log than the log can hold') as string,
    });
    expect(told.of('wrote')).toEqual([]);
  });

  test('many values are no matter', async () => {
    const told = await main(
      [
        ...grow(16_000),
        ...repeat(6, 300, 2, [
          operate('queue.put', 0, { operands: [cel('x', readLocal('x', 0)), 0n] }),
          operate('queue.get', 0),
        ]),
        print('done'),
      ],
      { resources: [queue('q', 'fifo', 1)] },
    );
    expect(told.lines).toEqual(['done']);
  });

  test('a line as long as a value', async () => {
    const line = 'x'.repeat(4_000_000);
    const told = await main([print(constant(line))]);
    expect(told.lines).toEqual([line]);
  });

  test('a line longer than that', async () => {
    const told = await main([print(constant('x'.repeat(5_000_000))), print('never')]);
    expect(told.end).toMatchObject({
      stopped: 'inconclusive',
      cause: 'a value is too long: 5 MB, and 4 MB is the most',
    });
    expect(told.lines).toEqual([]);
  });
});

test('a run that is aborted tells why it stopped', async () => {
  const told = await main([sleep(5)], {}, { signal: AbortSignal.abort() });
  expect(told.end.stopped).toBe('interrupt');
  expect(told.of('stopped')).toMatchObject([{ reason: 'interrupt' }]);
});
