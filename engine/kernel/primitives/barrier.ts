/**
 * Barrier, as `threading.Barrier`: `[state, inside, dead, actor + 1, place of each task …]`.
 *
 * It fills until all have come, then drains until the last of them is out; whoever comes meanwhile waits outside. In the
 * same way it is resetting until those are out whom a reset turned away. A task has the place `index + 1` while it is
 * inside. With an action, the last to come goes on alone first, and lets the others out: before that nobody gets in, and no
 * reset or timeout turns anybody away. A task that ends while the barrier fills has come nevertheless, and is counted as
 * dead; one that ends later is out.
 */

import { int } from '../../log/int.ts';
import type { BarrierResource } from '../../plan/plan.ts';
import type { Handing, Hands } from '../hands.ts';
import type { Kernel } from '../kernel.ts';
import { ERROR, NO, YES } from '../outcome.ts';
import { names, numbers, ofTasks, type Primitive } from '../primitive.ts';
import { ALL, wake } from '../waiting/channel.ts';

const STATE = 0;
const INSIDE = 1;
const DEAD = 2;
const ACTOR = 3;
const PLACES = 4;

const FILLING = 0;
const ACTING = 1;
const DRAINING = 2;
const RESETTING = 3;
const BROKEN = 4;

function at(k: Kernel, barrier: number): number {
  return int(k.layout.resourceAt[barrier]);
}

function stateOf(k: Kernel, barrier: number): number {
  return int(k.words[at(k, barrier) + STATE]);
}

function placeOf(k: Kernel, barrier: number, task: number): number {
  return int(k.words[at(k, barrier) + PLACES + task]);
}

function wait(k: Kernel, task: number, barrier: number, hasAction: number): number {
  const state = stateOf(k, barrier);
  const isInside = placeOf(k, barrier, task) > 0;
  if (state === BROKEN)
    return isInside ? leaveWith(k, task, barrier, ERROR.brokenBarrier) : ERROR.brokenBarrier;
  if (state === FILLING) return isInside ? NO : comeIn(k, task, barrier, hasAction);
  if (!isInside || state === ACTING) return NO;
  return leaveWith(k, task, barrier, state === DRAINING ? YES : ERROR.brokenBarrier);
}

function comeIn(k: Kernel, task: number, barrier: number, hasAction: number): number {
  const block = at(k, barrier);
  const { parties } = k.plan.resources[barrier] as BarrierResource;
  const index = int(k.words[block + INSIDE]);
  if (index + 1 < parties) {
    k.words[block + INSIDE] = index + 1;
    k.words[block + PLACES + task] = index + 1;
    return NO;
  }
  buryDead(k, barrier);
  k.words[block + STATE] = ACTING;
  k.words[block + ACTOR] = task + 1;
  if (hasAction === 0) letOut(k, barrier);
  k.amount = index;
  k.result = index << 1;
  return YES;
}

/** Those who ended inside need not come out. */
function buryDead(k: Kernel, barrier: number): void {
  const block = at(k, barrier);
  k.words[block + INSIDE] = int(k.words[block + INSIDE]) - int(k.words[block + DEAD]);
  k.words[block + DEAD] = 0;
}

function letOut(k: Kernel, barrier: number): void {
  k.words[at(k, barrier) + ACTOR] = 0;
  emptyInto(k, barrier, DRAINING);
}

/** The state while somebody is inside who must get out; where nobody is, it fills again at once. */
function emptyInto(k: Kernel, barrier: number, state: number): void {
  const block = at(k, barrier);
  k.words[block + STATE] = k.words[block + INSIDE] === 0 ? FILLING : state;
}

/** The task is out, with its index or an error; the last one out lets others in. */
function leaveWith(k: Kernel, task: number, barrier: number, outcome: number): number {
  k.amount = placeOf(k, barrier, task) - 1;
  k.result = k.amount << 1;
  goOut(k, task, barrier);
  return outcome;
}

function goOut(k: Kernel, task: number, barrier: number): void {
  const block = at(k, barrier);
  const state = int(k.words[block + STATE]);
  k.words[block + PLACES + task] = 0;
  k.words[block + INSIDE] = int(k.words[block + INSIDE]) - 1;
  if (state === DRAINING || state === RESETTING) emptyInto(k, barrier, state);
}

/** Of the one who does the action. If the barrier was broken meanwhile, there is nobody to be let out. */
function release(k: Kernel, task: number, barrier: number): number {
  if (stateOf(k, barrier) === ACTING && k.words[at(k, barrier) + ACTOR] === task + 1) letOut(k, barrier);
  k.amount = 0;
  return YES;
}

