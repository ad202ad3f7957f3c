/** Conditions, barriers and pipes, as programs use them; each log is judged by the independent model too. */
import { describe, expect, test } from 'vitest';
import type { TimeoutRule } from '../../engine/plan/instruction.ts';
import type { Resource } from '../../engine/plan/plan.ts';
import {
  type Bit,
  barrier,
  cel,
  condition,
  end,
  event,
  lock,
  makePlan,
  ms,
  operate,
  pipe,
  print,
  readLocal,
  rlock,
  sleep,
} from '../plan-builder.ts';
import { tell, timed } from './virtual-run.ts';

const show = (slot: number): Bit => print(cel('text(x)', readLocal('x', slot)));
const within = (limit: number, raises = false): TimeoutRule => ({ after: ms(limit), raises });
const start = (target: number): Bit => operate('task.start', target);

describe('a condition', () => {
  const locks: readonly [string, Resource][] = [
    ['a lock', lock('l')],
    ['an rlock', rlock('l')],
    ['a fair lock', lock('l', { fair: true })],
    ['a fair rlock', rlock('l', { fair: true })],
  ];

  describe.each(locks)('with %s', (_, own) => {
    const take = operate(own.kind === 'lock' ? 'lock.acquire' : 'rlock.acquire', 0);
    const give = operate(own.kind === 'lock' ? 'lock.release' : 'rlock.release', 0);
    const waiter = {
      name: 'w',
      slots: 1,
      program: [take, operate('condition.wait', 1), print('awake'), sleep(10), give, end],
    };

    test('lets those go who are notified, one after the other, as the lock allows', async () => {
      for (let seed = 0; seed < 10; seed++) {
        const plan = makePlan({
          seed,
          resources: [own, condition('c', 0)],
          main: {
            program: [
              start(1),
              start(2),
              start(3),
              sleep(5),
              take,
              operate('condition.notify', 1, { operands: [2n] }),
              sleep(5),
              give,
              sleep(100),
              take,
              operate('condition.notify', 1, { operands: [99n] }),
              give,
              end,
            ],
          },
          tasks: [{ ...waiter, count: 3 }],
        });
        const told = await tell(plan);
        expect(told.of('printed').map(({ at }) => at)).toEqual([10_000, 20_000, 110_000]);
        expect(told.end.stopped).toBe(null);
      }
    });

    test('a newcomer and those notified all get the lock in the end', async () => {
      for (let seed = 0; seed < 20; seed++) {
        const plan = makePlan({
          seed,
          resources: [own, condition('c', 0)],
          main: {
            program: [
              start(1),
              start(2),
              sleep(5),
              take,
              start(3),
              start(4),
              operate('condition.notify', 1, { operands: [99n] }),
              sleep(5),
              give,
              end,
            ],
          },
          tasks: [
            { ...waiter, count: 2 },
            { name: 'n', count: 2, program: [take, sleep(3), give, end] },
          ],
        });
        const told = await tell(plan);
        expect(told.end.stopped).toBe(null);
        expect(told.lines).toEqual(['awake', 'awake']);
      }
    });

    test('gives false after a timeout, with the lock held again', async () => {
      const plan = makePlan({
        resources: [own, condition('c', 0)],
        main: {
          slots: 1,
          program: [
            take,
            start(1),
            operate('condition.wait', 1, { timeout: within(10), result: 0 }),
            show(0),
            give,
            end,
          ],
        },
        tasks: [{ name: 't', program: [take, sleep(30), give, end] }],
      });
      expect(timed(plan, await tell(plan))).toEqual(['0.03s main false']);
    });

    test('a timeout of nothing gives the lock back and takes it again', async () => {
      const plan = makePlan({
        resources: [own, condition('c', 0)],
        main: {
          slots: 1,
          program: [
            take,
            operate('condition.wait', 1, { timeout: within(0), result: 0 }),
            show(0),
            give,
            end,
          ],
        },
      });
      expect((await tell(plan)).lines).toEqual(['false']);
    });

    test('whose time is over but whose lock is gone for ever: a deadlock, found at once', async () => {
      const plan = makePlan({
        timeoutUs: 100e6,
        resources: [own, condition('c', 0), event('never')],
        main: { program: [start(1), sleep(5), take, operate('event.wait', 2), end] },
        tasks: [{ name: 't', program: [take, operate('condition.wait', 1, { timeout: within(10) }), end] }],
      });
      expect((await tell(plan)).end).toMatchObject({ stopped: 'deadlock', durationUs: 10_000 });
    });

    test('one that is ended while it waits for the lock stands in nobody’s way', async () => {
      const plan = makePlan({
        resources: [own, condition('c', 0)],
        main: {
          program: [
            start(1),
            start(2),
            sleep(5),
            take,
            operate('condition.notify', 1, { operands: [99n] }),
            sleep(5),
            operate('task.terminate', 1),
            give,
            end,
          ],
        },
        tasks: [{ ...waiter, count: 2 }],
      });
      const told = await tell(plan);
      expect(told.ends).toMatchObject({ main: 'finished', 'w[1]': 'finished' });
    });
  });

  test('keeps the depth of an rlock', async () => {
    const plan = makePlan({
      resources: [rlock('l'), condition('c', 0)],
      main: {
        program: [
          operate('rlock.acquire', 0),
          operate('rlock.acquire', 0),
          start(1),
          operate('condition.wait', 1),
          operate('rlock.release', 0),
          operate('rlock.release', 0),
          operate('rlock.release', 0),
          end,
        ],
      },
      tasks: [
        {
          name: 't',
          program: [
            operate('rlock.acquire', 0),
            operate('condition.notify', 1),
            operate('rlock.release', 0),
            end,
          ],
        },
      ],
    });
    const told = await tell(plan);
    expect(told.of('raised').map(({ error }) => error.message)).toEqual(['cannot release un-acquired lock']);
  });
});

