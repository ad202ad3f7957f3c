/**
 * What tasks ask of the supervisor: files and commands. One at a time for each task; whoever gives up or ends takes its
 * command with it.
 */

import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Value, ValueMap } from '../../expression/values/value.ts';
import { textFromValue } from '../../expression/values/value-text.ts';
import { gone } from '../../kernel/end.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { LEFT, STATE, WAIT } from '../../kernel/memory/layout.ts';
import { processOf, stateOf } from '../../kernel/memory/task-block.ts';
import { type Call, callOf, handBackLate, isCallOf } from '../../kernel/runtime/call.ts';
import { isServed } from '../../kernel/runtime/feed.ts';
import { type Asked, answer, askedBy, graceMsOf, isStopping, limitOf } from '../../kernel/runtime/service.ts';
import { encode } from '../../log/codec.ts';
import { int } from '../../log/int.ts';
import { numbered } from '../../log/numbered.ts';
import { RECORD } from '../../log/record.ts';
import { commandFailure } from '../../plan/command-failure.ts';
import { mostAttempts, restAfter } from '../../plan/command-retry.ts';
import { fileTooLarge } from '../../plan/file-too-large.ts';
import type { Service } from '../../plan/instruction.ts';
import { services } from '../../plan/instruction.ts';
import type { CallHost } from '../calls/call-host.ts';
import { type Backlog, createBacklog } from '../commands/backlog.ts';
import {
  type Command,
  type CommandEnd,
  KEPT_CHARACTERS,
  resultOf,
  runCommand,
  type StopRule,
} from '../commands/command.ts';
import type { CommandGuard } from '../commands/command-guard.ts';
import { createLineFeed, type LineFeed } from '../commands/line-feed.ts';
import { currentFolder, lackIn, MachineFault, reasonOf } from '../machine-fault.ts';
import type { Readiness } from './readiness.ts';
import type { Workspace } from './workspace.ts';

export type Services = {
  /** What of the commands' output was left out, in sentences. */
  readonly notes: () => readonly string[];
  /** Commands wrote lines that are not in the log. */
  readonly hasLostLines: () => boolean;
  /** In the critical section: takes up what a task asks for; gives what to do after it. */
  readonly take: (task: number) => () => void;
  /** In the critical section: what the task asked for is to stop. */
  readonly cancel: (task: number) => void;
  /** In the critical section: it has no more time for that. */
  readonly hurry: (task: number) => void;
  /** In the critical section: with the process of the task, its function is gone. */
  readonly processEnded: (task: number) => void;
  /** In the critical section: the task was woken, while it waited for room for its command's lines. */
  readonly feed: (task: number) => void;
  /** Ends all that is at work, and waits until it is gone. */
  readonly close: () => Promise<void>;
};

export type ServicesOptions = {
  readonly k: Kernel;
  readonly readiness: Readiness;
  readonly workspace: () => Workspace;
  readonly guard: CommandGuard;
  /** Aborted: nothing has any time to stop. */
  readonly kill: AbortSignal | undefined;
  /** Does something in the critical section, soon. */
  readonly errand: (deed: () => void) => void;
  readonly calls: () => CallHost;
  /** The machine does not give what a task asks for: the run is to end, in a sentence why. */
  readonly onFault: (cause: string) => void;
  /** How many lines of commands the log takes. */
  readonly mostLines: number;
};

/** Lines of commands that are read and not yet in the log. */
const LINES_UNDER_WAY = 4096;

/** What all commands of a run share. */
type Means = ServicesOptions & {
  readonly backlog: Backlog;
  readonly notes: Set<string>;
  readonly lines: { count: number };
  /** By task, the lines of its command on their way into a queue. */
  readonly feeds: Map<number, LineFeed>;
  /** Aborted when nobody hears any more what commands write. */
  readonly over: AbortSignal;
};

type Work = {
  readonly asked: Asked;
  readonly service: Exclude<Service, 'call'>;
  readonly request: ValueMap;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
};

/** What was begun for a task: to be told to stop, and to be killed. */
type Running = { readonly asked: Asked; readonly stop: AbortController; readonly kill: AbortController };

