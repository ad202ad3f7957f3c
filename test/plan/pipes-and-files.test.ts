/**
 * Pipes and files: what they are declared as, what their steps become, and what is wrong with them.
 */
import { describe, expect, test } from 'vitest';
import { findingsIn, planOf, programOf } from './planned.ts';

describe('pipes', () => {
  test('have two ends, which know each other', () => {
    const { resources } = planOf(`
pipes: { p: , q: { count: 2 } }
main: [ { send: p.left, item: 1 }, { send: "q[0].left", item: 1 } ]
`);
    expect(resources.map((one) => [one.name, one.kind === 'pipeEnd' && resources[one.peer]?.name])).toEqual([
      ['p.left', 'p.right'],
      ['p.right', 'p.left'],
      ['q[0].left', 'q[0].right'],
      ['q[1].left', 'q[1].right'],
      ['q[0].right', 'q[0].left'],
      ['q[1].right', 'q[1].left'],
    ]);
  });

  test('are sent through, received from and closed by their ends; expressions read the ends', () => {
    const text = `
pipes: { p: , q: { count: 2 } }
vars: { i: 1 }
main:
  - send: p.left
    item: { a: "\${{ p.right.size + p.left.size }}", b: [1] }
  - receive: \${{ p.right }}
    as: m
    timeout: 1s
  - send: q[i].left
    item: \${{ q[i].left.closed }} \${{ q[1] . right.size + size(q) }}
  - await: q.all(pipe, pipe.right.waiting == 0)
  - close: p.left
  - close: q[i - 1].right
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  .operand0 := {"a": p__right.size + p__left.size, "b": [1]}
        1  pipe.send p.left (operand)
        2  m := pipe.receive p.right, after 1s raise
        3  .target2 := q.left[i]
        4  .operand3 := text(q__left[i].closed) + " " + text(q__right[1] .size + size(q__left))
        5  pipe.send .target2 (operand)
        6  await walk(q__right).all(pipe, pipe.waiting == 0)
        7  pipe.close p.left
        8  .target4 := q.right[i - 1]
        9  pipe.close .target4
       10  end
      "
    `);
  });

  test.each<[string, string]>([
    [
      '{ send: p, item: 1 }',
      '4:13 «p» bad-reference: `p` is a pipe, which has two ends — say which one: `p.left` or `p.right`',
    ],
    [
      '{ send: q, item: 1 }',
      '4:13 «q» bad-reference: `q` is a pipe, which has two ends — say which one: `q[0].left` or `q[0].right`',
    ],
    [
      '{ send: "q[1]", item: 1 }',
      '4:14 «q» bad-reference: `q` is a pipe, which has two ends — say which one: `q[1].left` or `q[1].right`',
    ],
    [
      'receive: p.middle',
      '4:16 «middle» unknown-attribute: a pipe has no end `middle` — its ends are `left` and `right`',
    ],
    ['receive: q.left', '4:14 «q» bad-reference: `q` is an array of 2 — say which, as in `q[0].left`'],
    ['receive: q[2].left', '4:16 «2» index-out-of-range: `q` has no element 2 — the last is `q[1]`'],
    ['receive: p[0].left', '4:14 «p» not-an-array: `p` is a pipe, not an array — write `p.left`'],
    [
      'receive: r.left',
      '4:14 «r» unknown-name: nothing here is called `r` — `receive` takes an end of a pipe',
    ],
    [
      'get: p.left',
      '4:10 «p.left» wrong-kind: `get` takes a queue, and `p.left` is an end of a pipe — an end of a pipe has `send`, `receive` and `close`',
    ],
    ['{ close: p.left, immediate: true }', '4:22 «immediate» no-effect: `immediate` is for queues and pools'],
    ['print: ${{ p }}', '4:16 «p» not-a-value: `p` is a pipe, not a value — it has `left` and `right`'],
    [
      'print: ${{ p.middle }}',
      '4:18 «middle» unknown-attribute: `p` is a pipe and has no `middle` — it has `left` and `right`',
    ],
    [
      'print: ${{ p.left }}',
      '4:16 «p.left» not-a-value: `p.left` is an end of a pipe, not a value — it has `waiting`, `size` and `closed`',
    ],
    [
      'print: ${{ p.left.sise }}',
      '4:23 «sise» unknown-attribute: `p.left` is an end of a pipe and has no `sise` — did you mean `size`?',
    ],
    [
      'print: ${{ q.left }}',
      '4:18 «left» unknown-attribute: `q` is an array of 2 and has no `left` — say which element, as in `[0]`',
    ],
    [
      'print: ${{ q[2].left.size }}',
      '4:16 «q[2]» index-out-of-range: `q` has no element 2 — the last is q[1]',
    ],
    [
      'print: ${{ p.left.size + "a" }}',
      '4:16 «p.left.size + "a"» expression-type: `int + string` does not work — make text of a number with string(…)',
    ],
  ])('%s', (step, finding) => {
    const text = `pipes: { p: , q: { count: 2 } }\nmain:\n  - ${step}\n  - close: p.left\n  - close: q[0].right\n`;
    expect(findingsIn(text)).toEqual([finding]);
  });

  test('that nobody uses', () => {
    expect(findingsIn('pipes: { p: , q: }\nmain: [ { close: p.right } ]\n')).toEqual([
      '2:15 «q» unused-resource: no step uses `q`',
    ]);
  });
});

