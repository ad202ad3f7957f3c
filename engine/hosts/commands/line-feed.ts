/**
 * `into`: each line that a command writes becomes an item of a queue, put by the task that runs the command.
 *
 * While the queue is full the task waits in that put, and the command is not read, so it waits itself once the system's pipe
 * is full. A queue that was closed fails the step. Once the command was told to stop, nobody waits for room: what has none is
 * printed.
 */

import { ScenarioError } from '../../expression/values/scenario-error.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Fed, type Feed, feedAgain, feedLine, feedNow } from '../../kernel/runtime/feed.ts';
import type { Asked } from '../../kernel/runtime/service.ts';
import { onAbort } from '../on-abort.ts';

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
  /** Aborted: the command is to stop. */
  readonly signal: AbortSignal;
  /** Aborted: nobody hears any more what it writes. */
  readonly over: AbortSignal;
  /** In the critical section: the task prints. */
  readonly print: (text: string) => void;
  /** Called once, at the first line that the queue refuses. */
  readonly onClosed: () => void;
};

/** Lines that are read and not yet in the queue, before reading stops. */
const LINES_AHEAD = 64;

export function createLineFeed(options: LineFeedOptions): LineFeed {
  const { k, asked, queue, errand, signal, over, print, onClosed } = options;
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
  /** In the critical section: of what is still to be put, as much as there is room for. */
  const putAll = (): void => {
    isPutting = false;
    for (const text of pending) if (!feedNow(feed, text)) print(text);
    giveUp();
  };
  const schedule = (): void => {
    if (isPutting || (isParked && !signal.aborted) || pending.length === 0) return;
    isPutting = true;
    errand(() => (signal.aborted ? putAll() : putNext()));
  };
  const unwatch = [onAbort(signal, schedule), onAbort(over, giveUp)];
  const goOn = (outcome: Fed): void => {
    isParked = outcome === 'waits';
    if (isParked) return;
    if (outcome === 'done') pending.shift();
    // Its task was told to end, which is heard of here soon.
    else if (outcome === 'gone' || outcome === 'waits') putAll();
    else {
      giveUp();
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
      if (refused !== undefined || over.aborted) return;
      pending.push(text);
      schedule();
    },
    room: () => (pending.length < LINES_AHEAD || over.aborted ? undefined : change()),
    again: () => goOn(feedAgain(feed)),
    finish: async () => {
      while (pending.length > 0 && !over.aborted) await change();
      for (const end of unwatch) end();
      if (refused !== undefined) throw refused;
    },
  };
}
