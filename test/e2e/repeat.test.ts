/**
 * Many runs of one scenario: how often each result came, and what only several runs can judge; for people and machines.
 */
import { expect, it } from 'vitest';
import { concur } from './concur-run.ts';

const updates = (expectations: string) => `concur: 1
name: updates
vars: { n: 2 }
tasks:
  thread:
    count: 2
    let: { seen: 0 }
    steps:
      - let: { seen: n }
      - sleep: 20ms
      - set: { n: seen - 1 }
expect:
  outcome: n
${expectations}
`;

type Told = {
  readonly outcome: string;
  readonly repetitions: readonly {
    readonly runs: unknown;
    readonly results: readonly {
      readonly text: string;
      readonly times: number;
      readonly grade: string | null;
    }[];
    readonly judgements: readonly unknown[];
  }[];
  readonly runs: readonly { readonly result: { readonly value: number }; readonly seed: number }[];
};

const modes: readonly { readonly name: string; readonly mode: readonly string[] }[] = [
  { name: 'in virtual time', mode: ['--virtual'] },
  { name: 'for real', mode: [] },
];

it.each(modes)('grades: $name', async ({ mode }) => {
  const input = updates(
    '  outcomes:\n    - { is: 0, grade: expected }\n    - { is: 1, grade: allowed, why: an update is lost }',
  );
  const args = ['run', ...mode, '--repeat', '3', '--seed', '1', '-'];
  const { code, stdout } = await concur(args, { input });
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(
    / `n` at the end:\n {2}3 runs: 1 {2}seed 1 {6}allowed: an update is lost\n {2}0 runs: 0 {2}never seen {2}expected\n/,
  );
  expect(stdout).toMatch(/^updates: passed .*3 runs, seeds drawn from 1$/m);
  const json = JSON.parse((await concur([...args, '--json'], { input })).stdout) as Told;
  expect(json.outcome).toBe('passed');
  expect(json.repetitions).toMatchObject([
    {
      runs: { passed: 3, failed: 0, inconclusive: 0 },
      results: [
        { text: '1', times: 3, grade: 'allowed', why: 'an update is lost', firstSeed: 1 },
        { text: '0', times: 0, grade: 'expected', firstSeed: null },
      ],
    },
  ]);
  expect(json.runs.map(({ result }) => result.value)).toEqual([1, 1, 1]);
});

it.each(modes)('a result that is forbidden, by name or as one of the others: $name', async ({ mode }) => {
  const args = ['run', '--quiet', ...mode, '--repeat', '2', '--seed', '1', '-'];
  const forbidden = await concur(args, {
    input: updates(
      '  outcomes:\n    - { is: 1, grade: forbidden, why: an update is lost }\n  others: allowed',
    ),
  });
  expect(forbidden.code, forbidden.stdout).toBe(1);
  expect(forbidden.stdout).toMatch(/2 runs: 1 {2}seed 1 {2}forbidden: an update is lost/);
  expect(forbidden.stdout).toMatch(
    /^updates: failed .*2 of 2 runs, seeds drawn from 1\n {2}run it again with: .* --seed 1$/m,
  );
  const other = await concur(args, {
    input: updates('  outcomes:\n    - { is: 0, grade: expected }\n  others: forbidden'),
  });
  expect(other.code, other.stdout).toBe(1);
  expect(other.stdout).toMatch(/2 runs: 1 {2}seed 1 {6}forbidden: not listed/);
  const allowed = await concur(args, {
    input: updates('  outcomes:\n    - { is: 0, grade: expected }\n  others: allowed'),
  });
  expect(allowed.code, allowed.stdout).toBe(0);
  expect(allowed.stdout).toMatch(/2 runs: 1 {2}seed 1 {6}not listed/);
});

it.each(modes)('sometimes: one of the runs must show it: $name', async ({ mode }) => {
  const args = ['run', ...mode, '--repeat', '2', '--seed', '1', '-'];
  const seen = await concur(args, { input: updates('  sometimes: [n == 1]') });
  expect(seen.code, seen.stdout).toBe(0);
  expect(seen.stdout).toMatch(/^passed: sometimes n == 1\b.* 2 of 2 runs/m);
  const never = await concur(args, { input: updates('  sometimes: [n == 0]') });
  expect(never.code, never.stdout).toBe(1);
  expect(never.stdout).toMatch(/^expected, but not met: sometimes n == 0\b.* never true in 2 runs/m);
  expect(never.stdout).toMatch(
    /^updates: failed .*2 runs.*, seeds drawn from 1\n {2}run it again with: .* --seed 1 --repeat 2$/m,
  );
  const json = await concur([...args, '--json'], { input: updates('  sometimes: [n == 0]') });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    outcome: 'failed',
    repetitions: [{ outcome: 'failed', judgements: [{ name: 'sometimes', result: 'failed', line: 14 }] }],
    runs: [{ outcome: 'passed' }, { outcome: 'passed' }],
  });
});

it('a single run does not judge it', async () => {
  const { code, stdout } = await concur(['run', '--virtual', '-'], {
    input: updates('  sometimes: [n == 0]'),
  });
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('not judged  sometimes n == 0: ');
});
