/**
 * `into`: each line that a command writes becomes an item of a queue, put by the task that runs the command.
 *
 * While the queue is full the command is not read, so it waits itself once the system's pipe is full. A queue that was
 * closed fails the step.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { errorOf, NO, YES } from '../kernel/outcome.ts';
import { perform } from '../kernel/perform.ts';
import { type Asked, askedBy } from '../kernel/service.ts';
import { OPERATION } from '../log/record.ts';
import { ScenarioError } from '../plan/scenario-error.ts';

export type LineFeed = {
  readonly line: (text: string) => void;
  readonly room: () => Promise<void> | undefined;
  /** Settles once all lines are in the queue, or nobody wants them any more. @throws ScenarioError `ShutDown` */
  readonly finish: () => Promise<void>;
};

export type LineFeedOptions = {
  readonly k: Kernel;
  readonly asked: Asked;
  readonly queue: number;
  readonly errand: (deed: () => void) => void;
  /** Aborted: nobody wants the lines any more. */
  readonly signal: AbortSignal;
  /** Called once, at the first line that the queue refuses. */
  readonly onClosed: () => void;
};

/** Lines that are read and not yet in the queue, before reading stops. */
const LINES_AHEAD = 64;
/** Nobody tells the supervisor that there is room again: it looks, less and less often. */
const LONGEST_PAUSE_MS = 20;

export function createLineFeed(options: LineFeedOptions): LineFeed {
  const { errand, signal, onClosed } = options;
  const pending: string[] = [];
  const waiting = new Set<() => void>();
  let refused: ScenarioError | undefined;
  let isPutting = false;
  let pauseMs = 1;
  const settle = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const giveUp = (): void => {
    pending.length = 0;
    settle();
  };
  signal.addEventListener('abort', giveUp);
  const putNext = (): void => {
    isPutting = false;
    const [text] = pending;
    if (text === undefined) {
      settle();
      return;
    }
    const outcome = put(options, text);
    if (outcome === 'full') {
      setTimeout(schedule, pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      return;
    }
    pauseMs = 1;
    if (outcome === 'done') pending.shift();
    else {
      giveUp();
      if (outcome === 'gone') return;
      refused ??= outcome;
      onClosed();
    }
    if (pending.length < LINES_AHEAD / 2) settle();
    if (pending.length > 0) schedule();
  };
  const schedule = (): void => {
    if (isPutting) return;
    isPutting = true;
    errand(putNext);
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.add(resolve));
  return {
    line: (text) => {
      if (refused !== undefined || signal.aborted) return;
      pending.push(text);
      schedule();
    },
    room: () => (pending.length < LINES_AHEAD ? undefined : change()),
    finish: async () => {
      while (pending.length > 0) await change();
      signal.removeEventListener('abort', giveUp);
      if (refused !== undefined) throw refused;
    },
  };
}

/** In the critical section, as the task that asked. */
function put({ k, asked, queue }: LineFeedOptions, text: string): 'done' | 'full' | 'gone' | ScenarioError {
  if (askedBy(k, asked.task)?.ticket !== asked.ticket) return 'gone';
  const word = k.wordOf(text);
  const { task, step } = asked;
  const outcome = perform(k, { task, step, operation: OPERATION['queue.put'], target: queue, a: word, b: 0 });
  if (outcome === YES) return 'done';
  k.freeWord(word);
  if (outcome === NO) return 'full';
  const { name, message } = errorOf(outcome);
  return new ScenarioError(name, message);
}
