/** Every instruction, alone, in a main program of a few lines. */
import { describe, expect, test } from 'vitest';
import type { Value } from '../../engine/expression/values/value.ts';
import {
  assign,
  type Bit,
  cel,
  constant,
  end,
  evaluate,
  event,
  lock,
  makePlan,
  ms,
  operate,
  type PlanDraft,
  print,
  queue,
  readGroup,
  readLocal,
  readReplicas,
  readResource,
  readTask,
  readVariable,
  repeat,
  rlock,
  semaphore,
  sleep,
  update,
  variable,
  write,
} from '../plan-builder.ts';
import { tell } from './virtual-run.ts';

const SLOTS = 6;

function main(program: readonly Bit[], rest: PlanDraft = {}) {
  return tell(makePlan({ ...rest, main: { slots: SLOTS, ...rest.main, program: [...program, end] } }));
}

const show = (slot: number): Bit => print(cel('text(x)', readLocal('x', slot)));

describe('locals', () => {
  const values: readonly Value[] = [0n, -5n, 2n ** 40n, 1.5, 'text', true, null, [1n, 'x'], { a: [null] }];

  test.each(values.map((value) => ({ value })))('assign, copy, evaluate: $value', async ({ value }) => {
    const { lines } = await main([
      assign(0, 'something else'),
      assign(0, value),
      { op: 'copy', from: 0, to: 1 },
      evaluate(2, cel('[x, x]', readLocal('x', 1))),
      evaluate(3, cel('y[0] == x', readLocal('x', 0), readLocal('y', 2))),
      show(3),
    ]);
    expect(lines).toEqual(['true']);
  });

  test.each(values.map((value) => ({ value })))('put as an item, and got back: $value', async ({ value }) => {
    const { lines } = await main(
      [
        assign(0, value),
        operate('queue.put', 0, { operands: [cel('item', readLocal('item', 0)), 0n] }),
        assign(1, 'something else'),
        operate('queue.get', 0, { result: 1 }),
        evaluate(2, cel('x == y', readLocal('x', 0), readLocal('y', 1))),
        show(2),
      ],
      { resources: [queue('q', 'fifo', 1)] },
    );
    expect(lines).toEqual(['true']);
  });

  test('a name that is not all of an operand is computed', async () => {
    const { lines } = await main(
      [
        assign(0, 20n),
        operate('queue.put', 0, { operands: [cel('item + 1', readLocal('item', 0)), 0n] }),
        operate('queue.get', 0, { result: 1 }),
        show(1),
      ],
      { resources: [queue('q', 'fifo', 1)] },
    );
    expect(lines).toEqual(['21']);
  });

  test('several expressions are computed before any is stored', async () => {
    const { lines } = await main([
      assign(0, 'a'),
      assign(1, 'b'),
      {
        op: 'evaluate',
        expressions: [cel('y', readLocal('y', 1)), cel('x', readLocal('x', 0))],
        slots: [0, 1],
      },
      show(0),
      show(1),
    ]);
    expect(lines).toEqual(['b', 'a']);
  });
});

