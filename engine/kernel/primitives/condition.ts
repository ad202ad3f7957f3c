/**
 * Condition, as `threading.Condition`: `[waiting, task + 1 in order of arrival …, phase of each task …]`.
 *
 * To wait is to release the lock and stand in line; who is notified (or whose time is over) takes the lock back before
 * anything else, at the depth it had, and like any other who wants the lock: if that is fair, it comes there at that very
 * moment. A notify without a waiter is lost. Phases: 0 not here, `2 × depth` notified, `2 × depth + 1` its time was over;
 * while it stands in line its depth is kept negative.
 */

import { FALSE_WORD, TRUE_WORD } from '../../log/inline-value.ts';
import { int } from '../../log/int.ts';
import type { ConditionResource } from '../../plan/plan.ts';
import type { Handing } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { RUN, WAIT } from '../memory/layout.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { names, numbers, ofTasks, type Primitive } from '../primitive.ts';
import { admits, comeTo, isFair, leaveLine, wakeFirst } from '../waiting/arrival.ts';
import { wake, wakeTask } from '../waiting/channel.ts';
import { standInLine, stepOutOfLine } from '../waiting/line.ts';
import { isOwnerDead } from './dead-holder.ts';
import { giveAnyway, giverOf, takeAnyway, timesHeld } from './switched-off.ts';

function lockOf(k: Kernel, condition: number): number {
  return (k.plan.resources[condition] as ConditionResource).lock;
}

function phaseAt(k: Kernel, condition: number, task: number): number {
  return int(k.layout.resourceAt[condition]) + 1 + k.plan.tasks.length + task;
}

/** A plain lock has no owner's rights: that it is held is enough, as in Python. */
function isHeld(k: Kernel, task: number, lock: number): boolean {
  if (k.layout.disabled[lock] === 1) return true;
  const owner = int(k.words[int(k.layout.resourceAt[lock])]);
  return k.plan.resources[lock]?.kind === 'rlock' ? owner === task + 1 : owner !== 0;
}

function wait(k: Kernel, task: number, condition: number): number {
  const phase = int(k.words[phaseAt(k, condition, task)]);
  if (phase > 0) return takeBack(k, task, condition, phase);
  if (phase < 0) return NO;
  const lock = lockOf(k, condition);
  if (!isHeld(k, task, lock)) return ERROR.waitUnacquired;
  beginWait(k, task, condition, lock);
  return NO;
}

function beginWait(k: Kernel, task: number, condition: number, lock: number): void {
  k.words[phaseAt(k, condition, task)] = -Math.max(1, leaveLock(k, task, lock));
  standInLine(k, int(k.layout.resourceAt[condition]), task);
}

/** @returns how often the task had it, where that is counted */
function leaveLock(k: Kernel, task: number, lock: number): number {
  if (k.layout.disabled[lock] === 1) {
    const own = timesHeld(k, lock, task);
    const giver = giverOf(k, lock, task);
    giveAnyway(k, lock, giver, timesHeld(k, lock, giver));
    return own;
  }
  const at = int(k.layout.resourceAt[lock]);
  const depth = int(k.words[at + 1]);
  k.words.fill(0, at, at + 2);
  return depth;
}

function takeBack(k: Kernel, task: number, condition: number, phase: number): number {
  const lock = lockOf(k, condition);
  const at = int(k.layout.resourceAt[lock]);
  if (k.layout.disabled[lock] === 1) takeAnyway(k, lock, task, phase >> 1);
  else {
    const free = k.words[at] === 0;
    if (!free && isOwnerDead(k, lock)) return dropOut(k, task, condition, lock);
    if (!admits(k, lock, task, free)) return NO;
    k.words[at] = task + 1;
    if (k.plan.resources[lock]?.kind === 'rlock') k.words[at + 1] = phase >> 1;
  }
  k.words[phaseAt(k, condition, task)] = 0;
  k.result = (phase & 1) === 0 ? TRUE_WORD : FALSE_WORD;
  k.amount = phase >> 1;
  return YES;
}

/** The lock cannot be had any more: the wait is over, without it. */
function dropOut(k: Kernel, task: number, condition: number, lock: number): number {
  k.words[phaseAt(k, condition, task)] = 0;
  leaveLine(k, lock, task);
  return ERROR.ownerDied;
}

/** Until it is notified it waits for that; then for the lock. */
function channelFor(k: Kernel, task: number, condition: number): number {
  const notified = int(k.words[phaseAt(k, condition, task)]) > 0;
  return int(k.layout.resourceChannel[notified ? lockOf(k, condition) : condition]);
}

function letGo(k: Kernel, _task: number, condition: number): void {
  const lock = lockOf(k, condition);
  if (isFair(k, lock)) wakeFirst(k, lock, 0);
  else wake(k, int(k.layout.resourceChannel[lock]), 1);
}

