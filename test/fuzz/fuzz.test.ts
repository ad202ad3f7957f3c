/**
 * Whatever a scenario says, loading it and running it in virtual time ends as one of four: it passed, it failed, it is
 * invalid, it is inconclusive. Never anything else: no exception, no impossible event, no hang.
 *
 * Two sources: valid scenarios with random mistakes in them, and random trees of the language's own words. More of them:
 * `CONCUR_FUZZ=20000 npx vitest run test/fuzz`; another beginning: `CONCUR_FUZZ_SEED=7`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { expectKeys } from '../../engine/document/language/expect-keys.ts';
import { resourceSections, resourceTable } from '../../engine/document/language/resources.ts';
import { scenarioShape, taskShape } from '../../engine/document/language/scenario-keys.ts';
import { stepKeys, verbNames } from '../../engine/document/language/verbs.ts';
import { endingOf } from './ending.ts';

const runs = Number(process.env['CONCUR_FUZZ'] ?? 300);
/** They are large: making one takes longer than running it. */
const trees = Math.ceil(runs / 4);
const options = { seed: Number(process.env['CONCUR_FUZZ_SEED'] ?? 1), numRuns: runs, endOnFailure: true };

const root = new URL('../../', import.meta.url);
const texts = ['scenarios/', 'cli/templates/', 'docs/codes/'].flatMap((folder) =>
  readdirSync(new URL(folder, root)).flatMap((file) => {
    if (!/\.(?:md|yaml)$/.test(file)) return [];
    const text = readFileSync(new URL(folder + file, root), 'utf8');
    return file.endsWith('.md')
      ? [...text.matchAll(/^```yaml good\n(.*?)^```$/gms)].map(([, one = '']) => one)
      : [text];
  }),
);

const endings = new Map<string, number>();

async function endOf(text: string): Promise<void> {
  count(await endingOf(text));
}

function count(ending: string): void {
  endings.set(ending, (endings.get(ending) ?? 0) + 1);
}

const nasty = fc.constantFrom(
  ...['-1', '0', '3', '1e9', '99999999999999999999', '""', '~', 'true', '[]', '{}', '[[]]', '{ a: 1 }'],
  ...['*x', '&x', '!x', '%', '@', '`', '|', '>', ': ', ' #', '- ', '? ', '<<: *x', '\t', '\r', '\u0000'],
  ...['${{', '}}', '${{ }}', '${{ task.name }}', '"${{ 1/0 }}"', '"', "'", '0s', '1ms..2ms', '-5ms', 'main'],
  ...['\ud800', '\ufeff', '\u202e', '漢', '🚻', '---\n', '...\n', '__proto__', 'constructor', 'n[0]', 'x.y'],
);

type Mistake = { readonly kind: number; readonly at: number; readonly other: number; readonly word: string };

const mistakes = fc.array(
  fc.record({
    kind: fc.nat(6),
    at: fc.nat(),
    other: fc.nat(),
    word: fc.oneof(nasty, fc.constantFrom(...verbNames)),
  }),
  { minLength: 1, maxLength: 4 },
);

function withMistake(text: string, { kind, at, other, word }: Mistake): string {
  const lines = text.split('\n');
  const [line, second] = [at % lines.length, other % lines.length];
  const offset = at % (text.length + 1);
  const value = /^( *(?:- )?[\w.]+: *).*$/;
  switch (kind) {
    case 0:
      return text.slice(0, offset) + word + text.slice(offset);
    case 1:
      return text.slice(0, offset) + text.slice(offset + 1 + (other % 5));
    case 2:
      return lines.toSpliced(line, 1).join('\n');
    case 3:
      return lines.toSpliced(line, 0, lines[second] ?? '').join('\n');
    case 4:
      return lines.with(line, ` ${lines[line]}`).join('\n');
    case 5:
      return lines.with(line, (lines[line] ?? '').replace(/\w+/, word)).join('\n');
    default:
      return lines
        .with(
          line,
          (lines[line] ?? '').replace(value, (_, key: string) => key + word),
        )
        .join('\n');
  }
}

test(`${runs} valid scenarios with mistakes`, { timeout: 600_000 }, async () => {
  const one = fc.tuple(fc.constantFrom(...texts), mistakes);
  await fc.assert(
    fc.asyncProperty(one, ([text, made]) => endOf(made.reduce(withMistake, text))),
    options,
  );
  // Mistakes that leave nothing valid, or make nothing wrong, would test nothing.
  expect([...endings.keys()].sort()).toEqual(expect.arrayContaining(['failed', 'invalid', 'passed']));
});

const name = fc.constantFrom('a', 'b', 'c', 'n', 'main');
const expression = fc.constantFrom(
  'n',
  'n + 1',
  'a.waiting == 0',
  'true',
  'b',
  'task.index',
  'n < 3',
  'c.size',
  'zz',
);
const leaf = fc.oneof(
  name,
  expression,
  fc.constantFrom(
    '0s',
    '1ms',
    '0s..5ms',
    'a[0]',
    '${{ n }}',
    'thread',
    'process',
    'fail',
    'finished',
    'Empty',
  ),
  fc.integer({ min: -1, max: 4 }),
  fc.boolean(),
  fc.constant(null),
);