describe('vars', () => {
  test('write a cell, read it back', async () => {
    const told = await main(
      [
        assign(0, 'long text'),
        assign(1, 2n),
        write(0, 0, 1),
        print(cel('text(v)', readVariable('v', 0))),
        assign(0, 'another'),
        print(cel('v[2]', readVariable('v', 0))),
      ],
      { variables: [variable('v', [1n, 2n, 3n])] },
    );
    expect(told.lines).toEqual(['[1,2,"long text"]', 'long text']);
    expect(told.of('wrote')).toMatchObject([{ variable: 0, cell: 2, value: 'long text', process: 0 }]);
    expect(told.of('read')).toMatchObject([{ variable: 0 }, { variable: 0 }]);
  });

  test.each([
    [3n, 'IndexError: v[3] does not exist: it has 3 cells'],
    [-1n, 'IndexError: v[-1] does not exist: it has 3 cells'],
    ['x', 'TypeError: list indices must be integers'],
  ])('a cell that does not exist: %s', async (index, message) => {
    const { of } = await main([assign(1, index), write(0, 0, 1)], {
      variables: [variable('v', [1n, 2n, 3n])],
    });
    expect(of('raised').map(({ error }) => `${error.name}: ${error.message}`)).toEqual([message]);
  });

  test('update gives the old value, or a map of them, and is one moment', async () => {
    const told = await main(
      [
        update(0, cel('a + 1', readVariable('a', 0)), 0),
        show(0),
        {
          op: 'update',
          writes: [
            { variable: 0, value: cel('b', readVariable('b', 1)) },
            { variable: 1, value: cel('a', readVariable('a', 0)) },
          ],
          old: 0,
        },
        show(0),
        print(cel('text([a, b])', readVariable('a', 0), readVariable('b', 1))),
      ],
      { variables: [variable('a', 1n), variable('b', 'x')] },
    );
    expect(told.lines).toEqual(['1', '{"a":2,"b":"x"}', '["x",2]']);
    const second = told.of('wrote').slice(1);
    expect(second.map(({ variable, last }) => [variable, last])).toEqual([
      [0, false],
      [1, true],
    ]);
  });

  test('several reads of one expression are one moment', async () => {
    const told = await main([evaluate(0, cel('a + b', readVariable('a', 0), readVariable('b', 1)))], {
      variables: [variable('a', 1n), variable('b', 2n)],
    });
    expect(told.of('read').map(({ last }) => last)).toEqual([false, true]);
  });

  test('a moment ends, even if what it reads last makes no record', async () => {
    const told = await main(
      [
        {
          op: 'evaluate',
          expressions: [cel('a', readVariable('a', 0)), cel('s.free', readResource('s', 0, 'free'))],
          slots: [0, 1],
        },
        show(1),
      ],
      { variables: [variable('a', 1n)], resources: [semaphore('s', 4)] },
    );
    expect(told.lines).toEqual(['4']);
    expect(told.of('read').map(({ last }) => last)).toEqual([true]);
  });
});

