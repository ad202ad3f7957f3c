/**
 * All of the language that has a model, under a check: one small scenario for each thing it knows, with all that it can come to
 * worked out by hand. What is missing from a set was lost by the search; what is too much in it cannot happen.
 */
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../engine/index.ts';
import { checked, outcomesOf } from './checked.ts';

/** What it is about, its `outcome` and all values of that, as texts in order; then the scenario. */
type Row = readonly [
  name: string,
  outcome: string,
  results: readonly string[],
  scenario: string,
  more?: string,
];

/** Somebody gives `m` back, and wants it again, while another waits for it. */
const TAKEN_AGAIN = `
events: [ held ]
tasks:
  a:
    steps:
      - with: m
        do: [ { signal: held }, { update: { n: n * 10 + 1 } }, { await: m.waiting == 1 } ]
      - with: m
        do: [ { update: { n: n * 10 + 1 } } ]
  b: { steps: [ { wait: held }, { with: m, do: [ { update: { n: n * 10 + 2 } } ] } ] }`;

const rows: readonly Row[] = [
  [
    'a file is loaded and saved in two moments: one of two additions may be lost',
    'n',
    ['1', '2'],
    `
files: { f: { path: f.json, content: 0 } }
main: [ { start: t }, { join: t }, { load: f, as: v }, { set: { n: v } } ]
tasks: { t: { count: 2, steps: [ { load: f, as: v }, { save: f, value: "\${{ v + 1 }}" } ] } }`,
  ],
  [
    'a file is there once somebody has saved it',
    'n',
    ['-1', '7'],
    `
files: { f: f.json }
tasks:
  a: { steps: [ { save: f, value: 7 } ] }
  b: { steps: [ { try: [ { load: f, as: v }, { set: { n: v } } ], catch: { FileNotFoundError: [ { set: { n: -1 } } ] } } ] }`,
  ],
  [
    'a model of a command gives its result, whatever it takes, and others have their turns meanwhile',
    'n',
    ['12', '21'],
    `
tasks:
  a: { steps: [ { run: cmd, as: done, model: { takes: 1h, result: { code: 0, stdout: "1" } } }, { update: { n: n * 10 + int(done.stdout) } } ] }
  b: { steps: [ { update: { n: n * 10 + 2 } } ] }`,
  ],
  [
    'a model of a command that fails',
    'n',
    ['3'],
    `
main:
  - try: [ { run: cmd, model: { result: { code: 3 } } } ]
    catch: { CalledProcessError: [ { set: { n: 3 } } ] }`,
  ],
  [
    'a model of a command writes: its lines arrive in order, between any others',
    'n',
    ['123', '132', '312'],
    `
queues: { lines: 0 }
tasks:
  a: { steps: [ { run: cmd, into: lines, model: { takes: 10ms, result: { stdout: "1\\n2\\n" } } } ] }
  b: { steps: [ { put: lines, item: "3" } ] }
  c: { needs: [ a, b ], steps: [ { repeat: 3, do: [ { get: lines, as: line }, { update: { n: n * 10 + int(line) } } ] } ] }`,
  ],
  [
    'a model of a function',
    'n',
    ['5', '50'],
    `
tasks:
  a: { steps: [ { call: ./f.mjs#f, input: 1, as: v, model: { takes: 1s, result: 5 } }, { set: { n: v } } ] }
  b: { steps: [ { await: n == 5, timeout: 1s, as: ok }, { if: ok, then: [ { update: { n: n * 10 } } ] } ] }`,
  ],
  [
    '`choose` takes each',
    'n',
    ['10', '20', '30'],
    'main: [ { choose: [ 10, 20, 30 ], as: v }, { set: { n: v } } ]',
  ],
  [
    '`random` takes each, and each of two by itself',
    'n',
    ['11', '12', '21', '22', '31', '32'],
    'main: [ { set: { n: "random(1, 3) * 10 + random(1, 2)" } } ]',
  ],
  [
    'a choice of each of two tasks',
    'n',
    ['11', '12', '21', '22'],
    `
tasks:
  a: { steps: [ { choose: [ 1, 2 ], as: v }, { update: { n: n + v } } ] }
  b: { steps: [ { choose: [ 10, 20 ], as: v }, { update: { n: n + v } } ] }`,
  ],
  [
    'a daemon is ended at any of its steps, where the program is over',
    'n',
    ['0', '1', '2', '3'],
    `
main: [ { start: d } ]
tasks: { d: { daemon: true, steps: [ { repeat: 3, do: [ { update: { n: n + 1 } } ] } ] } }`,
  ],
  [
    'a daemon that never ends ends with the program',
    'n',
    ['0', '1'],
    `
main: [ { start: d } ]
tasks: { d: { daemon: true, steps: [ { while: true, do: [ { update: { n: 1 } }, { sleep: 1s } ] } ] } }`,
  ],
  [
    'the work of a pool of one is done in turn',
    'n',
    ['12'],
    `
pools: { crew: 1 }
main:
  - { submit: crew, do: [ { update: { n: n * 10 + 1 } } ] }
  - { submit: crew, do: [ { update: { n: n * 10 + 2 } } ] }
  - join: crew`,
  ],
  [
    'the work of a pool of two in either order',
    'n',
    ['12', '21'],
    `
pools: { crew: 2 }
main:
  - { submit: crew, do: [ { update: { n: n * 10 + 1 } } ] }
  - { submit: crew, do: [ { update: { n: n * 10 + 2 } } ] }
  - join: crew`,
  ],
  [
    'replicas on a pool of two: the third begins when one is done',
    'shared',
    ['123', '132', '213', '231'],
    `
pools: { crew: { kind: process, size: 2 } }
tasks: { t: { count: 3, pool: crew, steps: [ { update: { shared: shared * 10 + task.index + 1 } } ] } }`,
  ],
  [
    'work that no worker has begun is dropped',
    'n',
    ['1', '12'],
    `
pools: { crew: 1 }
main:
  - { submit: crew, do: [ { update: { n: n * 10 + 1 } } ], as: one }
  - { submit: crew, do: [ { update: { n: n * 10 + 2 } } ], as: two }
  - join: one
  - { close: crew, immediate: true }
  - join: crew`,
  ],
  [
    'a lock: who has given it back may be first again',
    'n',
    ['112', '121'],
    `
locks: { m: {} }${TAKEN_AGAIN}`,
  ],
  [
    'a fair lock: who has given it back stands behind who waits',
    'n',
    ['121'],
    `
locks: { m: { fair: true } }${TAKEN_AGAIN}`,
  ],
  [
    'a fair semaphore serves in the order of arrival, which is any',
    'n',
    ['12', '21'],
    `
semaphores: { s: { permits: 1, fair: true } }
tasks: { t: { count: 2, steps: [ { with: s, do: [ { update: { n: n * 10 + task.index + 1 } } ] } ] } }`,
  ],
  [
    'a fair queue: the first that waits gets the first item',
    'n',
    ['12'],
    `
queues: { q: { fair: true } }
main:
  - { start: a }
  - { await: q.waiting == 1 }
  - { start: b }
  - { await: q.waiting == 2 }
  - { put: q, item: 1 }
  - { put: q, item: 2 }
  - { join: [ a, b ] }
tasks:
  a: { steps: [ { get: q, as: v }, { update: { n: n + v * 10 } } ] }
  b: { steps: [ { get: q, as: v }, { update: { n: n + v } } ] }`,
  ],
  [
    'a process has the vars as they were when it was started',
    '[ n, shared ]',
    ['[5,1]'],
    `
main: [ { set: { n: 1 } }, { start: p }, { set: { n: 5 } }, { join: p } ]
tasks: { p: { kind: process, steps: [ { set: { shared: n } }, { set: { n: 9 } } ] } }`,
  ],
  [
    'a thread sees what is written meanwhile',
    '[ n, shared ]',
    ['[5,1]', '[9,1]', '[9,5]'],
    `
main: [ { set: { n: 1 } }, { start: p }, { set: { n: 5 } }, { join: p } ]
tasks: { p: { steps: [ { set: { shared: n } }, { set: { n: 9 } } ] } }`,
  ],
  [
    'a timed wait for a condition may be notified, or not',
    'n',
    ['1', '2'],
    `
conditions: [ c ]
tasks:
  a: { steps: [ { with: c, do: [ { wait: c, timeout: 1s, as: ok }, { set: { n: "ok ? 1 : 2" } } ] } ] }
  b: { steps: [ { with: c, do: [ { notify: c } ] } ] }`,
  ],
  [
    'a timed wait with `until` looks before it gives up',
    'n',
    ['1', '2'],
    `
conditions: [ c ]
vars: { full: false }
tasks:
  a: { steps: [ { with: c, do: [ { wait: c, until: full, timeout: 1s, as: ok }, { set: { n: "ok == full ? (ok ? 1 : 2) : 3" } } ] } ] }
  b: { steps: [ { with: c, do: [ { set: { full: true } }, { notify: c } ] } ] }`,
  ],
  [
    'one notify wakes one of two',
    'n',
    ['11', '12', '21', '22'],
    `
conditions: [ c ]
tasks:
  a: { count: 2, steps: [ { with: c, do: [ { wait: c, timeout: 1s, as: ok }, { update: { n: "n * 10 + (ok ? 1 : 2)" } } ] } ] }
  b: { steps: [ { with: c, do: [ { notify: c, count: 2 } ] } ] }`,
  ],
  [
    'a barrier is passed by all, when all have come; each has another number',
    'n',
    ['101', '110'],
    `
barriers: { b: 2 }
vars: { came: 0 }
tasks:
  t:
    count: 2
    steps:
      - update: { came: came + 1 }
      - wait: b
        as: number
      - update: { n: "n + (came == 2 ? 50 : 1000) + (task.index == 0 ? number : number * 10)" }`,
  ],
  [
    'a barrier that somebody gave up waiting at is broken for all',
    'n',
    ['0', '2'],
    `
barriers: { gate: 2 }
tasks:
  a: { steps: [ { try: [ { wait: gate, timeout: 1s }, { update: { n: n + 1 } } ], catch: { BrokenBarrierError: [ { print: broken } ] } } ] }
  b: { steps: [ { try: [ { wait: gate }, { update: { n: n + 1 } } ], catch: { BrokenBarrierError: [ { print: broken } ] } } ] }`,
  ],
  [
    'readers-writer lock: what is written under it is read before or after, never between',
    'n',
    ['0', '2'],
    `
rwlocks: [ c ]
vars: { x: 0 }
tasks:
  r: { steps: [ { with: c.read, do: [ { set: { n: x } } ] } ] }
  w: { steps: [ { with: c.write, do: [ { set: { x: 1 } }, { set: { x: 2 } } ] } ] }`,
  ],
  [
    'readers-writer lock: two may read at once',
    'n',
    ['1', '2'],
    `
rwlocks: [ c ]
vars: { most: 0 }
tasks: { r: { count: 2, steps: [ { with: c.read, do: [ { update: { n: "max([ n, c.readers ])" } } ] } ] } }`,
  ],
  [
    'readers-writer lock that prefers nobody: who comes later may read before who waits to write',
    'n',
    ['0', '1'],
    preferring('none'),
  ],
  [
    'readers-writer lock that prefers writers: nobody begins to read while one waits',
    'n',
    ['1'],
    preferring('writers'),
  ],
  [
    'a wait that returns without a notify',
    'n',
    ['0', '1'],
    `
conditions: [ c ]
vars: { full: 0 }
check: { spuriousWakeups: true }
tasks:
  a: { steps: [ { with: c, do: [ { wait: c }, { set: { n: full } } ] } ] }
  b: { steps: [ { with: c, do: [ { set: { full: 1 } } ] }, { while: a.finished == 0, do: [ { with: c, do: [ { notify: c } ] } ] } ] }`,
  ],
  [
    'an event stays set until it is cleared',
    'n',
    ['1', '2'],
    `
events: [ e ]
tasks:
  a: { steps: [ { signal: e }, { clear: e } ] }
  b: { steps: [ { wait: e, timeout: 1s, as: ok }, { set: { n: "ok ? 1 : 2" } } ] }`,
  ],
  [
    'a lifo queue',
    'n',
    ['12', '21'],
    `
queues: { q: { kind: lifo } }
tasks:
  a: { steps: [ { put: q, item: 1 }, { put: q, item: 2 } ] }
  b: { steps: [ { repeat: 2, do: [ { get: q, as: v }, { update: { n: n * 10 + v } } ] } ] }`,
  ],
  [
    'a priority queue of what is in it',
    'n',
    ['123', '213', '231'],
    `
queues: { q: { kind: priority } }
tasks:
  a: { steps: [ { put: q, item: 2, priority: 2 }, { put: q, item: 3, priority: 3 }, { put: q, item: 1, priority: 1 } ] }
  b: { steps: [ { repeat: 3, do: [ { get: q, as: v }, { update: { n: n * 10 + v } } ] } ] }`,
  ],
  [
    'a queue that is closed at once drops what nobody has taken',
    'n',
    ['0', '1', '12'],
    `
queues: { q: {} }
main: [ { put: q, item: 1 }, { put: q, item: 2 }, { start: b }, { close: q, immediate: true }, { join: b } ]
tasks: { b: { steps: [ { for: v, from: q, do: [ { update: { n: n * 10 + v } } ] } ] } }`,
  ],
  [
    'a pipe gives each message to one, in order',
    'n',
    ['12', '21'],
    `
pipes: [ p ]
main: [ { send: p.left, item: 1 }, { send: p.left, item: 2 }, { start: r }, { join: r } ]
tasks: { r: { count: 2, steps: [ { receive: p.right, as: v }, { update: { n: n * 10 + v } } ] } }`,
  ],
  [
    'an rlock is taken again by its owner alone',
    'n',
    ['1122', '2211'],
    `
locks: { r: rlock }
tasks:
  t:
    count: 2
    steps:
      - with: r
        do: [ { update: { n: n * 10 + task.index + 1 } }, { with: r, do: [ { update: { n: n * 10 + task.index + 1 } } ] } ]`,
  ],
  [
    'a semaphore gives several permits at once, or none',
    'n',
    ['12', '21'],
    `
semaphores: { s: 3 }
tasks:
  a: { steps: [ { acquire: s, permits: 2 }, { update: { n: n * 10 + 1 } }, { release: s, permits: 2 } ] }
  b: { steps: [ { acquire: s, permits: 2 }, { update: { n: n * 10 + 2 } }, { release: s, permits: 2 } ] }`,
  ],
  [
    'a lock that its holder took along is told of',
    'n',
    ['0', '1'],
    `
locks: { m: { onHolderExit: fail } }
tasks:
  a: { steps: [ { acquire: m } ] }
  b: { steps: [ { try: [ { acquire: m }, { release: m } ], catch: { OSError: [ { set: { n: 1 } } ] } } ] }`,
  ],
  [
    'a lock that is given back by the end of its holder',
    'n',
    ['1', '12', '2', '21'],
    `
locks: { m: { onHolderExit: release } }
tasks:
  a: { steps: [ { acquire: m, timeout: 1s, as: ok }, { if: ok, then: [ { update: { n: n * 10 + 1 } } ] } ] }
  b: { steps: [ { acquire: m, timeout: 1s, as: ok }, { if: ok, then: [ { update: { n: n * 10 + 2 } } ] } ] }`,
  ],
  [
    'a retry begins again, as often as it may',
    'n',
    ['11', '12', '2'],
    `
tasks:
  a: { retry: { attempts: 2 }, let: { v: 0 }, steps: [ { choose: [ 1, 2 ], as: v }, { update: { n: n * 10 + v } }, { assert: v == 2 } ] }
`,
    ', tasks: { a: [ finished, failed ] }',
  ],
  [
    'a task that is to be done in time, or is ended at any of its steps',
    'shared',
    ['0', '1', '2'],
    `
tasks: { a: { kind: process, timeout: 1s, steps: [ { update: { shared: 1 } }, { update: { shared: 2 } } ] } }`,
    ', tasks: { a: [ finished, failed, terminated ] }',
  ],
  [
    'a task is told to end between any of its steps',
    'shared',
    ['0', '1', '2'],
    `
main: [ { start: a }, { terminate: a }, { join: a } ]
tasks: { a: { kind: process, steps: [ { update: { shared: 1 } }, { update: { shared: 2 } } ] } }`,
    ', tasks: { a: [ finished, terminated ] }',
  ],
  [
    'a needed task is skipped, or not',
    'n',
    ['1', '2'],
    `
tasks:
  a: { let: { v: 0 }, steps: [ { choose: [ 1, 0 ], as: v }, { assert: v == 1 } ] }
  b: { needs: [ a ], steps: [ { update: { n: n + 1 } } ] }
  c: { needs: { a: failed }, steps: [ { update: { n: n + 2 } } ] }`,
    ', tasks: { a: [ finished, failed ], b: [ finished, skipped ], c: [ finished, skipped ] }',
  ],
  [
    'a task is ready when the model says so, or never in time',
    'n',
    ['0', '1', '12', '2', '21'],
    `
tasks:
  server: { daemon: true, ready: { log: up, timeout: 10s, model: { takes: 1s } }, steps: [ { update: { n: n * 10 + 1 } }, { print: up }, { sleep: 1h } ] }
  client: { needs: { server: ready }, steps: [ { update: { n: n * 10 + 2 } } ] }`,
    ', tasks: { client: [ finished, skipped ] }',
  ],
  [
    'the first failure is the end, of all',
    'n',
    ['0', '1', '2'],
    `
failFast: true
tasks:
  a: { steps: [ { fail: broken } ] }
  b: { steps: [ { update: { n: 1 } }, { update: { n: 2 } } ] }`,
    ', tasks: { a: failed, b: [ finished, terminated, notStarted ] }',
  ],
  [
    '`atomic` is one moment, two steps are two',
    'n',
    ['0', '11', '12'],
    `
vars: { x: 0, y: 0 }
tasks:
  a: { steps: [ { atomic: [ { set: { x: 10 } }, { set: { y: 1 } } ] }, { set: { y: 2 } } ] }
  b: { steps: [ { set: { n: x + y } } ] }`,
  ],
  [
    '`await` goes on in a state in which it is true',
    'n',
    ['1', '2'],
    `
vars: { x: 0 }
tasks:
  a: { steps: [ { set: { x: 1 } }, { set: { x: 2 } } ] }
  b: { steps: [ { await: x > 0 }, { set: { n: x } } ] }`,
  ],
  [
    'a wait of no time is tried once',
    'n',
    ['0', '1'],
    `
locks: { m: {} }
tasks:
  a: { steps: [ { with: m, do: [ { print: a } ] } ] }
  b: { steps: [ { acquire: m, timeout: 0s, as: ok }, { if: ok, then: [ { set: { n: 1 } }, { release: m } ] } ] }`,
  ],
];

