/** Who goes next is the seed's choice: the same seed, the same log; other seeds find what can happen and nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runVirtual } from '../../engine/hosts/virtual.ts';
import { createLogWriter } from '../../engine/log/json-lines.ts';
import { draw } from '../../engine/machine/random.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import {
  type Bit,
  cel,
  end,
  evaluate,
  event,
  lock,
  makePlan,
  operate,
  print,
  queue,
  readLocal,
  readVariable,
  repeat,
  semaphore,
  sleep,
  update,
  variable,
  write,
} from '../plan-builder.ts';
import { tell } from './virtual-run.ts';

const startAndJoin = (count: number): Bit[] => [
  ...Array.from({ length: count }, (_, index) => operate('task.start', index + 1)),
  ...Array.from({ length: count }, (_, index) => operate('task.join', index + 1)),
];

async function logOf(plan: Plan): Promise<string> {
  let text = '';
  const write = (some: string): void => {
    text += some;
  };
  const log = createLogWriter(plan, { mode: 'virtual', lineOf: () => undefined, write });
  await runVirtual(plan, log);
  log.end();
  return text;
}

/** Takes, reads, writes, puts, gets, sleeps at random. */
function busyPlan(seed: number): Plan {
  const round: Bit[] = [
    operate('semaphore.acquire', 1),
    sleep(0, 5),
    evaluate(2, cel('n + random(1, 6)', readVariable('n', 0))),
    write(0, 2),
    operate('queue.put', 2, { operands: [cel('x', readLocal('x', 2)), 0n] }),
    operate('semaphore.release', 1),
    operate('queue.get', 2, { result: 2 }),
  ];
  return makePlan({
    seed,
    resources: [lock('l'), semaphore('s', 2), queue('q', 'fifo', 3), event('e')],
    variables: [variable('n', 0n)],
    main: { program: [...startAndJoin(4), end] },
    tasks: [{ name: 't', count: 4, slots: 3, program: [...repeat(0, 5, 0, round), end] }],
  });
}

describe('the seed', () => {
  test('the same gives the same log, byte for byte', async () => {
    for (const seed of [1, 2, 12345]) {
      const [first, second] = [await logOf(busyPlan(seed)), await logOf(busyPlan(seed))];
      expect(first.split('\n').length).toBeGreaterThan(150);
      expect(second).toBe(first);
    }
  });

  test('another gives another', async () => {
    const logs = new Set<string>();
    for (let seed = 0; seed < 10; seed++)
      logs.add((await logOf(busyPlan(seed))).split('\n').slice(1).join('\n'));
    expect(logs.size).toBe(10);
  });

  test('a schedule stays what it was, from version to version', async () => {
    const plan = makePlan({
      seed: 7,
      main: { program: [...startAndJoin(3), end] },
      tasks: [{ name: 't', count: 3, program: [print('a'), print('b'), end] }],
    });
    const { events } = await tell(plan);
    const order = events.filter(({ type }) => type === 'printed').map(({ task }) => task);
    expect(order.join('')).toMatchInlineSnapshot(`"212331"`);
  });
});

describe('two tasks that count down', () => {
  const down: Bit[] = [evaluate(0, cel('n - 1', readVariable('n', 0))), write(0, 0)];
  const atOnce: Bit[] = [update(0, cel('n - 1', readVariable('n', 0)))];

  async function results(steps: readonly Bit[]): Promise<unknown[]> {
    const seen = new Set<unknown>();
    for (let seed = 0; seed < 60; seed++) {
      const told = await tell(
        makePlan({
          seed,
          variables: [variable('n', 2n)],
          main: { program: [...startAndJoin(2), end] },
          tasks: [{ name: 't', count: 2, slots: 1, program: [...steps, end] }],
        }),
      );
      seen.add(told.written(0));
    }
    return [...seen].sort();
  }

  // Of the C(4,2) = 6 orders of read, write, read, write, the 2 in which one goes first keep both; 4 lose one.
  test('set: a read and a write are two moments, and one can be lost', async () => {
    expect(await results(down)).toEqual([0n, 1n]);
  });

  test('update: one moment, nothing is lost', async () => {
    expect(await results(atOnce)).toEqual([0n]);
  });

  test('set, under a lock: nothing is lost', async () => {
    const program = [operate('lock.acquire', 0), ...down, operate('lock.release', 0), end];
    for (let seed = 0; seed < 30; seed++) {
      const told = await tell(
        makePlan({
          seed,
          resources: [lock('lock')],
          variables: [variable('n', 2n)],
          main: { program: [...startAndJoin(2), end] },
          tasks: [{ name: 't', count: 2, slots: 1, program }],
        }),
      );
      expect(told.written(0)).toBe(0n);
    }
  });

  // AABB, ABAB, ABBA, BAAB, BABA, BBAA.
  test('every order of two times two moments comes', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const told = await tell(
        makePlan({
          seed,
          resources: [event('go')],
          main: {
            program: [
              operate('task.start', 1),
              operate('task.start', 2),
              sleep(1),
              operate('event.signal', 0),
              end,
            ],
          },
          tasks: [
            { name: 'A', program: [operate('event.wait', 0), print('A'), print('A'), end] },
            { name: 'B', program: [operate('event.wait', 0), print('B'), print('B'), end] },
          ],
        }),
      );
      orders.add(told.lines.join(''));
    }
    expect([...orders].sort()).toEqual(['AABB', 'ABAB', 'ABBA', 'BAAB', 'BABA', 'BBAA']);
  });
});

