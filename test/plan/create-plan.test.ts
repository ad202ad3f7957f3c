import v8 from 'node:v8';
import { describe, expect, test } from 'vitest';
import { loadDocument } from '../../engine/document/load.ts';
import { caseNames } from '../../engine/plan/create-plan.ts';
import { findingsIn, planOf } from './planned.ts';

const cases = `
params: { n: 1, who: bob, ratio: 0.5, fast: false, items: [1] }
locks: [lock]
main: [ { with: lock, do: [] } ]
expect:
  always: [ params.n > 0 ]
  deadlock: possible
cases:
  - name: two
    params: { n: 2 }
    expect: { deadlock: null, finally: [ lock.held == false ] }
  - params: { n: 3 }
`;

describe('cases and parameters', () => {
  test('each over the ones before: default, case, option', () => {
    expect(planOf(cases).params['n']).toBe(1n);
    expect(planOf(cases, { caseName: 'two' }).params['n']).toBe(2n);
    expect(planOf(cases, { caseName: 'case 2' }).params['n']).toBe(3n);
    expect(planOf(cases, { caseName: 'two', set: { n: '4' } }).params['n']).toBe(4n);
  });

  test('a case is named, and without a name numbered', () => {
    const { document } = loadDocument({ file: 'a.yaml', text: `concur: 1\n${cases}` });
    expect(caseNames(document!)).toEqual(['two', 'case 2']);
    expect(planOf(cases, { caseName: 'two' }).caseName).toBe('two');
    expect(planOf(cases).caseName).toBeUndefined();
  });

  test("a case's expectations stand over the file's, and null takes one away", () => {
    const [plain, two] = [planOf(cases), planOf(cases, { caseName: 'two' })];
    expect([plain.expect.deadlock, plain.expect.finally.length]).toEqual(['possible', 0]);
    expect([two.expect.deadlock, two.expect.finally.length]).toEqual(['never', 1]);
    expect(two.expect.always).toHaveLength(1);
  });

  test('text becomes what the parameter is', () => {
    const set = { n: '-7', who: '12', ratio: '2', fast: 'true', items: '[1, "a", 2.5]' };
    expect(planOf(cases, { set: { ...set, n: '7' } }).params).toEqual({
      n: 7n,
      who: '12',
      ratio: 2,
      fast: true,
      items: [1n, 'a', 2.5],
    });
    expect(planOf(cases, { set: { items: 'a,2' } }).params['items']).toEqual(['a', 2n]);
  });

  test.each<[Record<string, string>, string]>([
    [{ n: 'x' }, '3:14 «1» bad-param: `n` cannot be "x" — it is of type int, as 1 is'],
    [
      { n: '99999999999999999999' },
      '3:14 «1» bad-param: `n` cannot be "99999999999999999999" — it is of type int, as 1 is',
    ],
    [{ ratio: '' }, '3:34 «0.5» bad-param: `ratio` cannot be "" — it is of type double, as 0.5 is'],
    [{ fast: 'yes' }, '3:45 «false» bad-param: `fast` cannot be "yes" — it is of type bool, as false is'],
    [{ items: '[1' }, '3:59 «[1]» bad-param: `items` cannot be "[1" — it is of type list, as [1] is'],
    [
      { m: '1' },
      '3:1 «params» unknown-param: there is no parameter `m` — its parameters: `n`, `who`, `ratio`, `fast` and `items`',
    ],
  ])('%o', (set, finding) => {
    expect(findingsIn(cases, { set })).toEqual([finding]);
  });

  test('unknown cases and parameters of cases', () => {
    expect(findingsIn(cases, { caseName: 'tow' })).toEqual([
      '9:1 «cases» unknown-case: there is no case `tow` — did you mean `two`?',
    ]);
    const text =
      'params: { visitors: 1 }\nmain: { print: x }\ncases: [ { name: a, params: { vistors: 2 } } ]\n';
    expect(findingsIn(text, { caseName: 'a' })).toEqual([
      '4:31 «vistors» unknown-param: there is no parameter `vistors` — did you mean `visitors`?',
    ]);
  });
});

describe('settings', () => {
  test('the seed is the option, else the file, else drawn', () => {
    const text = 'seed: 5\nmain: { print: x }\n';
    expect(planOf(text, { seed: 6 }).seed).toBe(6);
    expect(planOf(text).seed).toBe(5);
    expect(planOf('main: { print: x }\n', { drawSeed: () => 4_000_000_000 }).seed).toBe(4_000_000_000);
  });

  test('defaults', () => {
    const plan = planOf('main: { print: x }\n');
    expect(plan).toMatchObject({
      name: 'test',
      file: 'test.yaml',
      timeoutUs: 600e6,
      failFast: false,
      processes: 1,
    });
    expect(planOf('timeout: 2m\nfailFast: true\nmain: { print: x }\n')).toMatchObject({
      timeoutUs: 120e6,
      failFast: true,
    });
  });
});