describe('jumps', () => {
  test('branch goes on where it is true, and jumps where it is not', async () => {
    const choose = (condition: boolean): Bit[] => [
      { op: 'branch', condition: constant(condition), otherwise: 3 },
      print('then'),
      { op: 'jump', to: 4 },
      print('else'),
    ];
    expect((await main(choose(true))).lines).toEqual(['then']);
    expect((await main(choose(false))).lines).toEqual(['else']);
  });

  test('lead on to where the last of several in a row leads', async () => {
    const { lines } = await main([
      print('first'),
      { op: 'jump', to: 3 },
      print('passed over'),
      { op: 'jump', to: 5 },
      print('passed over'),
      { op: 'jump', to: 7 },
      print('passed over'),
      print('last'),
    ]);
    expect(lines).toEqual(['first', 'last']);
  });

  test.each([1n, 'true', null])('a condition that is no boolean is a TypeError: %s', async (value) => {
    const { ends } = await main([{ op: 'branch', condition: constant(value), otherwise: 1 }]);
    expect(ends['main']).toBe('failed TypeError');
  });

  test.each([0, 1, 3])('a counted loop of %d rounds', async (times) => {
    const at = 1;
    const loop = repeat(at, times, 2, [show(0)]);
    loop[2] = { op: 'next', counter: 2, limit: 3, as: 0, exit: at + loop.length };
    const { lines } = await main([assign(0, 'a text to be replaced'), ...loop, print('after')]);
    expect(lines).toEqual([...['0', '1', '2'].slice(0, times), 'after']);
  });

  test('a counted loop beyond small integers', async () => {
    const start = 2n ** 30n - 2n;
    const { lines } = await main([
      assign(0, start),
      assign(1, start + 4n),
      { op: 'next', counter: 0, limit: 1, as: 2, exit: 5 },
      show(2),
      { op: 'jump', to: 2 },
    ]);
    expect(lines).toEqual([0n, 1n, 2n, 3n].map((step) => String(start + step)));
  });

  test.each(['three', 1.5, null])('a loop over %s rounds is a TypeError', async (limit) => {
    const { of } = await main([
      assign(0, 0n),
      assign(1, limit),
      { op: 'next', counter: 0, limit: 1, exit: 3 },
    ]);
    expect(of('raised')[0]?.error.name).toBe('TypeError');
  });

  test.each([
    [
      [1n, 'two', [3n]],
      ['1', 'two', '[3]'],
    ],
    [[], []],
    [{ b: 1n, a: 2n }, ['a', 'b']],
  ] as const)('each, over a list or the keys of a map (%#)', async (list, expected) => {
    const { lines } = await main([
      assign(0, list as Value),
      assign(1, 0n),
      { op: 'each', list: 0, counter: 1, as: 2, exit: 5 },
      show(2),
      { op: 'jump', to: 2 },
    ]);
    expect([...lines].sort()).toEqual([...expected].sort());
  });

  test('two tasks that go through lists of their own, in turns, with the same steps', async () => {
    const told = await tell(
      makePlan({
        main: {
          program: [
            operate('task.start', 1, { operands: [['a', 'b', 'c']] }),
            operate('task.start', 2, { operands: [['x', 'y', 'z']] }),
            end,
          ],
        },
        tasks: [
          {
            name: 't',
            count: 2,
            slots: 5,
            program: [
              evaluate(0, cel('task.input', readTask('input'))),
              ...repeat(1, 2, 3, []),
              assign(1, 0n),
              { op: 'each', list: 0, counter: 1, as: 2, exit: 9 },
              show(2),
              { op: 'jump', to: 6 },
              end,
            ],
          },
        ],
      }),
    );
    const of = (task: number) =>
      told
        .of('printed')
        .filter((event) => event.task === task)
        .map(({ text }) => text)
        .join('');
    expect([of(1), of(2)]).toEqual(['abc', 'xyz']);
  });

  test('each over what is no list is a TypeError', async () => {
    const { of } = await main([
      assign(0, 'text'),
      assign(1, 0n),
      { op: 'each', list: 0, counter: 1, as: 2, exit: 3 },
    ]);
    expect(of('raised')[0]?.error).toEqual({ name: 'TypeError', message: 'text is no list' });
  });
});

describe('resolve', () => {
  const resolve = (index: Value): Bit => ({
    op: 'resolve',
    name: 'fork',
    first: 1,
    count: 2,
    index: constant(index),
    slot: 0,
  });

  test('an element is named by a computed number', async () => {
    const told = await main(
      [
        resolve(1n),
        { ...operate('lock.acquire', 0), target: { kind: 'slot', slot: 0 } } as Bit,
        print(cel('f.held', readResource('f', 2, 'held'))),
      ],
      { resources: [lock('other'), lock('fork[0]'), lock('fork[1]')] },
    );
    expect(told.lines).toEqual(['true']);
    expect(told.of('operated')).toMatchObject([{ operation: 'lock.acquire', target: 2 }]);
  });

  test.each([
    [2n, 'IndexError'],
    [-1n, 'IndexError'],
    [1.0, 'TypeError'],
  ])('outside of the array: %s', async (index, name) => {
    const { of } = await main([resolve(index)]);
    expect(of('raised')[0]?.error.name).toBe(name);
  });
});

