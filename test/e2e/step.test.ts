/**
 * `concur replay --step`: on the screen of tmux, forward and back, and in a pipe.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concur } from '../scenarios/concur-command.ts';
import { entry, root, until } from './concur-run.ts';
import { scratch } from './scratch.ts';

const noTmux = spawnSync('tmux', ['-V']).error === undefined ? '' : ' (skipped: there is no tmux here)';

const file = scratch(
  'deadlock.yaml',
  `concur: 1
vars: { n: 0 }
locks: [left, right]
tasks:
  anna:
    steps:
      - with: left
        do:
          - set: { n: n + 1 }
          - with: right
            do: [ { print: anna has both } ]
  ben: { steps: [ { with: [right, left], do: [ { print: ben has both } ] } ] }
`,
);
const schedule = '1:anna@with+left,anna@set+n+%3D+n+%2B+1*2,ben@with+right%2C+left';
const step = ['replay', file, '--schedule', schedule, '--step'];

type Tmux = (...args: readonly string[]) => string;

/** The command on the screen of tmux, until `use` is done with it; then the shell says how it ended and how the terminal is. */
async function inTmux(use: (tmux: Tmux, shows: (pattern: RegExp) => Promise<void>) => Promise<void>) {
  const name = `concur-test-${randomUUID()}`;
  const tmux: Tmux = (...args) =>
    execFileSync('tmux', ['-L', name, ...args], { cwd: root, encoding: 'utf8' });
  const screen = () => tmux('capture-pane', '-p');
  const shows = (pattern: RegExp) =>
    until(
      () => pattern.test(screen()),
      () => `there is no ${pattern} on:\n${screen()}`,
    );
  const words = [process.execPath, entry, ...step].map((word) => `'${word}'`).join(' ');
  const after = `echo "exit $?"; stty -a | grep -o ' icanon'; exec cat`;
  const size = ['-x', '80', '-y', '30'];
  const session = ['-f', '/dev/null', 'new-session', '-d', ...size, `env -u CI ${words}; ${after}`];
  tmux(...session);
  try {
    await use(tmux, shows);
  } finally {
    tmux('kill-server');
  }
}

describe(`concur replay --step${noTmux}`, () => {
  it.skipIf(noTmux)('goes forward and back, and ends with the verdict', async () => {
    await inTmux(async (tmux, shows) => {
      const press = (...keys: readonly string[]) => tmux('send-keys', ...keys);
      await shows(/^step 0 of 6, the beginning(.*\n)+.* {2}anna +not started/);
      press('Right');
      await shows(
        /^step 1 of 6(.*\n)anna took `left`(.*\n)+▸ anna +holds `left`(.*\n)+▸ `left` +held by anna/,
      );
      press('Enter', 'Space');
      await shows(/^step 3 of 6(.*\n)anna wrote n = 1(.*\n)+▸ n +1\n/);
      press('Left', 'b');
      await shows(/^step 1 of 6(.*\n)anna took `left`(.*\n)+ {2}n +0\n/);
      press('G');
      await shows(/^step 6 of 6, the end(.*\n)+.*`left` +held by anna · awaited by ben/);
      press('Right');
      press('?');
      await shows(/^keys\n/);
      press('x', 'g');
      await shows(/^step 0 of 6, the beginning/);
      press('q');
      await shows(/deadlock: failed in (.*\n)+exit 1\n icanon/);
      expect(tmux('display', '-p', '#{alternate_on} #{cursor_flag}').trim()).toBe('0 1');
    });
  });

  it.skipIf(noTmux)('ends with Ctrl-C, and leaves the terminal as it was', async () => {
    await inTmux(async (tmux, shows) => {
      await shows(/^step 0 of 6/);
      tmux('send-keys', 'C-c');
      await shows(/exit 130\n icanon/);
      expect(tmux('display', '-p', '#{alternate_on} #{cursor_flag}').trim()).toBe('0 1');
    });
  });

  it('prints every step in a pipe, with what it changes', async () => {
    const { code, stdout, stderr } = await concur(...step);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^the beginning · 6 steps follow\n {2}anna +not started\n/);
    expect(stdout.match(/^step \d of 6 · /gm)).toHaveLength(6);
    expect(stdout).toMatch(
      /step 1 of 6 · 0\.0 s · anna took `left` \(.*deadlock\.yaml:7\)\n(.*\n)? {2}anna +holds `left`\n/,
    );
    expect(stdout).toMatch(/\ndeadlock: failed in /);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('says nothing as JSON', async () => {
    const { code, stderr } = await concur(...step, '--json');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "concur: options '--step' and '--json' exclude each other\n",
    });
  });
});
