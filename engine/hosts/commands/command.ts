/**
 * Commands: a child in a process group of its own, its output line by line, ended for certain.
 */
import type { Value, ValueMap } from '../../expression/values/value.ts';
import { onAbort, withinTime } from '../on-abort.ts';
import type { CommandGuard } from './command-guard.ts';
import { endGroup, signalGroup } from './process-group.ts';
import type { Spawn, Spawned } from './program.ts';
import { loadSpawn } from './spawn.ts';

export type Command = {
  /** Text for a shell, or a program and its arguments. */
  readonly command: string | readonly string[];
  readonly shell?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin?: string;
  readonly stop: StopRule;
};

/** How a command is stopped: by a signal, or by a command that is run instead; and how long it has for that. */
export type StopRule = {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
  readonly run?: string | readonly string[];
};

export type CommandEnd = {
  /** As a shell tells it: 128 + the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** It wrote more than is kept for the result. */
  readonly isCut: boolean;
  /** It was killed, and is not gone. */
  readonly isLeft: boolean;
  /** It never ran: why, as an error of the system. */
  readonly refused: NodeJS.ErrnoException | null;
};

/** How much of each stream is kept for the result. */
export const KEPT_CHARACTERS = 1 << 17;
/** Output without line breaks is told in pieces of this length. */
const LONGEST_LINE = 1 << 16;
/** What a pipe can still hold when the command has ended; whoever writes on is no part of it. */
const MOST_IN_PIPE = 1 << 20;
/** Between the end of the command and the end of its streams, where somebody else holds them open. */
const SILENCE_MS = 500;

/** Where a command's output goes. */
export type LineSink = {
  /** Called for each line, without its line break, and for what stands behind the last one at the end. */
  readonly line: (text: string, stream: 'stdout' | 'stderr') => void;
  /** What to wait for before more is read; undefined: nothing. */
  readonly room: (stream: 'stdout' | 'stderr') => Promise<void> | undefined;
};

export type CommandOptions = {
  /** Aborted: the group is told to stop, and killed when its time for that is over. */
  readonly signal: AbortSignal;
  readonly guard: CommandGuard;
  /** One of them aborted: the group is killed at once. */
  readonly kill?: readonly (AbortSignal | undefined)[];
  /** Aborted: nobody hears any more what it writes. */
  readonly over?: AbortSignal | undefined;
};

/** Runs a command to its end. */
export async function runCommand(
  command: Command,
  sink: LineSink,
  options: CommandOptions,
): Promise<CommandEnd> {
  const { signal, guard, over } = options;
  const began = performance.now();
  const endWith = (end: Partial<CommandEnd>): CommandEnd => {
    const seconds = Math.round(performance.now() - began) / 1000;
    return { code: 127, stdout: '', stderr: '', seconds, isCut: false, isLeft: false, refused: null, ...end };
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
  const { end, isGone } = await endOf(child, command, sink, options);
  release();
  const [stdout, stderr] = await Promise.all([streams[0].finish(over), streams[1].finish(over)]);
  if (end instanceof Error) return endWith({ refused: end });
  return endWith({
    code: end,
    stdout: stdout.text,
    stderr: stderr.text,
    isCut: stdout.isCut || stderr.isCut,
    isLeft: !isGone,
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

type Ended = { readonly end: number | Error; readonly isGone: boolean };

/**
 * Ends by itself, and what it leaves in its group is killed; or is stopped, and has ended when all of its group is gone.
 */
async function endOf(
  child: Spawned,
  command: Command,
  sink: LineSink,
  options: CommandOptions,
): Promise<Ended> {
  const { signal, kill = [] } = options;
  const { pid: group } = child;
  let told: Promise<boolean> | undefined;
  let other: Promise<void> | undefined;
  const tell = (): void => {
    if (group === undefined || told !== undefined) return;
    const { signal: name, graceMs, run } = command.stop;
    const instead = (): void => {
      other = runInstead(command, run ?? [], group, sink, options);
    };
    told = endGroup({ group, graceMs, kill, tell: run === undefined ? name : instead });
  };
  const watched = [signal, ...kill].filter((one) => one !== undefined);
  const unwatch = watched.map((one) => onAbort(one, tell));
  if (watched.some(({ aborted }) => aborted)) tell();
  const end = await child.ended;
  for (const end of unwatch) end();
  if (told === undefined) signalGroup(group, 'SIGKILL');
  const isGone = (await told) ?? true;
  // What it says is heard, too.
  await other;
  return { end, isGone };
}

/** The command that stops another one: it runs as that does, knows its group, and is killed when the time is over. */
async function runInstead(
  stopped: Command,
  run: string | readonly string[],
  group: number,
  sink: LineSink,
  options: CommandOptions,
): Promise<void> {
  const { stdin: _, ...rest } = stopped;
  const env = { ...stopped.env, CONCUR_PID: String(group) };
  const stop = { signal: 'SIGKILL', graceMs: 0 } as const;
  await withinTime(stopped.stop.graceMs, options.kill ?? [], async (signal) => {
    const { refused } = await runCommand({ ...rest, command: run, env, stop }, sink, { ...options, signal });
    if (refused !== null && !signal.aborted)
      sink.line(`could not be stopped so: ${refused.message}`, 'stderr');
  });
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
  const finish = async (
    over: AbortSignal | undefined,
  ): Promise<{ readonly text: string; readonly isCut: boolean }> => {
    const before = length;
    for (let seen = -1; seen !== length && length - before <= MOST_IN_PIPE; ) {
      await untilRoom(() => room(name), over);
      seen = length;
      if (await isOverWithin(ended, SILENCE_MS)) break;
    }
    stream?.destroy();
    if (open !== '') tell(open);
    return { text: kept, isCut: length > kept.length };
  };
  return { finish };
}

/** Once nobody hears it any more, there is nothing to wait for. */
async function untilRoom(
  room: () => Promise<void> | undefined,
  over: AbortSignal | undefined,
): Promise<void> {
  if (room() === undefined) return;
  let unwatch = (): void => {};
  const isOver = new Promise<void>((resolve) => {
    unwatch = onAbort(over, resolve);
  });
  for (let full = room(); full !== undefined && over?.aborted !== true; full = room())
    await Promise.race([full, isOver]);
  unwatch();
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