/** Somebody reads, somebody waits to write; then another one comes to read. */
function preferring(whom: string): string {
  return `
rwlocks: { c: ${whom} }
vars: { x: 0 }
events: [ reading, waiting ]
tasks:
  first: { steps: [ { with: c.read, do: [ { signal: reading }, { await: c.waiting == 1 }, { signal: waiting } ] } ] }
  writer: { steps: [ { wait: reading }, { with: c.write, do: [ { set: { x: 1 } } ] } ] }
  second: { steps: [ { wait: waiting }, { with: c.read, do: [ { set: { n: x } } ] } ] }`;
}

function textOf(outcome: string, scenario: string, more: string): string {
  const own = 'n: 0, shared: { value: 0, shared: true }';
  const withVars = scenario.includes('vars: { ')
    ? scenario.replace('vars: { ', `vars: { ${own}, `)
    : `\nvars: { ${own} }${scenario.startsWith('\n') ? '' : '\n'}${scenario}`;
  return `concur: 1${withVars}
expect: { outcome: "${outcome}", outcomes: [ { is: -99, grade: allowed } ]${more.includes('others') ? '' : ', others: allowed'}${more} }
`;
}

const searches: readonly CheckOptions[] = [
  {},
  { symmetry: false },
  { reduction: false },
  { symmetry: false, reduction: false },
];

describe('all that a scenario can come to', () => {
  it.for(rows)('%s', async ([, outcome, results, scenario, more = '']) => {
    const text = textOf(outcome, scenario, more);
    for (const options of searches) {
      const result = await checked(text, options);
      const { verdict, violation } = result;
      expect({ outcome: verdict.outcome, end: verdict.coverage.end, violation }).toEqual({
        outcome: 'passed',
        end: 'all',
        violation: null,
      });
      expect(outcomesOf(result).results).toEqual(results);
    }
  });
});