describe('a barrier', () => {
  const passes: Bit[] = [operate('barrier.wait', 0, { result: 0 }), show(0)];

  test('lets all go when all have come, each with a number of its own', async () => {
    const plan = makePlan({
      resources: [barrier('b', 3)],
      main: { program: [start(1), start(2), start(3), end] },
      tasks: [
        { name: 't', count: 3, slots: 1, program: [sleep(0, 50), ...passes, sleep(0, 50), ...passes, end] },
      ],
    });
    const { lines } = await tell(plan);
    expect([lines.slice(0, 3).sort(), lines.slice(3).sort()]).toEqual([
      ['0', '1', '2'],
      ['0', '1', '2'],
    ]);
  });

  test('a timeout breaks it for all', async () => {
    const plan = makePlan({
      resources: [barrier('b', 3)],
      main: { program: [start(1), start(2), sleep(50), ...passes, end], slots: 1 },
      tasks: [
        { name: 't', slots: 1, program: passes },
        { name: 'u', slots: 1, program: [operate('barrier.wait', 0, { timeout: within(10, true) }), end] },
      ].map((task) => ({ ...task, program: [...task.program, end] })),
    });
    const told = await tell(plan);
    expect(Object.values(told.ends)).toEqual(Array(3).fill('failed BrokenBarrierError'));
    expect(told.of('timedOut')).toMatchObject([{ at: 10_000 }]);
  });

  test('one that is ended has come nevertheless', async () => {
    const plan = makePlan({
      resources: [barrier('b', 2)],
      main: {
        slots: 1,
        program: [start(1), sleep(5), operate('task.terminate', 1), ...passes, end],
      },
      tasks: [{ name: 't', slots: 1, program: [...passes, end] }],
    });
    expect((await tell(plan)).lines).toEqual(['1']);
  });
});

describe('a pipe', () => {
  test('carries items both ways, in order, until it is closed', async () => {
    const plan = makePlan({
      resources: pipe('p', 0),
      main: {
        slots: 1,
        program: [
          start(1),
          operate('pipe.send', 0, { operands: ['a long question'] }),
          operate('pipe.send', 0, { operands: [2n] }),
          operate('pipe.receive', 0, { result: 0 }),
          show(0),
          operate('pipe.close', 0),
          end,
        ],
      },
      tasks: [
        {
          name: 'child',
          kind: 'process',
          slots: 1,
          program: [
            sleep(5),
            operate('pipe.receive', 1, { result: 0 }),
            show(0),
            operate('pipe.receive', 1, { result: 0 }),
            show(0),
            operate('pipe.send', 1, { operands: [['an', 'answer']] }),
            operate('pipe.receive', 1),
            end,
          ],
        },
      ],
    });
    const told = await tell(plan);
    expect([...told.lines].sort()).toEqual(['2', '["an","answer"]', 'a long question']);
    expect(told.ends['child']).toBe('failed EOFError');
  });
});
