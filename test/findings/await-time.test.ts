/** When an `await` looks again: as time alone passes, at the moment at which what it says changes; and once it waits itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario, type Plan, type RunResult, run } from '../../engine/index.ts';

const modes = ['virtual', 'real'] as const;
const kinds = ['thread', 'process'] as const;

async function planOf(text: string): Promise<Plan> {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return { ...plan, seed: 1 };
}

type Ran = RunResult & { readonly lines: readonly string[]; readonly timed: readonly boolean[] };

async function play(plan: Plan, mode: 'virtual' | 'real'): Promise<Ran> {
  const lines: string[] = [];
  const timed: boolean[] = [];
  const result = await run(plan, {
    mode,
    handle(event) {
      if (event.type === 'printed') lines.push(event.text);
      if (event.type === 'waiting' && event.operation === 'await') timed.push(event.timed);
    },
  });
  expect(result.violation).toBe(null);
  return { ...result, lines, timed };
}

const fileText = (name: string): string => readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8');

describe.each(modes)('%s', (mode) => {
  test('an await of a time is over when it has come', async () => {
    const { lines, verdict } = await play(await planOf(fileText('time-await-now')), mode);
    expect(lines).toEqual(['went on']);
    expect(verdict.outcome).toBe('passed');
  });

  test('a lease is taken over while its holder still works', async () => {
    const { verdict } = await play(await planOf(fileText('time-lease')), mode);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.judgements.find(({ name }) => name === 'always')?.result).toBe('failed');
  });

  test('an await sees that its own task waits', async () => {
    const { lines, verdict } = await play(await planOf(fileText('await-itself')), mode);
    expect({ lines, outcome: verdict.outcome }).toEqual({ lines: ['it waited'], outcome: 'passed' });
  });

  test.each(kinds)('a %s that waits for a time of its own', async (kind) => {
    const text = `concur: 1
tasks:
  one:
    kind: ${kind}
    steps:
      - let: { start: now }
      - await: now - start >= 0.05
      - print: \${{ now - start >= 0.05 }}`;
    const { lines, verdict } = await play(await planOf(text), mode);
    expect({ lines, outcome: verdict.outcome }).toEqual({ lines: ['true'], outcome: 'passed' });
  });

  test('what is awaited beside the time can be a deadlock, once the time has come', async () => {
    const text = `{ concur: 1, vars: { flag: false }, main: [{ await: now > 0.2 && flag }] }`;
    const { verdict, timed } = await play(await planOf(text), mode);
    expect(verdict.run.stopped).toBe('deadlock');
    expect(verdict.run.durationUs).toBeGreaterThanOrEqual(200_000);
    expect(timed.at(-1)).toBe(false);
    if (mode === 'virtual') expect(timed).toEqual([true, false]);
    expect(verdict.deadlock?.waiting.map(({ task }) => task)).toEqual(['main']);
  });

  test('a var that changes gives another moment', async () => {
    const text = `concur: 1
vars: { until: 1000.0, done: false }
tasks:
  waiter: { steps: [ { await: now > until }, { print: 'waiter' } ] }
  setter: { steps: [ { sleep: 20ms }, { set: { until: '0.05' } } ] }`;
    const { lines, verdict } = await play(await planOf(text), mode);
    expect({ lines, outcome: verdict.outcome }).toEqual({ lines: ['waiter'], outcome: 'passed' });
    expect(verdict.run.durationUs).toBeLessThan(500_000_000);
  });

  test('a timeout that comes first ends the wait', async () => {
    const text = `{ concur: 1, main: [{ await: now > 1000.0, timeout: 30ms, as: came }, { print: "\${{ came }}" }] }`;
    expect((await play(await planOf(text), mode)).lines).toEqual(['false']);
  });
});

describe('in virtual time, to the microsecond', () => {
  const at = async (condition: string, rest = '') => {
    const text = `{ concur: 1, vars: { a: 0.2, b: 0.1, times: [0.9, 0.5] }, main: [{ await: '${condition}'${rest} }] }`;
    const { verdict } = await play(await planOf(text), 'virtual');
    return `${verdict.run.stopped ?? verdict.outcome} ${verdict.run.durationUs}`;
  };

  test.each([
    ['now > 0.2', 'passed 200001'],
    ['now >= 0.2', 'passed 200000'],
    ['0.2 <= now', 'passed 200000'],
    ['!(now < 0.2)', 'passed 200000'],
    ['now - a >= b', 'passed 300001'],
    ['now + 1.0 >= 1.25', 'passed 250000'],
    ['1.0 - now < 0.75', 'passed 250001'],
    ['-now <= -0.25', 'passed 250000'],
    ['now > 1 ? false : now >= 0.5', 'passed 500000'],
    ['now >= 2 || now >= 1', 'passed 1000000'],
    ['times.exists(l, now >= l)', 'passed 500000'],
    ['times.all(l, now >= l)', 'passed 900000'],
    ['now < 0.1 && false', 'deadlock 100002'],
    ['now > 1e300', 'deadlock 0'],
  ])('%s', async (condition, expected) => {
    expect(await at(condition)).toBe(expected);
  });

  test('the condition comes before a timeout of the same moment', async () => {
    expect(await at('now >= 0.2', ', timeout: 200ms')).toBe('passed 200000');
  });
});

test('uses of the time that nobody can foresee are findings', async () => {
  const codesIn = async (text: string): Promise<readonly string[]> => {
    const { diagnostics } = await loadScenario({ file: 'test.yaml', text });
    return diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  };
  const main = (steps: string): string => `{ concur: 1, vars: { x: 0 }, main: [${steps}] }`;
  expect(await codesIn(main('{ await: now == 0.2 }'))).toEqual(['error now-in-await']);
  expect(await codesIn(main('{ await: "${{ int(now) % 2 == 1 }}" }'))).toEqual(['error now-in-await']);
  expect(await codesIn(main('{ await: now * 2.0 > 0.2 }'))).toEqual(['error now-in-await']);
  expect(await codesIn(main('{ await: now > now }'))).toEqual(['error now-in-await', 'error now-in-await']);
  expect(await codesIn(main('{ await: "random(1, 6) == x" }'))).toEqual(['warning random-in-await']);
  expect(await codesIn(main('{ while: "int(now) < 1", do: [{ sleep: 1s }] }'))).toEqual([
    'warning now-in-while',
  ]);
  expect(await codesIn(main('{ while: now < 1.0, do: [{ sleep: 1s }] }'))).toEqual([]);
});
