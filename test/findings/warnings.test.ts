/**
 * Node warns on standard error of what may be a leak, is new to it, or is to go. Whoever runs scenarios has no use for that.
 */
import { expect, it } from 'vitest';
import { ConcurRun, concur, root } from '../e2e/concur-run.ts';
import { scratch } from '../e2e/scratch.ts';

const commands = `concur: 1
name: commands
seed: 1
tasks: { w: { count: 40, steps: [ { run: "sleep 0.3; echo x" } ] } }
`;

it('many commands at once', async () => {
  const { code, stderr } = await concur(['run', scratch('commands.yaml', commands)]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

it('many cases of a suite at once', async () => {
  const text = 'concur: 1\nname: one\nseed: 1\nmain: [ { sleep: 300ms }, { run: "true" } ]\n';
  const files = Array.from({ length: 24 }, (_, index) => scratch(`case-${index}.yaml`, text));
  const { code, stderr } = await concur(['test', '--jobs', '24', ...files]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

const library = `
  import { loadScenario, run } from ${JSON.stringify(`${root}dist/index.mjs`)};
  const { signal } = new AbortController();
  const kill = new AbortController().signal;
  const one = async (kind, mode) => {
    const text = 'concur: 1\\nmain: [ { print: x } ]\\nteardown: [ { print: y } ]\\ntasks: { t: { kind: ' + kind + ', steps: [ { sleep: 100ms } ] } }';
    const { plan } = await loadScenario({ file: 'a.yaml', text });
    const { verdict } = await run(plan, { mode, signal, kill });
    return verdict.outcome;
  };
  const outcomes = new Set(await Promise.all(Array.from({ length: 12 }, () => one('thread', 'real'))));
  for (let number = 0; number < 15; number += 1) outcomes.add(await one('process', 'real')).add(await one('thread', 'virtual'));
  console.log([...outcomes].join());
`;

it('many runs in one program, at once and one after the other, with one signal', async () => {
  await using started = new ConcurRun([scratch('many.mjs', library)], {
    input: '',
    program: [process.execPath],
  });
  const { stdout, stderr } = await started.end();
  expect(stderr).toBe('');
  expect(stdout).toBe('passed\n');
});
