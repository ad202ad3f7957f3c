/**
 * What people are told of a run: in the right place, in words that somebody understands who has not seen the program.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadScenario, run, verdictText } from '../../engine/index.ts';
import { ConcurRun, concur, entry } from '../e2e/concur-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'concur-told-'));
afterAll(() => rmSync(folder, { recursive: true }));

const modes = [
  ['for real', []],
  ['in virtual time', ['--virtual']],
] as const;

async function told(name: string, mode: readonly string[], ...more: readonly string[]): Promise<string> {
  const { stdout } = await concur(['run', `${name}.yaml`, ...mode, ...more], { cwd: import.meta.dirname });
  return stdout;
}

/** Nothing of what the planner made beside the user's tasks. */
const internal = /launcher|prober|timer|\bstart of|readiness of/;

describe.each(modes)('%s', (_, mode) => {
  it('nobody who has ended is said to wait', async () => {
    const text = await told('deadlock-words', mode);
    expect(text).toMatch(/^deadlock: 1 task /m);
    expect(text).toContain('no other task is left');
    expect(text).not.toMatch(/waits? too/);
  });

  it('an expected deadlock is no alarm', async () => {
    const text = await told('expected-deadlock', mode);
    expect(text).toMatch(/^stopped: deadlock, as expected\b/m);
    expect(text).toMatch(/^deadlock, as expected: 2 tasks /m);
    expect(text).not.toContain('median');
  });

  it('the queue that a task could close is told with that task', async () => {
    const text = await told('joinclose', mode);
    expect(text).toContain(
      '1 item of `q` is not done, and `closer`, the only other task that could end that, waits for `l`',
    );
  });

  it('each task that failFast ended says whose failure that was', async () => {
    const text = await told('failfast-reason', mode);
    expect(text).toMatch(/^stopped: `lint` failed, and failFast is set$/m);
    for (const task of ['tests', 'more'])
      expect(text).toMatch(
        new RegExp(`^${task} was terminated after .* \\(failFast: \`lint\` failed\\)$`, 'm'),
      );
  });

  it('what else ended a task is named, too', async () => {
    const text = await told('what-ended-it', mode);
    expect(text).toMatch(/^told was terminated after .* \(by `main`, what-ended-it\.yaml:7\)$/m);
    expect(text).toMatch(/^killed was terminated after .* \(killed by `main`, what-ended-it\.yaml:8\)$/m);
    expect(text).toMatch(/^slow was terminated after .* \(its timeout of 50ms\)$/m);
    expect(text).toMatch(/^forever was terminated after .* \(a daemon ends with its program\)$/m);
    expect(text).not.toMatch(internal);
  });

  it('a run that took too long tells who waits for what, who has it, since when and where', async () => {
    const text = await told('when-stopped', mode);
    const at = (line: number) => `\\(when-stopped\\.yaml:${line}\\)`;
    expect(text).toMatch(
      new RegExp(
        [
          'when the run was stopped:',
          `  \`server\` sleeps ${at(6)}`,
          `  \`audit\` is not started: it needs server: ready ${at(7)}`,
          `  \`holder\` sleeps ${at(8)}`,
          `  \`worker\\[0\\]\`, \`worker\\[1\\]\` and \`worker\\[2\\]\`: each waits for \`l\` \\(from .* on, when-stopped\\.yaml:9\\)`,
          `    held by \`holder\`, which took it at .* ${at(8)}`,
          '',
        ].join('\n'),
      ),
    );
    expect(text).not.toMatch(internal);
  });

  it('a task that was tried again failed at its step', async () => {
    const text = await told('retry-step', mode);
    expect(text).toMatch(/^retried failed after .*: Exception: no \(retry-step\.yaml:9\)$/m);
    expect(text).toMatch(/^passing failed after .*: Exception: inner \(retry-step\.yaml:15\)$/m);
    expect(text).toMatch(/^ {4}9 \| {7}- fail: no$/m);
  });

  it('all that was not judged is told', async () => {
    const claims = Array.from({ length: 9 }, (_, index) => `    v${index}: 1`).join('\n');
    const vars = Array.from({ length: 9 }, (_, index) => `  v${index}: 1`).join('\n');
    const file = join(folder, `claims-${mode.length}.yaml`);
    writeFileSync(
      file,
      `concur: 1\ntimeout: 200ms\nvars:\n${vars}\nmain: [ { sleep: 60s } ]\nexpect:\n  vars:\n${claims}\n`,
    );
    const { stdout } = await concur(['run', file, ...mode]);
    const line = stdout.split('\n').find((one) => one.startsWith('  not judged'));
    for (let index = 0; index < 9; index += 1) expect(line).toContain(`v${index} == `);
  });
});

/** Texts for people, to be read as people would when they change: `npx vitest run -u` writes them anew. */
it.each([
  'deadlock-words',
  'expected-deadlock',
  'failfast-reason',
  'joinclose',
  'retry-step',
  'what-ended-it',
  'when-stopped',
])('the whole text of %s', async (name) => {
  await expect(await told(name, ['--virtual'], '--seed', '1')).toMatchFileSnapshot(`told/${name}.txt`);
});

it('a run that is interrupted tells who waits for what, too', async () => {
  await using run = new ConcurRun(['run', 'when-stopped.yaml', '--timeout', '10m', '--verbose'], {
    cwd: import.meta.dirname,
  });
  await run.output(/worker\[2\] waiting for `l`/);
  run.signal('SIGINT');
  const { stdout } = await run.ended;
  expect(stdout).toMatch(/holder was terminated after .* \(Ctrl-C, or another signal\)/);
  expect(stdout).toMatch(
    /\nwhen the run was stopped:\n(.*\n)* {4}held by `holder`, which took it at .* \(when-stopped\.yaml:8\)\n/,
  );
});

it('GitHub is told the lines of races and of tasks', async () => {
  const file = join(folder, 'lines.yaml');
  writeFileSync(
    file,
    `concur: 1
vars: { n: { value: 0, shared: true } }
tasks:
  one: { steps: [ { set: { n: n + 1 } }, { set: { n: n + 1 } } ] }
  two: { steps: [ { set: { n: n + 1 } }, { set: { n: n + 1 } } ] }
  three:
    steps:
      - fail: no
expect: { races: never }
`,
  );
  const { stdout } = await concur(['test', file, '--virtual', '--reporter', 'github']);
  const annotations = stdout.split('\n').filter((line) => line.startsWith('::error '));
  expect(annotations).toHaveLength(2);
  for (const line of annotations) expect(line).toMatch(/,line=(?:4|5|8),col=\d+,/);
});

it('commands to copy begin as concur was started', async () => {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(entry, join(bin, 'concur'));
  const { stdout } = await concur(['run', 'retry-step.yaml', '--seed', '7'], {
    cwd: import.meta.dirname,
    program: [process.execPath, join(bin, 'concur')],
  });
  expect(stdout).toContain('run it again with: npx concur run retry-step.yaml --seed 7\n');
});

it('the library tells the case and the mode of a run', async () => {
  const text = 'concur: 1\nmain: [ { fail: x } ]\ncases: [ { name: a b } ]\n';
  const source = { file: 'a.yaml', text };
  const { plan } = await loadScenario(source, { caseName: 'a b', seed: 3 });
  if (plan === undefined) throw new Error('no plan');
  const { verdict } = await run(plan, { mode: 'virtual', source });
  expect(verdictText(plan, verdict, source)).toContain(
    "run it again with: concur run a.yaml --case 'a b' --virtual --seed 3\n",
  );
});
