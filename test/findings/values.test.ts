/**
 * What runs out while a scenario runs: nothing goes on with something else in its place, and nobody can take it for an
 * error of the scenario.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { concur } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const input = (name: string): string => fileURLToPath(new URL(`${name}.yaml`, import.meta.url));
const worlds = [['for real', []] as const, ['in virtual time', ['--virtual']] as const];

/** A text of 2 MB in the var `s`; then the steps. */
const with2MB = (steps: string, rest = ''): string => `
concur: 1
vars: { s: x, n: 0 }
${rest}
main:
  - repeat: 21
    do:
      - set: { s: s + s }
${steps}
  - print: never
expect: { deadlock: possible }
`;

describe.each(worlds)('%s', (_, world) => {
  it('a value that is too long ends the run as inconclusive, at its step', async () => {
    const { code, stdout } = await concur(['run', input('value-too-long'), ...world]);
    expect(stdout).toContain('a value is too long: 4.2 MB, and 4 MB is the most (`main`, line 7)');
    expect(stdout).not.toContain('never');
    expect(code).toBe(3);
  });

  it('a long value is no other', async () => {
    const { code, stdout } = await concur(['run', input('value-long'), ...world]);
    expect(stdout).toContain('s == 0 at the end: seen "xxx');
    expect(code).toBe(1);
  });

  it.each([
    ['a local', '  - let: { x: s + s }'],
    ['a part of a list', '  - let: { x: "[s, s]" }'],
    ['a line', '  - print: ${{ s }}${{ s }}'],
    ['an item', '  - put: q\n    item: ${{ s + s }}', 'queues: [q]'],
    ['what is sent', '  - send: p.left\n    item: ${{ s + s }}', 'pipes: [p]'],
    ['an error', '  - fail: ${{ s }}${{ s }}'],
    ['an error that is caught', '  - try:\n      - fail: ${{ s }}${{ s }}\n    catch: { any: [] }'],
    [
      'the input of a routine',
      '  - use: r\n    input: ${{ s + s }}',
      'routines: { r: [ { print: never } ] }',
    ],
    ['what is saved', '  - save: f\n    value: ${{ s + s }}', 'files: [f]'],
    ['one of several vars', '  - set: { n: 1, s: s + s }'],
    ['a var in an atomic step', '  - atomic:\n      - set: { n: 1 }\n      - set: { s: s + s }'],
  ])('%s that is too long', async (_name, steps, rest = '') => {
    const { code, stdout } = await concur(['run', '-', ...world], { input: with2MB(steps, rest) });
    expect(stdout).toMatch(/a value is too long: 4.2 MB, and 4 MB is the most \(`main`, line \d+\)/);
    expect(stdout).not.toContain('never');
    expect(code).toBe(3);
  });

  it('a semaphore with more permits than can be counted', async () => {
    const { code, stdout } = await concur(['run', '-', ...world], {
      input: `
concur: 1
semaphores: { s: 1000000000 }
main:
  - release: s
    permits: 1000000000
  - release: s
    permits: 1000000000
  - acquire: s
    timeout: 0s
    raises: TimeoutError
`,
    });
    expect(stdout).toContain('`s` cannot have more than 2147483647 permits (`main`, line 7)');
    expect(code).toBe(3);
  });

  it('a queue without a capacity that is full', async () => {
    const { code, stdout } = await concur(['run', '-', ...world], {
      input: `
concur: 1
queues: [q]
main:
  - repeat: 1048577
    do:
      - put: q
        item: 1
  - print: never
expect: { deadlock: certain }
`,
    });
    expect(stdout).toMatch(
      /`q` is full: without a capacity it holds \d+ items at the most \(`main`, line 7\)/,
    );
    expect(code).toBe(3);
  });
});

it('memory for values that runs out in the last step', async () => {
  const { code, stdout } = await concur(['run', input('value-memory')]);
  expect(stdout).toContain(
    'memory for values ran out: one of 0.3 MB finds no room in 268.5 MB (`main`, line 13)',
  );
  expect(code).toBe(3);
});

it('in virtual time there is more', async () => {
  const { code, stdout } = await concur(['run', input('value-memory'), '--virtual']);
  expect(stdout).toContain('last == 0 at the end: seen "xxx');
  expect(code).toBe(1);
});

it('what a process takes over when it is started', async () => {
  const { code, stdout } = await concur(['run', input('value-memory-start')]);
  expect(stdout).toContain(
    'memory for values ran out: one of 2.1 MB finds no room in 268.5 MB (`main`, line 17)',
  );
  expect(code, stdout).toBe(3);
});

it('a process of its own', async () => {
  const { code, stdout } = await concur(['run', '-'], {
    input: with2MB(
      '  - start: t\n  - join: t',
      'tasks: { t: { kind: process, steps: [ { set: { s: s + s } } ] } }',
    ),
  });
  expect(stdout).toContain('a value is too long: 4.2 MB, and 4 MB is the most (`t`, line 4)');
  expect(code).toBe(3);
});

it('a file that is larger than a value may be is an error that can be caught', async () => {
  const { code, stdout } = await concur(['run', '-'], {
    input: `
concur: 1
files: [f]
main:
  - run: head -c 4100000 /dev/zero > "$CONCUR_WORKSPACE/f"
  - try:
      - load: f
        as: x
    as: error
    catch:
      OSError:
        - print: ${'${{ error.message }}'}
  - run: head -c 4000000 /dev/zero | tr '\\0' x > "$CONCUR_WORKSPACE/f"
  - load: f
    as: x
  - assert: size(x) == 4000000
`,
  });
  expect(stdout).toContain('main | [Errno 27] File too large\n');
  expect(code, stdout).toBe(0);
});

describe('a function of the user', () => {
  const module = scratch(
    'long.mjs',
    `const long = 'x'.repeat(5_000_000);
export const gives = () => long;
export const fails = () => { throw new Error(long); };
export const prints = (_, { print }) => { try { print(long); } catch {} };
export const writes = (_, { vars }) => { try { vars.s = long; } catch {} };
export const says = (_, { print, signal, stopping }) => new Promise((resolve) => {
  stopping.addEventListener('abort', () => { try { print(long); } catch {} resolve(); });
  signal('up');
});
export const updates = (_, { update }) => { try { update('s', () => long); } catch {} };
`,
  );
  it.each(['gives', 'fails', 'prints', 'writes', 'updates'])('that %s what is too long', async (name) => {
    const file = scratch(
      `long-${name}.yaml`,
      `
concur: 1
vars: { s: '' }
main:
  - try:
      - call: ./${module.split('/').at(-1)}#${name}
    catch: { any: [] }
  - print: never
`,
    );
    const { code, stdout } = await concur(['run', file]);
    expect(stdout).toContain('a value is too long: 5 MB, and 4 MB is the most (`main`, line 6)');
    expect(stdout).not.toContain('never');
    expect(code).toBe(3);
  });

  it('that prints what is too long when it is to stop', async () => {
    const file = scratch(
      'long-says.yaml',
      `
concur: 1
events: [up]
main:
  - start: caller
  - wait: up
  - terminate: caller
  - join: caller
tasks:
  caller: { steps: [ { call: ./${module.split('/').at(-1)}#says } ] }
`,
    );
    const { code, stdout } = await concur(['run', file]);
    expect(stdout).toContain('a value is too long: 5 MB, and 4 MB is the most (`caller`, line 10)');
    expect(code).toBe(3);
  });
});