const { step, value } = fc.letrec<{ step: unknown; value: unknown; steps: unknown }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 3 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: tie('steps') },
    { weight: 1, arbitrary: fc.dictionary(name, leaf, { maxKeys: 2 }) },
  ),
  step: fc.constantFrom(...verbNames).chain((verb) => {
    const keys = Object.entries(stepKeys(verb)).filter(([key]) => key !== 'verb');
    const needed = keys.filter(([, key]) => key.required).map(([key]) => key);
    return fc.record(Object.fromEntries(keys.map(([key]) => [key, tie('value')])), { requiredKeys: needed });
  }),
})) as unknown as { readonly step: fc.Arbitrary<object>; readonly value: fc.Arbitrary<unknown> };

const some = (keys: readonly string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
const resources = Object.fromEntries(
  resourceSections.map((section) => [
    section,
    fc.oneof(
      fc.array(name, { maxLength: 2 }),
      fc.dictionary(name, fc.oneof(leaf, some(Object.keys(resourceTable[section].keys))), { maxKeys: 2 }),
    ),
  ]),
);
const steps = fc.array(step, { maxLength: 4 });
const scenario = fc.record(
  {
    ...Object.fromEntries(Object.keys(scenarioShape.keys).map((key) => [key, value])),
    ...resources,
    concur: fc.constant(1),
    main: steps,
    tasks: fc.dictionary(
      name,
      fc.tuple(some(Object.keys(taskShape.keys)), steps).map(([task, own]) => ({ ...task, steps: own })),
      { maxKeys: 2 },
    ),
    expect: some(Object.keys(expectKeys)),
  },
  { requiredKeys: ['concur', 'main'] },
);

test(`${trees} random trees`, { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, (tree) => endOf(stringify(tree))),
    { ...options, numRuns: trees },
  );
});

/** Steps that fit their resources, so that what they do together is tried, not only what is wrong with them. */
const fitting = fc.constantFrom(
  ...[
    '{ acquire: l, timeout: 1ms, as: x }',
    '{ release: l }',
    '{ with: s, do: [ { sleep: 1ms } ] }',
    '{ put: q, item: 1, timeout: 2ms }',
  ],
  ...[
    '{ get: q, timeout: 1ms, as: x }',
    '{ signal: e }',
    '{ clear: e }',
    '{ wait: e, timeout: 1ms }',
    '{ wait: b, timeout: 3ms }',
  ],
  ...[
    '{ abort: b }',
    '{ reset: b }',
    '{ with: c, do: [ { wait: c, timeout: 1ms } ] }',
    '{ with: c, do: [ { notify: c, count: all } ] }',
  ],
  ...[
    '{ close: q }',
    '{ set: { n: n + 1 } }',
    '{ update: { n: n * 2 } }',
    '{ await: n > 2, timeout: 2ms }',
    '{ join: q, timeout: 1ms }',
  ],
  ...[
    '{ task_done: q }',
    '{ send: p.left, item: 1 }',
    '{ receive: p.right, timeout: 1ms, as: x }',
    '{ close: p.left }',
    '{ exit: 3 }',
  ],
  ...[
    '{ submit: w, do: [ { print: x } ], as: h }',
    '{ join: w }',
    '{ fail: x }',
    '{ start: t }',
    '{ join: t, timeout: 1ms }',
  ],
  ...[
    '{ terminate: t }',
    '{ kill: t }',
    '{ repeat: 3, do: [ { acquire: s } ] }',
    '{ release: s }',
    '{ for: i, from: q, do: [ continue ] }',
  ],
  ...[
    '{ wait: c }',
    '{ get: q }',
    '{ acquire: l }',
    '{ join: u }',
    '{ start: u }',
    '{ return: true }',
    '{ sleep: 0s..3ms }',
  ],
);

test(`${runs} random programs`, { timeout: 600_000 }, async () => {
  const list = fc.array(
    fc.oneof(
      fitting,
      fitting.map((one) => `{ try: [ ${one} ], catch: { any: [] } }`),
    ),
    { maxLength: 6 },
  );
  const program = fc.tuple(
    list,
    list,
    list,
    fc.constantFrom('thread', 'process'),
    fc.boolean(),
    fc.boolean(),
  );
  const whole = program.map(
    ([main, t, u, kind, daemon, fair]) => `concur: 1
vars: { n: { value: 0, shared: true } }
locks: { l: { fair: ${fair} } }
semaphores: { s: { permits: 2, fair: ${fair} } }
queues: { q: 2 }
events: [e]
barriers: { b: 2 }
conditions: [c]
pipes: [p]
pools: { w: 2 }
main: [ ${main.join(', ')} ]
tasks:
  t: { kind: ${kind}, daemon: ${daemon}, count: 2, steps: [ ${t.join(', ')} ] }
  u: { kind: thread, steps: [ ${u.join(', ')} ] }
`,
  );
  await fc.assert(fc.asyncProperty(whole, endOf), options);
});
