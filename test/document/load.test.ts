/**
 * Good scenarios: what a document holds, and where its parts stand.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Document, Path } from '../../engine/document/document.ts';
import { expectKeys } from '../../engine/document/language/expect-keys.ts';
import { resourceSections, resourceTable } from '../../engine/document/language/resources.ts';
import { scenarioShape, taskShape } from '../../engine/document/language/scenario-keys.ts';
import { stepKeys, verbNames, verbTable } from '../../engine/document/language/verbs.ts';
import { loadDocument } from '../../engine/document/load.ts';

function load(text: string): Document {
  const { document, diagnostics } = loadDocument({ file: 'test.yaml', text });
  expect(diagnostics).toEqual([]);
  return document!;
}

function textAt(document: Document, path: Path, part?: 'key' | 'value'): string {
  const { start, end } = document.spanAt(path, part);
  return document.source.text.slice(start, end);
}

test('the scenario of the reference', () => {
  const text = readFileSync(new URL('./good/toilet.yaml', import.meta.url), 'utf8');
  const document = load(text);
  expect(document.scenario).toEqual({
    concur: 1n,
    name: 'toilet',
    description: 'Thirteen visitors, three stalls. Never more than three inside.',
    params: { visitors: 13n, stalls: 3n },
    semaphores: { stall: { permits: '${{ params.stalls }}' } },
    tasks: {
      visitor: {
        kind: 'process',
        count: '${{ params.visitors }}',
        steps: [
          {
            verb: 'with',
            with: ['stall'],
            do: [
              { verb: 'print', print: '${{ task.name }} takes a stall' },
              { verb: 'sleep', sleep: '0s..3s' },
            ],
          },
          { verb: 'print', print: '${{ task.name }} is relieved' },
        ],
      },
    },
    expect: {
      peak: { stall: '${{ params.stalls }}' },
      output: { count: { 'takes a stall': '${{ params.visitors }}' } },
      always: ['stall.holders <= params.stalls'],
    },
  });
  expect(textAt(document, ['tasks', 'visitor', 'steps', 0, 'do', 1, 'sleep'])).toBe('0s..3s');
  expect(textAt(document, ['tasks', 'visitor', 'steps', 0, 'do', 1, 'sleep'], 'key')).toBe('sleep');
});

test('the smallest scenario', () => {
  expect(load('concur: 1\nmain:\n  print: hello\n').scenario.main).toEqual([
    { verb: 'print', print: 'hello' },
  ]);
});

describe('one form of each thing', () => {
  const main = 'concur: 1\nmain: []\n';
  const cases: readonly (readonly [text: string, key: string, value: unknown])[] = [
    ['locks: [a, b]', 'locks', { a: {}, b: {} }],
    ['locks:', 'locks', {}],
    [
      'locks: { a: rlock, b: { fair: true }, c: }',
      'locks',
      { a: { kind: 'rlock' }, b: { fair: true }, c: {} },
    ],
    [
      'semaphores: { a: 3, b: { permits: 2, bounded: true } }',
      'semaphores',
      { a: { permits: 3n }, b: { permits: 2n, bounded: true } },
    ],
    ['conditions: { c: mutex }', 'conditions', { c: { lock: 'mutex' } }],
    ['events: { e: true }', 'events', { e: { set: true } }],
    ['barriers: { b: 3 }', 'barriers', { b: { parties: 3n } }],
    ['queues: [q]', 'queues', { q: {} }],
    ['pipes: [p]', 'pipes', { p: {} }],
    ['files: { f: tickets.json }', 'files', { f: { path: 'tickets.json' } }],
    ['pools: { p: 4 }', 'pools', { p: { size: 4n } }],
    [
      'vars: { n: 100, l: [1, 2.5], t: text, s: { value: { a: 1 }, shared: true } }',
      'vars',
      {
        n: { value: 100n },
        l: { value: [1n, 2.5] },
        t: { value: 'text' },
        s: { value: { a: 1n }, shared: true },
      },
    ],
    ['tags: one', 'tags', ['one']],
    [
      'expect: { always: n > 0, output: { contains: a }, tasks: { t: finished, u: [failed, skipped], v: { failed: 2 } } }',
      'expect',
      {
        always: ['n > 0'],
        output: { contains: ['a'] },
        tasks: { t: { state: ['finished'] }, u: { state: ['failed', 'skipped'] }, v: { failed: 2n } },
      },
    ],
    ['routines: { r: { print: x } }', 'routines', { r: [{ verb: 'print', print: 'x' }] }],
    [
      'cases: [ { name: a, expect: { always: null, deadlock: possible } } ]',
      'cases',
      [{ name: 'a', expect: { always: null, deadlock: 'possible' } }],
    ],
    [
      'tasks: { t: { run: true, needs: [a] } }',
      'tasks',
      { t: { needs: { a: 'finished' }, steps: [{ verb: 'run', run: 'true' }] } },
    ],
    [
      'tasks: { t: { run: [sleep, 1.50] } }',
      'tasks',
      { t: { steps: [{ verb: 'run', run: ['sleep', '1.50'] }] } },
    ],
    [
      'routines: { r: [ break, { break: true } ] }',
      'routines',
      {
        r: [
          { verb: 'break', break: true },
          { verb: 'break', break: true },
        ],
      },
    ],
    ['routines: { r: { join: [a, b] } }', 'routines', { r: [{ verb: 'join', join: ['a', 'b'] }] }],
    [
      'routines: { r: { with: a, do: { set: { "x[0]": 1 } } } }',
      'routines',
      { r: [{ verb: 'with', with: ['a'], do: [{ verb: 'set', set: { 'x[0]': 1n } }] }] },
    ],
  ];
  test.each(cases)('%s', (text, key, value) => {
    expect(Object.entries(load(`${main}${text}\n`).scenario).find(([name]) => name === key)?.[1]).toEqual(
      value,
    );
  });
});

describe('where things stand', () => {
  test('what was shorthand stands where it was written', () => {
    const document = load(
      'concur: 1\nsemaphores: { stall: 3 }\ntasks:\n  t:\n    run: echo hello\n  u:\n    steps:\n      - break\n',
    );
    expect(textAt(document, ['semaphores', 'stall', 'permits'])).toBe('3');
    expect(textAt(document, ['semaphores', 'stall'], 'key')).toBe('stall');
    expect(textAt(document, ['tasks', 't', 'steps', 0, 'run'])).toBe('echo hello');
    expect(textAt(document, ['tasks', 't', 'steps', 0])).toBe('run: echo hello');
    expect(textAt(document, ['tasks', 'u', 'steps', 0, 'verb'])).toBe('break');
  });

  test('through aliases and merge keys', () => {
    const document = load(`concur: 1
tasks:
  one: &one
    kind: process
    steps: &steps
      - print: hello
  two:
    <<: *one
    kind: thread
  three:
    steps: *steps
`);
    expect(document.scenario.tasks?.['two']).toEqual({
      kind: 'thread',
      steps: [{ verb: 'print', print: 'hello' }],
    });
    expect(document.scenario.tasks?.['three']).toEqual({ steps: [{ verb: 'print', print: 'hello' }] });
    expect(textAt(document, ['tasks', 'two', 'kind'])).toBe('thread');
    expect(textAt(document, ['tasks', 'two', 'steps', 0, 'print'])).toBe('hello');
    expect(textAt(document, ['tasks', 'three', 'steps'])).toBe('*steps');
    expect(textAt(document, ['tasks', 'three', 'steps', 0, 'print'])).toBe('hello');
  });

  test('of several merged mappings the first wins', () => {
    const { scenario } = load(
      'concur: 1\nmain: []\nvars:\n  a: &a { value: 1, shared: true }\n  b: &b { value: 2, count: 3 }\n  c: { <<: [ *a, *b ] }\n',
    );
    expect(scenario.vars?.['c']).toEqual({ value: 1n, shared: true, count: 3n });
  });

  test('a path that leads nowhere stands at the nearest place around it', () => {
    const document = load('concur: 1\nmain:\n  - print: hello\n');
    expect(textAt(document, ['main', 0, 'timeout'])).toBe('print: hello');
    expect(textAt(document, ['main', 7])).toBe('- print: hello');
    expect(textAt(document, ['expect', 'always', 0])).toBe(document.source.text.trimEnd());
  });

  test('a value that is nothing stands at its key', () => {
    const document = load('concur: 1\nmain: []\nlocks:\n  mutex:\n');
    expect(textAt(document, ['locks', 'mutex'])).toBe('mutex');
  });

  test('with Windows line ends and a byte order mark', () => {
    const document = load('\ufeffconcur: 1\r\nmain:\r\n  - print: hello\r\n');
    expect(document.scenario.main).toEqual([{ verb: 'print', print: 'hello' }]);
    expect(textAt(document, ['main', 0])).toBe('print: hello');
  });
});

describe('the examples of the reference load', () => {
  const indented = (text: string, by: string) => text.replaceAll(/^/gm, by);
  const program = 'concur: 1\nmain: []\n';

  test.each(verbNames)('%s', (verb) => {
    const { scenario } = load(`concur: 1\nmain:\n${indented(verbTable[verb].example, '  ')}\n`);
    expect(scenario.main?.map((step) => step.verb)).toEqual([verb]);
  });

  test.each(
    Object.entries(scenarioShape.keys).filter(([name]) => !['concur', 'main', 'tasks'].includes(name)),
  )('%s', (name, { example }) => {
    expect(load(`${program}${example}\n`).scenario).toHaveProperty(name);
  });

  test.each(
    resourceSections.flatMap((section) =>
      Object.entries(resourceTable[section].keys).map(([name, key]) => [section, name, key.example] as const),
    ),
  )('%s: %s', (section, name, example) => {
    const parties = section === 'barriers' && name !== 'parties' ? 'parties: 2\n' : '';
    const declared = load(`${program}${section}:\n  it:\n${indented(parties + example, '    ')}\n`).scenario[
      section
    ];
    expect(declared?.['it']).toHaveProperty(name);
  });

  test.each(Object.entries(taskShape.keys))('a task with %s', (name, { example }) => {
    const steps = ['steps', 'run', 'call'].includes(name) ? '' : '\n    steps: []';
    const { tasks } = load(`concur: 1\ntasks:\n  t:\n${indented(example, '    ')}${steps}\n`).scenario;
    expect(tasks?.['t']).toHaveProperty(['run', 'call'].includes(name) ? 'steps' : name);
  });

  test.each(Object.entries(expectKeys))('expect: %s', (name, { example }) => {
    expect(load(`${program}expect:\n${indented(example, '  ')}\n`).scenario.expect).toHaveProperty(name);
  });

  test.each(
    verbNames.flatMap((verb) =>
      Object.entries(stepKeys(verb)).map(([name, key]) => [verb, name, key.example] as const),
    ),
  )('%s with %s', (verb, name, example) => {
    const own = verbTable[verb].example.split('\n');
    const keys = own
      .filter((line) => /^(?:- | {2})\S/.test(line))
      .map((line) => line.slice(2).replace(/:.*/, ''));
    const needsTimeout = name === 'onTimeout' ? '    timeout: 1s\n' : '';
    if (
      keys.includes(name) ||
      (verb === 'submit' && (name === 'call' || name === 'model')) ||
      ['in', 'input', 'until'].includes(name)
    )
      return;
    const written = verbTable[verb].bare ? `- ${verb}: true` : verbTable[verb].example;
    const { scenario } = load(
      `concur: 1\nmain:\n${indented(written, '  ')}\n${needsTimeout}${indented(example, '    ')}\n`,
    );
    expect(scenario.main?.[0]).toHaveProperty(name);
  });
});
