/**
 * Every kind of expectation under a check: a scenario in which it is met in all interleavings, and one in which some
 * interleaving breaks it; wherever that can be, others of the same scenario do not. And where it cannot be judged, it is not:
 * none of them passes in a search that has not seen everything.
 */
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../engine/index.ts';
import { checked } from './checked.ts';

/** A scenario without its `expect`, of which both lines that follow expect something. */
const adders = `
vars: { n: 0 }
tasks: { adder: { count: 2, steps: [ { set: { n: n + 1 } } ] } }`;

const printers = `
tasks:
  a: { steps: [ { print: one }, { print: two } ] }
  b: { steps: [ { print: three } ] }`;

const locked = `
vars: { n: 0 }
locks: [ m ]
tasks: { adder: { count: 2, steps: [ { with: m, do: [ { set: { n: n + 1 } } ] } ] } }`;

const inTurn = `
vars: { n: 0 }
events: [ go ]
tasks:
  a: { steps: [ { id: first, do: [ { set: { n: 1 } } ] }, { signal: go } ] }
  b: { steps: [ { wait: go }, { id: second, do: [ { set: { n: 2 } } ] } ] }
  c: { steps: [ { id: third, do: [ { set: { n: 3 } } ] } ] }`;

const philosophers = (second: string): string => `
locks: [ left, right ]
tasks:
  anna: { steps: [ { with: [ left, right ], do: [ { print: a } ] } ] }
  ben: { steps: [ { with: ${second}, do: [ { print: b } ] } ] }`;

const never = `
queues: [ q ]
main: [ { get: q } ]`;

/** Fails, unless it is first. */
const hurried = `
vars: { n: 0 }
tasks:
  a: { steps: [ { update: { n: 1 } } ] }
  b: { kind: process, steps: [ { exit: 3 } ] }
  c: { count: 2, steps: [ { assert: n == 0 } ] }`;

/** One of them gets the only permit, and keeps it. */
const once = `
semaphores: { s: 1 }
tasks: { c: { count: 2, steps: [ { acquire: s, timeout: 0s } ] } }`;

const terminated = `
main: [ { start: d }, { terminate: d }, { join: d } ]
tasks: { d: { kind: process, steps: [ { print: at work } ] } }`;

const files = (lock: string): string => `
files: { f: { path: f.json, content: 0 } }
locks: { m: { enabled: ${lock} } }
tasks: { t: { count: 2, steps: [ { with: m, do: [ { load: f, as: v }, { save: f, value: "\${{ v + 1 }}" } ] } ] } }`;

const inside = (permits: number): string => `
semaphores: { s: ${permits} }
tasks: { t: { count: 3, steps: [ { with: s, do: [ { id: work, do: [ { print: x } ] } ] } ] } }`;

const queue = `
queues: { q: 2 }
tasks:
  a: { steps: [ { put: q, item: 1 }, { put: q, item: 2 } ] }
  b: { steps: [ { get: q }, { get: q } ] }`;

const cs = 'tasks: { b: failed, c: [ finished, failed ] }';

/** The name of its judgement; a scenario that meets an expectation; one that breaks one. */
type Row = readonly [
  name: string,
  met: readonly [scenario: string, expectation: string],
  broken: readonly [scenario: string, expectation: string],
];

