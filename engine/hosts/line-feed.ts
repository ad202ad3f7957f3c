/**
 * `into`: each line that a command writes becomes an item of a queue, put by the task that runs the command.
 *
 * While the queue is full the task waits in that put, and the command is not read, so it waits itself once the system's pipe
 * is full. A queue that was closed fails the step.
 */
import { type Fed, type Feed, feedAgain, feedLine } from '../kernel/feed.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Asked } from '../kernel/service.ts';
import { ScenarioError } from '../plan/scenario-error.ts';

export type LineFeed = {
  readonly line: (text: string) => void;
  readonly room: () => Promise<void> | undefined;
  /** In the critical section: the task was woken where it waited for room. */
  readonly again: () => void;
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

export function createLineFeed(options: LineFeedOptions): LineFeed {
  const { k, asked, queue, errand, signal, onClosed } = options;
  const feed: Feed = { k, asked, queue, service: 0, deadlineUs: Number.POSITIVE_INFINITY };
  const pending: string[] = [];
  const waiting = new Set<() => void>();
  let refused: ScenarioError | undefined;
  let isPutting = false;
  /** The first of the pending lines is the task's to put: it goes on when it is woken. */
  let isParked = false;
  const settle = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const giveUp = (): void => {
    pending.length = 0;
    settle();
  };
  signal.addEventListener('abort', giveUp);
  const schedule = (): void => {
    if (isPutting || isParked || pending.length === 0) return;
    isPutting = true;
    errand(putNext);
  };
  const goOn = (outcome: Fed): void => {
    isParked = outcome === 'waits';
    if (isParked) return;
    if (outcome === 'done') pending.shift();
    else {
      giveUp();
      if (outcome === 'gone' || outcome === 'waits') return;
      refused ??= new ScenarioError(outcome.name, outcome.message);
      onClosed();
    }
    if (pending.length < LINES_AHEAD / 2) settle();
    schedule();
  };
  const putNext = (): void => {
    isPutting = false;
    const [text] = pending;
    if (text === undefined) settle();
    else goOn(feedLine(feed, text));
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.add(resolve));
  return {
    line: (text) => {
      if (refused !== undefined || signal.aborted) return;
      pending.push(text);
      schedule();
    },
    room: () => (pending.length < LINES_AHEAD ? undefined : change()),
    again: () => goOn(feedAgain(feed)),
    finish: async () => {
      while (pending.length > 0) await change();
      signal.removeEventListener('abort', giveUp);
      if (refused !== undefined) throw refused;
    },
  };
}
