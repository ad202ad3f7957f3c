/**
 * Scenarios that ask for too much: each is a finding, or a run with limits; none takes long, none is a bug.
 */
import { describe, expect, test } from 'vitest';
import { loadScenario, run } from '../../engine/index.ts';

const many = (count: number, text: (index: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator);

async function codesOf(text: string): Promise<readonly string[]> {
  const { diagnostics, plan } = await loadScenario(
    { file: 'x.yaml', text: `concur: 1\n${text}\n` },
    { seed: 1 },
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(plan === undefined).toBe(errors.length > 0);
  return [...new Set(errors.map(({ code }) => code))];
}

describe('is refused', () => {
  test.each<[string, string, string]>([
    ['a billion replicas', 'tasks: { t: { count: 1000000000, steps: [] } }', 'bad-size'],
    [
      'a billion permits more than there can be',
      'semaphores: { s: 2000000000 }\nmain: { acquire: s }',
      'bad-size',
    ],
    ['a billion locks', 'locks: { l: { count: 1000000000 } }\nmain: { acquire: "l[0]" }', 'bad-size'],
    ['a billion vars', 'vars: { l: { count: 1000000000 } }\nmain: []', 'bad-size'],
    [
      'a million queues of a million places',
      'queues: { l: { count: 1000000, capacity: 1000000 } }\nmain: []',
      'bad-size',
    ],
    ['a sleep of a trillion years', 'main: { sleep: 999999999999999999999d }', 'bad-duration'],
    [
      'a number of rounds out of range',
      'main: { repeat: 99999999999999999999, do: [] }',
      'number-out-of-range',
    ],
    [
      'routines five thousand deep',
      `routines: { ${many(5000, (i) => `r${i}: [ { use: r${i + 1} } ]`)}, r5000: [] }\nmain: { use: r0 }`,
      'too-deep',
    ],
    [
      'routines that double thirty times',
      `routines: { ${many(30, (i) => `r${i}: [ { use: r${i + 1} }, { use: r${i + 1} } ]`)}, r30: { print: x } }\nmain: { use: r0 }`,
      'program-too-large',
    ],
    [
      'needs in a circle of two thousand',
      `tasks: { ${many(2000, (i) => `t${i}: { needs: [t${(i + 1) % 2000}], steps: [] }`)} }`,
      'circular-needs',
    ],
    [
      'brackets in an expression',
      `main: { assert: "${'('.repeat(5000)}true${')'.repeat(5000)}" }`,
      'expression-too-long',
    ],
    ['a sum of nine thousand', `main: { assert: "${'1+'.repeat(9000)}1 == 1" }`, 'expression-too-long'],
    ['a pattern that never ends', `main: { assert: '"a".matches("(a+)+$")' }`, 'bad-pattern'],
    [
      'a size that takes too long',
      'semaphores: { s: "${{ range(3000).map(a, range(3000)).size() }}" }\nmain: { acquire: s }',
      'not-constant',
    ],
    ['constructor as a key of data', 'main: { let: { x: { constructor: 1 } } }', 'expression-type'],
    ['__proto__ as a name', 'vars: { __proto__: 1 }\nmain: []', 'reserved-name'],
    ['__proto__ as a key', '__proto__: 1\nmain: []', 'unknown-key'],
    ['__proto__ as a key of a step', 'main: { print: x, __proto__: 1 }', 'unknown-key'],
    ['constructor as a key', 'constructor: 1\nmain: []', 'unknown-key'],
    ['toString as a verb', 'main: { toString: 1 }', 'missing-verb'],
    ['constructor as an end', 'main: []\nexpect: { tasks: { main: constructor } }', 'bad-value'],
    ['constructor as an unknown function', 'main: { assert: constructor() }', 'unknown-function'],
    ['hasOwnProperty as an attribute', 'main: { assert: task.hasOwnProperty }', 'unknown-attribute'],
  ])('%s', async (_name, text, code) => {
    expect(await codesOf(text)).toEqual([code]);
  });
});

describe('is run, within limits', () => {
  test.each<[string, string, string]>([
    ['a loop without end', 'main: { while: true, do: [] }', 'inconclusive'],
    [
      'a moment without end',
      'vars: { n: 0 }\nmain: { atomic: { while: true, do: { set: { n: 1 } } } }',
      'inconclusive',
    ],
    ['a queue without end', 'queues: [q]\nmain: { while: true, do: { put: q, item: 1 } }', 'inconclusive'],
    [
      'a text that doubles',
      `main: [ { let: { s: '"x"' } }, { repeat: 100, do: { let: { s: s + s } } } ]`,
      'inconclusive',
    ],
    [
      'a list that doubles',
      'main: [ { let: { s: "[1]" } }, { repeat: 100, do: { let: { s: "[s, s]" } } } ]',
      'inconclusive',
    ],
    ['a range that fills memory', 'main: { let: { s: range(9223372036854775807) } }', 'failed'],
    [
      'comprehensions in each other',
      'main: { assert: "range(1000).all(a, range(1000).all(b, range(1000).all(c, true)))" }',
      'failed',
    ],
    [
      'a pattern that is known at run time',
      `vars: { p: "(a+)+$" }\nmain: { assert: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches(p)' }`,
      'failed',
    ],
    ['an integer too large', 'vars: { n: 9223372036854775807 }\nmain: { set: { n: n + 1 } }', 'failed'],
    [
      'an element too far',
      'locks: { l: { count: 2 } }\nvars: { n: 99999999999 }\nmain: { acquire: "l[n]" }',
      'failed',
    ],
    ['an exit code too large', 'main: { exit: 99999 }', 'failed'],
    [
      'names of every object',
      'vars: { constructor: 1, toString: 2, valueOf: 3 }\nmain: { assert: constructor + toString + valueOf == 6 }',
      'passed',
    ],
    ['half a character', 'main: { print: "a\\ud800b" }', 'passed'],
    ['no replicas', 'tasks: { t: { count: 0, steps: [] } }\nmain: [ { start: t }, { join: t } ]', 'passed'],
  ])('%s', async (_name, text, outcome) => {
    const { plan, diagnostics } = await loadScenario(
      { file: 'x.yaml', text: `concur: 1\n${text}\n` },
      { seed: 1 },
    );
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (plan === undefined) throw new Error('no plan');
    const { verdict, violation } = await run(plan, { mode: 'virtual' });
    expect(violation).toBeNull();
    expect(verdict.outcome).toBe(outcome);
  });
});