/** The time is over: out of the line, and to the lock. */
function expire(k: Kernel, task: number, condition: number): 'changed' {
  const at = phaseAt(k, condition, task);
  const phase = int(k.words[at]);
  stepOutOfLine(k, int(k.layout.resourceAt[condition]), task);
  k.words[at] = -2 * phase + 1;
  comeTo(k, lockOf(k, condition), task);
  return 'changed';
}

/** Nobody has notified it, and it leaves the line as if somebody had. */
function wakeUp(k: Kernel, task: number, condition: number): void {
  const at = phaseAt(k, condition, task);
  stepOutOfLine(k, int(k.layout.resourceAt[condition]), task);
  k.words[at] = -2 * int(k.words[at]);
  comeTo(k, lockOf(k, condition), task);
}

/** It is not called out yet. */
function standsInLine(k: Kernel, task: number, condition: number): boolean {
  return int(k.words[phaseAt(k, condition, task)]) < 0;
}

/** The first `count` in line are notified; as in Python nobody is where that is less than one. */
function notify(k: Kernel, task: number, condition: number, count: number): number {
  if (!isHeld(k, task, lockOf(k, condition))) return ERROR.notifyUnacquired;
  const at = int(k.layout.resourceAt[condition]);
  const waiting = int(k.words[at]);
  const chosen = Math.max(0, Math.min(count, waiting));
  for (let index = 0; index < chosen; index++) {
    const waiter = int(k.words[at + 1 + index]) - 1;
    const phase = phaseAt(k, condition, waiter);
    k.words[phase] = -2 * int(k.words[phase]);
    comeTo(k, lockOf(k, condition), waiter);
  }
  k.words.copyWithin(at + 1, at + 1 + chosen, at + 1 + waiting);
  k.words.fill(0, at + 1 + waiting - chosen, at + 1 + waiting);
  k.words[at] = waiting - chosen;
  k.amount = chosen;
  return YES;
}

/** Those notified go and look for the lock. */
function wakeNotified(k: Kernel, _task: number, condition: number): void {
  const channel = int(k.layout.resourceChannel[condition]);
  for (let task = 0; task < k.plan.tasks.length; task++) {
    if (int(k.words[phaseAt(k, condition, task)]) <= 0) continue;
    const at = int(k.layout.waitAt[task]);
    if (k.words[at + WAIT.state] === RUN.parked && k.words[at + WAIT.channel] === channel + 1)
      wakeTask(k, task, -1);
  }
}

/** How many stand in line: those notified wait for the lock. */
function countInLine(k: Kernel, condition: number): number {
  return int(k.words[int(k.layout.resourceAt[condition])]);
}

/** Whether the task was called out of the line, and has not got the lock yet. */
function isCalledOut(k: Kernel, condition: number, task: number): boolean {
  return int(k.words[phaseAt(k, condition, task)]) > 0;
}

function forget(k: Kernel, task: number, condition: number): void {
  stepOutOfLine(k, int(k.layout.resourceAt[condition]), task);
  k.words[phaseAt(k, condition, task)] = 0;
  leaveLine(k, lockOf(k, condition), task);
}

const operations: Primitive<'condition'>['operations'] = {
  'condition.wait': {
    of: 'resource',
    attempt: wait,
    waitsOn: 0,
    wakes: [],
    waitsWhere: channelFor,
    refused: letGo,
    expire,
    // Whoever is notified waits for the lock without a limit, as in Python: it can be in a deadlock from then on.
    isTimeRunning: standsInLine,
    wakesUp: { may: standsInLine, go: wakeUp },
    abandoned: forget,
  },
  'condition.notify': { of: 'resource', attempt: notify, waitsOn: -1, wakes: [], follow: wakeNotified },
};

/** To wait is to give the lock back, and to go on is to take it; who was notified comes after the notify, too. */
const hands: Handing<'condition'> = {
  words: () => 1,
  by: {
    'condition.notify': (hands, task, condition) => hands.publish(task, condition, 0),
    'condition.wait'(hands, task, condition, _amount, value) {
      const lock = lockOf(hands.k, condition);
      if (hands.orders(lock)) hands.learn(task, lock, 0);
      if (value === TRUE_WORD) hands.learn(task, condition, 0);
    },
  },
  waits: (hands, task, condition) => hands.publish(task, lockOf(hands.k, condition), 0),
};

export const condition: Primitive<'condition'> = {
  operations,
  words: (_resource, sizes) => [numbers(1), names(sizes.tasks), ofTasks(sizes)],
  channels: 1,
  lines: 0,
  attributes: {},
  waiting: countInLine,
  // Whoever was called out of the line waits for the lock.
  awaited: (k, id, task) => (isCalledOut(k, id, task) ? lockOf(k, id) : id),
  hands,
};
