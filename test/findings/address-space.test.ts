/**
 * Runs one after another in one process: none keeps any of its memory, so that a suite may have as many as it likes.
 *
 * Node itself and one run take some 1.5 GB of address space; 4 GB would be enough for ten runs that kept theirs.
 */
import { expect, it } from 'vitest';
import { ConcurRun, type Ended, entry, root } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const LIMIT = ['/bin/sh', '-c', 'ulimit -v 4000000; exec "$0" "$@"', process.execPath] as const;
const RUNS = 300;

const library = `
  import { readFileSync } from 'node:fs';
  import { loadScenario, run } from ${JSON.stringify(`${root}dist/index.mjs`)};
  const megabytes = () => Number(/VmSize:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  const outcomes = new Set();
  const sizes = [];
  for (let number = 0; number < ${RUNS}; number += 1) {
    const kind = number % 2 === 0 ? 'thread' : 'process';
    const text = 'concur: 1\\ntasks: { t: { kind: ' + kind + ', steps: [ { print: hello } ] } }';
    const { plan } = await loadScenario({ file: 'a.yaml', text });
    const { verdict } = await run(plan, { mode: 'real' });
    outcomes.add(verdict.outcome + (verdict.run.cause ?? ''));
    sizes.push(megabytes());
  }
  console.log(JSON.stringify({ outcomes: [...outcomes], begin: sizes[9], end: sizes.at(-1) }));
`;

async function limited(args: readonly string[]): Promise<Ended> {
  await using run = new ConcurRun(args, { input: '', program: [...LIMIT] });
  return await run.ended;
}

it('in a program that uses the library', { timeout: 300_000 }, async () => {
  const { stdout, stderr } = await limited([scratch('many.mjs', library)]);
  expect(stderr).toBe('');
  const { outcomes, begin, end } = JSON.parse(stdout) as Record<'outcomes' | 'begin' | 'end', unknown>;
  expect(outcomes).toEqual(['passed']);
  // Both kinds have run by then; what the engine takes for itself goes up and down by some tens.
  expect(Number(end) - Number(begin)).toBeLessThan(250);
});

it('in a suite', { timeout: 300_000 }, async () => {
  const threads = scratch('threads.yaml', 'concur: 1\ntasks: { t: { steps: [ { print: hello } ] } }\n');
  const processes = scratch(
    'processes.yaml',
    'concur: 1\ntasks: { t: { kind: process, steps: [ { print: hello } ] } }\n',
  );
  const copies = Array.from({ length: RUNS }, (_, index) =>
    scratch(
      `copy-${index}.yaml`,
      `concur: 1\ntasks: { t: { kind: ${index % 3 === 0 ? 'process' : 'thread'}, steps: [ { print: hello } ] } }\n`,
    ),
  );
  const { code, stdout, stderr } = await limited([entry, 'test', threads, ...copies, processes]);
  expect(stderr).toBe('');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain(`${RUNS + 2} passed`);
});
