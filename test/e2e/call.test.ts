/**
 * `call`: functions of the user's own in threads and processes, with the verbs of steps, and whatever they do wrong.
 */
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur } from './concur-run.ts';
import { kinds } from './scenarios-of-kind.ts';
import { scratch } from './scratch.ts';

scratch(
  'work.mjs',
  `
export default (input) => input;
export function describe(input, context) {
  context.print(\`\${context.task.name} prints\`);
  console.log('logs', input.large);
  process.stdout.write('in two ');
  process.stdout.write('pieces\\n');
  return { type: typeof input.small + ' ' + typeof input.large, large: input.large + 1n, half: 1.5, whole: 2.0, nothing: undefined };
}
export async function add(input, context) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  for (let i = 0; i < 50; i++) context.with('mutex', () => { context.vars.n = context.vars.n + 1; });
}
export function unlocked(input, context) {
  const n = context.vars.n;
  context.wait('all');
  context.vars.n = n + 1;
}
export function produce(input, context) {
  for (let i = 1; i <= 100; i++) context.put('items', { i });
  context.put('items', null);
}
export function consume(input, context) {
  let sum = 0;
  for (let item = context.get('items'); item !== null; item = context.get('items')) sum += item.i;
  return sum;
}
export function full(input, context) { context.put('one', 1); context.put('one', 2, { timeout: '5ms' }); }
export function tries(input, context) { return context.acquire('taken', { timeout: 5 }); }
export function released(input, context) { context.release('mutex'); }
export function unknown(input, context) { context.acquire('nobody'); }
export function wrongVerb(input, context) { context.put('mutex', 1); }
export function throws() { throw new RangeError('not good'); }
export async function rejects() { await null; throw new TypeError('not good either'); }
export function later() { setTimeout(() => { throw new Error('too late'); }); return new Promise(() => {}); }
export function exits() { process.exit(4); }
export function map() { return new Map(); }
export const constructs = () => [{ constructor: 1 }];
export function huge() { return 2n ** 63n; }
export function forever() { for (;;); }
export function never() { return new Promise(() => {}); }
export function blocked(input, context) { context.print('waits'); context.get('items'); }
export function swallows(input, context) { for (;;) { try { context.get('items'); } catch {} } }
export function grabs(input, context) { context.acquire('mutex'); context.signal('grabbed'); context.acquire('taken'); }
export function square(n) { return { square: n * n, of: n }; }
export function counts(input, context) {
  for (let i = 0; i < 200; i++) { context.update('n', (n) => n + 1); context.update('cells[1]', (n) => n + 1); }
}
export function cells(input, context) {
  context.vars['state[2]'] = 7;
  context.print([context.vars.state, context.vars['state[2]'], context.update('state[0]', (old) => old + 1), context.vars['state[0]']]);
  for (const wrong of ['state', 'state[3]', 'n[0]', 'nothing'])
    try { context.update(wrong, () => 0); } catch (error) { context.print(error.name + ': ' + error.message); }
}
export function breaks(input, context) {
  context.abort('gate');
  try { context.wait('gate'); } catch (error) { context.print(error.name); }
  context.wait('seen');
  context.reset('gate');
  context.wait('gate');
}
export const number = 1;
export function meets(input, context) { return context.wait('gate'); }
export function tells(input, context) {
  try { context[input.verb](input.name); } catch (error) { context.print(error.name + ': ' + error.message); }
}
`,
);
scratch(
  'types.ts',
  `import { type Count, more } from './more.ts';
export function typed(input: Count): number { return more(input) as number; }
`,
);
scratch('more.ts', 'export type Count = number;\nexport const more = (count: Count): Count => count + 1;\n');
scratch('enum.ts', 'enum Not { Erased }\nexport const never = () => Not.Erased;\n');

/** Runs a scenario beside `work.mjs`. */
async function run(name: string, text: string) {
  return concur(['run', scratch(`${name}.yaml`, `concur: 1\n${text}`)]);
}