export function createServices(options: ServicesOptions): Services {
  const { k, errand, guard } = options;
  const over = new AbortController();
  // As many listen as there are commands.
  setMaxListeners(0, over.signal, ...(options.kill === undefined ? [] : [options.kill]));
  const means: Means = {
    ...options,
    over: over.signal,
    backlog: createBacklog(LINES_UNDER_WAY),
    notes: new Set(),
    lines: { count: 0 },
    feeds: new Map(),
  };
  const running = new Map<number, Running>();
  const pending = new Set<Promise<void>>();
  /** What the machine let down: nothing of it is left. */
  const hasFailed = new WeakSet<Asked>();
  const begin = (work: Work): void => {
    const done = serve(means, work).then((text) => {
      errand(() => {
        if (text !== undefined) {
          answer(k, work.asked, text);
          return;
        }
        hasFailed.add(work.asked);
        if (isStopping(k, work.asked)) gone(k, work.asked.task, LEFT.work);
      });
    });
    pending.add(done);
    void done.finally(() => pending.delete(done));
  };
  const cancel = (task: number): void => {
    const begun = running.get(task);
    begun?.stop.abort();
    if (stateOf(k, task) === STATE.live) return;
    if (begun !== undefined && isStopping(k, begun.asked)) {
      if (hasFailed.has(begun.asked)) gone(k, task, LEFT.work);
      return;
    }
    if (processOf(k, task) === 0) options.calls().cancel(task);
    else leaveCall(means, task, graceMsOf(k, task));
  };
  const hurry = (task: number): void => {
    running.get(task)?.kill.abort();
    if (processOf(k, task) === 0) options.calls().hurry(task);
    else leaveCall(means, task, 0);
  };
  return {
    take: (task) => {
      const asked = askedBy(k, task);
      if (asked === undefined) return takeBegun(means, task, running.get(task)?.asked.ticket);
      const service = numbered(services, asked.service);
      if (service === 'call') return takeCall(means, asked);
      const [stop, kill] = [new AbortController(), new AbortController()];
      running.get(task)?.stop.abort();
      running.set(task, { asked, stop, kill });
      const request = k.value(asked.word) as ValueMap;
      return () => begin({ asked, service, request, signal: stop.signal, kill: kill.signal });
    },
    cancel,
    hurry,
    processEnded: (task) => {
      if (!isStopping(k, { task, ticket: running.get(task)?.asked.ticket ?? 0 })) gone(k, task, LEFT.work);
    },
    feed: (task) => means.feeds.get(task)?.again(),
    notes: () => [...means.notes],
    hasLostLines: () => means.lines.count > means.mostLines,
    close: async () => {
      over.abort();
      for (const { stop } of running.values()) stop.abort();
      await Promise.all([...pending, options.calls().close()]);
      await guard.sweep();
    },
  };
}

/** In the critical section: a call of the main program begins here; one of a child process begins there. */
function takeCall(means: Means, asked: Asked): () => void {
  const { k, calls } = means;
  const limit = limitCall(means, asked);
  const process = processOf(k, asked.task);
  return () => {
    limit();
    if (process === 0) calls().begin(asked);
  };
}

/**
 * In the critical section: a call of a child process may have begun before it is heard of here. What the task asked for before it
 * was told to end, and was not begun, is gone; whether a child process has begun a call, that tells itself.
 */
function takeBegun(means: Means, task: number, begun: number | undefined): () => void {
  const { k } = means;
  const isBegun = begun !== undefined && isStopping(k, { task, ticket: begun });
  if (stateOf(k, task) === STATE.stopping && !isBegun && processOf(k, task) === 0) gone(k, task, LEFT.work);
  const call = callOf(k, task);
  return call === undefined ? () => {} : limitCall(means, call);
}

/** In the critical section. @returns what sees to it that the call ends in time */
function limitCall({ k, errand }: Means, call: Call): () => void {
  const deadlineUs = limitOf(k, call.task);
  return () => {
    if (deadlineUs !== Number.POSITIVE_INFINITY) endLate(k, call, errand, deadlineUs);
  };
}

/**
 * What waits ends by itself at its time; a function that is at something else is told here. At that time it may still be
 * about to begin.
 */
function endLate(k: Kernel, call: Call, errand: ServicesOptions['errand'], deadlineUs: number): void {
  const look = (): void => {
    handBackLate(k, call);
    const goesOn = isCallOf(k, call) || askedBy(k, call.task)?.ticket === call.ticket;
    if (goesOn) setTimeout(() => errand(look), LOOK_AGAIN_MS).unref();
  };
  setTimeout(() => errand(look), Math.max(0, deadlineUs - k.host.clock()) / 1000 + TIMER_MS).unref();
}

