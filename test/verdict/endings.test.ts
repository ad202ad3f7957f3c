/**
 * Every kind of expectation beside every way in which a run can end. Of a run that was broken off nothing passes but what no
 * end could have changed, and the run itself never does; of a run that came to an end of its own, though it is an unusual
 * one, everything is judged: what holds passes, what does not fails.
 */
import { describe, expect, test } from 'vitest';
import { expectKeys } from '../../engine/document/language/expect-keys.ts';
import { loadScenario, run, type Verdict } from '../../engine/index.ts';

type Kind = {
  /** The key of `expect`, and how the judgement on it is called; by default the same. */
  readonly key: string;
  readonly named?: string;
  /** Holds at the place where the runs below end. */
  readonly holds: string;
  /** Does not. */
  readonly fails?: string;
  /** No end could have changed it: it passes in runs that were broken off as well. */
  readonly isDecided?: true;
};

const kinds: readonly Kind[] = [
  { key: 'always', holds: 'always: [ n < 2 ]', fails: 'always: [ n < 1 ]' },
  { key: 'finally', holds: 'finally: [ n == 1 ]', fails: 'finally: [ n == 2 ]' },
  { key: 'eventually', holds: 'eventually: [ n == 1 ]', fails: 'eventually: [ n == 2 ]', isDecided: true },
  {
    key: 'leadsTo',
    holds: 'leadsTo: [ { when: n == 0, then: n == 1 } ]',
    fails: 'leadsTo: [ { when: n == 1, then: n == 2 } ]',
  },
  { key: 'sometimes', holds: 'sometimes: [ n == 1 ]' },
  { key: 'races', holds: 'races: never', fails: 'races: never # v' },
  {
    key: 'outcome',
    holds: 'outcome: n, outcomes: [ { is: 1 } ]',
    fails: 'outcome: n, outcomes: [ { is: 2 } ]',
  },
  {
    key: 'outcomes',
    named: 'outcome',
    holds: 'outcome: n, outcomes: [ { is: 1 } ], others: forbidden',
    fails: 'outcome: n, outcomes: [ { is: 1, grade: forbidden } ]',
  },
  {
    key: 'others',
    named: 'outcome',
    holds: 'outcome: n, outcomes: [ { is: 2, grade: allowed }, { is: 1 } ], others: forbidden',
    fails: 'outcome: n, outcomes: [ { is: 2 } ], others: forbidden',
  },
  { key: 'output', holds: 'output: { equals: [ one ] }', fails: 'output: { equals: [ two ] }' },
  {
    key: 'output',
    holds: 'output: { inOrder: [ one ] }',
    fails: 'output: { inOrder: [ two ] }',
    isDecided: true,
  },
  {
    key: 'output',
    holds: 'output: { contains: [ one ] }',
    fails: 'output: { contains: [ two ] }',
    isDecided: true,
  },
  { key: 'output', holds: 'output: { excludes: [ two ] }', fails: 'output: { excludes: [ one ] }' },
  { key: 'output', holds: 'output: { count: { one: 1 } }', fails: 'output: { count: { one: 2 } }' },
  {
    key: 'output',
    holds: 'output: { matches: ^one$ }',
    fails: 'output: { matches: ^two$ }',
    isDecided: true,
  },
  { key: 'vars', holds: 'vars: { n: 1 }', fails: 'vars: { n: 2 }' },
  { key: 'files', holds: 'files: { f: kept }', fails: 'files: { f: other }' },
  { key: 'tasks', holds: 'tasks: { early: finished }', fails: 'tasks: { early: failed }' },
  { key: 'peak', holds: 'peak: { s: 1 }', fails: 'peak: { s: 2 }' },
  { key: 'peak', holds: 'peak: { s: "<= 1" }', fails: 'peak: { s: "<= 0" }' },
  { key: 'peak', holds: 'peak: { s: ">= 1" }', fails: 'peak: { s: ">= 2" }', isDecided: true },
  { key: 'order', holds: 'order: [ [ first, second ] ]', fails: 'order: [ [ second, first ] ]' },
  {
    key: 'overlap',
    holds: 'overlap: { never: [ first, second ] }',
    fails: 'overlap: { never: [ first, inner ] }',
  },
  { key: 'takes', holds: 'takes: { atMost: 1h }', fails: 'takes: { atMost: 0s }' },
  { key: 'takes', holds: 'takes: { atLeast: 0s }', fails: 'takes: { atLeast: 1h }', isDecided: true },
];

