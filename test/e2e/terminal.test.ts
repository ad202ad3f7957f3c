/**
 * What a person sees: the command on a real pseudo-terminal (by util-linux's `script`), its screen rebuilt from what was
 * written, and once in tmux, which is a terminal that others wrote.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Screen } from '../report/screen.ts';
import { ConcurRun, concur, type Ended, entry, root, until } from './concur-run.ts';
import { allThere, holderAndWaiters } from './scenarios-of-kind.ts';
import { scratch } from './scratch.ts';

const missing = (program: string) => spawnSync(program, ['-V']).error !== undefined;
const noScript = missing('script') ? ' (skipped: there is no `script` here to make one)' : '';
const noTmux = missing('tmux') ? ' (skipped: there is no tmux here)' : '';

const toilet = ['run', '--case', 'three-stalls', 'scenarios/toilet.yaml'];

/** The command on a terminal of that size; 0 × 0 is what some CI systems give. */
function onTerminal(
  columns: number,
  rows: number,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): ConcurRun {
  const command = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
  const inside = `stty cols ${columns} rows ${rows} && exec ${command}`;
  return new ConcurRun(['-qfec', inside, '/dev/null'], {
    program: ['script'],
    env: { TERM: 'xterm-256color', NO_COLOR: undefined, SHELL: '/bin/sh', ...env },
  });
}

async function ends(run: ConcurRun): Promise<Ended> {
  const ended = await run.end();
  await run.gone();
  return ended;
}

/** What the screen holds at the end, scrolled-out rows too. */
function screenOf({ stdout }: Ended, columns: number, rows: number): readonly string[] {
  const screen = new Screen(columns, rows);
  screen.write(stdout);
  return screen.rows();
}

