/**
 * Instructions that wait for time or for a condition: sleep and await. And durations, as instructions have them.
 */

import type { Duration } from '../expression/expression.ts';
import { lengthFromValue } from '../expression/values/duration.ts';
import { SLEEPING, TASK, WAIT } from '../kernel/memory/layout.ts';
import { readTime, writeTime } from '../kernel/memory/word-time.ts';
import { park, wakeAwaiting } from '../kernel/waiting/channel.ts';
import { stopWaiting } from '../kernel/waiting/perform.ts';
import { int } from '../log/int.ts';
import { OPERATION, RECORD } from '../log/record.ts';
import type { Instruction } from '../plan/instruction.ts';
import type { Binder } from './bound-expression.ts';
import { type Code, FLOW, type Flow, truth } from './code.ts';
import type { Frame } from './frame.ts';
import { timeOut } from './time-out.ts';

type InstructionOf<Op extends Instruction['op']> = Extract<Instruction, { readonly op: Op }>;

export type BoundDuration = (frame: Frame) => number;

/** Gives microseconds, drawn where the duration is a range. */
export function bindDuration(duration: Duration, bind: Binder): BoundDuration {
  if (duration.kind === 'fixed') {
    const { minUs, maxUs } = duration;
    return (frame) => between(frame, minUs, maxUs);
  }
  const bound = bind(duration.expression);
  return (frame) => {
    const { minUs, maxUs } = lengthFromValue(bound.evaluate());
    return between(frame, minUs, maxUs);
  };
}

function between(frame: Frame, minUs: number, maxUs: number): number {
  // Where time is free all that matters of a length is whether it is none at all.
  if (frame.identity.freeTime !== undefined) return maxUs;
  if (minUs === maxUs) return minUs;
  const given = frame.identity.lengthUs?.();
  if (given !== undefined) return Math.min(maxUs, Math.max(minUs, given));
  return Math.round(minUs + frame.random() * (maxUs - minUs));
}

export function linkSleep({ duration }: InstructionOf<'sleep'>, bind: Binder): Code {
  const length = bindDuration(duration, bind);
  return (frame) => {
    if (frame.k.words[frame.at + TASK.waiting] === SLEEPING) return wakeUp(frame);
    const lengthUs = length(frame);
    return frame.identity.freeTime?.hasClock === false ? FLOW.next : fallAsleep(frame, lengthUs);
  };
}

function fallAsleep(frame: Frame, lengthUs: number): Flow {
  const { k, task } = frame;
  k.refreshClock();
  const until = k.now + lengthUs;
  frame.enter();
  k.recordTime(RECORD.sleeping, task, frame.step, until);
  k.words[frame.at + TASK.waiting] = SLEEPING;
  wakeAwaiting(k);
  frame.savePlace();
  park(k, task, -1, until, false);
  k.leave();
  return FLOW.parked;
}

function wakeUp(frame: Frame): Flow {
  const { k, task } = frame;
  frame.enter();
  stopWaiting(k, task);
  k.record(RECORD.woke, task, frame.step, 0);
  wakeAwaiting(k);
  k.leave();
  return FLOW.next;
}

/**
 * Looks again whenever something has changed that it may look at, and at the moments at which a comparison with the time
 * changes. Whatever is drawn in the condition is drawn once for each wait, not for each look: looks depend on the schedule.
 */
