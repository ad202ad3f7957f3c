/**
 * Asking for what is done outside of the kernel: the task is parked as external with its request, the supervisor answers.
 *
 * A ticket tells answers apart: whoever gave up, or was ended, gets none.
 */
import { Exhausted } from '../log/exhausted.ts';
import { RECORD } from '../log/record.ts';
import { makeReady } from './channel.ts';
import { REQUEST, request } from './external.ts';
import type { Kernel } from './kernel.ts';
import { ASKING, DONE, RUN, STATE, TASK, WAIT } from './layout.ts';
import { addTimer, removeTimer } from './timers.ts';
import { readTime, writeTime } from './word-time.ts';

/** The task's request, as the supervisor takes it up. */
export type Asked = { readonly task: number; readonly ticket: number; readonly step: number };

/**
 * In the critical section: the task waits for an answer.
 *
 * @param word the request, owned
 * @param deadlineUs Infinity: without a timeout
 */
export function ask(
  k: Kernel,
  task: number,
  step: number,
  service: number,
  word: number,
  deadlineUs: number,
): void {
  const { words } = k;
  const at = k.layout.taskAt[task] as number;
  const timed = deadlineUs !== Number.POSITIVE_INFINITY;
  words[at + TASK.waiting] = ASKING;
  words[at + TASK.target] = service;
  words[at + TASK.operandA] = word;
  words[at + TASK.operandB] = nextTicket(k, task);
  words[at + TASK.step] = step;
  const wait = k.layout.waitAt[task] as number;
  words[wait + WAIT.state] = RUN.external;
  setLimit(k, task, deadlineUs);
  if (timed) addTimer(k, task, deadlineUs);
  k.record(RECORD.asked, task, step, 2, service, timed ? 1 : 0);
  request(k, task, REQUEST.serve);
}

/** Later than any run. */
const NO_LIMIT = 2 ** 52;

/** In the critical section. @param us Infinity: none */
export function setLimit(k: Kernel, task: number, us: number): void {
  writeTime(k.words, (k.layout.waitAt[task] as number) + WAIT.limit, Math.min(us, NO_LIMIT));
}

/** When the time of what the task asked for last is over; Infinity without a timeout. */
export function limitOf(k: Kernel, task: number): number {
  const limit = readTime(k.words, (k.layout.waitAt[task] as number) + WAIT.limit);
  return limit < NO_LIMIT ? limit : Number.POSITIVE_INFINITY;
}

function nextTicket(k: Kernel, task: number): number {
  const at = (k.layout.waitAt[task] as number) + WAIT.ticket;
  const ticket = ((k.words[at] as number) + 1) | 0;
  k.words[at] = ticket;
  return ticket;
}

/** What a task asks for now; undefined if it does not ask any more. */
export function askedBy(
  k: Kernel,
  task: number,
): (Asked & { readonly service: number; readonly word: number }) | undefined {
  const at = k.layout.taskAt[task] as number;
  if (k.words[at + TASK.state] !== STATE.live || k.words[at + TASK.waiting] !== ASKING) return undefined;
  return {
    task,
    ticket: k.words[at + TASK.operandB] as number,
    step: k.words[at + TASK.step] as number,
    service: k.words[at + TASK.target] as number,
    word: k.words[at + TASK.operandA] as number,
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
  const asked = askedBy(k, task);
  if (asked === undefined || asked.ticket !== ticket) return;
  const at = k.layout.taskAt[task] as number;
  const word = inNameOf(asked, () => k.wordOfText(text));
  k.replace(at + TASK.operandA, word);
  k.words[at + TASK.waiting] = DONE;
  const wait = k.layout.waitAt[task] as number;
  if (k.words[wait + WAIT.state] !== RUN.external) return;
  if (k.words[wait + WAIT.timer] !== 0) removeTimer(k, task);
  makeReady(k, task);
}

/** In the critical section: the task gives up; the request is dropped, and the supervisor is told. */
export function stopAsking(k: Kernel, task: number): void {
  const at = k.layout.taskAt[task] as number;
  k.freeWord(k.words[at + TASK.operandA] as number);
  request(k, task, REQUEST.cancel);
}