describe('points', () => {
  test('count who is inside, who began and who ended', async () => {
    const look = print(
      cel('text([p.running, p.begun, p.ended])', {
        from: 'point',
        name: 'p',
        point: 0,
        attributes: ['running', 'begun', 'ended'],
      }),
    );
    const told = await main(
      [
        look,
        { op: 'enter', point: 0 },
        look,
        { op: 'leave', point: 0 },
        look,
        { op: 'enter', point: 0 },
        look,
      ],
      { points: ['p'] },
    );
    expect(told.lines).toEqual(['[0,0,0]', '[1,1,0]', '[0,1,1]', '[1,2,1]']);
    expect([told.of('entered').length, told.of('left').length]).toEqual([2, 1]);
  });

  test('a task that ends inside a step is inside no more', async () => {
    const told = await main(
      [
        operate('task.start', 1),
        operate('task.join', 1),
        print(
          cel('text([p.running, p.begun, p.ended])', {
            from: 'point',
            name: 'p',
            point: 40,
            attributes: ['running', 'begun', 'ended'],
          }),
        ),
      ],
      {
        points: Array.from({ length: 41 }, (_, index) => `p${index}`),
        tasks: [{ name: 'inside', program: [{ op: 'enter', point: 40 }, end] }],
      },
    );
    expect(told.lines).toEqual(['[0,1,0]']);
  });
});

describe('assert', () => {
  test('passes, or fails with the text of its step', async () => {
    const told = await main([
      { op: 'assert', condition: constant(true) },
      { op: 'assert', condition: constant(false) },
      print('never'),
    ]);
    expect(told.of('raised')[0]?.error).toEqual({ name: 'AssertionError', message: 'assert' });
    expect(told.lines).toEqual([]);
  });
});

