/**
 * Commands: a child in a process group of its own, its output line by line, ended for certain.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Value, ValueMap } from '../plan/value.ts';
import type { CommandGuard } from './command-guard.ts';

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
  /** It never ran: why. */
  readonly refused: string | null;
};

/** How much of each stream is kept for the result. */
const KEPT_CHARACTERS = 1 << 20;
/** Output without line breaks is told in pieces of this length. */
const LONGEST_LINE = 1 << 16;
/** Between SIGTERM and SIGKILL, and between the end of the command and the end of its streams. */
const GRACE_MS = 500;

/** Where a command's output goes. */
export type LineSink = {
  /** Called for each line, and for what stands behind the last line break at the end. */
  readonly line: (text: string) => void;
  /** What to wait for before more is read; undefined: nothing. */
  readonly room: () => Promise<void> | undefined;
};

/**
 * Runs a command to its end.
 *
 * @param signal aborted: the group is terminated, then killed
 */
export async function runCommand(
  command: Command,
  sink: LineSink,
  { signal, guard }: { readonly signal: AbortSignal; readonly guard: CommandGuard },
): Promise<CommandEnd> {
  const began = performance.now();
  const seconds = (): number => Math.round(performance.now() - began) / 1000;
  const refused = (why: string): CommandEnd => ({
    code: 127,
    stdout: '',
    stderr: '',
    seconds: seconds(),
    refused: why,
  });
  if (signal.aborted) return refused('it was stopped before it began');
  let child: ChildProcess;
  try {
    child = start(command);
  } catch (error) {
    return refused(String(error));
  }
  const release = child.pid === undefined ? () => {} : guard.watch(child.pid);
  const streams = [
    collect(child.stdout ?? undefined, sink),
    collect(child.stderr ?? undefined, sink),
  ] as const;
  child.stdin?.on('error', () => {});
  child.stdin?.end(command.stdin ?? '');
  const stop = terminateOnAbort(child, signal);
  const end = await endOf(child);
  stop();
  signalGroup(child, 'SIGKILL');
  release();
  const [stdout, stderr] = await Promise.all(streams.map((stream) => stream.text(GRACE_MS)));
  if (typeof end === 'string') return refused(end);
  return { code: end.code, stdout: stdout ?? '', stderr: stderr ?? '', seconds: seconds(), refused: null };
}

function start({ command, shell, env, cwd, stdin }: Command): ChildProcess {
  const [program, ...args] = typeof command === 'string' ? [shell ?? '/bin/sh', '-c', command] : command;
  return spawn(program ?? '', args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
}

function endOf(child: ChildProcess): Promise<{ readonly code: number } | string> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
}

function terminateOnAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const terminate = (): void => {
    signalGroup(child, 'SIGTERM');
    timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', terminate);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', terminate);
  };
}

/** What the command started goes with it, unless it began a session of its own. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Whoever inherited the pipe may hold it open: after the command's end it is read for a short time only. */
function collect(stream: Readable | undefined, { line, room }: LineSink) {
  let kept = '';
  let open = '';
  const ended = new Promise<void>((resolve) => {
    if (stream === undefined) resolve();
    else stream.once('close', resolve);
  });
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    if (kept.length < KEPT_CHARACTERS) kept += text.slice(0, KEPT_CHARACTERS - kept.length);
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const one of lines) line(one);
    if (open.length >= LONGEST_LINE) {
      line(open);
      open = '';
    }
    const full = room();
    if (full === undefined) return;
    stream.pause();
    void full.then(() => stream.resume());
  });
  const text = async (graceMs: number): Promise<string> => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([ended, limit]);
    clearTimeout(timer);
    stream?.destroy();
    if (open !== '') line(open);
    return kept;
  };
  return { text };
}

/** The result of a `run` step. */
export function resultOf({ code, stdout, stderr, seconds }: CommandEnd): ValueMap {
  const result: Record<string, Value> = { code: BigInt(code), stdout, stderr, seconds };
  return result;
}
