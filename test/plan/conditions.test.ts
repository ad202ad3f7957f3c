/**
 * Conditions and barriers: what their steps become, and what is wrong with them at line and column.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('conditions', () => {
  test('work with the lock that they name, or with an rlock of their own', () => {
    const { resources } = planOf(`
locks: { m: , ms: { count: 2 } }
conditions: { c: m, own: { enabled: "1 > 2", fair: true }, pair: { count: 2 }, many: { count: 2, lock: m }, each: { count: 2, lock: ms } }
main: [ { with: [c, own, "pair[0]", "many[0]", "each[0]"], do: [] } ]
`);
    expect(
      resources.map((one) => `${one.name} ${one.kind}${one.kind === 'condition' ? ` ${one.lock}` : ''}`),
    ).toEqual([
      'm lock',
      'ms[0] lock',
      'ms[1] lock',
      'c condition 0',
      'own condition 5',
      'own.lock rlock',
      'pair[0] condition 8',
      'pair[1] condition 9',
      'pair[0].lock rlock',
      'pair[1].lock rlock',
      'many[0] condition 0',
      'many[1] condition 0',
      'each[0] condition 1',
      'each[1] condition 2',
    ]);
    expect(resources[4]).toMatchObject({ enabled: true, fair: false });
    expect(resources[5]).toMatchObject({ enabled: false, fair: true });
  });

  test('acquire, release and with mean the lock; an index is looked at all the same', () => {
    const text = `
locks: { m: , ms: { count: 2 } }
conditions: { c: m, own: , many: { count: 2, lock: m }, each: { count: 2, lock: ms } }
vars: { n: 0 }
main:
  - acquire: c
    timeout: 1s
    as: ok
  - release: own
  - with: many[n]
    do: []
  - acquire: many[1]
  - acquire: each[n]
  - acquire: each[1]
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  ok := lock.acquire m, after 1s go on
        1  rlock.release own.lock
        2  .target1 := many[n]
        3  lock.acquire m
        4  lock.release m
        5  lock.acquire m
        6  .target3 := each[n]
        7  lock.acquire .target3
        8  lock.acquire ms[1]
        9  end
       10  lock.release m
       11  reraise .error2
      "
    `);
  });

  test('wait and notify', () => {
    const text = `
conditions: { c: , d: { count: 2 } }
vars: { n: 0 }
main:
  - wait: c
  - wait: c
    timeout: 1s
  - wait: d[n]
    timeout: 1s
    as: ok
  - notify: c
  - notify: d[1]
    count: all
  - notify: c
    count: n - 1
  - notify: c
    count: 2
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  condition.wait c
        1  condition.wait c, after 1s raise
        2  .target0 := d[n]
        3  ok := condition.wait .target0, after 1s go on
        4  condition.notify c (1)
        5  condition.notify d[1] (1073741823)
        6  .operand2 := n - 1
        7  condition.notify c (operand)
        8  condition.notify c (2)
        9  end
      "
    `);
  });

  test('wait until: looks first, after each notify, and once more after the timeout, which is one for all', () => {
    const text = `
conditions: { c: { count: 2 } }
vars: { n: 0 }
main:
  - wait: c[n]
    until: n > 0
  - wait: c[0]
    until: n > 1
    timeout: 1s
  - wait: c[0]
    until: n > 2
    timeout: 1s
    as: ok
  - wait: c[0]
    until: n > 3
    timeout: 1s
    as: ok
    onTimeout: [ { print: "late \${{ ok }}" } ]
  - print: \${{ ok }} \${{ c[1].waiting }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .target0 := c[n]
        1  .until1 := n > 0
        2  unless !until jump 5
        3  condition.wait .target0
        4  jump 1
        5  .limit3 := null
        6  .until2 := n > 1
        7  unless !until jump 13
        8  condition.wait c[0], after 1s kept in .limit3 jump 10
        9  jump 6
       10  .until2 := n > 1
       11  unless !until jump 13
       12  raise TimeoutError ""
       13  .limit6 := null
       14  .until5 := n > 2
       15  unless !until jump 20
       16  condition.wait c[0], after 1s kept in .limit6 jump 18
       17  jump 14
       18  .until5 := n > 2
       19  unless !until jump 20
       20  ok := .until5
       21  .limit8 := null
       22  .until7 := n > 3
       23  unless !until jump 30
       24  condition.wait c[0], after 1s kept in .limit8 jump 26
       25  jump 22
       26  .until7 := n > 3
       27  unless !until jump 30
       28  ok := .until7
       29  jump 32
       30  ok := .until7
       31  jump 33
       32  print "late " + text(ok)
       33  .operand9 := text(ok) + " " + text(c[1].waiting)
       34  print operand
       35  end
      "
    `);
  });

  test.each<[string, readonly string[]]>([
    [
      'conditions: { c: mutes }',
      ['5:18 «mutes» unknown-name: there is no lock `mutes` — did you mean `mutex`?'],
    ],
    [
      'conditions: { c: q }',
      ['5:18 «q» wrong-kind: a condition works with a lock or an rlock, and `q` is a queue'],
    ],
    [
      'conditions: { c: ms }',
      [
        '5:18 «ms» bad-reference: `ms` is an array of 3 locks — an array of 3 conditions would have one lock each',
      ],
    ],
    [
      'conditions: { c: { lock: mutex, fair: true, onHolderExit: fail } }',
      [
        "5:33 «fair» no-effect: `fair` is for the condition's lock: say it of `mutex`",
        "5:45 «onHolderExit» no-effect: `onHolderExit` is for the condition's lock: say it of `mutex`",
      ],
    ],
  ])('%s', (line, findings) => {
    const text = `locks: { mutex: , ms: { count: 3 } }\nqueues: [q]\nmain: [ { with: [mutex, "ms[0]"], do: [ { put: q, item: 1 } ] } ]\n${line}\n`;
    expect(findingsIn(text).filter((one) => !one.includes('unused-resource'))).toEqual(findings);
  });

  test.each<[string, string]>([
    [
      '{ wait: c, until: \'"text"\' }',
      '4:23 «\'"text"\'» expression-type: this must be true or false, and is text',
    ],
    [
      '{ notify: c, count: -1 }',
      '4:25 «-1» bad-size: this must be at least 0, and is -1 — for all of them write `all`',
    ],
    [
      '{ notify: c, count: al }',
      '4:25 «al» unknown-name: nothing here is called `al` — text needs quotes of its own: \'"al"\'',
    ],
    ['acquire: d', '4:14 «d» bad-reference: `d` is an array of 2 — say which, as in `d[0]`'],
    ['acquire: d[2]', '4:16 «2» index-out-of-range: `d` has no element 2 — the last is `d[1]`'],
    [
      'signal: c',
      '4:13 «c» wrong-kind: `signal` takes an event, and `c` is a condition — a condition has `acquire`, `release`, `with`, `wait` and `notify`',
    ],
    [
      'print: ${{ c.held }}',
      '4:18 «held» unknown-attribute: `c` is a condition and has no `held` — it has `waiting`',
    ],
  ])('%s', (step, finding) => {
    const text = `conditions: { c: , d: { count: 2 } }\nmain:\n  - ${step}\n  - wait: c\n  - wait: d[0]\n`;
    expect(findingsIn(text)).toEqual([finding]);
  });
});

describe('barriers', () => {
  test('whoever comes last does the action and lets the others go; if it fails, the barrier is broken', () => {
    const text = `
barriers:
  gate: { parties: 3, timeout: 5s, action: [ { let: { x: 1 } }, { if: x > 1, then: [return] }, { id: here, print: "all \${{ x }}" } ] }
main:
  - let: { x: 5 }
  - wait: gate
    as: i
  - wait: gate
    timeout: 1s..2s
    onTimeout: [ { print: late } ]
  - print: \${{ x }} \${{ here.ended }} \${{ gate.parties - gate.waiting }} \${{ gate.broken }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  x := 5
        1  .arrival2 := barrier.wait gate (1), after 5s raise
        2  unless arrival == 2 jump 10
        3  gate.x := 1
        4  unless x > 1 jump 6
        5  jump 9
        6  enter here
        7  print "all " + text(x)
        8  leave here
        9  barrier.release gate
       10  i := .arrival2
       11  .arrival6 := barrier.wait gate (1), after 1s..2s jump 21
       12  unless arrival == 2 jump 20
       13  gate.x := 1
       14  unless x > 1 jump 16
       15  jump 19
       16  enter here
       17  print "all " + text(x)
       18  leave here
       19  barrier.release gate
       20  jump 22
       21  print "late"
       22  .operand9 := text(x) + " " + text(here.ended) + " " + text(gate.parties - gate.waiting) + " " + text(gate.broken)
       23  print operand
       24  end
       25  leave here
       26  reraise .error5
       27  barrier.abort gate
       28  reraise .error3
       29  leave here
       30  reraise .error8
       31  barrier.abort gate
       32  reraise .error7
      errors at 7..7 go to 25 in .error5
      errors at 17..17 go to 29 in .error8
      errors at 3..8 go to 27 in .error3
      errors at 25..26 go to 27 in .error3
      errors at 13..18 go to 31 in .error7
      errors at 29..30 go to 31 in .error7
      "
    `);
  });

  test('without an action; arrays; reset and abort', () => {
    const text = `
params: { n: 2 }
barriers: { gate: "\${{ params.n }}", gates: { parties: 2, count: 2, timeout: "\${{ params.n }}s" } }
vars: { i: 0 }
main:
  - wait: gate
  - wait: gates[i]
    as: place
  - reset: gate
  - abort: gates[1]
`;
    expect(planOf(text).resources.map((one) => (one.kind === 'barrier' ? one.parties : one.kind))).toEqual([
      2, 2, 2,
    ]);
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  barrier.wait gate (0)
        1  .target0 := gates[i]
        2  place := barrier.wait .target0 (0), after 2s raise
        3  barrier.reset gate
        4  barrier.abort gates[1]
        5  end
      "
    `);
  });

  test.each<[string, readonly string[]]>([
    ['barriers: { g: 0 }', ['2:16 «0» bad-size: this must be from 1 to 1000000, and is 0']],
    [
      'barriers: { g: { parties: 2, timeout: "${{ n }}" } }',
      ['2:44 «n» not-known-here: `n` is not known before the run — only parameters may be used here'],
    ],
    [
      'barriers: { g: { parties: 2, action: [ { wait: g } ] } }',
      ['2:48 «g» recursive-routine: the action of `g` waits at `g` itself'],
    ],
    [
      'barriers: { g: { parties: 2, action: [break, { print: "${{ x }}" } ] } }',
      [
        '2:39 «break» outside-loop: `break` is not inside a loop — it belongs into the steps of `repeat`, `for` or `while`',
        '2:60 «x» unknown-name: nothing here is called `x` — text needs quotes of its own: \'"x"\'',
      ],
    ],
  ])('%s', (line, findings) => {
    const text = `${line}\nvars: { n: 1 }\nmain:\n  - let: { x: 1 }\n  - repeat: 2\n    do: [ { wait: g } ]\n`;
    expect(findingsIn(text)).toEqual(findings);
  });

  test('a barrier is not released', () => {
    expect(findingsIn('barriers: { g: 2 }\nmain: [ { wait: g }, { release: g } ]\n')).toEqual([
      '3:33 «g» wrong-kind: `release` takes a lock, an rlock, a side of a readers-writer lock, a semaphore or a condition, and `g` is a barrier — a barrier has `wait`, `reset` and `abort`',
    ]);
  });
});
