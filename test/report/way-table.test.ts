/**
 * Ways as tables: what is told beside each row, and how much of it there is.
 */
import { describe, expect, it } from 'vitest';
import { checkText, createPalette, createPlaces } from '../../engine/command.ts';
import { checked, planOf } from '../explore/checked.ts';

async function shown(text: string, { isFull = false, columns = 100 } = {}): Promise<string> {
  const { counterexample, verdict, exploration } = await checked(text);
  const plan = await planOf(text);
  const palette = createPalette(false);
  const places = createPlaces({ file: 'test.yaml', text }, { palette, columns });
  const { symmetry } = exploration;
  const told = { plan, verdict, counterexample, symmetry, places, palette, columns };
  return checkText({
    ...told,
    seconds: 0,
    isFull,
    isVerbose: false,
    isDrawn: false,
    observed: null,
    run: null,
  });
}

describe('beside the rows of a way', () => {
  it('stands what the task before has not done yet, and what the last one breaks', async () => {
    const text = await shown(`
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }`);
    expect(text).toMatch(/read n = 0 +0 +line 4 +`t\[\d\]` has not written `n` yet$/m);
    expect(text).toMatchSnapshot();
  });

  it('stands who has what is waited for', async () => {
    const text = await shown(`
concur: 1
locks: [left, right]
tasks:
  anna: { steps: [ { with: [left, right], do: [ { print: x } ] } ] }
  ben: { steps: [ { with: [right, left], do: [ { print: x } ] } ] }`);
    expect(text).toMatch(/waiting for `left` +line 6 +`anna` has it$/m);
    expect(text).toMatch(/waiting for `right` +line 5 +`ben` has it$/m);
  });

  it('stands what the task before still has', async () => {
    const text = await shown(`
concur: 1
semaphores: { s: 2 }
tasks: { t: { count: 2, steps: [ { with: s, do: [ { print: x } ] } ] } }
expect: { peak: { s: 1 } }`);
    expect(text).toMatch(/took `s` +line 4 +`t\[\d\]` still has `s`$/m);
    expect(text).toMatchSnapshot();
  });

  it('stands the writer who keeps others from reading, not those who read', async () => {
    const text = await shown(`
concur: 1
rwlocks: { room: writers }
queues: { q: 1 }
tasks:
  reader: { count: 2, steps: [ { acquire: room.read }, { get: q } ] }
  writer: { steps: [ { with: room.write, do: [ { print: w } ] } ] }`);
    expect(text).toMatch(
      /waiting to take `room` for reading .*(?:\n {6})?`writer` waits to take it for writing$/m,
    );
  });

  it('stands nothing of times, in a deadlock and in races as little as elsewhere', async () => {
    const races = await shown(`
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { sleep: 5ms }, { set: { n: n + 1 } } ] } }
expect: { races: never }`);
    const deadlock = await shown(`
concur: 1
locks: [left, right]
rwlocks: { room: writers }
tasks:
  anna: { steps: [ { sleep: 5ms }, { with: [left, right], do: [ { print: x } ] } ] }
  ben: { steps: [ { with: [right, left], do: [ { print: x } ] } ] }
  cy: { steps: [ { acquire: room.read }, { acquire: room.write } ] }`);
    expect(races).toContain('without synchronization');
    expect(deadlock).toContain('it began to read `room` itself');
    for (const text of [races, deadlock]) expect(text).not.toMatch(/ at [\d.]+ m?s/);
  });

  it('stands who sleeps longer than was said', async () => {
    const text = await shown(`
concur: 1
vars: { n: 0 }
tasks:
  slow: { steps: [ { sleep: 10ms }, { set: { n: 1 } } ] }
  fast: { steps: [ { sleep: 1s }, { assert: n == 1 } ] }`);
    expect(text).toContain('`slow` is late here: a check ignores durations');
  });

  it('stands who comes after the time of a wait', async () => {
    const text = await shown(`
concur: 1
events: [ go ]
vars: { n: 0 }
tasks:
  waiter: { steps: [ { wait: go, timeout: 1ms }, { set: { n: go.waiting + 1 } } ] }
  setter: { steps: [ { await: go.waiting == 1 }, { sleep: 1s }, { signal: go } ] }
expect: { always: [ n == 0 ], tasks: { waiter: { state: [ finished, failed ] } } }`);
    expect(text).toContain('`waiter` is late here');
  });
});

describe('a long way', () => {
  const long = `
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { repeat: 100, do: [ { update: { n: n + 1 } } ] } ] } }
expect: { always: [ n < 100 ] }`;

  it('has sixty rows, of its beginning and its end', async () => {
    const text = await shown(long);
    expect(text).toContain('… 41 more steps');
    expect(text).toMatch(/^ {2}100 read n = 99, wrote n = 100/m);
    expect(text).not.toMatch(/^ {3}40 /m);
  });

  it('has all of them where that is asked for', async () => {
    const text = await shown(long, { isFull: true });
    expect(text).not.toContain('more steps');
    expect(text).toMatchSnapshot();
  });

  it('fits eighty columns, but for its notes', async () => {
    const text = await shown(
      `
concur: 1
vars: { a_var_with_a_long_name: 0 }
tasks: { a_task_with_a_long_name: { count: 4, steps: [ { set: { a_var_with_a_long_name: a_var_with_a_long_name + 1 } } ] } }
expect: { vars: { a_var_with_a_long_name: 4 } }`,
      { columns: 80 },
    );
    const rows = text.split('\n').filter((line) => /^ {2,4}\d+ (?!states)[^|]/.test(line));
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(80);
  });
});
