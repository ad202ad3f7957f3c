/** Waiting: for resources, for time, for conditions; and what a timeout leads to. */
import { describe, expect, test } from 'vitest';
import type { TimeoutRule } from '../../engine/plan/instruction.ts';
import type { OperationName } from '../../engine/plan/operation.ts';
import type { Resource } from '../../engine/plan/plan.ts';
import {
  assign,
  type Bit,
  cel,
  end,
  event,
  lock,
  makePlan,
  ms,
  operate,
  print,
  queue,
  readLocal,
  readReplicas,
  readResource,
  readVariable,
  rlock,
  semaphore,
  sleep,
  update,
  variable,
} from '../plan-builder.ts';
import { tell, timed } from './virtual-run.ts';

const within = (limit: number, rest: Partial<TimeoutRule> = {}): TimeoutRule => ({
  after: ms(limit),
  raises: true,
  ...rest,
});
const show = (slot: number): Bit => print(cel('text(x)', readLocal('x', slot)));

/** Each waits for ever, unless somebody helps: the operation, the resource as it is, and the error of its timeout. */
const waits: readonly [OperationName, Resource, string][] = [
  ['lock.acquire', lock('r'), 'TimeoutError'],
  ['rlock.acquire', rlock('r'), 'TimeoutError'],
  ['semaphore.acquire', semaphore('r', 0), 'TimeoutError'],
  ['queue.get', queue('r', 'fifo', 1), 'Empty'],
  ['queue.put', queue('r', 'lifo', 1), 'Full'],
  ['queue.join', queue('r', 'priority', 1), 'TimeoutError'],
  ['event.wait', event('r'), 'TimeoutError'],
];

/** Main makes the resource busy, where that needs a deed; thread 1 waits. */
const occupy: Partial<Record<OperationName, OperationName>> = {
  'lock.acquire': 'lock.acquire',
  'rlock.acquire': 'rlock.acquire',
  'queue.put': 'queue.put',
  'queue.join': 'queue.put',
};

function waiterPlan(operation: OperationName, resource: Resource, waiter: readonly Bit[]) {
  const busy = occupy[operation];
  return makePlan({
    resources: [resource],
    main: {
      program: [
        ...(busy === undefined ? [] : [operate(busy, 0)]),
        operate('task.start', 1),
        operate('task.join', 1),
        end,
      ],
    },
    tasks: [{ name: 't', slots: 2, program: [...waiter, end] }],
  });
}

describe.each(waits)('%s', (operation, resource, error) => {
  test.each([0, 250])('fails after %d ms', async (limit) => {
    const told = await tell(
      waiterPlan(operation, resource, [operate(operation, 0, { timeout: within(limit) })]),
    );
    expect(told.ends['t']).toBe(`failed ${error}`);
    expect(told.of('timedOut')).toMatchObject([{ operation, target: 0, at: limit * 1000 }]);
    expect(told.of('waiting').filter(({ task }) => task === 1)).toHaveLength(limit === 0 ? 0 : 1);
  });

  test('goes to onTimeout instead', async () => {
    const timeout = within(5, { raises: false, onTimeout: 3 });
    const waiter = [operate(operation, 0, { timeout }), print('got it'), end, print('too late')];
    const plan = waiterPlan(operation, resource, waiter);
    expect(timed(plan, await tell(plan))).toEqual(['0.005s t too late']);
  });

  test('goes on with false, or true, where it answers yes or no', async () => {
    const isYesOrNo = operation.endsWith('acquire') || operation === 'event.wait';
    const timeout = within(5, { raises: false });
    const waiter = [assign(0, 'old'), operate(operation, 0, { timeout, result: 0 }), show(0)];
    const told = await tell(waiterPlan(operation, resource, waiter));
    expect(told.lines).toEqual([isYesOrNo ? 'false' : 'old']);
  });

  test('a fair one is no different', async () => {
    const plan = waiterPlan(operation, { ...resource, fair: true }, [
      operate(operation, 0, { timeout: within(7) }),
    ]);
    expect((await tell(plan)).ends['t']).toBe(`failed ${error}`);
  });
});

describe('in time', () => {
  test('what comes before the timeout is taken, with its result', async () => {
    const plan = makePlan({
      resources: [queue('q', 'fifo', 1), lock('l')],
      main: {
        slots: 2,
        program: [
          operate('task.start', 1),
          operate('queue.get', 0, { timeout: within(100), result: 0 }),
          show(0),
          operate('lock.acquire', 1, { timeout: within(100, { raises: false }), result: 1 }),
          show(1),
          end,
        ],
      },
      tasks: [
        {
          name: 't',
          program: [
            operate('lock.acquire', 1),
            sleep(10),
            operate('queue.put', 0, { operands: [['an item', 1n], 0n] }),
            sleep(20),
            operate('lock.release', 1),
            end,
          ],
        },
      ],
    });
    expect(timed(plan, await tell(plan))).toEqual(['0.01s main ["an item",1]', '0.03s main true']);
  });

  test('join gives the end, or with a timeout whether it ended', async () => {
    const plan = makePlan({
      main: {
        slots: 3,
        program: [
          operate('task.start', 1),
          operate('task.join', 1, { timeout: within(5, { raises: false }), result: 0 }),
          show(0),
          operate('task.join', 1, { timeout: within(50, { raises: false }), result: 0 }),
          show(0),
          operate('task.join', 1, { result: 1 }),
          print(cel('e.state', readLocal('e', 1))),
          end,
        ],
      },
      tasks: [{ name: 't', program: [sleep(10), end] }],
    });
    expect(timed(plan, await tell(plan))).toEqual([
      '0.005s main false',
      '0.01s main true',
      '0.01s main finished',
    ]);
  });

  test('several times in one loop, each wait has a time of its own', async () => {
    const plan = makePlan({
      resources: [event('e')],
      main: {
        slots: 2,
        program: [
          assign(0, 0n),
          assign(1, 3n),
          { op: 'next', counter: 0, limit: 1, exit: 6 },
          operate('event.wait', 0, { timeout: within(10, { raises: false }) }),
          print('tick'),
          { op: 'jump', to: 2 },
          end,
        ],
      },
    });
    expect((await tell(plan)).of('printed').map(({ at }) => at)).toEqual([10_000, 20_000, 30_000]);
  });

  test('a computed limit, and a drawn one', async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const after = { kind: 'fixed' as const, minUs: 1, maxUs: 2 };
      const plan = makePlan({
        seed,
        resources: [event('e')],
        main: { program: [operate('event.wait', 0, { timeout: { after, raises: false } }), end] },
      });
      lengths.add((await tell(plan)).end.durationUs);
    }
    expect([...lengths].sort()).toEqual([1, 2]);
    const after = { kind: 'computed' as const, expression: cel('"2s"') };
    const computed = makePlan({
      resources: [event('e')],
      main: { program: [operate('event.wait', 0, { timeout: { after, raises: false } }), end] },
    });
    expect((await tell(computed)).end.durationUs).toBe(2_000_000);
  });
});

