/**
 * Starts programs: each leads a session of its own, so that a signal reaches it with all it started, and none that the
 * terminal sends to the runner reaches it.
 *
 * On Linux by `posix_spawn`, whose cost does not grow with the runner; elsewhere by Node, which copies the runner's page
 * tables for each program, in the one thread that serves all commands.
 */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { loadNative } from '../memory/native.ts';
import { createPosixSpawn } from './posix-spawn.ts';
import type { Spawn } from './program.ts';

/** Asked again, it gives the same answer. */
export function loadSpawn(): Promise<Spawn> {
  loaded ??= load();
  return loaded;
}

let loaded: Promise<Spawn> | undefined;

async function load(): Promise<Spawn> {
  // The end of a child is told by a signal, and only the main thread hears signals.
  if (!isMainThread) return spawnWithNode;
  const native = await loadNative();
  const calls = native.kind === 'refused' ? undefined : native.spawnCalls();
  return calls === undefined ? spawnWithNode : createPosixSpawn(calls);
}

const spawnWithNode: Spawn = async ({ program, args, env, cwd, hasInput }) => {
  const child = process.getBuiltinModule('node:child_process').spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  // Where the system refuses descriptors there are no streams at all, whatever the types say.
  const { pid, stdin = null, stdout = null, stderr = null } = child as Partial<ChildProcess>;
  return { pid, stdin, stdout, stderr, ended: endOf(child) };
};

function endOf(child: ChildProcess): Promise<number | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
