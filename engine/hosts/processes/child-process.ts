/**
 * The operating-system processes of a run: started a few at a time, signalled as groups, reaped for certain.
 *
 * Each child leads a session of its own: the terminal's Ctrl-C reaches the supervisor alone, from the child's first
 * moment (a child that joined a new group by itself could be hit before), and what it starts is signalled with it.
 * Children die with the supervisor by `PR_SET_PDEATHSIG`, so a session of their own leaves no orphans.
 *
 *     queued ──▶ starting ──▶ started ──▶ ended        kill and close lead from each of them to ended
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { endGroup, signalGroup } from '../commands/process-group.ts';
import { v8Flags } from '../v8-flags.ts';
import { argumentsFromOrders } from './inheritance.ts';
import { createGate, type Place } from './start-gate.ts';

/** How a process ended; exactly one of `code`, `signal` and `refused` is not null. */
export type ProcessEnd = {
  readonly code: number | null;
  /** What killed it. A process that was killed before it was spawned counts as killed. */
  readonly signal: NodeJS.Signals | null;
  /** It never was: the system refused it, by that error code (`EAGAIN`, `ENOMEM` …). */
  readonly refused: string | null;
};

export type CarrierProcess = {
  /** Undefined while it waits for its turn and if it never was. */
  readonly pid: () => number | undefined;
  /** Its code runs: the next may start. To be called by whoever sees its first sign of life in shared memory. */
  readonly markStarted: () => void;
  /**
   * Tells its group to end, which has its time for that, or kills it. One that is not spawned yet never will be.
   */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** Settles, always, once it ended and was reaped; where it was told to end, once its group is gone. */
  readonly ended: Promise<ProcessEnd>;
  /** The end of what it wrote to standard error: all of it, unless somebody else holds the pipe open. */
  readonly errorOutput: () => Promise<string>;
};

export type LauncherOptions = {
  /** The script that children run. */
  readonly entry: string;
  readonly fds: { readonly memory: number; readonly bell: number; readonly plan: number };
  /** The file of the native library. */
  readonly native: string;
  /** How many may be between spawn and `markStarted` at once. */
  readonly startingAtOnce: number;
  readonly env?: NodeJS.ProcessEnv;
};

export type Launcher = {
  /** Starts the carrier of that process of the plan, when it is its turn; once closed, never. */
  readonly launch: (process: number) => CarrierProcess;
  /** Kills what is left and waits until it is gone. Gives the ids of those that do not go within `graceMs`. */
  readonly close: (graceMs: number) => Promise<readonly number[]>;
};

/** Node's own warnings are no crash reports; a smaller pool of compiler threads starts faster. */
const NODE_FLAGS = ['--no-warnings', '--v8-pool-size=1', ...v8Flags(process.version)];
/** Between SIGTERM and SIGKILL. */
const STOP_GRACE_MS = 5000;
const ERROR_OUTPUT_BYTES = 8192;
const ERROR_OUTPUT_GRACE_MS = 200;

export function createLauncher(options: LauncherOptions): Launcher {
  const live = new Set<CarrierProcess>();
  const createPlace = createGate(options.startingAtOnce);
  let isClosed = false;
  const launch = (number: number): CarrierProcess => {
    if (isClosed) return neverStarted;
    const child = startInTurn(createPlace(), () => spawnCarrier(options, number));
    live.add(child);
    void child.ended.then(() => live.delete(child));
    return child;
  };
  const close = (graceMs: number) => {
    isClosed = true;
    return closeAll(live, graceMs);
  };
  return { launch, close };
}

/** Killed before it was spawned. */
const neverStarted: CarrierProcess = {
  pid: () => undefined,
  markStarted: () => {},
  kill: () => {},
  ended: Promise.resolve({ code: null, signal: 'SIGKILL', refused: null }),
  errorOutput: async () => '',
};

async function closeAll(live: ReadonlySet<CarrierProcess>, graceMs: number): Promise<readonly number[]> {
  const all = [...live];
  for (const child of all) child.kill('SIGKILL');
  await within(graceMs, Promise.all(all.map((child) => child.ended)));
  return [...live].flatMap((child) => child.pid() ?? []);
}

function spawnCarrier({ entry, fds, native, env }: LauncherOptions, number: number): ChildProcess {
  const orders = argumentsFromOrders({ process: number, parent: process.pid, native });
  return spawn(process.execPath, [...NODE_FLAGS, entry, ...orders], {
    detached: true,
    env: env ?? process.env,
    stdio: ['ignore', 'ignore', 'pipe', fds.memory, fds.bell, fds.plan],
  });
}

/** One child through all its states. */
function startInTurn(place: Place, spawnChild: () => ChildProcess): CarrierProcess {
  let child: ChildProcess | undefined;
  let errorOutput = async () => '';
  let settle: (end: ProcessEnd) => void = () => {};
  const ended = new Promise<ProcessEnd>((resolve) => {
    settle = resolve;
  });
  const hurry = new AbortController();
  let told: Promise<boolean> | undefined;
  const end = (how: Partial<ProcessEnd>) => {
    place.leave();
    settle({ code: null, signal: null, refused: null, ...how });
  };
  place.enter(() => {
    try {
      child = spawnChild();
    } catch (error) {
      return end({ refused: codeOf(error) });
    }
    child.once('error', (error) => end({ refused: codeOf(error) }));
    errorOutput = collectErrors(child);
    child.once('exit', (code, signal) => {
      const how = signal === null ? { code } : { signal };
      if (told === undefined) {
        signalGroup(child?.pid, 'SIGKILL');
        end(how);
      } else void told.then(() => end(how));
    });
  });
  const kill = (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child === undefined) end({ signal });
    if (signal === 'SIGKILL') hurry.abort();
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    told ??= endGroup({ group: child.pid, tell: signal, graceMs: STOP_GRACE_MS, kill: [hurry.signal] });
  };
  return {
    pid: () => child?.pid,
    markStarted: () => {
      if (child !== undefined) place.leave();
    },
    kill,
    ended,
    errorOutput: () => errorOutput(),
  };
}

/** Keeps the last bytes of standard error; whoever inherited the pipe may hold it open for a short time only. */
function collectErrors(child: ChildProcess): () => Promise<string> {
  // Where the system refuses descriptors there is no stream at all, whatever the types say.
  const stderr = child.stderr ?? undefined;
  if (stderr === undefined) return async () => '';
  let kept = Buffer.alloc(0);
  stderr.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-ERROR_OUTPUT_BYTES);
  });
  const closed = new Promise<void>((resolve) => stderr.once('close', resolve));
  child.once('exit', async () => {
    await within(ERROR_OUTPUT_GRACE_MS, closed);
    stderr.destroy();
  });
  return async () => {
    await closed;
    return kept.toString();
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
