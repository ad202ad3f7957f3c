/**
 * What a check finds, and how it shows it.
 */
import { describe, expect, it } from 'vitest';
import { checked } from './checked.ts';

function failedNames({ verdict }: Awaited<ReturnType<typeof checked>>): readonly string[] {
  return verdict.judgements.filter(({ result }) => result === 'failed').map(({ name }) => name);
}

describe('what a check finds', () => {
  it.each([
    [
      'a lost update',
      `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { vars: { n: 2 } }`,
      ['vars n'],
    ],
    [
      'a deadlock of two locks',
      `
concur: 1
locks: [a, b]
tasks:
  one: { steps: [ { with: [a, b], do: [ { print: one } ] } ] }
  two: { steps: [ { with: [b, a], do: [ { print: two } ] } ] }`,
      ['deadlock'],
    ],
    [
      'a state that must never be',
      `
concur: 1
vars: { inside: 0 }
tasks:
  t:
    count: 2
    steps: [ { update: { inside: inside + 1 } }, { update: { inside: inside - 1 } } ]
expect: { always: [ inside <= 1 ] }`,
      ['always'],
    ],
    [
      'an error in some order of the steps only',
      `
concur: 1
vars: { ready: false }
tasks:
  setter: { steps: [ { set: { ready: true } } ] }
  user: { steps: [ { assert: ready } ] }`,
      ['tasks'],
    ],
    [
      'a timeout that may come first, whatever the durations say',
      `
concur: 1
events: [ go ]
tasks:
  early: { steps: [ { sleep: 1ms }, { signal: go } ] }
  late: { steps: [ { wait: go, timeout: 10m } ] }`,
      ['tasks'],
    ],
    [
      'a result that was said to be impossible',
      `
concur: 1
vars: { last: none }
tasks:
  a: { steps: [ { set: { last: '"a"' } } ] }
  b: { steps: [ { set: { last: '"b"' } } ] }
expect: { outcome: last, outcomes: [ { is: a, grade: expected }, { is: b, grade: forbidden } ] }`,
      ['outcome'],
    ],
    [
      'a result that was expected and cannot be',
      `
concur: 1
vars: { n: 0 }
locks: [ m ]
tasks: { t: { count: 2, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }
expect: { outcome: n, outcomes: [ { is: 2, grade: expected }, { is: 1, grade: expected } ] }`,
      ['outcome'],
    ],
    [
      'a peak that is never reached',
      `
concur: 1
semaphores: { s: 3 }
tasks: { t: { count: 2, steps: [ { with: s, do: [ { print: x } ] } ] } }
expect: { peak: { s: 3 } }`,
      ['peak s'],
    ],
    [
      'lines in another order',
      `
concur: 1
tasks:
  a: { steps: [ { print: a } ] }
  b: { steps: [ { print: b } ] }
expect: { output: { equals: [ a, b ] } }`,
      ['output equals'],
    ],
    [
      'something that can never be true',
      `
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { set: { n: 1 } } ] } }
expect: { sometimes: [ n == 2 ] }`,
      ['sometimes'],
    ],
  ])('%s', async (_, text, names) => {
    const result = await checked(text);
    expect(failedNames(result)).toEqual(names);
    expect(result.verdict.outcome).toBe('failed');
    expect(result.violation).toBeNull();
  });
});

describe('what a check proves', () => {
  it.each([
    [
      'that a lock keeps every update',
      `
concur: 1
vars: { n: 0 }
locks: [ m ]
tasks: { t: { count: 4, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }
expect: { vars: { n: 4 } }`,
    ],
    [
      'that one order of locks has no deadlock',
      `
concur: 1
locks: [a, b]
tasks: { t: { count: 3, steps: [ { with: [a, b], do: [ { print: x } ] } ] } }`,
    ],
    [
      'that something bad is possible, where that is what one wants to see',
      `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { set: { n: n + 1 } } ] } }
expect: { sometimes: [ n == 1 && t.running == 0 ], deadlock: never }`,
    ],
    [
      'that a deadlock is certain',
      `
concur: 1
queues: [ q ]
main: [ { get: q, as: item } ]
expect: { deadlock: certain }`,
    ],
  ])('%s', async (_, text) => {
    const { verdict, violation } = await checked(text);
    expect({ outcome: verdict.outcome, violation }).toEqual({ outcome: 'passed', violation: null });
  });
});

describe('what a check does not judge', () => {
  it('how long it takes', async () => {
    const { verdict } = await checked(`
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { set: { n: 1 } } ] } }
expect: { takes: { atLeast: 0s } }`);
    expect(verdict.judgements.find((one) => one.name === 'takes atLeast')?.result).toBe('notJudged');
  });

  it('anything of all interleavings, where a limit was reached', async () => {
    const text = `
concur: 1
vars: { n: 0 }
tasks: { t: { count: 2, steps: [ { repeat: 5, do: [ { set: { n: n + 1 } } ] } ] } }
expect: { always: [ n <= 10 ] }`;
    const { verdict } = await checked(text, { maxStates: 20 });
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.judgements.filter(({ result }) => result === 'passed')).toEqual([]);
  });

  it('an endless scenario, past its states', async () => {
    const text = `
concur: 1
vars: { n: 0 }
tasks: { t: { steps: [ { while: 'true', do: [ { set: { n: n + 1 } } ] } ] } }
expect: { always: [ n >= 0 ], finally: [ n == 1 ], vars: { n: 1 } }`;
    const { verdict } = await checked(text, { maxStates: 1_000 });
    expect(verdict.outcome).toBe('inconclusive');
    // Each is listed, though no interleaving came to an end that could be judged.
    expect(verdict.judgements.map(({ name, result }) => [name, result])).toEqual(
      ['always', 'finally', 'vars n', 'tasks', 'deadlock'].map((name) => [name, 'notJudged']),
    );
  });
});

describe('the way that is shown', () => {
  it('is short: two reads and two writes lose an update', async () => {
    const { counterexample } = await checked(`
concur: 1
vars: { n: 0 }
tasks: { t: { count: 5, steps: [ { set: { n: n + 1 } } ] } }
expect: { always: [ t.finished < 2 || n > 1 ] }`);
    const deeds = counterexample?.events.flatMap((event) =>
      event.type === 'read' || event.type === 'wrote' ? [`${event.type} by ${event.task}`] : [],
    );
    expect(deeds?.map((deed) => deed.split(' ')[0]).sort()).toEqual(['read', 'read', 'wrote', 'wrote']);
    expect(new Set(deeds?.map((deed) => deed.split(' ')[2])).size).toBe(2);
  });

  it('ends where nobody can go on', async () => {
    const { counterexample } = await checked(`
concur: 1
locks: [a, b]
tasks:
  one: { steps: [ { with: [a, b], do: [ { print: one } ] } ] }
  two: { steps: [ { with: [b, a], do: [ { print: two } ] } ] }
  other: { count: 3, steps: [ { print: hello } ] }`);
    const operations = counterexample?.events.map((event) =>
      event.type === 'operated' ? event.operation : '',
    );
    expect(operations?.filter((name) => name === 'lock.acquire')).toHaveLength(2);
    expect(counterexample?.verdict.deadlock?.cycle).toHaveLength(2);
  });
});