const rows: readonly Row[] = [
  ['always', [adders, 'always: [ n <= 2 ]'], [adders, 'always: [ n < 2 ]']],
  [
    'always',
    [inTurn, 'always: [ second.running + first.running < 2 ]'],
    [inTurn, 'always: [ third.running + first.running < 2 ]'],
  ],
  ['finally', [adders, 'finally: [ n >= 1 ]'], [adders, 'finally: [ n == 2 ]']],
  [
    'sometimes',
    [adders, 'sometimes: [ n == 1 && adder.finished == 1 ]'],
    [locked, 'sometimes: [ n == 1 && adder.finished == 2 ]'],
  ],
  [
    'deadlock',
    [philosophers('[ left, right ]'), 'deadlock: never'],
    [philosophers('[ right, left ]'), 'deadlock: never'],
  ],
  [
    'deadlock',
    [philosophers('[ right, left ]'), 'deadlock: possible'],
    [philosophers('[ left, right ]'), 'deadlock: possible'],
  ],
  [
    'deadlock',
    [never, 'deadlock: certain'],
    [
      philosophers('[ right, left ]'),
      'deadlock: certain, tasks: { anna: [ finished, terminated ], ben: [ finished, terminated ] }',
    ],
  ],
  ['races', [locked, 'races: never'], [adders, 'races: never']],
  ['races', [inTurn.replace(/ {2}c: .*/, ''), 'races: never'], [inTurn, 'races: never']],
  [
    'outcome',
    [adders, 'outcome: n, outcomes: [ { is: 2 }, { is: 1, grade: allowed } ]'],
    [adders, 'outcome: n, outcomes: [ { is: 2 }, { is: 1, grade: forbidden } ]'],
  ],
  [
    'outcome',
    [adders, 'outcome: n, outcomes: [ { is: 2 } ], others: allowed'],
    [adders, 'outcome: n, outcomes: [ { is: 2 } ], others: forbidden'],
  ],
  [
    'outcome',
    [adders, 'outcome: n, outcomes: [ { is: 1 }, { is: 2 } ]'],
    [locked, 'outcome: n, outcomes: [ { is: 1 }, { is: 2 } ]'],
  ],
  [
    'output equals',
    [printers.replace(/ {2}b: .*/, ''), 'output: { equals: [ one, two ] }'],
    [printers, 'output: { equals: [ one, two, three ] }'],
  ],
  [
    'output inOrder',
    [printers, 'output: { inOrder: [ one, two ] }'],
    [printers, 'output: { inOrder: [ one, three ] }'],
  ],
  [
    'output contains',
    [hurried.replace('n == 0 }', 'n == 0 }, { print: early }'), `output: { contains: [] }, ${cs}`],
    [hurried.replace('n == 0 }', 'n == 0 }, { print: early }'), `output: { contains: [ early ] }, ${cs}`],
  ],
  [
    'output excludes',
    [printers, 'output: { excludes: [ four ] }'],
    [hurried.replace('n == 0 }', 'n == 0 }, { print: early }'), `output: { excludes: [ early ] }, ${cs}`],
  ],
  [
    'output count',
    [printers, 'output: { count: { o: 2 } }'],
    [hurried.replace('n == 0 }', 'n == 0 }, { print: early }'), `output: { count: { early: 2 } }, ${cs}`],
  ],
  [
    'output matches',
    [printers, 'output: { matches: "^t..$" }'],
    [hurried.replace('n == 0 }', 'n == 0 }, { print: early }'), `output: { matches: "^e.*y$" }, ${cs}`],
  ],
  ['vars n', [locked, 'vars: { n: 2 }'], [adders, 'vars: { n: 2 }']],
  ['files f', [files('true'), 'files: { f: 2 }'], [files('false'), 'files: { f: 2 }']],
  ['tasks', [locked, 'finally: [ n == 2 ]'], [hurried, 'tasks: { b: failed }']],
  [
    'tasks b',
    [hurried, `tasks: { b: { state: failed, error: SystemExit, exitCode: 3 }, c: [ finished, failed ] }`],
    [hurried, `tasks: { b: { state: failed, exitCode: 1 }, c: [ finished, failed ] }`],
  ],
  [
    'tasks c',
    [hurried, 'tasks: { b: failed, c: [ finished, failed ] }'],
    [hurried, 'tasks: { b: failed, c: finished }'],
  ],
  [
    'tasks c',
    [once, 'tasks: { c: { finished: 1, failed: 1 } }'],
    [hurried, 'tasks: { b: failed, c: { finished: 1, failed: 1 } }'],
  ],
  [
    'tasks d',
    [terminated, 'tasks: { d: [ terminated, finished ] }'],
    [terminated, 'tasks: { d: terminated }'],
  ],
  ['peak s', [inside(2), 'peak: { s: 2 }'], [inside(3), 'peak: { s: 2 }']],
  ['peak s', [inside(3), 'peak: { s: ">= 3" }'], [inside(2), 'peak: { s: ">= 3" }']],
  ['peak q', [queue, 'peak: { q: "<= 2" }'], [queue, 'peak: { q: "< 2" }']],
  ['order', [inTurn, 'order: [ [ first, second ] ]'], [inTurn, 'order: [ [ first, third ] ]']],
  [
    'order',
    [
      locked
        .replace('adder: {', 'first: { steps: [ { print: first } ] }\n  adder: { needs: [ first ],')
        .replace('tasks: { ', 'tasks:\n  ')
        .replace(/ }$/, ''),
      'order: [ [ first, adder ] ]',
    ],
    [inTurn, 'order: [ [ first, b ] ]'],
  ],
  [
    'overlap never',
    [inTurn, 'overlap: { never: [ first, second ] }'],
    [inTurn, 'overlap: { never: [ first, third ] }'],
  ],
  [
    'overlap never',
    [inside(1), 'overlap: { never: [ work, work ] }'],
    [inside(2), 'overlap: { never: [ work, work ] }'],
  ],
  [
    'eventually',
    [adders, 'eventually: [ n == 1 ]'],
    [locked.replace('n + 1', 'n + 2'), 'eventually: [ n == 1 ]'],
  ],
  ['eventually', [adders, 'eventually: [ n >= 1 ]'], [adders, 'eventually: [ n == 2 ]']],
  [
    'leadsTo',
    [inTurn, 'leadsTo: [ { when: first.ended > 0, then: second.ended > 0 } ]'],
    [inTurn, 'leadsTo: [ { when: first.ended > 0, then: third.running > 0 } ]'],
  ],
];

