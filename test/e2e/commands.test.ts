/**
 * Commands of `run` steps belong to the run: whatever ends it ends them, with all they started, and whatever they write
 * without end stops nothing and fills nothing.
 */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConcurRun, concur, until } from './concur-run.ts';
import { type Kind, kinds } from './scenarios-of-kind.ts';

/** A shell with a child in the background and one in front; and one that does not care for SIGTERM. */
function longCommands(kind: Kind): string {
  return `
concur: 1
name: commands
timeout: 1h
defaults: { kind: ${kind} }
tasks:
  shell:
    steps:
      - run: 'echo begins; sleep 1001 & sleep 1002'
      - print: done
  stubborn:
    steps:
      - run: 'trap "" TERM INT HUP; echo begins; while true; do sleep 1003; done'
`;
}

const bothBegin = /begins.*begins/s;

describe.each(kinds)('commands of tasks of kind %s', (kind) => {
  const start = async () => {
    const run = new ConcurRun(['run', '-'], { input: longCommands(kind) });
    await run.output(bothBegin);
    await until(
      () => run.sleeps().length === 3,
      () => `there should be three sleeps: ${run.sleeps().join()}`,
    );
    return run;
  };

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('end with a run that gets %s', async (signal, code) => {
    await using run = await start();
    run.signal(signal);
    const ended = await run.end();
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout).not.toContain('done');
    expect(run.family()).toEqual([]);
  });

  it('end with a command that is killed', async () => {
    await using run = await start();
    run.signal('SIGKILL');
    await run.end();
    await run.gone();
  });

  it('end with a process that is killed, or with the run', async () => {
    await using run = await start();
    for (const pid of run.carriers()) process.kill(pid, 'SIGKILL');
    if (kind === 'process') {
      const { code, stdout } = await run.end();
      expect(code, stdout).toBe(1);
      expect(stdout).toMatch(/shell failed .*: ProcessDied: killed from outside by SIGKILL/);
    } else run.signal('SIGKILL');
    await run.gone();
  });
});

describe('a command that writes', () => {
  it.each([
    ['lines', 'yes'],
    ['no line at all', 'yes | tr -d "\\n"'],
  ])('%s without end can be stopped', async (_what, command) => {
    const input = `concur: 1\nname: endless\nmain:\n  - run: '${command}'\n`;
    await using run = new ConcurRun(['run', '-'], { input });
    await run.output(/main \| y/);
    run.signal('SIGINT');
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toMatch(/\nendless: inconclusive in .*\n {2}interrupted\n/);
    expect(run.family()).toEqual([]);
  });

  it('thousands of lines at once loses none', async () => {
    const input = `concur: 1\nmain:\n  - run: seq -f 'line %g.' 1 4000\n`;
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code, stdout.slice(-500)).toBe(0);
    const lines = stdout.match(/^main \| line \d+\.$/gm) ?? [];
    expect(lines).toEqual(Array.from({ length: 4000 }, (_, index) => `main | line ${index + 1}.`));
  });
});

describe('the folder of a run', () => {
  const input = `
concur: 1
files: { stock: { path: list.txt, content: here } }
tasks:
  shell: { run: 'test -f "$CONCUR_WORKSPACE/list.txt"; echo "in $CONCUR_WORKSPACE"; sleep 1004' }
`;

  it.each(['SIGINT', 'SIGKILL'] as const)('goes with it, if it gets %s', async (signal) => {
    await using run = new ConcurRun(['run', '-'], { input });
    const [, folder = ''] = await run.output(/in (\/.*)\n/);
    expect(existsSync(folder)).toBe(true);
    run.signal(signal);
    await run.ended;
    await run.gone();
    expect(existsSync(folder)).toBe(false);
  });
});