const LOOK_AGAIN_MS = 50;
/** A timer may be early by as much. */
const TIMER_MS = 2;

/**
 * In the critical section: a function in a child process that does not end by itself is left to itself, until that process ends.
 * Its task has ended then.
 */
function leaveCall({ k, errand }: Means, task: number, afterMs: number): void {
  const ticket = int(k.words[int(k.layout.waitAt[task]) + WAIT.ticket]);
  const leave = (): void => {
    if (isStopping(k, { task, ticket })) gone(k, task, LEFT.work);
  };
  if (afterMs === 0) leave();
  else setTimeout(() => errand(leave), afterMs).unref();
}

/** The answer as text: `{value}` or `{error: {name, message}}`. None where the machine fails: the run ends. */
async function serve(means: Means, work: Work): Promise<string | undefined> {
  try {
    return encode({ value: await handlers[work.service](means, work) });
  } catch (error) {
    if (error instanceof MachineFault) {
      means.onFault(error.message);
      return undefined;
    }
    const name = error instanceof ScenarioError ? error.name : 'OSError';
    return encode({ error: { name, message: error instanceof Error ? error.message : String(error) } });
  }
}

/** A command that looks whether a task is ready has little time to stop. */
const LOOK_STOP: StopRule = { signal: 'SIGTERM', graceMs: 500 };

type Handler = (means: Means, work: Work) => Promise<Value>;

const handlers = {
  load: async ({ workspace, k }, { request }) => {
    const value = await workspace().load(Number(request['file']));
    if (!k.fits(encode(value))) throw new ScenarioError(fileTooLarge.name, fileTooLarge.message);
    return value;
  },
  save: async ({ workspace }, { request }) => {
    await workspace().save(Number(request['file']), request['value'] ?? null);
    return null;
  },
  run: runWithRetries,
  probe: async ({ readiness, guard, workspace }, { request, signal }) => {
    const { probeUntilReady } = await import('./probe.ts');
    const inWorkspace = (asked: ValueMap): Command => ({ ...commandOf(asked, workspace()), stop: LOOK_STOP });
    return probeUntilReady({ request, readiness, guard, signal, commandOf: inWorkspace });
  },
} as const satisfies Readonly<Record<Exclude<Service, 'call'>, Handler>>;

async function runWithRetries(means: Means, work: Work): Promise<Value> {
  const { request, signal } = work;
  const attempts = mostAttempts(request);
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(means, work);
    } catch (error) {
      if (error instanceof MachineFault || attempt >= attempts || signal.aborted) throw error;
      await delay(restAfter(request, attempt) / 1000, undefined, { signal }).catch(() => {});
    }
  }
}

async function runOnce(means: Means, work: Work): Promise<Value> {
  const { asked, request, signal: given } = work;
  const { k, workspace, errand, guard, feeds, over } = means;
  const graceMs = graceMsOf(k, asked.task);
  const plain = commandOf(request, workspace());
  const command = { ...plain, stop: { ...plain.stop, graceMs } };
  const stopper = new AbortController();
  const signal = AbortSignal.any([given, stopper.signal]);
  const printed = printTo(means, asked);
  const { into } = request;
  const feed =
    into === undefined
      ? undefined
      : createLineFeed({
          ...{ k, asked, errand, over, signal: given, queue: Number(into), print: printed.now },
          onClosed: () => stopper.abort(),
        });
  if (feed !== undefined) feeds.set(asked.task, feed);
  const sinkOf = (stream: 'stdout' | 'stderr') => (stream === 'stdout' ? (feed ?? printed) : printed);
  const end = await runCommand(
    command,
    { line: (text, stream) => sinkOf(stream).line(text), room: (stream) => sinkOf(stream).room() },
    { signal, guard, over, kill: [means.kill, work.kill] },
  );
  await feed?.finish().finally(() => {
    // The task may be at its next command: this one was given up, and ends late.
    if (feeds.get(asked.task) === feed) feeds.delete(asked.task);
  });
  if (end.isLeft) means.notes.add(leftNote(command));
  const shown = typeof command.command === 'string' ? command.command : command.command.join(' ');
  if (end.refused !== null) throw refusal(end.refused, shown, command);
  const result = fitting(k, end);
  if (end.isCut || result !== end) means.notes.add(cutNote(shown));
  const failure = commandFailure(request, end.code);
  if (failure !== undefined) throw failure;
  return resultOf(result);
}

