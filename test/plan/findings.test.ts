/**
 * What is wrong with a scenario, at line and column. Lines count from `concur: 1`, which is the first.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf } from './planned.ts';

const say = (step: string): string => `main:\n  - ${step.replaceAll('\n', '\n    ')}\n`;

describe('expressions in a file', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'plain',
      say('print: a ${{ staal.free }}'),
      [
        '3:18 «staal» unknown-name: nothing here is called `staal` — text needs quotes of its own: \'"staal"\'',
      ],
    ],
    [
      'double quotes, after an escape',
      say('print: "\\"é\\u00e9 ${{ zz }}"'),
      ['3:27 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'single quotes, after an escape',
      say("print: 'it''s ${{ zz }}'"),
      ['3:23 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'a literal block',
      say('print: |\n  one\n  two ${{ zz }}'),
      ['5:15 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'a folded block',
      say('assert: >-\n  1 == 1 &&\n  zz'),
      ['5:7 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'several lines of plain text',
      say('print: one\n  two\n  ${{ zz }}'),
      ['5:11 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'inside data',
      say('let: { a: [1, { b: zz }] }'),
      ['3:24 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\''],
    ],
    [
      'a key',
      'vars: { n: 0 }\nmain:\n  - set: { "n[zz]": 1, m: 2 }\n',
      [
        '4:13 «n» not-an-array: `n` is one value, not an array — an array is a var with a `count`',
        '4:24 «m» unknown-name: there is no var `m` — declare it under `vars`',
      ],
    ],
    [
      'a type',
      say('if: "1 + 1"\nthen: []'),
      ['3:9 «"1 + 1"» expression-type: this must be true or false, and is int'],
    ],
    ['syntax', say('print: x ${{ 1 + }} y'), ['3:21 «» expression-syntax: the expression ends too early']],
    [
      'no end',
      say('print: x ${{ 1'),
      ['3:14 «${{» template-syntax: this is never closed — close it with `}}`'],
    ],
  ])('%s', (_name, text, findings) => {
    expect(findingsIn(text)).toEqual(findings);
  });
});

describe('references', () => {
  const resources =
    'locks: { fork: { count: 2 }, lock: }\nqueues: [q]\nevents: [go]\nvars: { x: 0 }\ntasks: { t: { count: 2, steps: [{ print: x1 }] }, u: { steps: [{ print: x1 }] } }\n';
  const used = 'main:\n  - if: "[fork[0].held, lock.held, go.set, q.closed][0]"\n    then: []\n';
  test.each<[string, string]>([
    ['acquire: lokc', '10:14 «lokc» unknown-name: nothing here is called `lokc` — did you mean `lock`?'],
    [
      'acquire: something',
      '10:14 «something» unknown-name: nothing here is called `something` — `acquire` takes a lock, an rlock, a side of a readers-writer lock, a semaphore or a condition',
    ],
    [
      'acquire: q',
      '10:14 «q» wrong-kind: `acquire` takes a lock, an rlock, a side of a readers-writer lock, a semaphore or a condition, and `q` is a queue — a queue has `put`, `get`, `for … from`, `task_done`, `join` and `close`',
    ],
    [
      'acquire: x',
      '10:14 «x» wrong-kind: `acquire` takes a lock, an rlock, a side of a readers-writer lock, a semaphore or a condition, and `x` is a var',
    ],
    ['acquire: fork', '10:14 «fork» bad-reference: `fork` is an array of 2 — say which, as in `fork[0]`'],
    ['acquire: fork[2]', '10:19 «2» index-out-of-range: `fork` has no element 2 — the last is `fork[1]`'],
    ['acquire: lock[0]', '10:14 «lock» not-an-array: `lock` is a lock, not an array — write `lock`'],
    [
      'acquire: fork[zz]',
      '10:19 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\'',
    ],
    ['acquire: fork["a"]', '10:19 «"a"» expression-type: this must be an integer, and is text'],
    [
      'acquire: lock + 1',
      '10:14 «lock + 1» bad-reference: this is not the name of a resource or a task — write its name, or an element of an array such as `fork[0]`',
    ],
    [
      'clear: lock',
      '10:12 «lock» wrong-kind: `clear` takes an event, and `lock` is a lock — a lock has `acquire`, `release` and `with`',
    ],
    [
      'join: lock',
      '10:11 «lock» wrong-kind: `join` takes a queue, a pool or a task, and `lock` is a lock — a lock has `acquire`, `release` and `with`',
    ],
    ['start: v', '10:12 «v» unknown-name: nothing here is called `v` — `start` takes a task'],
    ['start: t[2]', '10:14 «2» index-out-of-range: `t` has no element 2 — the last is `t[1]`'],
    ['start: u[0]', '10:12 «u» not-an-array: `u` is a task, not an array — write `u`'],
    ['set: { lock: 1 }', '10:12 «lock» wrong-kind: `lock` is a lock, and this writes vars'],
    ['use: lock', '10:10 «lock» wrong-kind: `use` takes a routine, and `lock` is a lock'],
    ['use: nothing', '10:10 «nothing» unknown-name: there is no routine `nothing`'],
    ['{ acquire: lock, permits: 2 }', '10:22 «permits» no-effect: only a semaphore has `permits`'],
    [
      '{ put: q, item: 1, priority: 2 }',
      '10:24 «priority» no-effect: `q` is not a priority queue — give it `kind: priority`',
    ],
    ['{ join: q, as: y }', '10:16 «as» no-effect: joining a queue has no result'],
    [
      '{ wait: go, until: x == 1 }',
      '10:17 «until» no-effect: `until` is for conditions — wait for an expression with `await`',
    ],
    ['{ choose: [], as: y }', '10:15 «[]» bad-size: there is nothing to choose from'],
    [
      'break',
      '10:5 «break» outside-loop: `break` is not inside a loop — it belongs into the steps of `repeat`, `for` or `while`',
    ],
    [
      'continue',
      '10:5 «continue» outside-loop: `continue` is not inside a loop — it belongs into the steps of `repeat`, `for` or `while`',
    ],
  ])('%s', (step, finding) => {
    const text = `${resources}${used}  - ${step}\n`;
    expect(findingsIn(text)).toEqual([finding]);
  });

  test('break in a routine does not leave the loop around its use', () => {
    const text = 'routines:\n  r: [break]\nmain:\n  - repeat: 2\n    do:\n      - use: r\n';
    expect(findingsIn(text)).toEqual([
      '3:7 «break» outside-loop: `break` is not inside a loop — it belongs into the steps of `repeat`, `for` or `while`',
    ]);
  });
});

describe('names', () => {
  test('locals are known from the step that makes them, in their own task only', () => {
    const text = `
tasks:
  a:
    let: { first: 1 }
    steps:
      - print: \${{ first }} \${{ later }}
      - let: { later: 2 }
      - print: \${{ later }}
  b: { steps: [ { print: "\${{ first }}" } ] }
`;
    expect(findingsIn(text)).toEqual([
      '7:33 «later» unknown-name: nothing here is called `later` — text needs quotes of its own: \'"later"\'',
      '10:31 «first» unknown-name: nothing here is called `first` — text needs quotes of its own: \'"first"\'',
    ]);
  });

  test('what a step gives is known although the step itself is wrong', () => {
    expect(findingsIn(say('get: nothing\nas: item').concat('  - print: ${{ item }}\n'))).toEqual([
      '3:10 «nothing» unknown-name: nothing here is called `nothing` — `get` takes a queue',
    ]);
  });

  test('no task runs in an expectation', () => {
    expect(findingsIn(`${say('print: x')}expect: { always: [ task.index == 0 ] }\n`)).toEqual([
      '4:21 «task» not-known-here: `task` is the running task, and none runs here',
    ]);
  });

  test('a routine cannot use itself', () => {
    const text = 'routines:\n  a: { use: b }\n  b: { use: a }\nmain: { use: a }\n';
    expect(findingsIn(text)).toEqual(['4:13 «a» recursive-routine: the routine `a` uses itself — a → b → a']);
  });

  test('routines that use each other twice, many times over, are too much', () => {
    const routines = Array.from(
      { length: 20 },
      (_, index) => `  r${index}: [ { use: r${index + 1} }, { use: r${index + 1} } ]`,
    );
    const text = `routines:\n${routines.join('\n')}\n  r20: [ { print: x } ]\nmain: { use: r0 }\n`;
    expect(findingsIn(text)).toEqual([
      '24:1 «main» program-too-large: `main` has more than 100000 instructions — routines and `finally` are put in place wherever they are used',
    ]);
  });
});

describe('ids of steps', () => {
  test('share the names of resources, vars and tasks', () => {
    expect(findingsIn(`locks: [m]\n${say('id: m\nwith: m\ndo: []')}`)).toEqual([
      '4:9 «m» duplicate-name: the name `m` is taken — resources, vars, tasks and the ids of steps share their names; write `id: m_step`',
    ]);
  });

  test('may stand on several steps', () => {
    expect(findingsIn('main: [ { id: w, print: a }, { id: w, print: b } ]\n')).toEqual([]);
  });
});

describe('what Python has', () => {
  test.each<[string, string]>([
    ['assert: not true', '3:17 «true» expression-syntax: `not` is no operator — write `!`'],
    [
      'assert: len([1]) == 1',
      '3:13 «len([1])» unknown-function: there is no function `len` — write `x.size()`',
    ],
    [
      'assert: random == 1',
      '3:13 «random» unknown-name: nothing here is called `random` — it is a function: write `random(…)`',
    ],
  ])('%s', (step, finding) => {
    expect(findingsIn(say(step))).toEqual([finding]);
  });
});

describe('warnings about what is unused', () => {
  test('wait until there are no errors: the use may be misspelt', () => {
    expect(findingsIn(`locks: [mutex]\n${say('acquire: mutx')}`)).toEqual([
      '4:14 «mutx» unknown-name: nothing here is called `mutx` — did you mean `mutex`?',
    ]);
  });
});

describe('sizes', () => {
  test.each<[string, readonly string[]]>([
    [
      'semaphores: { s: "${{ params.big }}" }',
      ['3:18 «"${{ params.big }}"» bad-size: this must be from 0 to 1000000000, and is 5000000000'],
    ],
    [
      'semaphores: { s: "${{ -1 }}" }',
      ['3:18 «"${{ -1 }}"» bad-size: this must be from 0 to 1000000000, and is -1'],
    ],
    [
      'semaphores: { s: "${{ 1.5 }}" }',
      ['3:18 «"${{ 1.5 }}"» expression-type: this must be an integer, and is 1.5'],
    ],
    [
      'queues: { s: "${{ params.name }}" }',
      ['3:14 «"${{ params.name }}"» expression-type: this must be an integer, and is "x"'],
    ],
    [
      'locks: { s: { count: "${{ 1 / 0 }}" } }',
      [
        '3:22 «"${{ 1 / 0 }}"» not-constant: this must be known before the run: ZeroDivisionError: division by zero',
      ],
    ],
    [
      'locks: { s: { count: "${{ random(1, 2) }}" } }',
      ['3:22 «"${{ random(1, 2) }}"» not-constant: this must be known before the run: it is random'],
    ],
    [
      'locks: { s: { enabled: n == 0 } }',
      ['3:24 «n» not-known-here: `n` is not known before the run — only parameters may be used here'],
    ],
    [
      'locks: { s: { enabled: params.name } }',
      ['3:24 «params.name» expression-type: this must be true or false, and is text'],
    ],
    [
      'events: { s: { set: "${{ params.name }}" } }',
      ['3:21 «"${{ params.name }}"» expression-type: this must be true or false, and is "x"'],
    ],
    [
      'tasks: { t: { count: 1000001, steps: [] } }',
      ['3:22 «1000001» bad-size: this must be from 0 to 1000000, and is 1000001'],
    ],
    [
      'tasks: { t: { count: 600000, steps: [] }, u: { count: 600000, steps: [] } }',
      ['3:55 «600000» bad-size: this makes more than 1000000 tasks'],
    ],
    [
      'tasks: { t: { each: "${{ params.name }}", steps: [] } }',
      ['3:21 «"${{ params.name }}"» expression-type: this must be a list, and is "x"'],
    ],
    [
      'timeout: 1s..2s',
      ['3:10 «1s..2s» bad-duration: a range has no meaning here — write one length, such as 1s'],
    ],
    [
      'timeout: ${{ params.name }}',
      ['3:10 «${{ params.name }}» bad-duration: "x" is not a duration: write 250ms, 1.5s or 0s..3s'],
    ],
  ])('%s', (line, findings) => {
    const text = `params: { big: 5000000000, name: x }\n${line}\nvars: { n: 0 }\nmain: { print: done }\n`;
    expect(findingsIn(text).filter((finding) => !finding.includes('unused-resource'))).toEqual(findings);
  });

  test.each<[string, string]>([
    [
      'sleep: ${{ 5 }}',
      '3:12 «${{ 5 }}» bad-duration: 5 is not a duration: write text with a unit, such as "5s"',
    ],
    ['sleep: ${{ "3s" + "..1s" }}', '3:12 «${{ "3s" + "..1s" }}» bad-duration: the range runs backwards'],
  ])('%s', (step, finding) => {
    expect(findingsIn(say(step))).toEqual([finding]);
  });
});

describe('ways to see that a task is ready', () => {
  test.each<[string, string]>([
    ['port: 0', '2:35 «0» bad-size: a port is a whole number from 1 to 65535'],
    ['port: 70000', '2:35 «70000» bad-size: a port is a whole number from 1 to 65535'],
    [
      'log: "(a+)+$"',
      '2:34 «"(a+)+$"» bad-pattern: the pattern repeats a group that itself varies, which can take for ever',
    ],
    [
      'event: up, timeout: 1s, interval: 1s',
      '2:53 «interval» no-effect: `interval` has no effect with `event` — an event needs no looking: whoever waits is told',
    ],
    ['event: down', '2:36 «down» bad-reference: `down` is no event — write the name of an event'],
  ])('%s', (ready, finding) => {
    const text = `tasks: { server: { ready: { ${ready} }, steps: [ { signal: up } ] }, client: { needs: { server: ready }, steps: [] } }\nevents: [up]\n`;
    expect(findingsIn(text)).toEqual([finding]);
  });
});

describe('warnings', () => {
  test('leave the plan whole', () => {
    const text = 'locks: [lock]\nmain: { print: x }\n';
    expect(findingsIn(text)).toEqual(['2:9 «lock» unused-resource: no step uses `lock`']);
    expect(planOf(text).resources).toHaveLength(1);
  });

  test.each<[string, string, readonly string[]]>([
    [
      'a lock that is released only',
      'locks: [lock]\nmain: { release: lock }',
      ['2:9 «lock» never-acquired: `lock` is released, but no step acquires it'],
    ],
    ['a lock taken by with', 'locks: [lock]\nmain: [ { with: lock, do: [] }, { release: lock } ]', []],
    [
      'a bounded queue',
      'queues: { q: 2 }\nmain: { put: q, item: 1 }',
      ['2:11 «q» never-read: no step takes anything from `q` — when it is full, every `put` waits for ever'],
    ],
    ['an unbounded queue', 'queues: [q]\nmain: { put: q, item: 1 }', []],
    [
      'a routine',
      'routines: { r: [ { print: x } ] }\nmain: { print: x }',
      ['2:13 «r» unused-routine: no step uses the routine `r` — its steps were not checked'],
    ],
    [
      'text that is a name',
      'vars: { x: 0 }\nmain: { print: x }',
      [
        '3:16 «x» text-is-a-name: this is the text `x`, not the value of that name — for the value write ${{ x }}',
      ],
    ],
    ['text that is a longer text', 'vars: { x: 0 }\nmain: { print: x y }', []],
    [
      'a daemon process that starts a process',
      'tasks: { d: { kind: process, daemon: true, steps: { start: p } }, p: { kind: process, steps: [] } }\nmain: { start: d }',
      [
        '2:53 «start» daemon-starts-process: this task is a daemon process: it cannot start the process `p` — the step fails with AssertionError; make this task no daemon, or the other a thread',
      ],
    ],
    [
      'one that expects the error',
      'tasks: { d: { kind: process, daemon: true, steps: { start: p, raises: AssertionError } }, p: { kind: process, steps: [] } }\nmain: { start: d }',
      [],
    ],
    [
      'one that catches the error',
      'tasks: { d: { kind: process, daemon: true, steps: { try: [ { start: p } ], catch: { any: [] } } }, p: { kind: process, steps: [] } }\nmain: { start: d }',
      [],
    ],
    [
      'one that starts a thread',
      'tasks: { d: { kind: process, daemon: true, steps: { start: p } }, p: { kind: thread, steps: [] } }\nmain: { start: d }',
      [],
    ],
  ])('%s', (_name, text, findings) => {
    expect(findingsIn(`${text}\n`)).toEqual(findings);
  });
});

describe('expectations', () => {
  const head =
    'semaphores: { stall: 3 }\nlocks: { fork: { count: 2 } }\nevents: [go]\nvars: { n: 0, cells: { count: 2 } }\nbarriers: { gate: 1 }\nmain: [ { wait: go }, { wait: gate }, { with: [stall, "fork[0]"], do: [] } ]\n';
  test.each<[string, string]>([
    ['peak: { go: 1 }', '8:19 «go» wrong-kind: `go` is an event, which has no peak'],
    ['peak: { gate: 1 }', '8:19 «gate» wrong-kind: `gate` is a barrier, which has no peak'],
    [
      'leadsTo: { when: n == 0, then: zz }',
      '8:42 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\'',
    ],
    [
      'outcomes: [ { is: 1 } ]',
      '8:11 «outcomes» no-effect: there is no `outcome` to compare — say what it is, as in `outcome: n`',
    ],
    [
      'others: allowed',
      '8:11 «others» no-effect: there is no `outcome` to compare — say what it is, as in `outcome: n`',
    ],
    ['files: { stall: 1 }', '8:20 «stall» wrong-kind: `stall` is a semaphore, not a file'],
    [
      'order: [ [main] ]',
      '8:20 «[main]» bad-size: there is nothing to compare — name at least two steps (by their `id`) or tasks',
    ],
    ['order: [ [main, n] ]', '8:27 «n» wrong-kind: `n` is a var'],
    [
      'overlap: { never: [main, mian] }',
      '8:36 «mian» unknown-name: nothing here is called `mian` — did you mean `main`?',
    ],
    ['peak: { stal: 1 }', '8:19 «stal» unknown-name: nothing here is called `stal` — did you mean `stall`?'],
    ['peak: { n: 1 }', '8:19 «n» wrong-kind: `n` is a var'],
    ['peak: { "fork[2]": 1 }', '8:25 «2» index-out-of-range: `fork` has no element 2'],
    [
      'peak: { stall: "<= ${{ 1.5 }}" }',
      '8:26 «"<= ${{ 1.5 }}"» bad-bound: "<= 1.5" is not a bound — write a whole number, or a comparison such as `"<= 3"`',
    ],
    [
      'peak: { stall: "${{ [1] }}" }',
      '8:26 «"${{ [1] }}"» bad-bound: [1] is not a bound — write a whole number, or a comparison such as `"<= 3"`',
    ],
    [
      'tasks: { mian: finished }',
      '8:20 «mian» unknown-name: nothing here is called `mian` — did you mean `main`?',
    ],
    ['vars: { m: 0 }', '8:19 «m» unknown-name: nothing here is called `m`'],
    ['vars: { "n[0]": 0 }', '8:20 «n» not-an-array: `n` is a var, not an array'],
    ['output: { matches: "(" }', '8:30 «"("» bad-pattern: the pattern is not valid: Unterminated group'],
    [
      'always: [ stall.holder <= 3 ]',
      '8:27 «holder» unknown-attribute: `stall` is a semaphore and has no `holder` — did you mean `holders`?',
    ],
    [
      'eventually: [ stall.holder <= 3 ]',
      '8:31 «holder» unknown-attribute: `stall` is a semaphore and has no `holder` — did you mean `holders`?',
    ],
    [
      'takes: { atLeast: 1s..2s }',
      '8:29 «1s..2s» bad-duration: a range has no meaning here — write one length, such as 1s',
    ],
  ])('%s', (line, finding) => {
    expect(findingsIn(`${head}expect: { ${line} }\n`)).toEqual([finding]);
  });
});