describe(`on a terminal${noScript}`, () => {
  describe.skipIf(noScript)('of 80 × 24', () => {
    it('shows who waits and who is inside, and at the end the summary', async () => {
      await using run = onTerminal(80, 24, toilet);
      const ended = await ends(run);
      expect(ended.code, ended.stdout).toBe(0);
      expect(ended.stdout).toMatch(/waiting for `stall`/);
      expect(ended.stdout).toMatch(/holds `stall` · sleeping/);
      const rows = screenOf(ended, 80, 24);
      expect(
        rows.filter((row) => /^visitor\[\d+\] \| visitor\[\d+\] (takes a stall|is relieved)$/.test(row)),
      ).toHaveLength(26);
      for (let visitor = 0; visitor < 13; visitor++) expect(rows).toContain(`✔ visitor[${visitor}] finished`);
      expect(rows.slice(-24).join('\n')).toMatch(
        /\n {2}`stall` .* 3 .*(.*\n)*toilet \(three-stalls\): passed in/,
      );
      expect(rows.at(-1)).toBe('');
      expect(rows.join('\n')).not.toMatch(/running|waiting|sleeping|ended ·/);
    });

    it('has colours, and with NO_COLOR none', async () => {
      const colours = /\p{Cc}\[\d+m/u;
      await using coloured = onTerminal(80, 24, ['run', '--virtual', 'scenarios/queue-fifo.yaml']);
      expect((await ends(coloured)).stdout).toMatch(colours);
      await using plain = onTerminal(80, 24, ['run', '--virtual', 'scenarios/queue-fifo.yaml'], {
        NO_COLOR: '1',
      });
      const ended = await ends(plain);
      expect(ended.stdout).not.toMatch(colours);
      expect(screenOf(ended, 80, 24).join('\n')).toMatch(/: passed in/);
    });

    it('is stopped by Ctrl-C: says so, leaves the terminal as it was and nobody behind', async () => {
      const file = scratch('waiting.yaml', holderAndWaiters('process'));
      await using run = onTerminal(80, 24, ['run', file], { NO_COLOR: '1' });
      await run.output(allThere);
      run.type('\u0003');
      const ended = await ends(run);
      expect(ended.code).toBe(130);
      const screen = screenOf(ended, 80, 24).slice(-24).join('\n');
      expect(screen).toMatch(
        /■ holder still holds `mutex` · terminated: Ctrl-C, or another signal\n(.*\n)*■ bystander terminated: Ctrl-C, or another signal\n/,
      );
      expect(screen).toMatch(/waiting: inconclusive in .*\n {2}interrupted\n/);
    });

    it('goes with its terminal', async () => {
      const file = scratch('waiting.yaml', holderAndWaiters('process'));
      await using run = onTerminal(80, 24, ['run', file]);
      await run.output(allThere);
      expect(run.carriers()).toHaveLength(4);
      run.signal('SIGKILL');
      await run.end();
      await run.gone();
    });

    it('is plain where CI is set or the terminal is dumb', async () => {
      for (const env of [{ CI: 'true' }, { TERM: 'dumb' }]) {
        await using run = onTerminal(80, 24, ['run', '--virtual', 'scenarios/queue-fifo.yaml'], {
          NO_COLOR: '1',
          ...env,
        });
        expect((await ends(run)).stdout.replaceAll('\r\n', '\n')).not.toMatch(controls);
      }
    });
  });

  it.skipIf(noScript)('of 20 columns: no line of the list is longer', async () => {
    await using run = onTerminal(20, 24, toilet, { NO_COLOR: '1' });
    const ended = await ends(run);
    expect(ended.code, ended.stdout).toBe(0);
    const list = ended.stdout.split('\r\n').filter((line) => /^[✔·⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /.test(line));
    expect(list.length).toBeGreaterThan(13);
    expect(Math.max(...list.map((line) => [...line].length))).toBeLessThan(20);
    const rows = screenOf(ended, 20, 24);
    expect(rows.filter((row) => /^✔ visitor\[\d+\]/.test(row))).toHaveLength(13);
    expect(rows.join('')).toContain('toilet (three-stalls): passed');
  });

  it.skipIf(noScript)('of no width at all: whole lines, and no list', async () => {
    await using run = onTerminal(0, 0, toilet, { NO_COLOR: '1' });
    const ended = await ends(run);
    expect(ended.code, ended.stdout).toBe(0);
    const lines = ended.stdout.split('\r\n');
    expect(lines.filter((line) => /^visitor\[\d+\] \| /.test(line))).toHaveLength(26);
    expect(ended.stdout.replaceAll('\r\n', '\n')).not.toMatch(controls);
    expect(ended.stdout).toContain('toilet (three-stalls): passed');
  });

  it.skipIf(noTmux)(
    'that others wrote, and that becomes narrower meanwhile: the screen of tmux',
    async () => {
      const file = scratch('waiting.yaml', holderAndWaiters('thread', { sleep: '4s' }));
      const name = `concur-test-${randomUUID()}`;
      const tmux = (...args: readonly string[]) =>
        execFileSync('tmux', ['-L', name, ...args], { cwd: root, encoding: 'utf8' });
      const screen = () => tmux('capture-pane', '-p');
      const shows = (pattern: RegExp) =>
        until(
          () => pattern.test(screen()),
          () => `there is no ${pattern} on:\n${screen()}`,
        );
      const environment = { ...process.env };
      delete environment['CI'];
      const command = `env -u CI '${process.execPath}' '${entry}' run '${file}'; echo "exit $?"; exec cat`;
      execFileSync(
        'tmux',
        ['-L', name, '-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', command],
        { cwd: root },
      );
      try {
        await shows(/waiting for `mutex`/);
        tmux('resize-window', '-x', '30', '-y', '24');
        await shows(/exit 0/);
        tmux('resize-window', '-x', '80', '-y', '24');
        const rows = screen().split('\n');
        expect(rows.filter((row) => /^✔ waiter\[\d\] finished$/.test(row))).toHaveLength(2);
        expect(rows.join('\n')).toMatch(/\nwaiting: passed in/);
      } finally {
        tmux('kill-server');
      }
    },
  );
});

/** All control characters but line feeds. */
const controls = /[^\P{Cc}\n]/u;

describe('where nobody looks at a terminal', () => {
  it.each([
    ['in a pipe', {}],
    ['in a pipe of a CI system', { CI: 'true', NO_COLOR: undefined, FORCE_COLOR: '1' }],
  ])('%s: lines, tagged with their task, and no control character', async (_where, env) => {
    const { code, stdout, stderr } = await concur(toilet, { env: { NO_COLOR: undefined, ...env } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(controls);
    expect(stdout.match(/^visitor\[\d+\] \| visitor\[\d+\] (takes a stall|is relieved)$/gm)).toHaveLength(26);
    expect(stdout).toMatch(/^visitor\[12\] finished after /m);
    expect(stdout).toMatch(/\ntoilet \(three-stalls\): passed in/);
  });

  it('what a task prints cannot act on a terminal', async () => {
    const input = 'concur: 1\nmain:\n  - print: "a\\eb\\u009bc\\rd\\n\\u0007\\te"\n';
    const { code, stdout } = await concur(['run', '-'], { input });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(controls);
  });
});
