/**
 * Steps as instructions: what is listed here is what the machine runs.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('with', () => {
  test('releases on every way out: at the end, by break, by an error', () => {
    const text = `
locks: [lock]
main:
  - repeat: 3
    do:
      - with: lock
        do:
          - if: lock.held
            then: [break]
          - print: inside
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .limit1 := 3
        1  .count0 := 0
        2  next .count0 below .limit1, else jump 10
        3  lock.acquire lock
        4  unless lock.held jump 7
        5  lock.release lock
        6  jump 10
        7  print "inside"
        8  lock.release lock
        9  jump 2
       10  end
       11  lock.release lock
       12  reraise .error2
      errors at 4..4 go to 11 in .error2
      errors at 7..7 go to 11 in .error2
      "
    `);
  });

  test('computes its elements before it acquires, and releases in reverse; late, what it has already', () => {
    const text = `
locks: { fork: { count: 5 }, table: }
tasks:
  philosopher:
    count: 5
    steps:
      - with: [table, "fork[task.index]", "fork[(task.index + 1) % 5]"]
        timeout: 1s
        do:
          - print: eats
        onTimeout:
          - print: hungry
`;
    expect(programOf(text, 'philosopher')).toMatchInlineSnapshot(`
      "
        0  .target0 := fork[task.index]
        1  .target1 := fork[(task.index + 1) % 5]
        2  lock.acquire table, after 1s jump 16
        3  lock.acquire .target0, after 1s jump 13
        4  lock.acquire .target1, after 1s jump 9
        5  print "eats"
        6  lock.release .target1
        7  lock.release .target0
        8  jump 11
        9  lock.release .target0
       10  jump 13
       11  lock.release table
       12  jump 15
       13  lock.release table
       14  jump 16
       15  jump 17
       16  print "hungry"
       17  end
       18  lock.release .target1
       19  reraise .error4
       20  lock.release .target0
       21  reraise .error3
       22  lock.release table
       23  reraise .error2
      errors at 5..5 go to 18 in .error4
      errors at 4..6 go to 20 in .error3
      errors at 18..19 go to 20 in .error3
      errors at 3..10 go to 22 in .error2
      errors at 18..19 go to 22 in .error2
      errors at 20..21 go to 22 in .error2
      "
    `);
  });
});

describe('errors', () => {
  test('try, catch by name, any, finally', () => {
    const text = `
queues: [q]
main:
  - try:
      - get: q
        timeout: 1s
    catch:
      Empty:
        - print: \${{ e.message }}
      any:
        - fail: \${{ e }}
    as: e
    finally:
      - print: over
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  queue.get q, after 1s raise
        1  jump 8
        2  unless error.name == "Empty" jump 6
        3  e := .error1
        4  print text(e.message)
        5  jump 8
        6  e := .error1
        7  raise Exception e
        8  print "over"
        9  end
       10  print "over"
       11  reraise .error0
      errors at 0..0 go to 2 in .error1
      errors at 0..7 go to 10 in .error0
      "
    `);
  });

  test('finally is done by return, continue and break, and its own errors are not its own', () => {
    const text = `
main:
  - while: true
    do:
      - try:
          - if: 1 > 0
            then: [continue]
            else: [return]
        finally:
          - print: over
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  unless true jump 9
        1  unless true jump 5
        2  print "over"
        3  jump 0
        4  jump 7
        5  print "over"
        6  end
        7  print "over"
        8  jump 0
        9  end
       10  print "over"
       11  reraise .error0
      errors at 1..1 go to 10 in .error0
      errors at 4..4 go to 10 in .error0
      "
    `);
  });

  test('raises', () => {
    const text = `
locks: [lock]
main:
  - release: lock
    raises: RuntimeError
  - acquire: lock
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  lock.release lock
        1  raise AssertionError "expected RuntimeError, and the step did not fail"
        2  lock.acquire lock
        3  end
        4  unless error.name in ["RuntimeError", "NotImplementedError", "PythonFinalizationError", "RecursionError", "BrokenBarrierError", "BrokenExecutor", "BrokenProcessPool", "BrokenThreadPool", "ProcessDied"] jump 6
        5  jump 7
        6  reraise .error0
        7  jump 2
      errors at 0..0 go to 4 in .error0
      "
    `);
  });
});

describe('variables', () => {
  test('set reads all at one moment and writes one by one; update is one moment', () => {
    const text = `
vars: { n: 100, cells: { count: 3, value: 0 } }
main:
  - let: { i: 1 }
  - set: { n: n - 1, "cells[i]": n }
  - update: { n: n + 1, "cells[i + 1]": n }
    as: old
  - print: \${{ old }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  i := 1
        1  .value2 := n - 1, .value3 := n, .index1 := i
        2  write n from .value2
        3  write cells[.index1] from .value3
        4  .index4 := i + 1
        5  old := update n = n + 1, cells[.index4] = n
        6  print text(old)
        7  end
      "
    `);
  });

  test('templates are concatenations, lists and maps distribute, constants are folded', () => {
    const text = `
params: { who: bob, n: 2 }
vars: { v: 1 }
queues: [q]
main:
  - print: hello
  - print: \${{ params.who }} has \${{ v }} of \${{ params.n * 2 }}
  - print: \${{ v }}
  - put: q
    item: { a: "\${{ v }}", b: ["x\${{ v }}", 1.5, null, true], c: "\${{ params.n }}" }
  - put: q
    item: [1, two]
  - print: a\${{ v }}b\${{ v }}c\${{ v }}d\${{ v }}e\${{ v }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  print "hello"
        1  .printed0 := v
        2  print "bob has " + text(v) + " of 4"
        3  .printed1 := v
        4  print text(v)
        5  .operand2 := {"a": v, "b": ["x" + text(v), 1.5, null, true], "c": 2}
        6  queue.put q (operand) (0)
        7  queue.put q ([1, "two"]) (0)
        8  .printed3 := v
        9  print ["a", text(v), "b", text(v), "c", text(v), "d", text(v), "e", text(v)].join("")
       10  end
      "
    `);
  });

  test('names of steps, routines and their input', () => {
    const text = `
vars: { n: 0 }
routines:
  greet:
    - if: input == null
      then: [return]
    - print: hello \${{ input }}
main:
  - id: greeting
    use: greet
    input: \${{ n }}
  - use: greet
  - print: \${{ greeting.ended }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  enter greeting
        1  .input1 := n
        2  unless input == null jump 4
        3  jump 5
        4  print "hello " + text(input)
        5  leave greeting
        6  .input2 := null
        7  unless input == null jump 9
        8  jump 10
        9  print "hello " + text(input)
       10  .operand3 := text(greeting.ended)
       11  print operand
       12  end
       13  leave greeting
       14  reraise .error0
      errors at 1..4 go to 13 in .error0
      "
    `);
  });
});

describe('loops', () => {
  test('for over a list, for from a queue, while, choose', () => {
    const text = `
queues: [q]
vars: { n: 3 }
main:
  - for: x
    in: [a, "b\${{ n }}"]
    do: [continue]
  - for: item
    from: q
    until: item == null
    do:
      - print: \${{ item }}
  - while: n > 0
    if: n < 9
    do:
      - choose: [1, 2]
        as: k
      - set: { n: n - k }
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .list0 := ["a", "b" + text(n)]
        1  .count1 := 0
        2  x := .list0[next .count1], else jump 5
        3  jump 2
        4  jump 2
        5  item := queue.get q
        6  unless !(item == null) jump 9
        7  print text(item)
        8  jump 5
        9  unless n < 9 jump 15
       10  unless n > 0 jump 15
       11  k := pick([1, 2])
       12  .value6 := n - k
       13  write n from .value6
       14  jump 10
       15  end
       16  unless error.name == "ShutDown" jump 18
       17  jump 19
       18  reraise .error4
       19  jump 9
       20  jump 6
      errors at 5..5 go to 16 in .error4
      "
    `);
  });
});

describe('tasks', () => {
  test('replicas are started and joined in a loop; what `as` stores', () => {
    const text = `
tasks:
  one: { steps: [ { print: x } ] }
  many: { count: 3, steps: [ { print: "\${{ task.input }}" } ] }
main:
  - start: [one, many]
    input: { a: 1 }
  - join: one
    as: end
  - join: many
    as: ends
  - join: [one, "many[2]"]
    timeout: 1s
    as: all
  - join: many[size(ends) - 1]
  - terminate: one
  - kill: many[0]
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  task.start one ({"a": 1})
        1  .next0 := 2
        2  .limit1 := 5
        3  .id2 := next .next0 below .limit1, else jump 6
        4  task.start .id2 ({"a": 1})
        5  jump 3
        6  end := task.join one
        7  ends := []
        8  .next5 := 2
        9  .limit6 := 5
       10  .id7 := next .next5 below .limit6, else jump 14
       11  .end8 := task.join .id7
       12  ends := ends + [end]
       13  jump 10
       14  .limit10 := null
       15  all := true
       16  all := task.join one, after 1s kept in .limit10 go on
       17  unless over jump 20
       18  all := task.join many[2], after 1s kept in .limit10 go on
       19  unless over jump 20
       20  .target11 := many[size(ends) - 1]
       21  task.join .target11
       22  task.terminate one
       23  task.kill many[0]
       24  end
      "
    `);
  });

  test('without main, the planner starts all and joins those that are no daemons', () => {
    const text = `
tasks:
  server: { daemon: true, steps: [ { print: x } ] }
  client: { count: 2, kind: process, steps: [ { print: x } ] }
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  task.start server (null)
        1  .next0 := 2
        2  .limit1 := 4
        3  .id2 := next .next0 below .limit1, else jump 6
        4  task.start .id2 (null)
        5  jump 3
        6  .next3 := 2
        7  .limit4 := 4
        8  .id5 := next .next3 below .limit4, else jump 11
        9  task.join .id5
       10  jump 8
       11  end
      "
    `);
  });
});

test('elements are named by expressions; lists of tasks, replicas and main are joined and ended', () => {
  const text = `
vars: { state: { count: 5, value: 0 } }
locks: { fork: { count: 5 } }
routines: { eat: [ { print: "\${{ input.who }} eats" } ] }
tasks:
  philosopher:
    count: 5
    let: { left: task.index }
    steps:
      - acquire: fork[(task.index + 1) % 5]
      - set:
          state[task.index]: state[(task.index + 4) % 5] + 1
      - choose: \${{ [left, 7] }}
        as: side
      - use: eat
        input: { who: "\${{ task.name }} \${{ side }}" }
      - choose: \${{ state }}
      - release: fork[state[0]]
main:
  - start: philosopher
  - terminate: [philosopher, "philosopher[1]"]
  - join: [main, philosopher]
    as: ends
  - kill: main
`;
  expect(findingsIn(text)).toEqual([]);
  expect(programOf(text, 'philosopher')).toMatchInlineSnapshot(`
    "
      0  left := task.index
      1  .target1 := fork[(task.index + 1) % 5]
      2  lock.acquire .target1
      3  .value3 := state[(task.index + 4) % 5] + 1, .index2 := task.index
      4  write state[.index2] from .value3
      5  side := pick([left, 7])
      6  .input5 := {"who": task.name + " " + text(side)}
      7  print text(input.who) + " eats"
      8  .chosen6 := pick(state)
      9  .target7 := fork[state[0]]
     10  lock.release .target7
     11  end
    "
  `);
  expect(programOf(text)).toMatchInlineSnapshot(`
    "
      0  .next0 := 1
      1  .limit1 := 6
      2  .id2 := next .next0 below .limit1, else jump 5
      3  task.start .id2 (null)
      4  jump 2
      5  .next3 := 1
      6  .limit4 := 6
      7  .id5 := next .next3 below .limit4, else jump 10
      8  task.terminate .id5
      9  jump 7
     10  task.terminate philosopher[1]
     11  ends := []
     12  .end7 := task.join main
     13  ends := ends + [end]
     14  .next8 := 1
     15  .limit9 := 6
     16  .id10 := next .next8 below .limit9, else jump 20
     17  .end11 := task.join .id10
     18  ends := ends + [end]
     19  jump 16
     20  task.kill main
     21  end
    "
  `);
});

describe('results and timeouts', () => {
  test('of what answers yes or no, of queues, of await and events', () => {
    const text = `
locks: { l: , r: rlock }
semaphores: { s: 2 }
queues: { q: 1, p: { kind: priority } }
events: [go]
vars: { n: 0 }
main:
  - acquire: l
    as: a
  - acquire: s
    permits: 2
    timeout: 1s..2s
    as: b
  - acquire: r
    timeout: \${{ n * 10 }}ms
  - put: q
    item: 1
    timeout: 0s
    onTimeout: [ { print: full } ]
  - put: p
    item: x
    priority: n
  - get: q
    as: c
    timeout: 5s
  - await: n == 0
    as: d
  - wait: go
    timeout: 1s
    as: e
    onTimeout: [ { print: late } ]
  - signal: go
  - clear: go
  - task_done: q
  - join: q
    timeout: 1s
  - close: q
    immediate: true
  - release: s
    permits: 2
  - assert: a && b
  - exit: 3
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  lock.acquire l
        1  a := true
        2  b := semaphore.acquire s (2), after 1s..2s go on
        3  .operand2 := text(n * 10) + "ms"
        4  rlock.acquire r, after operand raise
        5  queue.put q (1) (0), after 0s jump 7
        6  jump 8
        7  print "full"
        8  .operand3 := n
        9  queue.put p ("x") (operand)
       10  c := queue.get q, after 5s raise
       11  d := await n == 0
       12  e := event.wait go, after 1s jump 14
       13  jump 15
       14  print "late"
       15  event.signal go
       16  event.clear go
       17  queue.taskDone q
       18  queue.join q, after 1s raise
       19  queue.close q (true)
       20  semaphore.release s (2)
       21  assert a && b
       22  exit 3
       23  end
      "
    `);
  });
});

test('the scenario of the first page, whole', () => {
  const plan = planOf(
    `
concur: 1
name: toilet
description: Thirteen visitors, three stalls. Never more than three inside.
params:
  visitors: 13
  stalls: 3
semaphores:
  stall: \${{ params.stalls }}
tasks:
  visitor:
    kind: process
    count: \${{ params.visitors }}
    steps:
      - with: stall
        do:
          - print: \${{ task.name }} takes a stall
          - sleep: 0s..3s
      - print: \${{ task.name }} is relieved
expect:
  peak: { stall: "\${{ params.stalls }}" }       # that many at once were seen, never more
  output: { count: { takes a stall: "\${{ params.visitors }}" } }
  always: [ stall.holders <= params.stalls ]
`.trimStart(),
  );
  expect(plan).toMatchSnapshot();
});