describe.each(kinds)('functions of tasks of kind %s', (kind) => {
  it('get their input, print, and give a result', async () => {
    const { code, stdout } = await run(
      `values-${kind}`,
      `
tasks:
  t:
    kind: ${kind}
    steps:
      - call: ./work.mjs#describe
        input: { small: "\${{ 1 }}", large: "\${{ 9007199254740993 }}" }
        as: result
      - print: \${{ result }}
      - call: ./work.mjs
        input: [1, two]
        as: same
      - print: \${{ same }}
expect:
  output:
    equals:
      - t prints
      - logs 9007199254740993n
      - in two pieces
      - '{"half":1.5,"large":9007199254740994,"nothing":null,"type":"number bigint","whole":2}'
      - '[1,"two"]'
`,
    );
    expect(code, stdout).toBe(0);
  });

  it('wait for each other as steps do', async () => {
    const { code, stdout } = await run(
      `wait-${kind}`,
      `
locks: [mutex]
queues: { items: 3 }
vars: { n: { value: 0, shared: true } }
tasks:
  adder: { kind: ${kind}, count: 3, steps: [ { call: ./work.mjs#add } ] }
  stepper: { kind: ${kind}, steps: [ { repeat: 50, do: [ { with: mutex, do: [ { set: { n: n + 1 } } ] } ] } ] }
  producer: { kind: ${kind}, call: ./work.mjs#produce }
  consumer: { kind: ${kind}, steps: [ { call: ./work.mjs#consume, as: sum }, { print: "\${{ sum }}" } ] }
expect:
  finally: [ n == 200 ]
  output: { equals: [ "5050" ] }
  peak: { mutex: 1 }
`,
    );
    expect(code, stdout).toBe(0);
  });

  it('fail by name, with the place in their file', async () => {
    const names = [
      'full',
      'released',
      'unknown',
      'wrongVerb',
      'throws',
      'rejects',
      'later',
      'exits',
      'map',
      'constructs',
      'huge',
      'number',
    ];
    const steps = names.map(
      (name) => `
      - try: [ { call: "./work.mjs#${name}" } ]
        catch: { any: [ { print: "${name}: \${{ e.name }}: \${{ e.message }}" } ] }
        as: e`,
    );
    const { code, stdout } = await run(
      `fail-${kind}`,
      `
locks: [mutex]
queues: { one: 1 }
tasks:
  t:
    kind: ${kind}
    steps:${steps.join('')}
`,
    );
    expect(code, stdout).toBe(0);
    for (const line of [
      /full: Full: \(at work\.mjs:\d+:\d+\)/,
      /released: RuntimeError: release unlocked lock \(at work\.mjs:\d+:\d+\)/,
      /unknown: NameError: there is no resource and no task called 'nobody' \(at work\.mjs/,
      /wrongVerb: TypeError: 'mutex' is a lock: it has no put \(at work\.mjs/,
      /throws: RangeError: not good \(at work\.mjs:\d+:\d+\)/,
      /rejects: TypeError: not good either \(at work\.mjs:\d+:\d+\)/,
      /later: Error: too late \(at work\.mjs:\d+:\d+\)/,
      /exits: RuntimeError: the function ended its thread with code 4 \(at work\.mjs/,
      /map: TypeError: a Map is no value of a scenario: give plain objects and lists\n/,
      /constructs: TypeError: `constructor` cannot be a key of a map\n/,
      /huge: OverflowError: 9223372036854775808 is no integer of 64 bits\n/,
      /number: AttributeError: '\.\/work\.mjs' exports no function 'number': it exports /,
    ])
      expect(stdout).toMatch(line);
  });

  it.each(['forever', 'never', 'blocked', 'swallows'])(
    '%s: ends at its timeout, and the task goes on',
    async (name) => {
      const { code, stdout } = await run(
        `timeout-${kind}-${name}`,
        `
queues: [items]
locks: [mutex]
vars: { n: { value: 0, shared: true } }
tasks:
  t:
    kind: ${kind}
    steps:
      - call: "./work.mjs#${name}"
        timeout: 100ms
        onTimeout: [ { print: late } ]
      - call: ./work.mjs#add
      - print: \${{ n }}
`,
      );
      expect(code, stdout).toBe(0);
      expect(stdout).toMatch(/t \| late\nt \| 50\n/);
    },
  );

  it('are begun and given up at any moment, and the next ones are done', async () => {
    const { code, stdout } = await run(
      `given-up-${kind}`,
      `
locks: [mutex]
vars: { n: { value: 0, shared: true } }
tasks:
  t:
    kind: ${kind}
    count: 2
    steps:
      - repeat: 12
        do:
          - { call: "./work.mjs#never", timeout: 1ms..60ms, onTimeout: [] }
          - call: ./work.mjs#add
      - { call: "./work.mjs#exits", raises: RuntimeError }
      - repeat: 30
        do: [ { call: ./work.mjs#add } ]
expect: { vars: { n: ${2 * 42 * 50} } }
`,
    );
    expect(code, stdout).toBe(0);
  });

  it('wait at barriers, and do the action if they come last', async () => {
    const { code, stdout } = await run(
      `barrier-${kind}`,
      `
locks: [mutex]
vars: { n: { value: 0, shared: true } }
barriers:
  gate:
    parties: 2
    action:
      - with: mutex
        do: [ { set: { n: n + 1 } }, { sleep: 1ms } ]
      - if: n == 3
        then: [ { print: "\${{ n }} times" } ]
tasks:
  f: { kind: ${kind}, steps: [ { repeat: 10, do: [ { call: ./work.mjs#meets } ] } ] }
  g: { kind: ${kind}, steps: [ { repeat: 10, do: [ { wait: gate } ] } ] }
expect: { vars: { n: 10 }, output: { count: { "3 times": 1 } } }
`,
    );
    expect(code, stdout).toBe(0);
  });

  it('catch what a barrier, or whoever closes a queue, throws at them', async () => {
    const { code, stdout } = await run(
      `catches-${kind}`,
      `
queues: [items]
barriers:
  gate: { parties: 2, action: [ { fail: no good } ] }
  lonely: { parties: 2, timeout: 50ms }
  calls: { parties: 1, action: [ { run: 'true' } ] }
tasks:
  f: { kind: ${kind}, count: 2, steps: [ { call: ./work.mjs#tells, input: { verb: wait, name: gate } } ] }
  g: { kind: ${kind}, steps: [ { call: ./work.mjs#tells, input: { verb: get, name: items } } ] }
  h: { kind: ${kind}, steps: [ { call: ./work.mjs#tells, input: { verb: wait, name: lonely } } ] }
  i: { kind: ${kind}, steps: [ { call: ./work.mjs#tells, input: { verb: wait, name: calls } } ] }
  closer: { kind: ${kind}, steps: [ { sleep: 300ms }, { close: items } ] }
`,
    );
    expect(code, stdout).toBe(0);
    for (const line of [
      /f\[[01]\] \| Exception: no good\n/,
      /f\[[01]\] \| BrokenBarrierError: ?\n/,
      /g \| ShutDown: ?\n/,
      /h \| BrokenBarrierError: ?\n/,
      /i \| TypeError: the action of 'calls' runs commands or functions, or was called by it: wait for it in a step\n/,
    ])
      expect(stdout).toMatch(line);
  });

  it('are seen in a deadlock', async () => {
    const { code, stdout } = await run(
      `deadlock-${kind}`,
      `
locks: [mutex, taken]
events: [grabbed]
tasks:
  one: { kind: ${kind}, call: ./work.mjs#grabs }
  two: { kind: ${kind}, steps: [ { acquire: taken }, { wait: grabbed }, { acquire: mutex } ] }
expect: { deadlock: certain }
`,
    );
    expect(stdout).toMatch(/one.*taken/);
    expect(stdout).not.toContain('bug in concur');
    expect(code, stdout).not.toBe(70);
  });

  it.each(['forever', 'never', 'blocked', 'swallows'])('%s: ends with the run', async (name) => {
    const file = scratch(
      `stop-${kind}-${name}.yaml`,
      `concur: 1\nqueues: [items]\ntasks: { t: { kind: ${kind}, steps: [ { print: begins }, { call: "./work.mjs#${name}" } ] }, s: { steps: [ { sleep: 1h } ] } }\n`,
    );
    await using stopped = new ConcurRun(['run', file]);
    await stopped.output(/begins/);
    stopped.signal('SIGINT');
    const { code, stderr } = await stopped.end();
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: '',
    });
    expect(stopped.family()).toEqual([]);
  });

  it('end with their task', async () => {
    const { code, stdout } = await run(
      `terminate-${kind}`,
      `
queues: [items]
main:
  - start: [loops, waits]
  - sleep: 300ms
  - terminate: [loops, waits]
  - join: [loops, waits]
  - print: both are gone
tasks:
  loops: { kind: ${kind}, call: ./work.mjs#forever }
  waits: { kind: ${kind}, call: ./work.mjs#blocked }
expect: { tasks: { loops: terminated, waits: terminated } }
`,
    );
    expect(code, stdout).toBe(0);
  });
});

describe('a var', () => {
  it('is read and written one moment each: updates are lost', async () => {
    const { code, stdout } = await run(
      'lost',
      'vars: { n: 0 }\nbarriers: { all: 5 }\ntasks: { t: { count: 5, call: ./work.mjs#unlocked } }\nexpect: { vars: { n: 1 } }\n',
    );
    expect(code, stdout).toBe(0);
  });
});

describe('what cannot be loaded', () => {
  it('is an error of the step', async () => {
    const { code, stdout } = await run(
      'missing',
      'main: [ { call: ./nowhere.mjs, raises: ModuleNotFoundError } ]\n',
    );
    expect(code, stdout).toBe(0);
  });

  it.each(kinds)(
    'TypeScript runs in a %s where this Node can, and else says which Node can',
    async (kind) => {
      const canStrip = process.features as { readonly typescript?: unknown };
      const { code, stdout } = await run(
        'types',
        `tasks: { t: { kind: ${kind}, steps: [ { call: "./types.ts#typed", input: 1, as: r }, { print: "\${{ r }}" } ] } }\n`,
      );
      if (canStrip.typescript) expect(stdout).toContain('t | 2');
      else
        expect(stdout).toMatch(
          /ImportError: '\.\/types\.ts': this Node, v.*, cannot load TypeScript: that takes 22\.18/,
        );
      expect(code).toBe(canStrip.typescript ? 0 : 1);
    },
  );

  it('TypeScript that is more than types fails the step by Node’s own error', async () => {
    const canStrip = process.features as { readonly typescript?: unknown };
    const name = canStrip.typescript ? 'SyntaxError' : 'ImportError';
    const { code, stdout } = await run('enum', `main: [ { call: "./enum.ts#never", raises: ${name} } ]\n`);
    expect(code, stdout).toBe(0);
  });

  it('without real time nothing is called', async () => {
    const input = 'concur: 1\nmain: [ { call: ./work.mjs } ]\n';
    const { code, stdout, stderr } = await concur(['run', '-', '--virtual'], { input });
    expect(code, stdout).toBe(2);
    expect(stderr).toContain('error[missing-model]');
  });
});

const jobs = `
pools: { workers: { kind: KIND, size: 2 } }
main:
  - for: n
    in: [1, 2, 3]
    do:
      - submit: workers
        call: ./work.mjs#square
        input: \${{ n }}
        model: { takes: 1ms..9ms, result: "\${{ { 'square': n * n, 'of': task.input[0] } }}" }
        as: job
      - let: { jobs: "has(jobs.none) ? [job] : jobs + [job]" }
  - join: jobs[2]
    as: last
  - print: \${{ last }}
  - join: [ "jobs[0]", "jobs[1]" ]
    as: both
  - print: \${{ both }}
  - join: jobs[0]
    timeout: 1m
    as: over
  - print: \${{ over }}
`.replace('main:\n', 'main:\n  - let: { jobs: { none: true } }\n');

const squares = ['{"of":3,"square":9}', '[{"of":1,"square":1},{"of":2,"square":4}]', 'true'];

describe('vars and barriers', () => {
  it.each(kinds)('are updated as one moment by functions and steps of kind %s', async (kind) => {
    const { code, stdout } = await run(
      `updates-${kind}`,
      `
vars: { n: { value: 0, shared: true }, cells: { count: 2, value: 0, shared: true } }
tasks:
  called: { kind: ${kind}, count: 2, steps: [ { call: ./work.mjs#counts } ] }
  step: { kind: ${kind}, steps: [ { repeat: 200, do: [ { update: { n: n + 1 } } ] } ] }
expect: { vars: { n: 600 }, races: never, finally: [ "cells[1] == 400" ] }
`,
    );
    expect(code, stdout).toBe(0);
    expect(stdout).not.toContain('data race  ');
  });

  it('are cells of arrays by name; what is no cell is an error', async () => {
    const { code, stdout } = await run(
      'cells',
      'vars: { n: 0, state: { count: 3, value: 1 } }\nmain: [ { call: ./work.mjs#cells } ]\n',
    );
    expect(code, stdout).toBe(0);
    for (const line of [
      '[[1,1,7],7,1,2]',
      "TypeError: 'state' is an array: say which cell, as in 'state[0]'",
      'IndexError: state[3] does not exist: state has 3 cells',
      "TypeError: 'n' is one value, not an array",
      "NameError: there is no var called 'nothing'",
    ])
      expect(stdout).toContain(`main | ${line}`);
  });

  it('are broken and mended', async () => {
    const { code, stdout } = await run(
      'barrier',
      `
barriers: { gate: 2 }
events: [seen]
tasks:
  called: { steps: [ { call: ./work.mjs#breaks } ] }
  step: { steps: [ { await: gate.broken }, { signal: seen }, { await: "!gate.broken" }, { wait: gate } ] }
expect: { output: { equals: [ BrokenBarrierError ] } }
`,
    );
    expect(code, stdout).toBe(0);
  });
});

describe('work of a pool', () => {
  it.each(kinds)(
    'is called on its workers, of kind %s, and whoever joins it gets what it gave',
    async (kind) => {
      const { code, stdout } = await run(`pool-${kind}`, jobs.replace('KIND', kind));
      expect(code, stdout).toBe(0);
      expect(stdout.split('\n').filter((line) => line.startsWith('main |'))).toEqual(
        squares.map((line) => `main | ${line}`),
      );
    },
  );

  it('gives what its model says where there is no real time', async () => {
    const { code, stdout } = await concur([
      'run',
      scratch('modelled.yaml', `concur: 1\n${jobs.replace('KIND', 'thread')}`),
      '--virtual',
    ]);
    expect(code, stdout).toBe(0);
    for (const line of squares) expect(stdout).toContain(`main | ${line}`);
  });

  it('gives its end where it is steps, and its error where the function fails', async () => {
    const { code, stdout } = await run(
      'pool-ends',
      `
pools: { worker: 1 }
main:
  - submit: worker
    do: { print: works }
    as: job
  - join: job
    as: end
  - submit: worker
    call: ./work.mjs#throws
    as: bad
  - try:
      - join: bad
        as: never
    catch: { any: { print: "\${{ end.state }}, \${{ error.name }}" } }
    as: error
expect: { output: { equals: [ works, "finished, RangeError" ] } }
`,
    );
    expect(code, stdout).toBe(0);
  });
});
