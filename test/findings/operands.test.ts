/**
 * Numbers that steps compute: whatever comes out is done as Python does it, or is an error of the step with Python's class;
 * never a bug in concur, never another number than what was written. What is written as a number is a finding instead.
 */
import { describe, expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

type Values = Readonly<Record<string, string>>;

/** Expressions for what a step may not have expected. */
const numbers = {
  one: '1',
  zero: '0',
  negative: '-1',
  'far below': '-1099511627776',
  '2^31': '2147483648',
  '2^53': '9007199254740992',
  most: '9223372036854775807',
  half: '1.5',
  'not a number': '0.0 / 0.0',
  infinite: '1.0 / 0.0',
  text: '"two"',
  list: '[1]',
  map: '{"a": 1}',
  nothing: 'null',
} as const satisfies Values;

const lengths = {
  number: '3',
  negative: '"-1s"',
  'too long': '"9007199254740992s"',
  infinite: '"Infinitys"',
  empty: '""',
  backwards: '"3s..1s"',
  list: '["1s"]',
  none: '"0s"',
  short: '"1ms"',
} as const satisfies Values;

/** `x` is the number. After it, `r` is what is printed. */
const places = {
  acquire: { acquire: 's', permits: 'x', timeout: '0s', as: 'r' },
  release: { release: 's', permits: 'x' },
  notify: { with: 'c', do: [{ notify: 'c', count: 'x' }] },
  put: { put: 'q', item: 'a', priority: 'x' },
  repeat: { repeat: 'x', as: 'i', do: [{ let: { r: 'i + 1' } }, { if: 'r == 3', break: true }] },
  index: { acquire: 'f[x]', timeout: '0s', as: 'r' },
} as const;
const lengthPlaces = {
  sleep: { sleep: `\${{ x }}` },
  wait: { wait: 'never', timeout: `\${{ x }}`, as: 'r' },
  get: { get: 'empty', timeout: `\${{ x }}`, onTimeout: [{ let: { r: 'false' } }] },
  acquire: { acquire: 'taken', timeout: `\${{ x }}`, as: 'r' },
  await: { await: 'false', timeout: `\${{ x }}`, as: 'r' },
} as const;

const wrongType = /^TypeError/;
/** What each place makes of each: a text that begins so, or what is printed. */
const answers: Readonly<
  Record<keyof typeof places, Readonly<Record<keyof typeof numbers, string | RegExp>>>
> = {
  acquire: { ...permits(), one: 'true', '2^31': /^OverflowError/ },
  release: { ...permits(), one: '0' },
  notify: { ...wrong(), ...all('0'), ...wrong() },
  put: { ...all(/^OverflowError/), ...wrong(), one: '0', zero: '0', negative: '0' },
  repeat: { ...all('3'), ...wrong(), one: '1', zero: '0', negative: '0', 'far below': '0' },
  index: { ...all(/^IndexError/), ...wrong(), one: 'true', zero: 'true' },
};

function wrong() {
  return {
    ...{ half: wrongType, 'not a number': wrongType, infinite: wrongType },
    ...{ text: wrongType, list: wrongType, map: wrongType, nothing: wrongType },
  };
}

function all<T>(answer: T) {
  return {
    ...wrong(),
    ...{ one: answer, zero: answer, negative: answer, 'far below': answer },
    ...{ '2^31': answer, '2^53': answer, most: answer },
  };
}

function permits() {
  const tooFew = 'ValueError: n must be one or more';
  return { ...all(/^OverflowError/), ...wrong(), zero: tooFew, negative: tooFew, 'far below': tooFew };
}

type Step = Readonly<Record<string, unknown>>;

const given = {
  concur: 1,
  semaphores: { s: 5 },
  conditions: ['c'],
  locks: { f: { count: 3 }, taken: null },
  queues: { q: { kind: 'priority' }, empty: 0 },
  events: ['never'],
} as const;

function tried(name: string, value: string, step: Step): readonly Step[] {
  const told = { print: `${name}: \${{ err.name }}: \${{ err.message }}` };
  return [
    { let: { x: value, r: '0' } },
    { try: [step, { print: `${name}: \${{ r }}` }], catch: { any: [told] }, as: 'err' },
  ];
}

function steps(of: Readonly<Record<string, Step>>, values: Values): readonly Step[] {
  return Object.entries(of).flatMap(([place, step]) =>
    Object.entries(values).flatMap(([name, value]) => tried(`${place} ${name}`, value, step)),
  );
}

async function linesOf(scenario: object, mode: 'virtual' | 'real'): Promise<readonly string[]> {
  const text = JSON.stringify(scenario);
  const { plan, diagnostics } = await loadScenario({ file: 'operands.yaml', text }, { seed: 1 });
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const lines: string[] = [];
  const handle = (event: { readonly type: string; readonly text?: string }): void => {
    if (event.type === 'printed') lines.push(String(event.text));
  };
  const { verdict, violation } = await run(plan, { mode, handle });
  expect({ outcome: verdict.outcome, violation }, verdict.summary).toEqual({
    outcome: 'passed',
    violation: null,
  });
  return lines;
}

function expectAnswers(lines: readonly string[], expected: Readonly<Record<string, string | RegExp>>): void {
  const found = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [place, answer] of Object.entries(expected)) {
    if (typeof answer === 'string') expect(`${place}: ${found[place]}`).toBe(`${place}: ${answer}`);
    else expect(found[place], place).toMatch(answer);
  }
}