/** Those inside fail, unless all have come: then they go first, as if it came later. */
function reset(k: Kernel, _task: number, barrier: number): number {
  const state = stateOf(k, barrier);
  if (state === FILLING) buryDead(k, barrier);
  if (state === FILLING || state === BROKEN) emptyInto(k, barrier, RESETTING);
  k.amount = 0;
  return YES;
}

/** Whoever is not out yet fails, and whoever comes. */
function abort(k: Kernel, _task: number, barrier: number): number {
  const block = at(k, barrier);
  buryDead(k, barrier);
  k.words[block + STATE] = BROKEN;
  k.words[block + ACTOR] = 0;
  k.amount = 0;
  return YES;
}

/** Its time is over, and not all have come: that breaks the barrier for all. */
function breakFor(k: Kernel, task: number, barrier: number): void {
  abort(k, task, barrier);
  goOut(k, task, barrier);
  wakeAll(k, task, barrier);
}

/** During the action all have come: it waits on, and goes with the others. */
function expire(k: Kernel, _task: number, barrier: number): 'changed' | 'over' {
  return stateOf(k, barrier) === ACTING ? 'changed' : 'over';
}

function leavePlace(k: Kernel, task: number, barrier: number): void {
  if (placeOf(k, barrier, task) === 0) return;
  const block = at(k, barrier);
  if (k.words[block + STATE] === FILLING) {
    k.words[block + PLACES + task] = 0;
    k.words[block + DEAD] = int(k.words[block + DEAD]) + 1;
    return;
  }
  goOut(k, task, barrier);
  wakeAll(k, task, barrier);
}

function wakeAll(k: Kernel, _task: number, barrier: number): void {
  wake(k, int(k.layout.resourceChannel[barrier]), ALL);
}

/** As `n_waiting`: while it fills. During the action all are counted. */
function countInside(k: Kernel, barrier: number): number {
  const state = stateOf(k, barrier);
  if (state === ACTING) return (k.plan.resources[barrier] as BarrierResource).parties;
  return state === FILLING ? int(k.words[at(k, barrier) + INSIDE]) : 0;
}

const all = [{ channel: 0, count: ALL, completes: false }] as const;
const instant = { of: 'resource', waitsOn: -1, wakes: all } as const;

const operations: Primitive<'barrier'>['operations'] = {
  'barrier.wait': {
    of: 'resource',
    attempt: wait,
    waitsOn: 0,
    wakes: all,
    tells: (k, task, barrier) => placeOf(k, barrier, task),
    isTimeRunning: (k, task, barrier) => placeOf(k, barrier, task) > 0,
    expire,
    timedOut: breakFor,
    abandoned: leavePlace,
    failed: wakeAll,
  },
  'barrier.release': { ...instant, attempt: release },
  'barrier.reset': { ...instant, attempt: reset },
  'barrier.abort': { ...instant, attempt: abort },
};

/** What those know who have come, and what those go on with who are let out. */
const ARRIVED = 0;
const OPENED = 1;

const publishEnd = (hands: Hands, task: number): void => hands.publishEnd(task);

/** All arrivals come before every departure. */
const hands: Handing<'barrier'> = {
  words: () => 2,
  by: {
    'barrier.wait'(hands, task, barrier, index) {
      const { parties } = hands.k.plan.resources[barrier] as BarrierResource;
      if (index < parties - 1) hands.learn(task, barrier, OPENED);
      else openFor(hands, task, barrier);
    },
    'barrier.release': (hands, task, barrier) => hands.publish(task, barrier, OPENED),
    'barrier.reset': publishEnd,
    'barrier.abort': publishEnd,
  },
  timedOut: publishEnd,
  follow(hands, barrier, before, start) {
    const { words, plan } = hands.k;
    const places = at(hands.k, barrier) + PLACES;
    for (let task = 0; task < plan.tasks.length; task++)
      if (words[places + task] !== 0 && before[places + task - start] === 0)
        hands.publish(task, barrier, ARRIVED);
  },
};

/** The last to come knows what all know, and the next round begins with nothing. */
function openFor(hands: Hands, task: number, barrier: number): void {
  hands.learn(task, barrier, ARRIVED);
  hands.forget(barrier, ARRIVED, 2);
  hands.publish(task, barrier, OPENED);
}

export const barrier: Primitive<'barrier'> = {
  operations,
  words: (_resource, sizes) => [numbers(ACTOR), names(1), ofTasks(sizes)],
  channels: 1,
  lines: 0,
  attributes: {
    parties: (_k, _id, { parties }) => BigInt(parties),
    broken: (k, id) => stateOf(k, id) === BROKEN,
  },
  waiting: countInside,
  hands,
};