export function linkAwait({ condition, timeout, result }: InstructionOf<'await'>, bind: Binder): Code {
  const bound = bind(condition);
  const after = timeout === undefined ? undefined : bindDuration(timeout.after, bind);
  const pass = (frame: Frame): Flow => {
    if (result !== undefined) frame.setLocal(result, true);
    return FLOW.next;
  };
  return (frame) => {
    const limit = limitOf(frame, after);
    const mark = frame.markDraws();
    for (;;) {
      frame.rewindDraws(mark);
      const holds = look(frame, bound);
      frame.enter();
      if (!bound.isUnchanged()) {
        frame.k.leave();
        continue;
      }
      if (holds) {
        endWait(frame);
        frame.k.record(RECORD.passed, frame.task, frame.step, 0);
        frame.k.leave();
        return pass(frame);
      }
      if (isOver(frame, limit)) {
        endWait(frame);
        frame.k.record(RECORD.timedOut, frame.task, frame.step, 2, OPERATION.await, -1);
        frame.k.leave();
        return timeOut(frame, { name: 'TimeoutError', rule: timeout, result, boolean: true });
      }
      const deadline = Math.min(limit, frame.due);
      const again = tellWait(frame, deadline);
      // That it waits is something to see, too: of its own state, for one.
      if (!bound.isUnchanged()) {
        frame.k.leave();
        continue;
      }
      frame.rewindDraws(mark);
      return waitForChange(frame, deadline, again);
    }
  };
}

/** Whether the time of a wait is over that its operation cannot end now. */
export function isOver({ k, identity: { freeTime } }: Frame, deadline: number): boolean {
  if (deadline === Number.POSITIVE_INFINITY) return false;
  return freeTime === undefined ? k.now >= deadline : deadline <= 0 || freeTime.isLate;
}

/** When a wait's time is over that was begun earlier, as it was kept then; where time is free, at some time. */
export function deadlineKept(frame: Frame): number {
  if (frame.identity.freeTime !== undefined) return SOME_TIME;
  return readTime(frame.k.words, int(frame.k.layout.waitAt[frame.task]) + WAIT.deadline);
}

/** Not at once, and not never. */
const SOME_TIME = 1;

function look(frame: Frame, bound: ReturnType<Binder>): boolean {
  frame.k.refreshClock();
  bound.prepare();
  frame.enter();
  bound.snapshot();
  frame.k.leave();
  frame.due = Number.POSITIVE_INFINITY;
  return truth(bound.compute());
}

function endWait(frame: Frame): void {
  const waited = frame.k.words[frame.at + TASK.waiting] !== 0;
  stopWaiting(frame.k, frame.task);
  if (waited) wakeAwaiting(frame.k);
}

/** When the time of the wait at hand is over: drawn when it begins, kept while it lasts. */
function limitOf(frame: Frame, after: BoundDuration | undefined): number {
  if (after === undefined) return Number.POSITIVE_INFINITY;
  const at = int(frame.k.layout.waitAt[frame.task]) + WAIT.patience;
  if (frame.k.words[frame.at + TASK.waiting] !== 0)
    return frame.identity.freeTime === undefined ? readTime(frame.k.words, at) : SOME_TIME;
  frame.k.refreshClock();
  const limit = frame.k.now + after(frame);
  writeTime(frame.k.words, at, limit);
  return limit;
}

/**
 * The log tells whether it waits for others alone, whenever that changes: a deadlock is found by it.
 *
 * @returns whether it waited before
 */
function tellWait(frame: Frame, deadline: number): boolean {
  const { k, task } = frame;
  const { words } = k;
  const again = words[frame.at + TASK.waiting] !== 0;
  const known = int(k.layout.waitAt[task]) + WAIT.timed;
  const timed = deadline === Number.POSITIVE_INFINITY ? 0 : 1;
  if (!again || words[known] !== timed)
    k.record(RECORD.waiting, task, frame.step, 4, OPERATION.await, -1, timed, 0);
  words[known] = timed;
  if (again) return true;
  words[frame.at + TASK.waiting] = OPERATION.await + 1;
  words[frame.at + TASK.step] = frame.step;
  wakeAwaiting(k);
  return false;
}

/** In the critical section, which it leaves. */
function waitForChange(frame: Frame, deadline: number, again: boolean): Flow {
  const { k, task } = frame;
  frame.savePlace();
  park(k, task, k.layout.awaitChannel, deadline, again);
  k.leave();
  return FLOW.parked;
}