describe('files', () => {
  test('have a path inside the workspace, and a format by its ending', () => {
    const { resources } = planOf(`
params: { name: data }
files:
  stock: { path: "\${{ params.name }}/./stock.json", content: { count: "\${{ 1 + 1 }}" } }
  note:
  table: { path: a\\b.YML }
  plain: { path: c.json, format: text }
  logs: { path: logs/log.txt, count: 2 }
  dot: { path: .hidden, count: 1 }
main: [ { load: stock }, { load: note }, { load: table }, { load: plain }, { load: "logs[0]" }, { load: "dot[0]" } ]
`);
    expect(resources.map((one) => (one.kind === 'file' ? [one.name, one.path, one.format] : one))).toEqual([
      ['stock', 'data/stock.json', 'json'],
      ['note', 'note', 'text'],
      ['table', 'a/b.YML', 'yaml'],
      ['plain', 'c.json', 'text'],
      ['logs[0]', 'logs/log.0.txt', 'text'],
      ['logs[1]', 'logs/log.1.txt', 'text'],
      ['dot[0]', '.0.hidden', 'text'],
    ]);
    expect(resources[0]).toMatchObject({ content: { count: 2n } });
    expect(resources[1]).not.toHaveProperty('content');
  });

  test('are loaded and saved by their numbers', () => {
    const text = `
files: { f: a.json, g: { count: 2, path: b.json } }
vars: { i: 0, number: 7 }
main:
  - load: f
    as: stock
  - save: f
    value: { count: "\${{ stock.count - 1 }}" }
  - save: f
    value: done
  - load: g[i]
    as: x
  - save: g[i + 1]
    value: \${{ number }} \${{ x }}
`;
    expect(programOf(text)).toMatchInlineSnapshot(`
      "
        0  stock := load {"file": 0}
        1  save {"file": 0, "value": {"count": stock.count - 1}}
        2  save {"file": 0, "value": "done"}
        3  .target2 := g[i]
        4  x := load {"file": number}
        5  .target3 := g[i + 1]
        6  .operand4 := text(number) + " " + text(x)
        7  save {"file": number, "value": operand}
        8  end
      "
    `);
  });

  const help = 'write a path inside the workspace, such as data/tickets.json';
  test.each<[string, string]>([
    ['/etc/passwd', '2:13 «/etc/passwd» bad-path: an absolute path leads out of the workspace'],
    ['"C:\\\\x"', '2:13 «"C:\\\\x"» bad-path: an absolute path leads out of the workspace'],
    ['../x', '2:13 «../x» bad-path: `..` leads out of the workspace'],
    ['x/../../y', '2:13 «x/../../y» bad-path: `..` leads out of the workspace'],
    ['"a\\\\..\\\\b"', '2:13 «"a\\\\..\\\\b"» bad-path: `..` leads out of the workspace'],
    ['""', '2:13 «""» bad-path: this is no path of a file'],
    ['.', '2:13 «.» bad-path: this is no path of a file'],
    ['dir/', '2:13 «dir/» bad-path: this is no path of a file'],
    ['"a\\0b"', '2:13 «"a\\0b"» bad-path: this is no path of a file'],
  ])('%s', (path, finding) => {
    expect(findingsIn(`files: { f: ${path} }\nmain: [ { load: f } ]\n`)).toEqual([`${finding} — ${help}`]);
  });

  test('one file has one name', () => {
    const text = 'files: { f: a.json, g: ./a.json }\nmain: [ { load: f }, { save: g, value: 1 } ]\n';
    expect(findingsIn(text)).toEqual(['2:24 «./a.json» bad-path: `f` is the file `a.json` already']);
  });

  test('that a step cannot use, or that is no file', () => {
    const text =
      'files: { f: a.json }\nqueues: [q]\nmain: [ { get: f }, { save: q, value: 1 }, { load: f, as: x } ]\n';
    expect(findingsIn(text)).toEqual([
      '4:16 «f» wrong-kind: `get` takes a queue, and `f` is a file — a file has `load` and `save`',
      '4:29 «q» wrong-kind: `save` takes a file, and `q` is a queue — a queue has `put`, `get`, `for … from`, `task_done`, `join` and `close`',
    ]);
  });

  test('that only an expectation looks at is used', () => {
    expect(findingsIn('files: { f: a.json }\nmain: { print: x }\nexpect: { files: { f: 1 } }\n')).toEqual([]);
  });
});
