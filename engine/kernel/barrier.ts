/**
 * Barrier, as `threading.Barrier`: `[arrived, broken, place of each task …]`.
 *
 * A task's place is 0 where it does not wait, `index + 1` where it does, `-(index + 1)` once it may go, and `OUSTED` where
 * the barrier was broken or reset under it. With an action, whoever comes last goes on alone first and releases the others.
 */

import type { BarrierResource } from '../plan/plan.ts';
import { ALL, wake } from './channel.ts';
import type { Kernel } from './kernel.ts';
import type { Operation } from './operation.ts';
import { ERROR, NO, YES } from './outcome.ts';

const ARRIVED = 0;
const BROKEN = 1;
const PLACES = 2;
const OUSTED = -0x40000000;

function wait(k: Kernel, task: number, barrier: number, hasAction: number): number {
  const at = k.layout.resourceAt[barrier] as number;
  const place = k.words[at + PLACES + task] as number;
  if (place > 0) return NO;
  if (place < 0) return leaveWith(k, at, task, place);
  if (k.words[at + BROKEN] === 1) return ERROR.brokenBarrier;
  const { parties } = k.plan.resources[barrier] as BarrierResource;
  const index = k.words[at + ARRIVED] as number;
  // Whoever comes while an action is at work waits for the next round.
  if (index >= parties) return NO;
  k.words[at + ARRIVED] = index + 1;
  if (index + 1 < parties) {
    k.words[at + PLACES + task] = index + 1;
    return NO;
  }
  if (hasAction === 0) letAllGo(k, at);
  k.amount = index;
  k.result = index << 1;
  return YES;
}

function leaveWith(k: Kernel, at: number, task: number, place: number): number {
  k.words[at + PLACES + task] = 0;
  if (place === OUSTED) return ERROR.brokenBarrier;
  k.amount = -place - 1;
  k.result = k.amount << 1;
  return YES;
}

function letAllGo(k: Kernel, at: number): void {
  k.words[at + ARRIVED] = 0;
  forWaiting(k, at, (place) => -place);
}

function forWaiting(k: Kernel, at: number, change: (place: number) => number): void {
  for (let task = 0; task < k.plan.tasks.length; task++) {
    const place = k.words[at + PLACES + task] as number;
    if (place > 0) k.words[at + PLACES + task] = change(place);
  }
}

function release(k: Kernel, _task: number, barrier: number): number {
  letAllGo(k, k.layout.resourceAt[barrier] as number);
  k.amount = 0;
  return YES;
}

/** Whoever waits fails; `broken` says whether whoever comes later does. */
function oust(k: Kernel, barrier: number, broken: number): number {
  const at = k.layout.resourceAt[barrier] as number;
  k.words[at + ARRIVED] = 0;
  k.words[at + BROKEN] = broken;
  forWaiting(k, at, () => OUSTED);
  k.amount = 0;
  return YES;
}

/** Its time is over: that breaks the barrier for all. */
function breakFor(k: Kernel, task: number, barrier: number): void {
  const at = k.layout.resourceAt[barrier] as number;
  if ((k.words[at + PLACES + task] as number) <= 0) return;
  oust(k, barrier, 1);
  k.words[at + PLACES + task] = 0;
  wake(k, k.layout.resourceChannel[barrier] as number, ALL);
}

/** Whoever ends has come nevertheless, and keeps no place. */
function leavePlace(k: Kernel, task: number, barrier: number): void {
  k.words[(k.layout.resourceAt[barrier] as number) + PLACES + task] = 0;
}

const all = [{ channel: 0, count: ALL, completes: false }] as const;
const instant = { of: 'resource', waitsOn: -1, wakes: all } as const;

export const barrierOperations = {
  'barrier.wait': {
    of: 'resource',
    attempt: wait,
    waitsOn: 0,
    wakes: all,
    timedOut: breakFor,
    abandoned: leavePlace,
  },
  'barrier.release': { ...instant, attempt: release },
  'barrier.reset': { ...instant, attempt: (k, _task, barrier) => oust(k, barrier, 0) },
  'barrier.abort': { ...instant, attempt: (k, _task, barrier) => oust(k, barrier, 1) },
} as const satisfies Record<string, Operation>;
