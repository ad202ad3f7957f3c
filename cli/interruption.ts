/**
 * Being told to stop. The first time the run is stopped and still reported; the second time everything is killed at once;
 * the third time, or when killing takes too long, the process just goes.
 *
 *     running ──signal──▶ stopping ──signal──▶ killing ──signal, or two seconds──▶ gone
 *
 * The exit code is that of the first signal: what was interrupted is never a verdict. A reader of the output who leaves
 * stops the run, too, but nobody gets impatient by that: a terminal that is closed does both at once.
 */
import { type Ending, exitCodes } from './exit-code.ts';

export type StopEnding = Extract<Ending, 'interrupted' | 'terminated' | 'hungUp' | 'outputClosed'>;

export type Interruption = {
  /** Aborted at the first signal: stop, and report. */
  readonly signal: AbortSignal;
  /** Aborted at the second: kill. */
  readonly kill: AbortSignal;
  /** Why, once there was a signal. */
  ending(): StopEnding | undefined;
  /** Stops as the first signal would, for a reason that is none; nothing, where it is stopped already. */
  outputClosed(): void;
  /** No longer listens. */
  close(): void;
};

/** The part of `process` that it needs. */
export type SignalSource = {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
};

export type InterruptionOptions = {
  readonly source: SignalSource;
  readonly exit: (code: number) => void;
  /** Calls back once after so many milliseconds, without keeping the process alive. */
  readonly after: (ms: number, callback: () => void) => void;
};

const signalEndings = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'hungUp',
} as const satisfies Partial<Record<NodeJS.Signals, StopEnding>>;

const killingMs = 2000;

export function watchSignals({ source, exit, after }: InterruptionOptions): Interruption {
  const stopping = new AbortController();
  const killing = new AbortController();
  let ending: StopEnding | undefined;

  const leave = () => exit(exitCodes[ending ?? 'interrupted'].code);
  const stop = (why: StopEnding) => {
    if (ending === undefined || ending === 'outputClosed') {
      ending = why;
      stopping.abort(why === 'terminated' ? 'terminate' : why);
    } else if (!killing.signal.aborted) {
      killing.abort();
      after(killingMs, leave);
    } else {
      leave();
    }
  };
  const listeners = Object.entries(signalEndings).map(([signal, why]) => [signal, () => stop(why)] as const);
  for (const [signal, listener] of listeners) source.on(signal as NodeJS.Signals, listener);
  return {
    signal: stopping.signal,
    kill: killing.signal,
    ending: () => ending,
    outputClosed() {
      if (ending === undefined) stop('outputClosed');
    },
    close() {
      for (const [signal, listener] of listeners) source.off(signal as NodeJS.Signals, listener);
    },
  };
}
