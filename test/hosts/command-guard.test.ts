/**
 * The guard of commands, over a shell that is played: what it is told, and that it waits for nothing that may never come.
 */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCommandGuard } from '../../engine/hosts/commands/command-guard.ts';

/** A shell whose end is told, and whose output somebody else holds open: `close` never comes. */
class PlayedShell extends EventEmitter {
  readonly pid = 4711;
  readonly stdin = new PassThrough();
  readonly stdout = Object.assign(new PassThrough(), { unref: () => {} });
  exitCode: number | null = null;
  readonly signalCode = null;
  readonly ref = () => {};
  readonly unref = () => {};
  readonly kill = () => true;

  exit(): void {
    this.exitCode = 0;
    this.emit('exit', 0, null);
  }
}

function play(): PlayedShell {
  const shell = new PlayedShell();
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'node:child_process'
      ? { spawn: () => shell }
      : { randomUUID: () => 'a-b-c' }) as unknown as typeof process.getBuiltinModule);
  return shell;
}

afterEach(() => vi.restoreAllMocks());

describe('the guard', () => {
  it('is closed once its shell has exited, whoever holds its output', async () => {
    const shell = play();
    const guard = createCommandGuard();
    guard.watchFolder('/tmp/concur-x');
    const closed = guard.close();
    shell.exit();
    await closed;
  });

  it('has swept once its shell has exited, whoever holds its output', async () => {
    const shell = play();
    const guard = createCommandGuard();
    guard.watchFolder('/tmp/concur-x');
    const swept = guard.sweep();
    shell.exit();
    await swept;
  });

  it('tells a folder in one line, whatever its name', () => {
    const shell = play();
    createCommandGuard().watchFolder('/tmp/a\nfolder /home\\n/concur-x');
    expect(String(shell.stdin.read())).toBe('folder /tmp/a\\nfolder /home\\\\n/concur-x\n');
  });
});
