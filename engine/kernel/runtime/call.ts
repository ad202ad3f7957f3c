/**
 * Calls of the user's own functions: while one runs, its task is carried by the function's own thread, which sleeps on a
 * word of the task's own; what the function does with resources is done by the task.
 *
 *     external (asked) ──takeOver──▶ running and parked, carried ──handBack──▶ ready, answered
 *                                                                ──handBackLate──▶ ready, not answered: its time is over
 */

import { encode } from '../../log/codec.ts';
import { int } from '../../log/int.ts';
import { gone } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { ASKING, DONE, FED, LEFT, RUN, STATE, TASK, WAIT } from '../memory/layout.ts';
import { isCalling, makeReady } from '../waiting/channel.ts';
import { setWaiting } from '../waiting/perform.ts';
import { deadlineOf, removeTimer } from '../waiting/timers.ts';
import { type Asked, answer, askedBy, isStopping, limitOf } from './service.ts';

/** One call: who, and which. */
export type Call = Pick<Asked, 'task' | 'ticket'>;

/** `deadlineUs`: on the run's clock; Infinity without a timeout. `word` is owned by the caller. */
export type TakenOver = { readonly step: number; readonly word: number; readonly deadlineUs: number };

/** Whether that call of the task goes on. */
export function isCallOf(k: Kernel, { task, ticket }: Call): boolean {
  if (k.words[int(k.layout.taskAt[task]) + TASK.state] !== STATE.live) return false;
  return isCalling(k, task) && k.words[int(k.layout.waitAt[task]) + WAIT.ticket] === ticket;
}

/** The call that goes on; undefined where the task is in none. */
export function callOf(k: Kernel, task: number): Call | undefined {
  const call = { task, ticket: int(k.words[int(k.layout.waitAt[task]) + WAIT.ticket]) };
  return isCallOf(k, call) && isCarried(k, task) ? call : undefined;
}

/** Whether a function, and not the supervisor, acts for the task. */
function isCarried(k: Kernel, task: number): boolean {
  return k.words[int(k.layout.waitAt[task]) + WAIT.carried] !== FED;
}

/** In the critical section: the call begins. Undefined where nobody waits for it any more. */
export function takeOver(k: Kernel, { task, ticket }: Call): TakenOver | undefined {
  const asked = askedBy(k, task);
  const wait = int(k.layout.waitAt[task]);
  if (asked?.ticket !== ticket || k.words[wait + WAIT.state] !== RUN.external) return undefined;
  const isTimed = k.words[wait + WAIT.timer] !== 0;
  const deadlineUs = isTimed ? deadlineOf(k, task) : Number.POSITIVE_INFINITY;
  if (isTimed) removeTimer(k, task);
  setWaiting(k, task, 0, 0);
  k.words[wait + WAIT.state] = RUN.running;
  k.words[wait + WAIT.carried] = 1;
  return { step: asked.step, word: asked.word, deadlineUs };
}

/** In the critical section: the call is over, with an answer as text of a value. @throws Exhausted */
export function handBack(k: Kernel, call: Call, text: string): void {
  if (isStopping(k, call)) {
    gone(k, call.task, LEFT.work);
    return;
  }
  if (!isCallOf(k, call)) return;
  setWaiting(k, call.task, DONE, k.wordOfText(text));
  release(k, call.task);
}

/**
 * In the critical section: the time of the call is over. Nothing where it is parked: its wait ends at the same time; nor
 * where it does something that has no limit.
 */
export function handBackLate(k: Kernel, call: Call): void {
  if (!isCallOf(k, call) || k.now < limitOf(k, call.task)) return;
  if (k.words[int(k.layout.taskAt[call.task]) + TASK.waiting] !== 0) return;
  setWaiting(k, call.task, ASKING, 0);
  release(k, call.task);
}

/** In the critical section: there is nobody to run the function, or not any more. */
export function refuseCall(
  k: Kernel,
  call: Call,
  error: { readonly name: string; readonly message: string },
): void {
  const asked = askedBy(k, call.task);
  const text = encode({ error });
  if (asked?.ticket === call.ticket || isStopping(k, call)) answer(k, { step: -1, ...call }, text);
  else handBack(k, call, text);
}

function release(k: Kernel, task: number): void {
  const carried = int(k.layout.waitAt[task]) + WAIT.carried;
  k.wakeOn(carried);
  k.words[carried] = 0;
  makeReady(k, task);
}