describe('await', () => {
  const setter = (after: number): Bit[] => [sleep(after), update(0, cel('n + 1', readVariable('n', 0))), end];
  const isOne = cel('n == 1', readVariable('n', 0));

  test('passes at once where the condition holds', async () => {
    const plan = makePlan({
      variables: [variable('n', 1n)],
      main: { slots: 1, program: [{ op: 'await', condition: isOne, result: 0 }, show(0), end] },
    });
    const told = await tell(plan);
    expect(told.lines).toEqual(['true']);
    expect([told.of('waiting').length, told.of('passed').length]).toEqual([0, 1]);
  });

  test('waits until somebody makes it true', async () => {
    const plan = makePlan({
      variables: [variable('n', 0n)],
      main: { program: [operate('task.start', 1), { op: 'await', condition: isOne }, print('now'), end] },
      tasks: [{ name: 't', program: setter(30) }],
    });
    expect(timed(plan, await tell(plan))).toEqual(['0.03s main now']);
  });

  test.each([0, 20])('gives up after %d ms: an error, or false', async (limit) => {
    const plan = (raises: boolean) =>
      makePlan({
        variables: [variable('n', 0n)],
        main: {
          slots: 1,
          program: [
            operate('task.start', 1),
            {
              op: 'await',
              condition: isOne,
              timeout: within(limit, { raises }),
              ...(raises ? {} : { result: 0 }),
            },
            show(0),
            end,
          ],
        },
        tasks: [{ name: 't', program: setter(30) }],
      });
    expect((await tell(plan(true))).ends['main']).toBe('failed TimeoutError');
    const told = await tell(plan(false));
    expect(told.of('printed')).toMatchObject([{ text: 'false', at: limit * 1000 }]);
  });

  test('looks at resources and at tasks, and at who waits and sleeps', async () => {
    const sees = async (condition: ReturnType<typeof cel>, daemon = false) => {
      const plan = makePlan({
        resources: [lock('l'), queue('q', 'fifo', 2)],
        main: {
          program: [
            operate('lock.acquire', 0),
            operate('task.start', 1),
            operate('task.start', 2),
            { op: 'await', condition },
            print('seen'),
            operate('lock.release', 0),
            end,
          ],
        },
        tasks: [
          {
            name: 't',
            count: 2,
            daemon,
            program: [
              sleep(10),
              operate('queue.put', 1),
              operate('lock.acquire', 0),
              operate('lock.release', 0),
              end,
            ],
          },
        ],
      });
      return timed(plan, await tell(plan));
    };
    expect(await sees(cel('q.size == 2', readResource('q', 1, 'size')))).toEqual(['0.01s main seen']);
    expect(await sees(cel('l.waiting == 2', readResource('l', 0, 'waiting')))).toEqual(['0.01s main seen']);
    expect(await sees(cel('t[1].state == "waiting"', readReplicas('t', 1, 'state')))).toEqual([
      '0.01s main seen',
    ]);
    expect(
      await sees(cel('t[0].state == "sleeping" && t[1].state == "sleeping"', readReplicas('t', 1, 'state'))),
    ).toEqual(['0s main seen']);
  });

  test('nobody will ever make it true: a deadlock', async () => {
    const plan = makePlan({
      variables: [variable('n', 0n)],
      main: { program: [{ op: 'await', condition: isOne }, end] },
    });
    expect((await tell(plan)).end.stopped).toBe('deadlock');
  });

  test('two that wait for each other in turns', async () => {
    const turn = (mine: number): Bit[] => [
      assign(0, 0n),
      assign(1, 5n),
      { op: 'next', counter: 0, limit: 1, exit: 7 },
      { op: 'await', condition: cel(`n % 2 == ${mine}`, readVariable('n', 0)) },
      print(String(mine)),
      update(0, cel('n + 1', readVariable('n', 0))),
      { op: 'jump', to: 2 },
      end,
    ];
    for (let seed = 0; seed < 20; seed++) {
      const plan = makePlan({
        seed,
        variables: [variable('n', 0n)],
        main: { program: [operate('task.start', 1), operate('task.start', 2), end] },
        tasks: [
          { name: 'even', slots: 2, program: turn(0) },
          { name: 'odd', slots: 2, program: turn(1) },
        ],
      });
      expect((await tell(plan)).lines.join('')).toBe('0101010101');
    }
  });
});
