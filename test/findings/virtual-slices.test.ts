/** A virtual run is interrupted within a second or so, whatever it computes or has judged; and it does not take all memory. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { runPlan } from '../../engine/hosts/run.ts';
import { loadScenario, type Plan, run } from '../../engine/index.ts';

async function planOf(text: string): Promise<Plan> {
  const { plan, diagnostics } = await loadScenario({ file: 'test.yaml', text }, { seed: 1, mode: 'virtual' });
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

const main = (steps: string, rest = ''): string => `concur: 1
vars: { n: 0, big: 0 }
main: [${steps}]
${rest}`;

const entries = (count: number): string => Array.from({ length: count }, (_, n) => `k${n}: ${n}`).join(', ');

const forEver = (steps: string): string => `{ while: n >= 0, do: [{ update: { n: n + 1 } }, ${steps}] }`;

describe('Ctrl-C is heard', () => {
  // What a run loads, and waits for, is loaded before.
  beforeAll(async () => run(await planOf(main('{ sleep: 1ms }')), { mode: 'virtual' }));

  test.each([
    [
      'while expressions are computed',
      readFileSync(new URL('virtual-uninterruptible.yaml', import.meta.url), 'utf8'),
    ],
    [
      'while claims are judged',
      main(forEver('{ print: x }'), 'expect: { always: ["range(500000).all(a, a >= 0 - n)"] }'),
    ],
    [
      'while an await is looked at',
      main(
        '{ start: other }, { await: "range(500000).all(a, a < n)" }',
        'tasks: { other: { steps: [{ while: "true", do: [{ update: { n: n + 1 } }] }] } }',
      ),
    ],
    [
      'while a large map is looked at by nothing but locals',
      main(
        `{ let: { i: 0, m: { ${entries(10_000)} } } }, { while: "i < ${Array(9).fill('size(m)').join(' + ')}", do: [{ let: { i: "(i + 1) % 7" } }] }`,
      ),
    ],
    [
      'while long values are copied',
      main(`{ let: { s: range(100000) } }, ${forEver('{ set: { big: s } }')}`),
    ],
    [
      'while nothing but locals is computed',
      main('{ let: { i: 0 } }, { while: i >= 0, do: [{ let: { i: i + 1 } }] }'),
    ],
    ['while a loop goes on without time', main(forEver('{ sleep: 1us }'))],
  ])('%s', async (_, text) => {
    const plan = await planOf(text);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 300);
    const begun = performance.now();
    const { verdict } = await run(plan, { mode: 'virtual', signal: stop.signal });
    clearTimeout(timer);
    expect(verdict.run.stopped).toBe('interrupt');
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

/** A text of 32 kB; `round` is done again and again with it. */
const rounds = (times: string, round: string): string => `concur: 1
vars: { big: 0, shared: { value: 0, shared: true } }
queues: { q: 0, full: 1 }
pipes: [line]
pools: { crew: { kind: process, size: 1 } }
files: { page: { path: page.json, format: json, content: '""' } }
events: [never]
routines: { pass: [{ let: { inner: input.text } }, { set: { shared: inner } }] }
main:
  - let: { s: '"0123456789abcdef"', n: 0 }
  - repeat: 11
    do: [{ let: { s: s + s } }]
  - while: ${times}
    do:
      - let: { n: n + 1 }
${round}
tasks:
  child: { kind: process, count: 50, steps: [{ let: { t: big } }, { wait: never }] }
  stuck: { count: 50, steps: [{ let: { t: shared } }, { put: full, item: "\${{ t }}" }] }
`;

test('there is memory for so many values, though all of them are equal', async () => {
  const plan = await planOf(rounds('"true"', '      - { put: q, item: "${{ s }}" }'));
  const end = await runPlan(plan, { mode: 'virtual', mostValueBytes: 3_000_000, handle: () => {} });
  expect(end.stopped).toBe('inconclusive');
  expect(end.cause).toMatch(/^memory for values ran out/);
});

test('what nobody has any more takes no memory', async () => {
  const round = `
      - set: { big: s }
      - update: { big: s, shared: big }
      - let: { t: "big + string(n)", u: s }
      - use: pass
        input: { text: "\${{ s }}" }
      - { put: q, item: "\${{ s }}" }
      - { get: q, as: t }
      - { send: line.left, item: "\${{ s }}" }
      - { receive: line.right, as: t }
      - submit: crew
        do: [{ let: { inner: "s + \\"!\\"" } }, { set: { big: inner } }]
        as: job
      - join: job
      - try: [{ fail: "\${{ s }}" }]
        catch: { any: [{ let: { t: error.message } }] }
        as: error
      - { save: page, value: "\${{ s }}" }
      - { load: page, as: t }
      - { run: cmd, model: { takes: 1ms, result: { stdout: "\${{ s }}" } }, as: t }
      - { run: cmd, into: q, model: { takes: 1ms, result: { stdout: "\${{ s }}" } } }
      - { get: q, as: t }
      - print: \${{ s }}
      - { start: "child[n - 1]" }
      - { start: "stuck[n - 1]" }
      - sleep: 1ms
      - { terminate: "child[n - 1]" }
      - { terminate: "stuck[n - 1]" }`;
  const plan = await planOf(rounds('n < 50', round.replaceAll('\\"', "'")));
  const end = await runPlan(plan, { mode: 'virtual', mostValueBytes: 9_000_000, handle: () => {} });
  expect({ stopped: end.stopped, cause: end.cause }).toEqual({ stopped: null, cause: null });
});

test('values that would take all memory make the run inconclusive, and what was printed before is told', async () => {
  const grow = '{ let: { s: \'"0123456789abcdef"\' } }, { repeat: 12, do: [{ let: { s: s + s } }] }';
  const plan = await planOf(
    main(`${grow}, { print: before }, ${forEver('{ sleep: 1ms }, { let: { t: s + string(n) } }')}`),
  );
  const lines: string[] = [];
  const end = await runPlan(plan, {
    mode: 'virtual',
    mostValueBytes: 20_000_000,
    handle(event) {
      if (event.type === 'printed') lines.push(event.text);
    },
  });
  expect(end.stopped).toBe('inconclusive');
  expect(end.cause).toMatch(/^memory for values ran out/);
  expect(lines).toEqual(['before']);
});