const text = (scenario: string, expectation: string): string =>
  `concur: 1${scenario}\nexpect: { ${expectation} }\n`;

async function judgedOf(name: string, scenario: string, expectation: string, options?: CheckOptions) {
  const { verdict, violation, counterexample } = await checked(text(scenario, expectation), options);
  const results = verdict.judgements.filter((one) => one.name === name).map(({ result }) => result);
  const others = verdict.judgements.filter((one) => one.name !== name && one.result !== 'passed');
  return { outcome: verdict.outcome, violation, results, others, counterexample };
}

/** Each way to search: what it leaves out may change nothing. */
const searches: readonly CheckOptions[] = [
  {},
  { symmetry: false },
  { reduction: false },
  { symmetry: false, reduction: false },
];

describe('met in all interleavings', () => {
  it.each(rows)('%s %j', async (name, [scenario, expectation]) => {
    for (const options of searches) {
      const judged = await judgedOf(name, scenario, expectation, options);
      expect(judged).toMatchObject({ outcome: 'passed', violation: null, others: [], counterexample: null });
      expect(judged.results.every((result) => result === 'passed')).toBe(true);
    }
  });
});

describe('broken by some interleaving', () => {
  it.each(rows)('%s', async (name, _, [scenario, expectation]) => {
    for (const options of searches) {
      const judged = await judgedOf(name, scenario, expectation, options);
      expect(judged).toMatchObject({ outcome: 'failed', violation: null });
      expect(judged.results).toContain('failed');
    }
  });
});

describe('not judged', () => {
  it('is never judged how long it takes', async () => {
    for (const takes of ['atLeast: 0s', 'atMost: 1h', 'atLeast: 1h']) {
      const name = `takes ${takes.split(':')[0]}`;
      const judged = await judgedOf(name, adders, `takes: { ${takes} }`);
      expect(judged).toMatchObject({ outcome: 'passed', results: ['notJudged'] });
    }
  });
});

/** One state is enough to see that it can be. */
const SEEN_AT_ONCE = /^(sometimes|deadlock: possible)/;

describe('not judged where the search ends before it has seen everything', () => {
  it.each(rows)('%s %j', async (name, [scenario, expectation]) => {
    for (const options of [{ maxStates: 2 }, { maxSteps: 1 }]) {
      const { verdict, violation } = await checked(text(scenario, expectation), options);
      expect(violation).toBeNull();
      if (verdict.coverage.end === 'all') continue;
      expect(verdict.outcome).toBe('inconclusive');
      const passed = verdict.judgements.filter(({ result }) => result === 'passed');
      if (!SEEN_AT_ONCE.test(expectation)) expect(passed).toEqual([]);
      expect(verdict.judgements.map((one) => one.name)).toContain(name);
    }
  });
});