/** The task prints what the command writes; past the limit it is only counted. */
function printTo({ k, errand, backlog, lines, mostLines, notes }: Means, asked: Asked) {
  /** In the critical section. */
  const now = (text: string): void => {
    if (isServed(k, asked)) k.recordTexts(RECORD.printed, asked.task, asked.step, [], [text]);
  };
  const line = (text: string): void => {
    lines.count++;
    if (lines.count > mostLines) {
      notes.add(`commands wrote more than ${mostLines} lines: those after them are not in the log`);
      return;
    }
    const done = backlog.add();
    errand(() => {
      done();
      now(text);
    });
  };
  return { line, now, room: backlog.room };
}

/** As much of the output as a value can hold: characters beyond Latin-1 and control characters take more room. */
function fitting(k: Kernel, end: CommandEnd): CommandEnd {
  let [kept, length] = [end, KEPT_CHARACTERS];
  while (!k.fits(encode({ value: resultOf(kept) }))) {
    length = Math.floor(length / 2);
    kept = { ...end, stdout: end.stdout.slice(0, length), stderr: end.stderr.slice(0, length) };
  }
  return kept;
}

function cutNote(command: string): string {
  return `\`${shortened(command)}\` wrote more than a result can hold (${KEPT_CHARACTERS} characters): it has the beginning`;
}

function leftNote({ command }: Command): string {
  const shown = typeof command === 'string' ? command : command.join(' ');
  return `\`${shortened(shown)}\` was killed, and was not gone a second later`;
}

function shortened(command: string): string {
  return command.length > LONGEST_SHOWN ? `${command.slice(0, LONGEST_SHOWN)}…` : command;
}

const LONGEST_SHOWN = 60;

/** By Python's names, where it is not the machine's fault. */
function refusal(error: NodeJS.ErrnoException, shown: string, { cwd, command }: Command): Error {
  const lack = lackIn(error);
  if (lack !== undefined)
    return new MachineFault(`the system refused the command \`${shortened(shown)}\`: ${lack}`);
  const program = typeof command === 'string' ? shown : (command[0] ?? '');
  if (error.code === undefined) return new ScenarioError('OSError', `${shown}: ${error.message}`);
  const missing = !existsSync(cwd) ? cwd : program;
  if (error.code === 'ENOENT')
    return new ScenarioError('FileNotFoundError', `[Errno 2] No such file or directory: '${missing}'`);
  if (error.code === 'EACCES')
    return new ScenarioError('PermissionError', `[Errno 13] Permission denied: '${program}'`);
  if (error.code === 'ENOTDIR')
    return new ScenarioError('NotADirectoryError', `[Errno 20] Not a directory: '${cwd}'`);
  return new ScenarioError('OSError', `${shortened(shown)}: ${reasonOf(error.code)}`);
}

/** @throws ScenarioError where a text cannot be handed to a program, as Python's `subprocess` does */
function commandOf(request: ValueMap, { environment }: Workspace): Command {
  const { command, shell, env, cwd } = request;
  if ([command, shell, env, cwd].some(hasNul)) throw new ScenarioError('ValueError', 'embedded null byte');
  const { stdin } = request;
  return {
    command: Array.isArray(command) ? command.map(textFromValue) : textFromValue(command ?? ''),
    env: { ...environment, ...environmentOf(env) },
    cwd: cwd === undefined || cwd === null ? currentFolder() : textFromValue(cwd),
    ...(shell === undefined || shell === null ? {} : { shell: textFromValue(shell) }),
    ...(stdin === undefined || stdin === null ? {} : { stdin: textFromValue(stdin) }),
    stop: stopOf(request),
  };
}

function stopOf({ signal, stopWith }: ValueMap): StopRule {
  const rule = { signal: textFromValue(signal ?? 'SIGTERM') as NodeJS.Signals, graceMs: 5000 };
  if (stopWith === undefined) return rule;
  return { ...rule, run: Array.isArray(stopWith) ? stopWith.map(textFromValue) : textFromValue(stopWith) };
}

function hasNul(value: Value | undefined): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(hasNul);
}

function environmentOf(env: Value | undefined): Record<string, string> {
  const entries = Object.entries((env ?? {}) as ValueMap);
  return Object.fromEntries(entries.map(([key, value]) => [key, textFromValue(value)]));
}
