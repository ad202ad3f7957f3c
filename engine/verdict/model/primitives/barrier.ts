/**
 * Barriers. Who comes while one fills is inside, and goes when all have come; with an action the last to come goes alone,
 * until it lets the others out. Then nobody comes in before the last of them is out, or of those whom a reset turned away.
 * An abort, and a timeout while it fills, break it for those inside and for those who come.
 */
import type { EventOf } from '../../../log/event.ts';
import type { OperationName } from '../../../plan/operation.ts';
import { orderBarrier } from '../../order/passing-order.ts';
import { quoted } from '../../show.ts';
import type { Explaining } from '../../waits/explaining.ts';
import { isEnded, type ModelState, type TaskRecord } from '../model-state.ts';
import { notePeak, wrongKind } from './holding-rules.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import { type BarrierRecord, NOBODY } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a barrier. */
function applyBarrier(
  state: ModelState,
  barrier: BarrierRecord,
  task: TaskRecord,
  event: Operated,
): string | null {
  state.watch.touch(barrier.id);
  switch (event.operation) {
    case 'barrier.wait':
      return pass(barrier, task, event);
    case 'barrier.release':
      // Its round may have been broken during the action: then nobody is left to be let out.
      if (barrier.acting === task.id) open(barrier);
      return null;
    case 'barrier.reset':
      reset(barrier);
      return null;
    case 'barrier.abort':
      breakUp(barrier);
      return null;
    default:
      return wrongKind(barrier, event);
  }
}

/** A task waits, inside (`place` is counted from 1) or outside (0). */
function arrive(barrier: BarrierRecord, task: TaskRecord, place: number): string | null {
  const { stage, inside } = barrier;
  if (place === 0) {
    if (stage !== 'filling' && stage !== 'broken' && !inside.has(task.id)) return null;
    return `${task.name} waits outside of ${barrier.name}, which is ${stage}`;
  }
  if (stage !== 'filling' || inside.has(task.id))
    return `${task.name} came into ${barrier.name}, which is ${stage}`;
  if (place !== countInside(barrier) + 1 || place >= barrier.plan.parties)
    return `${task.name} came to ${barrier.name} as number ${place}, where ${countInside(barrier)} had come`;
  inside.set(task.id, place - 1);
  return null;
}

/** How many have come, as its attribute `waiting` counts them. */
function countInside({ stage, inside, dead, plan }: BarrierRecord): number {
  if (stage === 'acting') return plan.parties;
  return stage === 'filling' ? inside.size + dead : 0;
}

/** Whether the task, which waits there, need not wait any more; to fail is to go on, too. */
function canPass({ stage, inside }: BarrierRecord, task: { readonly id: number }): boolean {
  if (stage === 'broken') return true;
  return inside.has(task.id) ? stage === 'draining' || stage === 'resetting' : stage === 'filling';
}

/** A task ends that waits there: while the barrier fills it has come nevertheless. */
function dieAt(barrier: BarrierRecord, task: TaskRecord): void {
  if (!barrier.inside.has(task.id)) return;
  if (barrier.stage === 'filling') barrier.dead += 1;
  goOut(barrier, task);
}

/** Its wait ends in an error. */
function turnAway(barrier: BarrierRecord, task: TaskRecord): string | null {
  const isAway = barrier.stage === 'broken' || (barrier.stage === 'resetting' && barrier.inside.has(task.id));
  if (!isAway) return `${task.name} was turned away from ${barrier.name}, which is ${barrier.stage}`;
  goOut(barrier, task);
  return null;
}

/**
 * A task's time is over, at once or after a wait: that breaks a barrier that fills. During an action the task waits on.
 *
 * @returns what is wrong with that
 */
function breakByTimeout(barrier: BarrierRecord, task: TaskRecord): string | null {
  const isInside = barrier.inside.has(task.id);
  if (barrier.stage === 'acting' && isInside) return null;
  if (barrier.stage !== 'filling' || isInside !== (task.state === 'waiting'))
    return `${task.name} timed out at ${barrier.name}, which is ${barrier.stage}`;
  breakUp(barrier);
  goOut(barrier, task);
  return null;
}

function pass(barrier: BarrierRecord, task: TaskRecord, event: Operated): string | null {
  if (event.value !== BigInt(event.amount)) return `${task.name} passed ${barrier.name} with two indexes`;
  const wrong =
    event.amount === barrier.plan.parties - 1
      ? passLast(barrier, task, event)
      : passAfter(barrier, task, event.amount);
  return wrong === null ? null : `${task.name} passed ${barrier.name} as number ${event.amount} ${wrong}`;
}