describe('what a task can read', () => {
  test('itself', async () => {
    const attributes = ['name', 'index', 'item', 'input', 'pid', 'thread', 'daemon'];
    const about = cel(
      'text([task.name, task.index, task.item, task.input, task.daemon, task.pid > 0])',
      readTask(...attributes),
    );
    const { lines } = await main(
      [operate('task.start', 2, { operands: [{ a: 1n }] }), operate('task.join', 2)],
      { tasks: [{ name: 't', count: 2, daemon: true, program: [print(about), end] }] },
    );
    expect(lines).toEqual(['["t[1]",1,null,{"a":1},true,true]']);
  });

  test('resources', async () => {
    const resources = [
      lock('l'),
      rlock('r'),
      semaphore('s', 3),
      queue('q', 'fifo', 5),
      queue('u', 'fifo', 0),
      event('e', true),
    ];
    const told = await main(
      [
        operate('lock.acquire', 0),
        operate('rlock.acquire', 1),
        operate('rlock.acquire', 1),
        operate('semaphore.acquire', 2, { operands: [2n] }),
        operate('queue.put', 3, { operands: ['x', 0n] }),
        operate('queue.put', 3, { operands: ['y', 0n] }),
        operate('queue.get', 3),
        operate('queue.close', 3),
        print(cel('text([l.held, l.owner])', readResource('l', 0, 'held', 'owner'))),
        print(cel('text([r.held, r.owner, r.depth])', readResource('r', 1, 'held', 'owner', 'depth'))),
        print(
          cel('text([s.free, s.permits, s.holders])', readResource('s', 2, 'free', 'permits', 'holders')),
        ),
        print(
          cel(
            'text([q.size, q.capacity, q.unfinished, q.closed])',
            readResource('q', 3, 'size', 'capacity', 'unfinished', 'closed'),
          ),
        ),
        print(cel('text([u.size, u.capacity])', readResource('u', 4, 'size', 'capacity'))),
        print(cel('text(e.set)', readResource('e', 5, 'set'))),
      ],
      { resources },
    );
    expect(told.lines).toEqual([
      '[true,"main"]',
      '[true,"main",2]',
      '[1,3,1]',
      '[1,5,2,true]',
      '[0,0]',
      'true',
    ]);
  });

  test('how many wait', async () => {
    const told = await main(
      [
        operate('semaphore.acquire', 0),
        operate('task.start', 1),
        operate('task.start', 2),
        sleep(10),
        print(cel('text(s.waiting)', readResource('s', 0, 'waiting'))),
        operate('semaphore.release', 0),
        print(cel('text(s.waiting)', readResource('s', 0, 'waiting'))),
        sleep(10),
        print(cel('text(s.waiting)', readResource('s', 0, 'waiting'))),
      ],
      {
        seed: 3,
        resources: [semaphore('s', 1)],
        tasks: [
          { name: 't', count: 2, daemon: true, program: [operate('semaphore.acquire', 0), sleep(100), end] },
        ],
      },
    );
    expect(told.lines[0]).toBe('2');
    expect(['1', '2']).toContain(told.lines[1]);
    expect(told.lines[2]).toBe('1');
  });

  test('counts and states of tasks', async () => {
    const counts = 'text([t.running, t.finished, t.failed, t.terminated])';
    const look = [
      print(cel(counts, readGroup('t', 1, 'running', 'finished', 'failed', 'terminated'))),
      print(cel('text([t[0].state, t[1].state, t[2].state])', readReplicas('t', 1, 'state'))),
    ];
    const told = await main(
      [
        ...look,
        operate('task.start', 1, { operands: [1n] }),
        operate('task.start', 2, { operands: [2n] }),
        sleep(5),
        ...look,
        operate('event.signal', 0),
        sleep(1),
        ...look,
        operate('task.terminate', 2),
        ...look,
      ],
      {
        resources: [event('e')],
        tasks: [
          {
            name: 't',
            count: 3,
            program: [
              { op: 'branch', condition: cel('task.index == 0', readTask('index')), otherwise: 3 },
              operate('event.wait', 0),
              end,
              sleep(1000),
              end,
            ],
          },
        ],
      },
    );
    expect(told.lines).toEqual([
      '[0,0,0,0]',
      '["notStarted","notStarted","notStarted"]',
      '[2,0,0,0]',
      '["waiting","sleeping","notStarted"]',
      '[1,1,0,0]',
      '["finished","sleeping","notStarted"]',
      '[0,1,0,1]',
      '["finished","terminated","notStarted"]',
    ]);
  });

  test('now, constants and the environment', async () => {
    const told = await main([
      sleep(1500),
      print(
        cel(
          'text([now, limit])',
          { from: 'now', name: 'now' },
          { from: 'constant', name: 'limit', value: 7n },
        ),
      ),
    ]);
    expect(told.lines).toEqual(['[1.5,7]']);
  });
});

describe('sleep', () => {
  test('takes its time, and no more', async () => {
    const told = await main([sleep(250), print('a'), sleep(0), print('b')]);
    expect(told.of('printed').map(({ at }) => at)).toEqual([250_000, 250_000]);
    expect(told.of('sleeping').map(({ untilUs }) => untilUs)).toEqual([250_000, 250_000]);
    expect(told.end.durationUs).toBe(250_000);
  });

  test('a range is drawn, both ends included', async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const told = await main([{ op: 'sleep', duration: { kind: 'fixed', minUs: 1, maxUs: 3 } }], { seed });
      lengths.add(told.end.durationUs);
    }
    expect([...lengths].sort()).toEqual([1, 2, 3]);
  });

  test('a computed duration is text', async () => {
    const expression = cel('d', readLocal('d', 0));
    const forThat: Bit = { op: 'sleep', duration: { kind: 'computed', expression } };
    const told = await main([assign(0, '1.5s'), forThat]);
    expect(told.end.durationUs).toBe(1_500_000);
    const wrong = await main([assign(0, 5n), forThat]);
    expect(wrong.ends['main']).toBe('failed TypeError');
  });

  test('longer than thirty bits of microseconds', async () => {
    const told = await main([{ op: 'sleep', duration: ms(3_000_000) }, print('done')]);
    expect(told.end.durationUs).toBe(3e9);
  });
});
