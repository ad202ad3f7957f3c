/**
 * Commands: a child in a process group of its own, its output line by line, ended for certain.
 */
import type { Value, ValueMap } from '../plan/value.ts';
import type { CommandGuard } from './command-guard.ts';
import type { Spawn, Spawned } from './program.ts';
import { loadSpawn } from './spawn.ts';

export type Command = {
  /** Text for a shell, or a program and its arguments. */
  readonly command: string | readonly string[];
  readonly shell?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin?: string;
};

export type CommandEnd = {
  /** As a shell tells it: 128 + the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** It wrote more than is kept for the result. */
  readonly isCut: boolean;
  /** It never ran: why, as an error of the system. */
  readonly refused: NodeJS.ErrnoException | null;
};

/** How much of each stream is kept for the result. */
export const KEPT_CHARACTERS = 1 << 17;
/** Output without line breaks is told in pieces of this length. */
const LONGEST_LINE = 1 << 16;
/** What a pipe can still hold when the command has ended; whoever writes on is no part of it. */
const MOST_IN_PIPE = 1 << 20;
/** Between SIGTERM and SIGKILL, and between the end of the command and the end of its streams. */
const GRACE_MS = 500;

/** Where a command's output goes. */
export type LineSink = {
  /** Called for each line, without its line break, and for what stands behind the last one at the end. */
  readonly line: (text: string, stream: 'stdout' | 'stderr') => void;
  /** What to wait for before more is read; undefined: nothing. */
  readonly room: (stream: 'stdout' | 'stderr') => Promise<void> | undefined;
};

export type CommandOptions = {
  /** Aborted: the group is terminated, and killed after a moment. */
  readonly signal: AbortSignal;
  readonly guard: CommandGuard;
  /** Aborted: the group is killed at once. */
  readonly kill?: AbortSignal | undefined;
};

/** Runs a command to its end. */
export async function runCommand(
  command: Command,
  sink: LineSink,
  { signal, guard, kill }: CommandOptions,
): Promise<CommandEnd> {
  const began = performance.now();
  const endWith = (end: Partial<CommandEnd>): CommandEnd => {
    const seconds = Math.round(performance.now() - began) / 1000;
    return { code: 127, stdout: '', stderr: '', seconds, isCut: false, refused: null, ...end };
  };
  const spawn = await loadSpawn();
  if (signal.aborted) return endWith({ refused: new Error('it was stopped before it began') });
  let child: Spawned;
  try {
    child = await start(spawn, command, guard);
  } catch (error) {
    return endWith({ refused: error instanceof Error ? error : new Error(String(error)) });
  }
  const release = child.pid === undefined ? () => {} : guard.watch(child.pid);
  const streams = [collect(child, 'stdout', sink), collect(child, 'stderr', sink)] as const;
  child.stdin?.on('error', () => {});
  child.stdin?.end(command.stdin ?? '');
  const stop = endOnAbort(child, signal, kill);
  const end = await child.ended;
  stop();
  signalGroup(child, 'SIGKILL');
  release();
  const [stdout, stderr] = await Promise.all([streams[0].finish(signal), streams[1].finish(signal)]);
  if (end instanceof Error) return endWith({ refused: end });
  return endWith({
    code: end,
    stdout: stdout.text,
    stderr: stderr.text,
    isCut: stdout.isCut || stderr.isCut,
  });
}

function start(
  spawn: Spawn,
  { command, shell, env, cwd, stdin }: Command,
  { environment }: CommandGuard,
): Promise<Spawned> {
  const [program = '', ...args] = typeof command === 'string' ? [shell ?? '/bin/sh', '-c', command] : command;
  return spawn({ program, args, cwd, env: { ...environment, ...env }, hasInput: stdin !== undefined });
}

function endOnAbort(child: Spawned, signal: AbortSignal, kill: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const killGroup = (): void => signalGroup(child, 'SIGKILL');
  const terminate = (): void => {
    signalGroup(child, 'SIGTERM');
    timer = setTimeout(killGroup, GRACE_MS);
  };
  if (kill?.aborted === true) killGroup();
  else if (signal.aborted) terminate();
  signal.addEventListener('abort', terminate);
  kill?.addEventListener('abort', killGroup);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', terminate);
    kill?.removeEventListener('abort', killGroup);
  };
}

/** What the command started goes with it, unless it began a session of its own. */
function signalGroup({ pid }: Spawned, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/**
 * Whoever inherited the pipe may hold it open: after the command's end it is read only until it is silent for a while.
 */
function collect(child: Spawned, name: 'stdout' | 'stderr', { line, room }: LineSink) {
  const stream = child[name];
  let kept = '';
  let length = 0;
  let open = '';
  const ended = new Promise<void>((resolve) => {
    if (stream === null) resolve();
    else stream.once('close', resolve);
  });
  const tell = (text: string): void => line(text.endsWith('\r') ? text.slice(0, -1) : text, name);
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    length += text.length;
    if (kept.length < KEPT_CHARACTERS) kept += text.slice(0, KEPT_CHARACTERS - kept.length);
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const one of lines) tell(one);
    if (open.length >= LONGEST_LINE) {
      tell(open);
      open = '';
    }
    const full = room(name);
    if (full === undefined) return;
    stream.pause();
    void full.then(() => stream.resume());
  });
  const finish = async (signal: AbortSignal): Promise<{ readonly text: string; readonly isCut: boolean }> => {
    const before = length;
    for (let seen = -1; seen !== length && length - before <= MOST_IN_PIPE; ) {
      await untilRoom(() => room(name), signal);
      seen = length;
      if (await isOverWithin(ended, GRACE_MS)) break;
    }
    stream?.destroy();
    if (open !== '') tell(open);
    return { text: kept, isCut: length > kept.length };
  };
  return { finish };
}

/** Whoever was stopped waits for nobody. */
async function untilRoom(room: () => Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (room() === undefined) return;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  for (let full = room(); full !== undefined && !signal.aborted; full = room())
    await Promise.race([full, stopped]);
}

async function isOverWithin(ended: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const isOver = await Promise.race([ended.then(() => true), limit]);
  clearTimeout(timer);
  return isOver;
}

/** The result of a `run` step. */
export function resultOf({ code, stdout, stderr, seconds }: CommandEnd): ValueMap {
  const result: Record<string, Value> = { code: BigInt(code), stdout, stderr, seconds };
  return result;
}
