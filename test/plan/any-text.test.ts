/**
 * Whatever a user writes where text, expressions and references stand: there is a plan or there are errors, and every
 * expression of a plan is one that the evaluator takes.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDocument } from '../../engine/document/load.ts';
import { createEvaluator } from '../../engine/expression/evaluator.ts';
import type { Expression } from '../../engine/expression/expression.ts';
import { createPlan } from '../../engine/plan/create-plan.ts';

const open = '$' + '{{';
const word = fc.constantFrom(
  ...[
    open,
    '}}',
    `${open} n }}`,
    `${open} stall.free }}`,
    `${open} params.items }}`,
    'n',
    'x',
    'stall',
    'fork',
    'visitor',
  ],
  ...[
    '.free',
    '.held',
    '.state',
    '[0]',
    '[n]',
    ' ',
    '+',
    '==',
    '"',
    "'",
    '{',
    '}',
    '(',
    ')',
    'map(i, i)',
    '.all(i, i.held)',
  ],
  ...[
    '1',
    '2.5',
    'true',
    'text',
    '\n',
    '\\',
    'é😀',
    '3s',
    'ms',
    '..',
    'random(1, 2)',
    'task.index',
    'range(3)',
    'size(',
  ],
);
const text = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', minLength: 1 }),
);

const scenario = (words: readonly string[]): string => {
  const [a = '', b = '', c = '', d = ''] = words;
  return JSON.stringify({
    concur: 1,
    params: { items: [1, 2] },
    vars: { n: 0 },
    semaphores: { stall: 3 },
    locks: { fork: { count: 2 } },
    queues: ['q'],
    tasks: { visitor: { count: 2, steps: [{ with: 'fork[task.index]', do: [{ print: a }] }] } },
    main: [
      { let: { x: a } },
      { print: b },
      { put: 'q', item: { deep: [c, { more: d }] } },
      // biome-ignore lint/suspicious/noThenProperty: a verb of the language
      { if: c, then: [{ set: { n: d } }] },
      { acquire: d, timeout: '1s', raises: 'ValueError' },
      { for: 'i', in: a, do: [{ print: `${open} i }}${b}` }] },
      { choose: [b, c], as: 'k' },
      { start: c, input: d },
    ],
    expect: { always: [a], output: { contains: [b] }, peak: { stall: 2 } },
  });
};

function* expressionsIn(data: unknown): Generator<Expression> {
  if (typeof data !== 'object' || data === null) return;
  if ('cel' in data && 'reads' in data) yield data as Expression;
  else for (const item of Object.values(data)) yield* expressionsIn(item);
}

test('gives a plan that can be evaluated, or errors', () => {
  const evaluator = createEvaluator({ random: (min) => min });
  fc.assert(
    fc.property(fc.array(text, { minLength: 4, maxLength: 4 }), (words) => {
      const { document } = loadDocument({ file: 'any.yaml', text: scenario(words) });
      fc.pre(document !== undefined);
      const { plan, diagnostics } = createPlan(document!, { drawSeed: () => 1 });
      expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      for (const { span } of diagnostics) expect(span.start).toBeLessThanOrEqual(span.end);
      if (plan === undefined) return;
      for (const expression of expressionsIn(plan.programs)) evaluator.compile(expression);
    }),
    { numRuns: 200 },
  );
});

/** The places that the scenario above has not. */
const second = (words: readonly string[]): string => {
  const [a = '', b = '', c = '', d = ''] = words;
  return JSON.stringify({
    concur: 1,
    params: { items: [1, 2] },
    vars: { n: 0 },
    conditions: { stall: null },
    pipes: { fork: { count: 2 } },
    files: { f: { path: a, content: [b] } },
    pools: { q: 2 },
    barriers: { x: { parties: 2, action: [{ print: a }] } },
    defaults: { env: { A: a }, cwd: b },
    tasks: {
      visitor: { count: 2, env: { B: c }, steps: [{ run: a, env: { C: d }, stdin: b, cwd: c }] },
      other: { pool: 'q', retry: { attempts: 2 }, timeout: '1s', steps: [{ call: d, input: a }] },
    },
    main: [
      { let: { handle: a } },
      { with: 'stall', do: [{ wait: 'stall', until: b, timeout: '1s', as: 'k' }] },
      { notify: 'stall', count: c },
      { send: d, item: a },
      { receive: 'fork[n].left', as: 'k' },
      { run: [a, b], model: { result: { stdout: c } } },
      { load: 'f', as: 'k' },
      { save: 'f', value: { deep: d } },
      { submit: 'q', do: [{ print: a }, { join: b }], as: 'handle' },
      { join: c },
      { wait: 'x' },
    ],
    // biome-ignore lint/suspicious/noThenProperty: a key of the language
    expect: { outcome: a, outcomes: [{ is: b }], leadsTo: { when: c, then: d }, files: { f: a } },
  });
};

