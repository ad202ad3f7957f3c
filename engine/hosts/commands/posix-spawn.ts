/**
 * `posix_spawn` with pipes. The child shares the runner's memory until it runs its program: nothing is copied, and a start
 * costs a third of what Node's costs, however large the runner is. The thread that starts it stands still meanwhile: that is
 * one of Node's own pool.
 *
 * Node reaps its own children only. Those of here are reaped when the system tells of the end of any.
 */

import { accessSync, closeSync, constants as files, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { int } from '../../log/int.ts';
import type { SpawnCalls } from '../memory/native.ts';
import type { Program, Spawn } from './program.ts';

const O_CLOEXEC = 0o2000000;
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;
const WNOHANG = 1;
/** More than any C library's `posix_spawn_file_actions_t`, `posix_spawnattr_t` (336 bytes) and `sigset_t` (128) take. */
const OPAQUE_BYTES = 1024;
/** Where programs are looked for if there is no `PATH`, as `execvp` does. */
const DEFAULT_PATH = '/usr/bin:/bin';
/** As many as Node's pool has threads by itself; koffi refuses calls by the dozen. */
const MOST_STARTS = 4;
/** Runs what is executable and names no interpreter, as `execvp` does. */
const SHELL = '/bin/sh';
/** A running timer keeps Node waiting; and a signal that others of this process swallow delays an end by no more. */
const LOOK_MS = 500;

type Ended = (code: number | Error) => void;

export function createPosixSpawn(calls: SpawnCalls): Spawn {
  const reaper = createReaper(calls);
  const attributes = attributesOf(calls);
  const inTurn = createTurns(MOST_STARTS);
  const begin: Spawn = async (program) => {
    const { output, errors, input } = openPipes(calls, program.hasInput);
    const ours = [output[0], errors[0], ...(input === undefined ? [] : [input[1]])];
    const theirs = [output[1], errors[1], ...(input === undefined ? [] : [input[0]])];
    let pid: number;
    try {
      pid = await start(calls, attributes, program, [input?.[0], output[1], errors[1]]);
    } catch (error) {
      ours.forEach(closeSync);
      throw error;
    } finally {
      theirs.forEach(closeSync);
    }
    return {
      pid,
      stdin: input === undefined ? null : new Socket({ fd: input[1], readable: false, writable: true }),
      stdout: new Socket({ fd: output[0], readable: true, writable: false }),
      stderr: new Socket({ fd: errors[0], readable: true, writable: false }),
      ended: new Promise((ended) => reaper.await(pid, ended)),
    };
  };
  return (program) => inTurn(() => begin(program));
}

/** At most so many at once; the others in order of arrival. */
function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay === most) await new Promise<void>((go) => line.push(go));
    else underWay++;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) underWay--;
      else next();
    }
  };
}

type Pipe = readonly [reading: number, writing: number];

function openPipes({ pipe2, errno }: SpawnCalls, hasInput: boolean) {
  const opened: number[] = [];
  const open = (): Pipe => {
    const ends = new Int32Array(2);
    if (pipe2(ends, O_CLOEXEC) !== 0) {
      const failure = errno();
      opened.forEach(closeSync);
      throw systemError('pipe2', failure);
    }
    opened.push(...ends);
    return [int(ends[0]), int(ends[1])];
  };
  return { output: open(), errors: open(), input: hasInput ? open() : undefined };
}

/** A session of its own, and signals as a fresh program expects them: Node ignores some, and ignoring is inherited. */
function attributesOf({
  attr_init,
  attr_setflags,
  attr_setsigdefault,
  attr_setsigmask,
}: SpawnCalls): Uint8Array {
  const attributes = new Uint8Array(OPAQUE_BYTES);
  attr_init(attributes);
  attr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  attr_setsigdefault(attributes, new Uint8Array(OPAQUE_BYTES).fill(0xff));
  attr_setsigmask(attributes, new Uint8Array(OPAQUE_BYTES));
  return attributes;
}

/** @throws Error with the system's `code` */
async function start(
  calls: SpawnCalls,
  attributes: Uint8Array,
  { program, args, env, cwd }: Program,
  [input, output, errors]: readonly [number | undefined, number, number],
): Promise<number> {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${value}`,
  );
  const path = find(program, cwd, env['PATH'] ?? DEFAULT_PATH);
  const actions = new Uint8Array(OPAQUE_BYTES);
  const pid = new Int32Array(1);
  calls.actions_init(actions);
  try {
    calls.actions_addchdir(actions, cwd);
    if (input === undefined) calls.actions_addopen(actions, 0, '/dev/null', files.O_RDONLY, 0);
    else calls.actions_adddup2(actions, input, 0);
    calls.actions_adddup2(actions, output, 1);
    calls.actions_adddup2(actions, errors, 2);
    const spawn = (file: string, argv: readonly string[]): Promise<number> =>
      calls.posix_spawn(pid, file, actions, attributes, [...argv, null], [...variables, null]);
    let failure = await spawn(path, [program, ...args]);
    if (failure === constants.errno.ENOEXEC) failure = await spawn(SHELL, [SHELL, path, ...args]);
    if (failure !== 0) throw systemError(`spawn ${program}`, failure);
  } finally {
    calls.actions_destroy(actions);
  }
  return int(pid[0]);
}

/** As `execvp`, but along the `PATH` of the program that is started. */
function find(program: string, cwd: string, path: string): string {
  if (program.includes('/')) return program;
  let isForbidden = false;
  for (const folder of path.split(':')) {
    const file = resolvePath(cwd, folder, program);
    try {
      accessSync(file, files.X_OK);
      // Folders may be entered, which is the same right.
      if (statSync(file).isFile()) return file;
      isForbidden = true;
    } catch (error) {
      isForbidden ||= (error as NodeJS.ErrnoException).code === 'EACCES';
    }
  }
  const code = isForbidden ? 'EACCES' : 'ENOENT';
  throw Object.assign(new Error(`${code}: spawn ${program}`), { code });
}

function systemError(what: string, number: number): Error {
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/** Hears of the ends of children as long as there are any. */
function createReaper({ waitpid }: SpawnCalls) {
  const running = new Map<number, Ended>();
  const status = new Int32Array(1);
  let timer: NodeJS.Timeout | undefined;
  const reap = (): void => {
    for (const [pid, ended] of running) {
      const reaped = waitpid(pid, status, WNOHANG);
      if (reaped === 0) continue;
      running.delete(pid);
      ended(reaped === pid ? codeOf(int(status[0])) : new Error('somebody else has waited for it'));
    }
    if (running.size > 0) return;
    process.off('SIGCHLD', reap);
    clearInterval(timer);
    timer = undefined;
  };
  return {
    await: (pid: number, ended: Ended): void => {
      running.set(pid, ended);
      if (timer === undefined) {
        process.on('SIGCHLD', reap);
        timer = setInterval(reap, LOOK_MS);
      }
      // It may be over already: that signal was for nobody.
      reap();
    },
  };
}

/** Of a `wait` status: as a shell tells it. */
function codeOf(status: number): number {
  const signal = status & 0x7f;
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}
