/**
 * Pools: the workers that the planner adds, tasks that run on them, and work that steps hand to them.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('workers and tasks', () => {
  const text = `
pools: { p: { kind: process, size: 2 }, many: { size: 1, count: 2 } }
tasks:
  job: { count: 2, kind: process, pool: p, steps: [ { print: x } ] }
  own: { kind: process, steps: [ { submit: "many[0]", do: [] } ] }
`;

  test('a pool has daemons as workers; its tasks have no process of their own', () => {
    const plan = planOf(text);
    expect(plan.resources.map((one) => [one.name, one.kind === 'pool' && one.size])).toEqual([
      ['p', 2],
      ['many[0]', 1],
      ['many[1]', 1],
    ]);
    expect(
      plan.tasks.map(({ name, kind, daemon, pool, process }) => [name, kind, daemon, pool, process]),
    ).toEqual([
      ['main', 'process', false, undefined, 0],
      ['job[0]', 'thread', undefined, 0, undefined],
      ['job[1]', 'thread', undefined, 0, undefined],
      ['own', 'process', undefined, undefined, 1],
      ['p.worker[0]', 'process', true, undefined, 2],
      ['p.worker[1]', 'process', true, undefined, 3],
      ['many[0].worker[0]', 'thread', true, undefined, undefined],
      ['many[1].worker[0]', 'thread', true, undefined, undefined],
      ['many[0].work[0]', 'thread', undefined, 1, undefined],
    ]);
    expect(plan.groups.map(({ name, made }) => [name, made])).toEqual([
      ['main', undefined],
      ['job', undefined],
      ['own', undefined],
      ['p.worker', 'helper'],
      ['many[0].worker', 'helper'],
      ['many[1].worker', 'helper'],
      ['many[0].work', 'work'],
    ]);
    for (const [number, { name }] of plan.groups.entries()) expect(plan.programs[number]?.name).toBe(name);
  });

  test('workers are started first, and take one task after the other', () => {
    expect(programOf(text, 'p.worker')).toMatchInlineSnapshot(`
      "
        0  .task0 := pool.adopt p
        1  task.join .task0
        2  jump 0
        3  end
      "
    `);
    expect(
      programOf('pools: [p]\ntasks: { t: { pool: p, steps: [] } }\nmain: [ { start: t } ]\n'),
    ).toMatchInlineSnapshot(`
      "
        0  .next0 := 2
        1  .limit1 := 3
        2  .id2 := next .next0 below .limit1, else jump 5
        3  task.start .id2 (null)
        4  jump 2
        5  task.start t (null)
        6  end
      "
    `);
  });

  test('a task on a pool of processes is in a daemon process', () => {
    const text = `
pools: { p: { kind: process } }
tasks:
  a: { pool: p, steps: [ { start: b } ] }
  b: { kind: process, steps: [] }
main: [ { start: a }, { submit: p, do: [ { start: b } ] } ]
`;
    const message = 'this task is a daemon process: it cannot start the process `b`';
    const help = 'the step fails with AssertionError; make this task no daemon, or the other a thread';
    expect(findingsIn(text)).toEqual([
      `5:28 «start» daemon-starts-process: ${message} — ${help}`,
      `7:44 «start» daemon-starts-process: ${message} — ${help}`,
    ]);
  });
});

describe('work', () => {
  const text = `
pools: { p: 2, q: 1 }
vars: { n: 0 }
main:
  - let: { x: 5, unused: 7 }
  - repeat: 3
    as: i
    do:
      - submit: p
        do:
          - let: { y: x + i }
          - print: \${{ y }} of \${{ task.name }}
          - submit: q
            do: [ { print: "\${{ y }}" } ]
        as: h
  - join: h
    as: end
  - while: n < 5
    do:
      - submit: p
        call: ./work.mjs#go
        input: \${{ x }}
        as: g
  - let: { handles: [g, h] }
  - terminate: handles[0]
  - join: [h, "handles[1]"]
    timeout: 1s
`;

  test('ends with its pool; whoever joins that waits for workers that take time to be gone', () => {
    const ends = `
pools: { p: { kind: process }, many: { kind: process, count: 2 } }
vars: { n: 0 }
main:
  - submit: p
    do: []
  - terminate: [p, "many[n]"]
  - kill: p
  - join: p
  - join: many[1]
`;
    expect(programOf(ends)).toMatchInlineSnapshot(`
      "
        0  .next0 := 1
        1  .limit1 := 2
        2  .id2 := next .next0 below .limit1, else jump 5
        3  task.start .id2 (null)
        4  jump 2
        5  .next3 := 2
        6  .limit4 := 3
        7  .id5 := next .next3 below .limit4, else jump 10
        8  task.start .id5 (null)
        9  jump 7
       10  .next6 := 3
       11  .limit7 := 4
       12  .id8 := next .next6 below .limit7, else jump 15
       13  task.start .id8 (null)
       14  jump 12
       15  unless pool.closed jump 17
       16  raise ValueError "Pool not running"
       17  .given9 := update p.work.given = given + 1
       18  .target10 := p.work[given]
       19  task.start .target10 (null)
       20  pool.terminate p
       21  .target11 := many[n]
       22  pool.terminate .target11
       23  pool.kill p
       24  await work0.running == 0 && workers.all(one, one.state != "stopping")
       25  await workers.all(one, one.state != "stopping")
       26  end
      "
    `);
  });

  test('is a task of its own, with copies of the locals that it names', () => {
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .next0 := 1
        1  .limit1 := 3
        2  .id2 := next .next0 below .limit1, else jump 5
        3  task.start .id2 (null)
        4  jump 2
        5  .next3 := 3
        6  .limit4 := 4
        7  .id5 := next .next3 below .limit4, else jump 10
        8  task.start .id5 (null)
        9  jump 7
       10  x := 5, unused := 7
       11  .limit10 := 3
       12  .count9 := 0
       13  i := next .count9 below .limit10, else jump 19
       14  .given11 := update p.work.given = given + 1
       15  .target12 := p.work[given]
       16  task.start .target12 ({"x": x, "i": i})
       17  h := {"task": "p.work[" + string(given) + "]", "number": number}
       18  jump 13
       19  .target15 := handle[(h).number]
       20  .end16 := task.join .target15
       21  unless end.error != null jump 24
       22  .error17 := end.error
       23  reraise .error17
       24  end := (has(end.result) ? end.result : end)
       25  unless n < 5 jump 33
       26  .given18 := update p.work2.given = given + 1
       27  unless given >= 1000 jump 29
       28  raise RuntimeError "this step can give 1000 pieces of work, not more"
       29  .target19 := p.work2[given]
       30  task.start .target19 (x)
       31  g := {"task": "p.work2[" + string(given) + "]", "number": number}
       32  jump 25
       33  handles := [g, h]
       34  .target22 := handle[(handles[0]).number]
       35  task.terminate .target22
       36  .limit23 := null
       37  .target24 := handle[(h).number]
       38  task.join .target24, after 1s kept in .limit23 raise
       39  .end26 := task.join .target24
       40  unless end.error != null jump 43
       41  .error25 := end.error
       42  reraise .error25
       43  .target27 := handle[(handles[1]).number]
       44  task.join .target27, after 1s kept in .limit23 raise
       45  .end29 := task.join .target27
       46  unless end.error != null jump 49
       47  .error28 := end.error
       48  reraise .error28
       49  end
      "
    `);
    expect(programOf(text, 'p.work')).toMatchInlineSnapshot(`
      "
        0  x := task.input.x, i := task.input.i
        1  y := x + i
        2  print text(y) + " of " + task.name
        3  .given3 := update q.work.given = given + 1
        4  .target4 := q.work[given]
        5  task.start .target4 ({"y": y})
        6  end
      "
    `);
    expect(programOf(text, 'q.work')).toMatchInlineSnapshot(`
      "
        0  y := task.input.y
        1  print text(y)
        2  end
      "
    `);
    expect(programOf(text, 'p.work2')).toMatchInlineSnapshot(`
      "
        0  .result0 := call {"module": "./work.mjs", "name": "go", "input": task.input}
        1  end
      "
    `);
  });

  test('there are as many tasks as can be asked for, or a thousand', () => {
    const { groups, variables } = planOf(`${text}`);
    expect(groups.map(({ name, count }) => [name, count])).toEqual([
      ['main', 1],
      ['p.worker', 2],
      ['q.worker', 1],
      ['p.work', 3],
      ['q.work', 3],
      ['p.work2', 1000],
    ]);
    expect(variables.map(({ name, shared }) => [name, shared])).toEqual([
      ['n', false],
      ['q.work.given', true],
      ['p.work.given', true],
      ['p.work2.given', true],
    ]);
    const counted = planOf(`
pools: [p]
params: { n: 4 }
routines: { r: [ { submit: p, do: [] } ] }
tasks:
  a: { count: 3, retry: { attempts: 2 }, steps: [ { repeat: params.n, do: [ { use: r } ] }, { use: r } ] }
  b: { steps: [ { for: x, in: [1, 2], do: [ { use: r } ] }, { for: x, in: "range(random(1, 2))", do: [ { use: r } ] } ] }
`);
    expect(counted.groups.slice(4).map(({ name, count }) => [name, count])).toEqual([
      ['p.work', 24],
      ['p.work2', 6],
      ['p.work3', 2],
      ['p.work4', 1000],
    ]);
  });

  test('in `finally`, each copy of the steps has its own', () => {
    const text = `
pools: [p]
main:
  - let: { x: 1 }
  - try: [ { fail: a } ]
    finally: [ { submit: p, do: [ { print: "\${{ x }}" } ] } ]
`;
    const plan = planOf(text);
    expect(plan.groups.map(({ name }) => name)).toEqual(['main', 'p.worker', 'p.work', 'p.work2']);
    expect(programOf(text, 'p.work2')).toBe(programOf(text, 'p.work'));
  });

  test('join waits until the pool has none, close refuses more', () => {
    const text = `
pools: { p: 1, q: { count: 2 } }
tasks: { t: { pool: p, steps: [] } }
main:
  - join: p
  - submit: p
    do: []
  - submit: q[1]
    do: []
  - join: p
    timeout: 1s
    as: done
  - join: q[0]
  - close: p
  - start: t
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .next0 := 2
        1  .limit1 := 3
        2  .id2 := next .next0 below .limit1, else jump 5
        3  task.start .id2 (null)
        4  jump 2
        5  .next3 := 3
        6  .limit4 := 4
        7  .id5 := next .next3 below .limit4, else jump 10
        8  task.start .id5 (null)
        9  jump 7
       10  .next6 := 4
       11  .limit7 := 5
       12  .id8 := next .next6 below .limit7, else jump 15
       13  task.start .id8 (null)
       14  jump 12
       15  await work0.running == 0 && work1.running == 0
       16  unless pool.closed jump 18
       17  raise ValueError "Pool not running"
       18  .given9 := update p.work.given = given + 1
       19  .target10 := p.work[given]
       20  task.start .target10 (null)
       21  .given11 := update q[1].work.given = given + 1
       22  .target12 := q[1].work[given]
       23  task.start .target12 (null)
       24  done := await work0.running == 0 && work1.running == 0, after 1s go on
       25  await true
       26  pool.close p (false)
       27  task.start t (null)
       28  end
      "
    `);
  });
});

describe('findings', () => {
  test.each<[string, readonly string[]]>([
    ['{ pool: l, steps: [] }', ['4:21 «l» wrong-kind: tasks run on pools, and `l` is a lock']],
    [
      '{ pool: many, steps: [] }',
      [
        '4:21 «many» bad-reference: `many` is an array of 2 pools — a task runs on one pool: declare it without `count`',
      ],
    ],
    ['{ pool: q, steps: [] }', ['4:21 «q» unknown-name: there is no pool `q` — declare it under `pools`']],
  ])('%s', (task, findings) => {
    const text = `pools: { p: 1, many: { count: 2 } }\nlocks: [l]\ntasks: { t: ${task} }\nmain: [ { start: t } ]\n`;
    expect(findingsIn(text).filter((one) => !one.includes('unused-resource'))).toEqual(findings);
  });

  test.each<[string, readonly string[]]>([
    [
      '{ submit: many, do: [] }',
      ['6:15 «many» bad-reference: `many` is an array of 2 — say which, as in `many[0]`'],
    ],
    [
      '{ submit: "many[n]", do: [ { print: "${{ zz }}" } ] }',
      [
        '6:15 «"many[n]"» not-constant: which pool must be known before the run — write a number, as in `many[0]`',
        '6:46 «zz» unknown-name: nothing here is called `zz` — text needs quotes of its own: \'"zz"\'',
      ],
    ],
    [
      '{ submit: l, do: [break] }',
      [
        '6:15 «l» wrong-kind: `submit` takes a pool, and `l` is a lock — a lock has `acquire`, `release` and `with`',
        '6:23 «break» outside-loop: `break` is not inside a loop — it belongs into the steps of `repeat`, `for` or `while`',
      ],
    ],
    [
      '{ submit: p, call: "#" }',
      [
        '6:24 «"#"» bad-reference: this is not a function in a file — write a file and a name in it, such as `./work.mjs#run`',
      ],
    ],
    [
      'join: [p, p]',
      ['6:12 «p» bad-reference: a pool is joined by a step of its own — make two steps of it'],
    ],
    [
      'start: p',
      [
        '6:12 «p» wrong-kind: `start` takes a task, and `p` is a pool — a pool has `submit`, `join`, `close`, `terminate` and `kill`',
      ],
    ],
  ])('%s', (step, findings) => {
    const head = 'pools: { p: 1, many: { count: 2 } }\nlocks: [l]\nvars: { n: 0 }\n';
    const used = '  - submit: p\n    do: []\n  - join: many[0]\n  - acquire: l\n';
    expect(findingsIn(`${head}main:\n  - ${step}\n${used}`)).toEqual(findings);
  });

  test('a handle is joined and ended, not started', () => {
    const text =
      'pools: [p]\nmain: [ { submit: p, do: [], as: h }, { kill: h }, { join: h }, { start: h } ]\n';
    expect(findingsIn(text)).toEqual([
      '3:74 «h» wrong-kind: `start` takes a task, and `h` is a local variable',
    ]);
  });

  test('a local that is joined where there is no pool is no handle', () => {
    expect(findingsIn('main: [ { let: { h: 1 } }, { join: h } ]\n')).toEqual([
      '2:36 «h» wrong-kind: `join` takes a queue, a pool or a task, and `h` is a local variable',
    ]);
  });

  test('a pool that nobody uses', () => {
    expect(findingsIn('pools: [p]\nmain: { print: x }\n')).toEqual([
      '2:9 «p» unused-resource: no step uses `p`',
    ]);
  });
});