/** What comes in the end is put at the end of main; `tasks` of it beside the others. */
type Ending = {
  readonly steps: string;
  readonly tasks?: string;
  readonly top?: string;
  /** What the scenario expects of its end, so that this is no failure. */
  readonly ends?: string;
  readonly deadlock?: string;
  readonly isSlow?: true;
};

const brokenOff: Readonly<Record<string, Ending>> = {
  'its time is over': { steps: '{ sleep: 1h }', top: 'timeout: 300ms' },
  'its time is over in a deadlock of some': {
    steps: '{ sleep: 1h }',
    top: 'timeout: 300ms',
    tasks: 'x: { daemon: true, steps: [ { wait: e } ] }',
  },
  'somebody interrupts it': { steps: '{ signal: told }, { while: true, do: [ { sleep: 1s } ] }' },
  'a value is too long': {
    steps: '{ let: { a: \'"0123456789abcdef"\' } }, { repeat: 30, do: [ { let: { a: a + a } } ] }',
  },
  'a queue is full that has no end': { steps: '{ while: true, do: [ { put: q, item: 1 } ] }', isSlow: true },
  'a moment is too long': {
    steps:
      '{ let: { a: \'"0123456789abcdef"\' } }, { repeat: 17, do: [ { let: { a: a + a } } ] }, { atomic: [ { repeat: 40, do: [ { set: { t: a + "" } }, { set: { t: 0 } } ] } ] }',
    isSlow: true,
  },
};

const ownEnds: Readonly<Record<string, Ending>> = {
  'with its steps': { steps: '{ sleep: 1ms }' },
  'in a deadlock': { steps: '{ wait: e }', deadlock: 'certain', ends: 'main: terminated' },
  'by an error of main': { steps: '{ fail: broken }', ends: 'main: failed' },
  'by an error of main, its threads in a deadlock': {
    steps: '{ start: stuck }, { fail: broken }',
    tasks: 'stuck: { steps: [ { wait: e } ] }',
    deadlock: 'certain',
    ends: 'main: failed, stuck: terminated',
  },
  'by `exit`': { steps: '{ exit: 3 }', ends: 'main: { state: failed, error: SystemExit, exitCode: 3 }' },
  'by failFast': {
    steps: '{ start: bad }, { sleep: 1h }',
    tasks: 'bad: { steps: [ { fail: broken } ] }',
    top: 'failFast: true',
    ends: 'main: terminated, bad: failed',
  },
  'with a worker that is dead': {
    steps: '{ submit: crew, do: [ { exit: 1 } ], as: h }, { join: h, raises: ProcessDied }',
  },
  'with a daemon at work': { steps: '{ start: d }', tasks: 'd: { daemon: true, steps: [ { sleep: 1h } ] }' },
};