describe('resources, vars and tasks', () => {
  const text = `
params: { n: 2 }
locks: { plain: , again: rlock, off: { enabled: params.n > 2, fair: true, onHolderExit: release } }
semaphores: { s: { permits: "\${{ params.n + 1 }}", bounded: true, count: 2 } }
queues: { q: 3, p: { kind: priority } }
events: { go: { set: true } }
vars: { x: { value: { a: 1 } }, y: { value: "\${{ params.n }}", shared: true, count: 2 }, z: "n=\${{ params.n }}" }
defaults: { kind: process }
tasks:
  a: { count: "\${{ params.n }}", steps: [] }
  b: { each: [x, { k: "\${{ params.n }}" }], kind: thread, daemon: true, steps: [] }
  c: { steps: [] }
`;
  const plan = planOf(text);

  test('are numbered, the elements of an array one after the other', () => {
    expect(plan.resources.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'plain lock',
      'again rlock',
      'off lock',
      's[0] semaphore',
      's[1] semaphore',
      'go event',
      'q queue',
      'p queue',
    ]);
    expect(plan.resources[2]).toMatchObject({ enabled: false, fair: true, onHolderExit: 'release' });
    expect(plan.resources[4]).toMatchObject({ permits: 3, bounded: true, enabled: true });
    expect(plan.resources[5]).toMatchObject({ set: true });
    expect(plan.resources[6]).toMatchObject({ order: 'fifo', capacity: 3 });
    expect(plan.resources[7]).toMatchObject({ order: 'priority', capacity: 0 });
  });

  test('vars have their initial values', () => {
    expect(
      plan.variables.map(({ name, initial, shared, array }) => ({ name, initial, shared, array })),
    ).toEqual([
      { name: 'x', initial: [{ a: 1n }], shared: false, array: false },
      { name: 'y', initial: [2n, 2n], shared: true, array: true },
      { name: 'z', initial: ['n=2'], shared: false, array: false },
    ]);
  });

  test('tasks are replicas; main is the first; each process has a number', () => {
    expect(
      plan.tasks.map(({ name, kind, item, daemon, process }) => [name, kind, item, daemon, process]),
    ).toEqual([
      ['main', 'process', null, false, 0],
      ['a[0]', 'process', null, undefined, 1],
      ['a[1]', 'process', null, undefined, 2],
      ['b[0]', 'thread', 'x', true, undefined],
      ['b[1]', 'thread', { k: 2n }, true, undefined],
      ['c', 'process', null, undefined, 3],
    ]);
    expect(plan.processes).toBe(4);
    expect(plan.groups.map(({ name, first, count }) => [name, first, count])).toEqual([
      ['main', 0, 1],
      ['a', 1, 2],
      ['b', 3, 2],
      ['c', 5, 1],
    ]);
    for (const task of plan.tasks)
      expect(plan.programs[task.program]?.name).toBe(plan.groups[task.group]?.name);
  });
});

describe('a plan', () => {
  test('is plain data: it survives both ways of copying', () => {
    const plan = planOf(cases, { caseName: 'two' });
    expect(structuredClone(plan)).toEqual(plan);
    expect(v8.deserialize(v8.serialize(plan))).toEqual(plan);
  });

  test('has steps in the words and at the place of the scenario', () => {
    const text = 'semaphores: [stall]\nmain:\n  - with: stall\n    do:\n      - sleep: 0s..3s\n';
    const plan = planOf(text);
    const source = `concur: 1\n${text}`;
    expect(plan.steps.map((step) => [step.text, source.slice(step.span.start, step.span.end)])).toEqual([
      ['with stall', 'with'],
      ['sleep 0s..3s', 'sleep'],
    ]);
  });

  test('counts the steps of one id together, wherever they are put in place', () => {
    const text = `
vars: { n: 0 }
routines: { r: [ { id: inside, set: { n: n + 1 } } ] }
tasks:
  a: { steps: [ { use: r } ] }
  b: { steps: [ { use: r }, { id: inside, print: more } ] }
expect: { always: [ inside.running <= 1 ] }
`;
    const plan = planOf(text);
    expect(plan.points).toEqual([{ name: 'inside', step: 0 }]);
    const entered = plan.programs.map(
      ({ instructions }) => instructions.filter(({ op }) => op === 'enter').length,
    );
    expect(entered).toEqual([0, 1, 2]);
  });
});

