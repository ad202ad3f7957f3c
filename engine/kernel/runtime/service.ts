/**
 * Asking for what is done outside of the kernel: the task is parked as external with its request, the supervisor answers.
 *
 * A ticket tells answers apart: whoever gave up, or was ended, gets none.
 */

import { Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import { RECORD } from '../../log/record.ts';
import { gone, recordStopping, setGrace } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { ASKING, DONE, LEFT, RUN, STATE, STOP, TASK, WAIT } from '../memory/layout.ts';
import { readTime, writeTime } from '../memory/word-time.ts';
import { makeReady } from '../waiting/channel.ts';
import { REQUEST, request } from '../waiting/external.ts';
import { addTimer, removeTimer } from '../waiting/timers.ts';

/** The task's request, as the supervisor takes it up. */
export type Asked = { readonly task: number; readonly ticket: number; readonly step: number };

/**
 * In the critical section: the task waits for an answer.
 *
 * @param word the request, owned
 * @param deadlineUs Infinity: without a timeout
 * @param graceUs how long it may take to stop
 */
export function ask(
  k: Kernel,
  task: number,
  step: number,
  service: number,
  word: number,
  deadlineUs: number,
  graceUs = 0,
): void {
  const { words } = k;
  const at = int(k.layout.taskAt[task]);
  const timed = deadlineUs !== Number.POSITIVE_INFINITY;
  words[at + TASK.waiting] = ASKING;
  words[at + TASK.target] = service;
  words[at + TASK.operandA] = word;
  words[at + TASK.operandB] = nextTicket(k, task);
  words[at + TASK.step] = step;
  const wait = int(k.layout.waitAt[task]);
  words[wait + WAIT.state] = RUN.external;
  words[wait + WAIT.late] = 0;
  setLimit(k, task, deadlineUs);
  setGrace(k, task, graceUs);
  if (timed) addTimer(k, task, deadlineUs);
  k.record(RECORD.asked, task, step, 2, service, timed ? 1 : 0);
  request(k, task, REQUEST.serve);
}

/** How long what the task asked for last may take to stop. */
export function graceMsOf(k: Kernel, task: number): number {
  return readTime(k.words, int(k.layout.waitAt[task]) + WAIT.grace) / 1000;
}

/** Later than any run. */
const NO_LIMIT = 2 ** 52;

/** In the critical section. @param us Infinity: none */
export function setLimit(k: Kernel, task: number, us: number): void {
  writeTime(k.words, int(k.layout.waitAt[task]) + WAIT.limit, Math.min(us, NO_LIMIT));
}

/** When the time of what the task asked for last is over; Infinity without a timeout. */
export function limitOf(k: Kernel, task: number): number {
  const limit = readTime(k.words, int(k.layout.waitAt[task]) + WAIT.limit);
  return limit < NO_LIMIT ? limit : Number.POSITIVE_INFINITY;
}

function nextTicket(k: Kernel, task: number): number {
  const at = int(k.layout.waitAt[task]) + WAIT.ticket;
  const ticket = (int(k.words[at]) + 1) | 0;
  k.words[at] = ticket;
  return ticket;
}

/** What a task asks for now; undefined if it does not ask any more. */
export function askedBy(
  k: Kernel,
  task: number,
): (Asked & { readonly service: number; readonly word: number }) | undefined {
  const at = int(k.layout.taskAt[task]);
  if (k.words[at + TASK.state] !== STATE.live || k.words[at + TASK.waiting] !== ASKING) return undefined;
  return {
    task,
    ticket: int(k.words[at + TASK.operandB]),
    step: int(k.words[at + TASK.step]),
    service: int(k.words[at + TASK.target]),
    word: int(k.words[at + TASK.operandA]),
  };
}

/** What is done in the name of the task that asked. @throws Exhausted as that task's, where something runs out */
export function inNameOf<T>({ task, step }: Pick<Asked, 'task' | 'step'>, deed: () => T): T {
  try {
    return deed();
  } catch (error) {
    throw error instanceof Exhausted ? error.of(task, step) : error;
  }
}

/** In the critical section: gives the answer, as text of a value, to whoever still waits for it. @throws Exhausted */
export function answer(k: Kernel, { task, ticket }: Asked, text: string): void {
  if (isStopping(k, { task, ticket })) {
    gone(k, task, LEFT.work);
    return;
  }
  const asked = askedBy(k, task);
  if (asked === undefined || asked.ticket !== ticket) return;
  const at = int(k.layout.taskAt[task]);
  const word = inNameOf(asked, () => k.wordOfText(text));
  k.replace(at + TASK.operandA, word);
  k.words[at + TASK.waiting] = DONE;
  const wait = int(k.layout.waitAt[task]);
  if (k.words[wait + WAIT.state] !== RUN.external) return;
  if (k.words[wait + WAIT.timer] !== 0) removeTimer(k, task);
  makeReady(k, task);
}

/** Whether the task was told to end, and what it asked for then is not gone yet. */
export function isStopping(k: Kernel, { task, ticket }: Pick<Asked, 'task' | 'ticket'>): boolean {
  const at = int(k.layout.taskAt[task]);
  if (k.words[at + TASK.state] !== STATE.stopping) return false;
  const hasWork = (int(k.words[at + STOP.left]) & LEFT.work) !== 0;
  return hasWork && k.words[int(k.layout.waitAt[task]) + WAIT.ticket] === ticket;
}

/** In the critical section: the time of what it asked for is over. The answer comes when that is gone. */
export function stopLate(k: Kernel, task: number, step: number): void {
  const wait = int(k.layout.waitAt[task]);
  k.words[wait + WAIT.state] = RUN.external;
  if (isLate(k, task)) return;
  k.words[wait + WAIT.late] = 1;
  recordStopping(k, task, step, task, null, k.now + readTime(k.words, wait + WAIT.grace));
  request(k, task, REQUEST.cancel);
}

export function isLate(k: Kernel, task: number): boolean {
  return k.words[int(k.layout.waitAt[task]) + WAIT.late] !== 0;
}

/** In the critical section: the task gives up; the request is dropped, and the supervisor is told. */
export function stopAsking(k: Kernel, task: number): void {
  const at = int(k.layout.taskAt[task]);
  k.freeWord(int(k.words[at + TASK.operandA]));
  request(k, task, REQUEST.cancel);
}
