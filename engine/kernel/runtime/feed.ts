/**
 * Lines of a command that go into a queue: where there is no room for one, the task that runs the command waits in the put,
 * as in one of its own: it can never get past it, whatever the command does meanwhile.
 *
 *     asked ──no room──▶ parked in the put, fed ──woken──▶ the supervisor tries again ──done, or refused──▶ asked
 *                                                                                     ──its time is over──▶ ready, not answered
 */
import { int } from '../../log/int.ts';
import { OPERATION } from '../../log/record.ts';
import type { Kernel } from '../kernel.ts';
import { ASKING, DONE, FED, RUN, STATE, TASK, WAIT } from '../memory/layout.ts';
import { processOf } from '../memory/task-block.ts';
import { errorOf, type KernelError, NO, YES } from '../outcome.ts';
import { leaveLine } from '../waiting/arrival.ts';
import { makeReady } from '../waiting/channel.ts';
import { giveUp, perform, type Request, stopWaiting, waitFor, waitingRequest } from '../waiting/perform.ts';
import { addTimer, deadlineOf, removeTimer } from '../waiting/timers.ts';
import { type Asked, askedBy, inNameOf, isStopping } from './service.ts';

/** A command's lines on their way; what the task asked for is kept here while it waits in a put. */
export type Feed = {
  readonly k: Kernel;
  readonly asked: Asked;
  readonly queue: number;
  service: number;
  /** Infinity without a timeout. */
  deadlineUs: number;
};

/** `waits`: until `feedAgain`, or for ever. `gone`: the task does not ask for the command any more. */
export type Fed = 'done' | 'waits' | 'gone' | KernelError;

/** In the critical section: puts a line as the task that asked. */
export function feedLine(feed: Feed, text: string): Fed {
  const { k, asked, queue } = feed;
  const { task, step } = asked;
  if (askedBy(k, task)?.ticket !== asked.ticket) return 'gone';
  // Its time is over, and it is about to give up.
  if (k.words[int(k.layout.waitAt[task]) + WAIT.state] !== RUN.external) return 'waits';
  const operation = OPERATION['queue.put'];
  const request: Request = inNameOf(asked, () => ({
    task,
    step,
    operation,
    target: queue,
    a: k.wordOf(text),
    b: 0,
  }));
  const outcome = inNameOf(asked, () => perform(k, request));
  if (outcome === NO) beginWait(feed, request);
  else if (outcome !== YES) k.freeWord(request.a);
  return outcome === NO ? 'waits' : fedBy(outcome);
}

/** In the critical section: the task was woken while it waited in the put. */
export function feedAgain(feed: Feed): Fed {
  const { k, asked } = feed;
  const { task } = asked;
  if (!isFed(k, asked)) return 'gone';
  if (k.words[int(k.layout.waitAt[task]) + WAIT.state] !== RUN.external) return 'waits';
  if (k.words[int(k.layout.taskAt[task]) + TASK.waiting] === DONE) {
    askOn(feed);
    return 'done';
  }
  const request = waitingRequest(k, task);
  const outcome = inNameOf(asked, () => perform(k, request));
  if (outcome === NO) {
    waitOn(feed, request);
    return 'waits';
  }
  if (outcome !== YES) k.freeWord(request.a);
  askOn(feed);
  return fedBy(outcome);
}

/**
 * In the critical section: puts a line of a command that stops, where there is room for it: nobody waits for that any more.
 *
 * @returns false: it is not in the queue
 */
export function feedNow({ k, asked, queue }: Feed, text: string): boolean {
  if (!isServed(k, asked)) return false;
  const { task, step } = asked;
  const operation = OPERATION['queue.put'];
  const a = inNameOf(asked, () => k.wordOf(text));
  const request = { task, step, operation, target: queue, a, b: 0 };
  const outcome = inNameOf(asked, () => perform(k, request));
  if (outcome === YES) return true;
  if (outcome === NO) leaveLine(k, queue, task);
  k.freeWord(request.a);
  return false;
}

/**
 * Whether what the task asked for is done in its name: it waits for that, be it in a put of the command's lines, or it was
 * told to end and that is not gone yet.
 */
export function isServed(k: Kernel, asked: Asked): boolean {
  return askedBy(k, asked.task)?.ticket === asked.ticket || isFed(k, asked) || isStopping(k, asked);
}

function isFed(k: Kernel, { task, ticket }: Asked): boolean {
  if (k.words[int(k.layout.taskAt[task]) + TASK.state] !== STATE.live) return false;
  const wait = int(k.layout.waitAt[task]);
  return k.words[wait + WAIT.carried] === FED && k.words[wait + WAIT.ticket] === ticket;
}

function fedBy(outcome: number): Fed {
  return outcome === YES ? 'done' : errorOf(outcome);
}

function beginWait(feed: Feed, request: Request): void {
  const { k } = feed;
  const { task } = request;
  const at = int(k.layout.taskAt[task]);
  const wait = int(k.layout.waitAt[task]);
  const isTimed = k.words[wait + WAIT.timer] !== 0;
  feed.service = int(k.words[at + TASK.target]);
  feed.deadlineUs = isTimed ? deadlineOf(k, task) : Number.POSITIVE_INFINITY;
  if (isTimed) removeTimer(k, task);
  k.freeWord(int(k.words[at + TASK.operandA]));
  stopWaiting(k, task);
  k.words[wait + WAIT.carried] = FED;
  waitFor(k, request, feed.deadlineUs);
  announceTimer(feed);
}

/** A timeout is taken only after a last attempt that said no. */
function waitOn(feed: Feed, request: Request): void {
  const { k, deadlineUs } = feed;
  k.refreshClock();
  if (k.now < deadlineUs) {
    waitFor(k, request, deadlineUs);
    announceTimer(feed);
    return;
  }
  giveUp(k, request);
  k.freeWord(request.a);
  restore(feed);
  makeReady(k, request.task);
}

/** The task is as it was when it asked. */
function askOn(feed: Feed): void {
  const { k, asked, deadlineUs } = feed;
  restore(feed);
  if (deadlineUs === Number.POSITIVE_INFINITY) return;
  addTimer(k, asked.task, deadlineUs);
  announceTimer(feed);
}

function restore({ k, asked, service }: Feed): void {
  const at = int(k.layout.taskAt[asked.task]);
  stopWaiting(k, asked.task);
  k.words[at + TASK.waiting] = ASKING;
  k.words[at + TASK.target] = service;
  k.words[at + TASK.operandB] = asked.ticket;
  k.words[at + TASK.step] = asked.step;
  k.words[int(k.layout.waitAt[asked.task]) + WAIT.carried] = 0;
}

/** The timer was set by the supervisor: the carriers of the task's process may sleep past it. */
function announceTimer({ k, asked, deadlineUs }: Feed): void {
  if (deadlineUs !== Number.POSITIVE_INFINITY) k.wakeCarrier(processOf(k, asked.task));
}