describe('expectations', () => {
  const plan = planOf(`
params: { n: 2 }
semaphores: { stall: 3 }
locks: { fork: { count: 2 } }
vars: { x: 0, cells: { count: 2, value: 0 } }
tasks: { t: { count: 2, steps: [ { with: [stall, "fork[task.index]"], do: [] } ] } }
expect:
  always: [ stall.holders <= params.n, "\${{ x == 0 }}" ]
  output: { equals: [a, "\${{ params.n }}"], contains: b, count: { c: "<= \${{ params.n }}" }, matches: "^a" }
  vars: { x: "\${{ params.n }}", "cells[1]": 5 }
  tasks: { t: { finished: 1, failed: "\${{ params.n - 1 }}" }, "t[1]": [finished, failed], main: { state: failed, error: ValueError, exitCode: -9 } }
  peak: { stall: ">= \${{ params.n }}", fork: 1, "fork[1]": "< 2" }
  takes: { atLeast: 1s, atMost: "\${{ params.n }}s" }
  eventually: [ x == 1 ]
  races: allowed
  outcome: x
`);

  test('claims keep the words of the user', () => {
    expect(plan.expect.always.map(({ text }) => text)).toEqual(['stall.holders <= params.n', 'x == 0']);
    expect(plan.expect.finally.map(({ text }) => text)).toEqual(['cells[1] == 5']);
  });

  test('values, bounds and tasks are known', () => {
    const { output, vars, tasks, peak, takes } = plan.expect;
    expect(output.map(({ span: _, ...check }) => check)).toEqual([
      { check: 'equals', lines: ['a', '2'] },
      { check: 'contains', lines: ['b'] },
      { check: 'count', text: 'c', times: { comparison: '<=', value: 2 } },
      { check: 'matches', pattern: '^a' },
    ]);
    expect(vars.map(({ variable, value }) => [variable, value])).toEqual([[0, 2n]]);
    const is = (value: number) => ({ comparison: '==', value });
    expect(tasks.map(({ span: _, ...check }) => check)).toEqual([
      { name: 't', tasks: [1, 2], counts: { finished: is(1), failed: is(1) } },
      { name: 't[1]', tasks: [2], ends: ['finished', 'failed'] },
      { name: 'main', tasks: [0], ends: ['failed'], error: 'ValueError', exitCode: -9 },
    ]);
    expect(
      peak.map(({ resource, bound }) => [plan.resources[resource]?.name, bound.comparison, bound.value]),
    ).toEqual([
      ['stall', '>=', 2],
      ['fork[0]', '==', 1],
      ['fork[1]', '==', 1],
      ['fork[1]', '<', 2],
    ]);
    expect(takes).toMatchObject({ atLeastUs: 1e6, atMostUs: 2e6 });
  });

  test('what happens in time, and what there may be at the end', () => {
    const { expect: found, resources } = planOf(`
vars: { n: 0 }
files: { note: n.json, log: { count: 2, path: l.txt } }
tasks: { t: { count: 2, steps: [ { id: inside, set: { n: 1 } }, { id: after, print: x } ] } }
expect:
  eventually: [ n == 1 ]
  leadsTo: [ { when: n == 1, then: after.ended > 0 } ]
  sometimes: [ inside.running == 2 ]
  races: never
  outcome: \${{ n + 1 }}
  outcomes: [ { is: 2 }, { is: "\${{ 1 + 2 }}", grade: forbidden, why: a lost update } ]
  others: allowed
  files: { note: { count: 1 }, log: x }
  order: [ [inside, after, "t[1]"] ]
  overlap: { never: [inside, t] }
`);
    expect(found.eventually.map(({ text }) => text)).toEqual(['n == 1']);
    expect(found.leadsTo.map(({ when, later }) => [when.text, later.text])).toEqual([
      ['n == 1', 'after.ended > 0'],
    ]);
    expect(found.sometimes.map(({ text }) => text)).toEqual(['inside.running == 2']);
    expect([found.races, found.others, found.outcome?.text]).toEqual(['never', 'allowed', 'n + 1']);
    expect(found.outcomes.map(({ span: _, ...result }) => result)).toEqual([
      { is: 2n, grade: 'expected' },
      { is: 3n, grade: 'forbidden', why: 'a lost update' },
    ]);
    expect(found.files.map(({ resource, value }) => [resources[resource]?.name, value])).toEqual([
      ['note', { count: 1n }],
      ['log[0]', 'x'],
      ['log[1]', 'x'],
    ]);
    expect(found.order.map(({ before, after }) => [before, after])).toEqual([
      [
        { kind: 'point', name: 'inside', point: 0 },
        { kind: 'point', name: 'after', point: 1 },
      ],
      [
        { kind: 'point', name: 'after', point: 1 },
        { kind: 'tasks', name: 't[1]', tasks: [2] },
      ],
    ]);
    expect(found.neverTogether.map(({ activities }) => activities)).toEqual([
      [
        { kind: 'point', name: 'inside', point: 0 },
        { kind: 'tasks', name: 't', tasks: [1, 2] },
      ],
    ]);
  });

  test('nothing is expected that is not said', () => {
    const { expect: found } = planOf('main: { print: x }\n');
    expect(found).toMatchObject({ deadlock: 'never', races: 'allowed', others: 'forbidden', outcomes: [] });
    expect(found.outcome).toBeUndefined();
  });
});