/** Null, or what is wrong with it. */
function passLast(barrier: BarrierRecord, task: TaskRecord, event: Operated): string | null {
  const { parties } = barrier.plan;
  if (barrier.stage !== 'filling') return `while it is ${barrier.stage}`;
  if (barrier.inside.has(task.id)) return 'where it waited already';
  const missing = parties - 1 - countInside(barrier);
  if (missing !== 0) return `where ${missing} of ${parties} had not come`;
  notePeak(barrier, parties, event);
  barrier.stage = 'acting';
  barrier.acting = task.id;
  barrier.dead = 0;
  if (barrier.plan.hasAction !== true) open(barrier);
  return null;
}

/** Null, or what is wrong with it. */
function passAfter(barrier: BarrierRecord, task: TaskRecord, index: number): string | null {
  const place = barrier.inside.get(task.id);
  if (place === undefined) return 'without having come in';
  if (place !== index) return `where it came as number ${place}`;
  if (barrier.stage !== 'draining') return `while it is ${barrier.stage}`;
  goOut(barrier, task);
  return null;
}

/** The last one out of a barrier that drains or is reset lets others in. */
function goOut(barrier: BarrierRecord, task: TaskRecord): void {
  barrier.inside.delete(task.id);
  if (barrier.stage === 'draining' || barrier.stage === 'resetting') empty(barrier, barrier.stage);
}

function open(barrier: BarrierRecord): void {
  barrier.acting = NOBODY;
  empty(barrier, 'draining');
}

function reset(barrier: BarrierRecord): void {
  if (barrier.stage !== 'filling' && barrier.stage !== 'broken') return;
  barrier.dead = 0;
  empty(barrier, 'resetting');
}

/** So it is while somebody is inside; where nobody is, it fills. */
function empty(barrier: BarrierRecord, stage: 'draining' | 'resetting'): void {
  barrier.stage = barrier.inside.size === 0 ? 'filling' : stage;
}

function breakUp(barrier: BarrierRecord): void {
  barrier.stage = 'broken';
  barrier.dead = 0;
  barrier.acting = NOBODY;
}

function why(
  { state, absence, doing }: Explaining,
  barrier: BarrierRecord,
  task: TaskRecord,
  operation: OperationName,
): string {
  const actor = state.tasks[barrier.acting];
  if (actor !== undefined) {
    const what = isEnded(actor) ? 'ended in it' : doing(actor);
    return `all tasks are at ${quoted(barrier.name)}; ${quoted(actor.name)} does its action, and ${what}`;
  }
  const inside = countInside(barrier);
  const come = `${inside} of ${barrier.plan.parties} tasks ${inside === 1 ? 'is' : 'are'} at ${quoted(barrier.name)}`;
  return `${come}, and ${absence(task, barrier, operation, 'goes there', barrier.inside)}`;
}

export const barrier: PrimitiveModel<'barrier'> = {
  create: (base, plan) => ({
    ...base,
    kind: 'barrier',
    plan,
    stage: 'filling',
    inside: new Map(),
    dead: 0,
    acting: NOBODY,
  }),
  apply: applyBarrier,
  waits: {
    begin: (_state, barrier, task, { amount }) => arrive(barrier, task, amount),
    // It may have come in meanwhile.
    again(state, barrier, task, { amount }) {
      if (amount === 0) return null;
      state.watch.touch(barrier.id);
      return arrive(barrier, task, amount);
    },
    die: dieAt,
    timeOut: (_state, barrier, task) => breakByTimeout(barrier, task),
    outlastsTime: ({ stage }) => stage === 'acting',
    refuse: turnAway,
    // Whether it may come in is told by its event.
    mayLinger: () => true,
  },
  isFree: (_state, barrier, task) => canPass(barrier, task),
  endedBy: { 'barrier.wait': ['barrier.wait', 'barrier.release', 'barrier.reset', 'barrier.abort'] },
  certain: (_state, { acting }) => (acting === NOBODY ? [] : [acting]),
  why,
  attributes: {
    parties: (_state, { plan }) => BigInt(plan.parties),
    broken: (_state, { stage }) => stage === 'broken',
  },
  waiting: countInside,
  noun: 'waiter',
  limit: ({ parties }) => parties,
  order: ({ clocks, closures }, { parties }) => orderBarrier(clocks, closures, parties),
  words: {
    'barrier.wait': { waits: (name) => `waiting for the others at ${name}`, did: (name) => `passed ${name}` },
    'barrier.release': { waits: (name) => `opening ${name}`, did: (name) => `opened ${name}` },
    'barrier.reset': { waits: (name) => `resetting ${name}`, did: (name) => `reset ${name}` },
    'barrier.abort': { waits: (name) => `breaking ${name}`, did: (name) => `broke ${name}` },
  },
};