describe('what is drawn', () => {
  test('does not depend on the schedule, nor on what others draw', async () => {
    const drawing = (others: number, rest: readonly Bit[]): Promise<readonly string[]> => {
      const program = [
        ...repeat(0, 4, 0, [
          evaluate(2, cel('random(1, 1000000)')),
          print(cel('text(x)', readLocal('x', 2))),
        ]),
        end,
      ];
      const plan = makePlan({
        seed: 99,
        main: { program: [...startAndJoin(others + 1), end] },
        tasks: [
          { name: 'drawer', slots: 3, program },
          { name: 'other', count: others, slots: 3, program: [...rest, end] },
        ],
      });
      return tell(plan).then((told) =>
        told
          .of('printed')
          .filter(({ task }) => task === 1)
          .map(({ text }) => text),
      );
    };
    const alone = await drawing(1, []);
    expect(new Set(alone).size).toBe(4);
    const among = await drawing(5, [
      ...repeat(0, 7, 0, [evaluate(2, cel('random(1, 6)')), print('x'), sleep(0, 3)]),
    ]);
    expect(among).toEqual(alone);
  });

  test('an update that is tried again draws the same', async () => {
    const plan = makePlan({
      seed: 5,
      variables: [variable('n', 0n)],
      main: { program: [...startAndJoin(3), end] },
      tasks: [
        {
          name: 't',
          count: 3,
          program: [update(0, cel('n + random(1, 1000000)', readVariable('n', 0))), end],
        },
      ],
    });
    const sums = new Set<unknown>();
    for (let round = 0; round < 3; round++) sums.add((await tell(plan)).written(0));
    expect(sums.size).toBe(1);
  });

  test('a condition that is looked at again draws the same, however often', async () => {
    const passedAt = async (noise: number) => {
      const condition = cel('n >= random(5, 100) && m >= 0', readVariable('n', 0), readVariable('m', 1));
      const plan = makePlan({
        seed: 11,
        variables: [variable('n', 0n), variable('m', 0n)],
        main: {
          slots: 2,
          program: [
            operate('task.start', 1),
            operate('task.start', 2),
            ...repeat(2, 2, 0, [{ op: 'await', condition }, update(0, cel('0'))]),
            end,
          ],
        },
        tasks: [
          {
            name: 'ticker',
            daemon: true,
            slots: 2,
            program: [...repeat(0, 300, 0, [sleep(2), update(0, cel('n + 1', readVariable('n', 0)))]), end],
          },
          {
            name: 'noise',
            daemon: true,
            slots: 2,
            program: [...repeat(0, noise, 0, [sleep(1), update(1, cel('m + 1', readVariable('m', 1)))]), end],
          },
        ],
      });
      return (await tell(plan)).of('passed').map(({ at }) => at);
    };
    expect(await passedAt(50)).toEqual(await passedAt(0));
  });

  test('is spread evenly, and differs from task to task and from place to place', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.nat(1000), (seed, task, place) => {
        const buckets = new Array<number>(10).fill(0);
        for (let occurrence = 0; occurrence < 2000; occurrence++) {
          const x = draw(seed, task, place, occurrence);
          expect(x >= 0 && x < 1).toBe(true);
          const bucket = Math.floor(x * 10);
          buckets[bucket] = (buckets[bucket] as number) + 1;
        }
        // 200 expected in each, with a deviation of 13.4: eight of these are never seen by chance.
        for (const count of buckets) expect(Math.abs(count - 200)).toBeLessThan(108);
        const others = [
          draw(seed, task, place, 0),
          draw(seed, task + 1, place, 0),
          draw(seed, task, place + 1, 0),
        ];
        expect(new Set(others).size).toBe(3);
      }),
      { numRuns: 50 },
    );
  });

  test('neighbours in task, place and time are not alike', () => {
    const correlation = (of: (index: number) => number, next: (index: number) => number): number => {
      const count = 5000;
      let sum = 0;
      for (let index = 0; index < count; index++) sum += (of(index) - 0.5) * (next(index) - 0.5);
      return (sum / count) * 12;
    };
    const pairs = [
      correlation(
        (i) => draw(1, 1, 1, i),
        (i) => draw(1, 1, 1, i + 1),
      ),
      correlation(
        (i) => draw(1, i, 1, 0),
        (i) => draw(1, i + 1, 1, 0),
      ),
      correlation(
        (i) => draw(1, 1, i, 0),
        (i) => draw(1, 1, i + 1, 0),
      ),
      correlation(
        (i) => draw(i, 1, 1, 0),
        (i) => draw(i + 1, 1, 1, 0),
      ),
      correlation(
        (i) => draw(1, i, 5, 3),
        (i) => draw(1, 5, i, 3),
      ),
    ];
    // The deviation of such a figure is 1 / sqrt(5000) = 0.014.
    for (const pair of pairs) expect(Math.abs(pair)).toBeLessThan(0.1);
  });
});
