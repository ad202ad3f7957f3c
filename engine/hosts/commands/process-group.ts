/**
 * Ending a process group: it is told to, has its time for that, and is killed then. It is over when nobody in it is alive.
 *
 * That its leader has ended says nothing: a shell dies of SIGTERM at once, and what it started may need its time. Nor is it
 * said by who can still be signalled: zombies can.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { onAbort } from '../on-abort.ts';

export type GroupEnd = {
  readonly group: number;
  /** How it is told: a signal, or what is done instead. */
  readonly tell: NodeJS.Signals | (() => void);
  readonly graceMs: number;
  /** Aborted: there is no more time. */
  readonly kill: readonly (AbortSignal | undefined)[];
};

/** How long it may take to be gone once it was killed. */
const KILLED_MS = 1000;
/** Between two looks: the first, and the longest. */
const LOOK_MS = 2;
const MOST_MS = 50;

/** @returns false: it is not gone, though it was killed */
export async function endGroup({ group, tell, graceMs, kill }: GroupEnd): Promise<boolean> {
  if (typeof tell === 'string') signalGroup(group, tell);
  else tell();
  // Who was stopped hears of it only when it goes on.
  signalGroup(group, 'SIGCONT');
  const signals = kill.filter((signal) => signal !== undefined);
  const inTime = await isGoneWithin(group, graceMs, signals);
  // In any case: somebody may have come into the group since.
  signalGroup(group, 'SIGKILL');
  return inTime || (await isGoneWithin(group, KILLED_MS, []));
}

export function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody of the group is left, or it is not ours any more.
  }
}

async function isGoneWithin(group: number, ms: number, hurry: readonly AbortSignal[]): Promise<boolean> {
  const until = performance.now() + ms;
  for (let pauseMs = LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, MOST_MS)) {
    if (!isAlive(group)) return true;
    const leftMs = until - performance.now();
    if (leftMs <= 0 || hurry.some(({ aborted }) => aborted)) return false;
    await pause(Math.min(pauseMs, leftMs), hurry);
  }
}

function pause(ms: number, hurry: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const end of unwatch) end();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const unwatch = hurry.map((signal) => onAbort(signal, done));
  });
}

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // Who may not be signalled is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return hasLiveMember(group);
}

/** Where there is no `/proc`, who can be signalled counts as alive. */
function hasLiveMember(group: number): boolean {
  try {
    return readdirSync('/proc').some((name) => /^\d/.test(name) && isLiveMember(name, group));
  } catch {
    return true;
  }
}

/** `pid (name) state parent group …`: the name may have anything in it. */
function isLiveMember(pid: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