function scenarioOf(
  { steps, tasks = '', top = '', ends, deadlock }: Ending,
  kind: Kind,
  text: string,
): string {
  const races = text.endsWith('# v');
  const lines = text.replace(' # v', '');
  const own =
    kind.key === 'tasks' ? lines.replace(/ \}$/, `${ends === undefined ? '' : `, ${ends}`} }`) : lines;
  const others = [
    ...(kind.key === 'tasks' || ends === undefined ? [] : [`tasks: { ${ends} }`]),
    ...(deadlock === undefined ? [] : [`deadlock: ${deadlock}`]),
  ];
  return `concur: 1
seed: 1
${top}
vars: { n: 0, t: 0, v: 0 }
semaphores: { s: 2 }
events: [ e, told ]
queues: [ q ]
pools: { crew: { kind: process, size: 1 } }
files: { f: { path: f.txt, content: kept } }
main:
  [ { start: early }, ${races ? '{ set: { v: 1 } }, ' : ''}{ join: early },
    { id: first, with: s, do: [ { id: inner, print: one } ] },
    { id: second, set: { n: 1 } }, ${steps} ]
tasks:
  early: { steps: [ ${races ? '{ set: { v: 2 } }' : '{ sleep: 1ms }'} ] }
${tasks === '' ? '' : `  ${tasks}\n`}expect: { ${[own, ...others].join(', ')} }
`;
}

async function ended(text: string, mode: 'virtual' | 'real'): Promise<Verdict> {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text });
  if (plan === undefined) throw new Error(`${text}\n${diagnostics.map(({ message }) => message).join('\n')}`);
  const stop = new AbortController();
  const told = plan.resources.findIndex(({ name }) => name === 'told');
  const { verdict, violation } = await run(plan, {
    mode,
    signal: stop.signal,
    handle(event) {
      if (event.type === 'operated' && event.target === told) stop.abort();
    },
  });
  expect(violation, text).toBeNull();
  return verdict;
}

/** The judgements on what the kind is about. */
function resultsOf({ judgements }: Verdict, { key, named = key }: Kind): readonly string[] {
  const about = judgements.filter(({ name }) => name === named || name.startsWith(`${named} `));
  return about.filter(({ name }) => name !== 'tasks').map(({ result }) => result);
}

test('every key of `expect` is here', () => {
  const known = new Set([...kinds.map(({ key }) => key), 'deadlock']);
  expect([...known].sort()).toEqual(Object.keys(expectKeys).sort());
});

const modes = ['virtual', 'real'] as const;

/** Where a run takes its time, some kinds say the same. */
function someFor({ isSlow }: Ending, mode: (typeof modes)[number]): readonly Kind[] {
  const few = kinds.filter(({ holds }) => /^(always|vars|output: . equals)/.test(holds));
  return mode === 'real' || isSlow === true ? few : kinds;
}

describe.each(modes)('in a %s run that is broken off, as', (mode) => {
  test.each(Object.entries(brokenOff))('%s', { timeout: 300_000 }, async (_, ending) => {
    const wrong: string[] = [];
    for (const kind of someFor(ending, mode)) {
      const text = scenarioOf(ending, kind, kind.holds);
      const verdict = await ended(text, mode);
      const right = kind.isDecided === true ? 'passed' : 'notJudged';
      const results = resultsOf(verdict, kind);
      if (verdict.outcome === 'passed') wrong.push(`${kind.holds}: the run passed`);
      if (results.length === 0 || results.some((result) => result !== right))
        wrong.push(`${kind.holds}: ${results.join()}, not ${right}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe.each(modes)('in a %s run that ends', (mode) => {
  test.each(Object.entries(ownEnds))('%s', { timeout: 300_000 }, async (_, ending) => {
    const wrong: string[] = [];
    for (const kind of someFor(ending, mode)) {
      const holding = await ended(scenarioOf(ending, kind, kind.holds), mode);
      const right = kind.key === 'sometimes' ? 'notJudged' : 'passed';
      if (holding.outcome !== 'passed' || resultsOf(holding, kind).some((result) => result !== right))
        wrong.push(`${kind.holds}: ${holding.outcome}, ${holding.summary}`);
      if (kind.fails === undefined) continue;
      const failing = await ended(scenarioOf(ending, kind, kind.fails), mode);
      if (failing.outcome !== 'failed' || !resultsOf(failing, kind).includes('failed'))
        wrong.push(`${kind.fails}: ${failing.outcome}, ${failing.summary}`);
    }
    expect(wrong).toEqual([]);
  });
});
