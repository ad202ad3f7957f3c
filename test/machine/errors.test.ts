/** How failures travel: to the innermost handler, again to the next, or to the end of the task. */
import { describe, expect, test } from 'vitest';
import type { Handler } from '../../engine/plan/instruction.ts';
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
  raise,
  readLocal,
  sleep,
} from '../plan-builder.ts';
import { tell } from './virtual-run.ts';

const shown = (slot: number): Bit => print(cel('e.name + ": " + e.message', readLocal('e', slot)));

function main(program: readonly Bit[], handlers: readonly Handler[] = [], rest: PlanDraft = {}) {
  return tell(makePlan({ ...rest, main: { slots: 4, program: [...program, end], handlers } }));
}

describe('handlers', () => {
  test('one that covers the place takes the error, and the task goes on there', async () => {
    const told = await main(
      [raise('KeyError', 'x'), print('never'), shown(0), print('after')],
      [{ from: 0, to: 2, target: 2, slot: 0 }],
    );
    expect(told.lines).toEqual(['KeyError: x', 'after']);
    expect(told.of('raised')).toMatchObject([{ caught: true, error: { name: 'KeyError', message: 'x' } }]);
    expect(told.ends['main']).toBe('finished');
  });

  test('from is covered, to is not', async () => {
    const covers = async (from: number, to: number) => {
      const told = await main([print('a'), raise('E'), end, shown(0)], [{ from, to, target: 3, slot: 0 }]);
      return told.of('raised')[0]?.caught;
    };
    expect(await Promise.all([covers(1, 2), covers(0, 2), covers(0, 1), covers(2, 3)])).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('the innermost comes first; what it raises goes to the next', async () => {
    const told = await main(
      [raise('First'), print('never'), shown(0), raise('Second', 'from the handler'), shown(1)],
      [
        { from: 0, to: 1, target: 2, slot: 0 },
        { from: 0, to: 4, target: 4, slot: 1 },
      ],
    );
    expect(told.lines).toEqual(['First: ', 'Second: from the handler']);
  });

  test('reraise raises the very same error again', async () => {
    const told = await main(
      [raise('ValueError', 'the text'), { op: 'reraise', slot: 0 }, shown(1)],
      [
        { from: 0, to: 1, target: 1, slot: 0 },
        { from: 1, to: 2, target: 2, slot: 1 },
      ],
    );
    expect(told.lines).toEqual(['ValueError: the text']);
    expect(told.of('raised').map(({ caught }) => caught)).toEqual([true, true]);
  });

  test('raise with an error as its message raises that error', async () => {
    const told = await main(
      [raise('ValueError', 'kept'), raise('Error', cel('e', readLocal('e', 0)))],
      [{ from: 0, to: 1, target: 1, slot: 0 }],
    );
    expect(told.of('raised')[1]?.error).toEqual({ name: 'ValueError', message: 'kept' });
    expect(told.ends['main']).toBe('failed ValueError');
  });

  test('what operations and expressions raise can be caught too', async () => {
    const told = await main(
      [
        operate('lock.release', 0),
        print('never'),
        shown(0),
        evaluate(1, cel('1 / n', readLocal('n', 2))),
        shown(0),
      ],
      [
        { from: 0, to: 1, target: 2, slot: 0 },
        { from: 3, to: 4, target: 4, slot: 0 },
      ],
      { resources: [lock('lock')] },
    );
    expect(told.lines[0]).toBe('RuntimeError: release unlocked lock');
    expect(told.lines[1]).toMatch(/^ZeroDivisionError/);
  });

  test('a handler may be used again and again', async () => {
    const told = await main(
      [
        assign(1, 0n),
        assign(2, 3n),
        { op: 'next', counter: 1, limit: 2, exit: 6 },
        raise('Again'),
        print('caught'),
        { op: 'jump', to: 2 },
        print('done'),
      ],
      [{ from: 3, to: 4, target: 4, slot: 0 }],
    );
    expect(told.lines).toEqual(['caught', 'caught', 'caught', 'done']);
  });
});

describe('without a handler', () => {
  test('a thread fails, and others go on', async () => {
    const told = await main(
      [
        operate('task.start', 1),
        operate('task.join', 1, { result: 0 }),
        print(cel('e.state + " " + e.error.name + " " + string(e.exitCode)', readLocal('e', 0))),
      ],
      [],
      { tasks: [{ name: 't', program: [sleep(1), raise('MyError', 'why'), print('never'), end] }] },
    );
    expect(told.lines).toEqual(['failed MyError 1']);
    expect(told.ends).toEqual({ main: 'finished', t: 'failed MyError' });
    expect(told.of('ended')[0]).toMatchObject({
      state: 'failed',
      exitCode: 1,
      error: { name: 'MyError', message: 'why' },
    });
  });

  test('main fails, but ends in good order: its threads are joined first', async () => {
    const told = await main([operate('task.start', 1), raise('MainError')], [], {
      tasks: [{ name: 't', program: [sleep(10), print('still here'), end] }],
    });
    expect(told.lines).toEqual(['still here']);
    expect(told.ends).toEqual({ main: 'failed MainError', t: 'finished' });
    expect(told.of('ended').at(-1)).toMatchObject({ target: 0, exitCode: 1, at: 10_000 });
  });

  test('a lock that its holder never released stays locked', async () => {
    const told = await main(
      [operate('task.start', 1), operate('task.join', 1), operate('lock.acquire', 0)],
      [],
      {
        resources: [lock('lock')],
        tasks: [{ name: 't', program: [operate('lock.acquire', 0), raise('E'), end] }],
      },
    );
    expect(told.end.stopped).toBe('deadlock');
    expect(told.ends).toEqual({ main: 'terminated deadlock', t: 'failed E' });
  });

  test('an error with a text that is too long for one record', async () => {
    const told = await main([raise('E', constant('x'.repeat(50_000)) as never)]);
    expect(told.of('raised')[0]?.error.message.length).toBeGreaterThan(10_000);
    expect(told.ends['main']).toBe('failed E');
  });
});