test('in the places of conditions, pipes, files, commands and pools too', () => {
  const evaluator = createEvaluator({ random: (min) => min });
  fc.assert(
    fc.property(fc.array(text, { minLength: 4, maxLength: 4 }), (words) => {
      const { document } = loadDocument({ file: 'any.yaml', text: second(words) });
      fc.pre(document !== undefined);
      const { plan, diagnostics } = createPlan(document!, { drawSeed: () => 1 });
      expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      if (plan === undefined) return;
      for (const expression of expressionsIn(plan.programs)) evaluator.compile(expression);
    }),
    { numRuns: 300 },
  );
});

test('in one place of a command or a file at a time gives plans, all of which can be evaluated', () => {
  const evaluator = createEvaluator({ random: (min) => min });
  let plans = 0;
  fc.assert(
    fc.property(text, fc.nat({ max: 3 }), (word, place) => {
      const words = ['1', '1', '1', '1'].map((other, index) => (index === place ? word : other));
      const [command = '', value = '', input = '', extra = ''] = words;
      const source = JSON.stringify({
        concur: 1,
        params: { items: [1, 2] },
        vars: { n: 0 },
        semaphores: { stall: 3 },
        files: ['f'],
        defaults: { env: { A: extra } },
        main: [
          { let: { n: 1 } },
          { run: `x${command}`, stdin: value },
          { save: 'f', value: [value] },
          { call: './a.mjs', input: { input } },
          { acquire: 'stall' },
        ],
      });
      const { document } = loadDocument({ file: 'any.yaml', text: source });
      fc.pre(document !== undefined);
      const { plan } = createPlan(document!, { drawSeed: () => 1 });
      if (plan === undefined) return;
      plans += 1;
      for (const expression of expressionsIn(plan.programs))
        expect(evaluator.compile(expression)).toBeTypeOf('function');
    }),
    { numRuns: 300 },
  );
  expect(plans).toBeGreaterThan(50);
});

test('in one place at a time gives plans too, all of which can be evaluated', () => {
  const evaluator = createEvaluator({ random: (min) => min });
  let plans = 0;
  fc.assert(
    fc.property(text, text, (printed, item) => {
      const source = JSON.stringify({
        concur: 1,
        params: { items: [1, 2] },
        vars: { n: 0 },
        semaphores: { stall: 3 },
        queues: ['q'],
        main: [{ let: { x: 1 } }, { print: printed }, { put: 'q', item: [item] }, { acquire: 'stall' }],
      });
      const { document } = loadDocument({ file: 'any.yaml', text: source });
      fc.pre(document !== undefined);
      const { plan } = createPlan(document!, { drawSeed: () => 1 });
      if (plan === undefined) return;
      plans += 1;
      for (const expression of expressionsIn(plan.programs))
        expect(evaluator.compile(expression)).toBeTypeOf('function');
    }),
    { numRuns: 200 },
  );
  expect(plans).toBeGreaterThan(50);
});