const hosts = [
  { host: 'threads', kind: 'thread', mode: 'real' },
  { host: 'processes', kind: 'process', mode: 'real' },
  { host: 'virtual time', kind: 'process', mode: 'virtual' },
] as const;

describe.each(hosts)('computed, with $host', ({ kind, mode }) => {
  test('each number is what Python makes of it', async () => {
    const tasks = { one: { kind, steps: steps(places, numbers) } };
    const expected = Object.entries(answers).flatMap(([place, of]) =>
      Object.keys(numbers).map((name) => [`${place} ${name}`, of[name as keyof typeof numbers]] as const),
    );
    expectAnswers(await linesOf({ ...given, tasks }, mode), Object.fromEntries(expected));
  });

  test('each length of time is one, or an error', async () => {
    const main = [{ acquire: 'taken' }, { start: 'one' }, { join: 'one' }];
    const tasks = { one: { kind, steps: steps(lengthPlaces, lengths) } };
    const expected = Object.keys(lengthPlaces).flatMap((place) =>
      Object.keys(lengths).map((name) => {
        const passes = name === 'none' || name === 'short';
        const answer = place === 'sleep' ? '0' : 'false';
        const error = name === 'number' || name === 'list' ? wrongType : /^ValueError/;
        return [`${place} ${name}`, passes ? answer : error] as const;
      }),
    );
    expectAnswers(await linesOf({ ...given, main, tasks }, mode), Object.fromEntries(expected));
  });

  test('a notify of less than one is heard by nobody, and one of more by all', async () => {
    const counts = ['-1', '0', '-1099511627776', '2', '9223372036854775807'];
    const notify = (value: string): readonly Step[] => [
      { let: { x: value } },
      { with: 'c', do: [{ notify: 'c', count: 'x' }, { print: `\${{ c.waiting }}` }] },
    ];
    const main = [
      { start: 'waiter' },
      { await: 'c.waiting == 3' },
      ...counts.flatMap(notify),
      { join: 'waiter' },
    ];
    const tasks = { waiter: { kind, count: 3, steps: [{ with: 'c', do: [{ wait: 'c' }] }] } };
    expect(await linesOf({ ...given, main, tasks }, mode)).toEqual(['3', '3', '3', '1', '0']);
  });
});

describe('written', () => {
  const bad: readonly (readonly [keyof typeof places, number, string])[] = [
    ['acquire', 0, 'bad-size'],
    ['acquire', -1, 'bad-size'],
    ['acquire', 2 ** 31, 'bad-size'],
    ['acquire', 1.5, 'expression-type'],
    ['release', 0, 'bad-size'],
    ['release', 2 ** 53, 'bad-size'],
    ['release', 1.5, 'expression-type'],
    ['notify', -1, 'bad-size'],
    ['notify', 1.5, 'expression-type'],
    ['put', 1.5, 'expression-type'],
    ['put', 2 ** 31, 'bad-size'],
    ['put', -(2 ** 31), 'bad-size'],
    ['repeat', -1, 'bad-size'],
    ['repeat', 1.5, 'expression-type'],
  ];
  const codesOf = async (step: unknown): Promise<readonly string[]> => {
    const text = JSON.stringify({ ...given, main: [{ let: { r: 0 } }, step] });
    const { diagnostics } = await loadScenario({ file: 'operands.yaml', text }, { seed: 1 });
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  };
  const written = (place: keyof typeof places, number: number): object =>
    JSON.parse(JSON.stringify(places[place]).replaceAll('"x"', String(number)));

  test.each(bad)('%s of %d is a finding: %s', async (place, number, code) => {
    expect(await codesOf(written(place, number))).toEqual([code]);
  });

  test.each([
    ['acquire', 1],
    ['release', 5],
    ['notify', 0],
    ['notify', 2 ** 53 - 1],
    ['put', -5],
    ['repeat', 0],
  ] as const)('%s of %d is none', async (place, number) => {
    expect(await codesOf(written(place, number))).toEqual([]);
  });

  test('a step may show the error, where that is expected', async () => {
    const { acquire, permits: _ } = places.acquire;
    expect(await codesOf({ acquire, permits: 0, raises: 'ValueError' })).toEqual([]);
    expect(await codesOf({ try: [{ release: 's', permits: -1 }], catch: { any: [] } })).toEqual([]);
  });
});
