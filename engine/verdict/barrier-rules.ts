/**
 * Barriers. Nobody goes before all have come; who comes last goes first, and where there is an action it alone, until it
 * lets the others go. An abort, a reset and a timeout turn out everybody who waits, and a broken barrier lets nobody in.
 */
import type { EventOf } from '../log/event.ts';
import { createRound, type Place } from './barrier-round.ts';
import { notePeak } from './holding-rules.ts';
import { wrongKind } from './lock-rules.ts';
import type { ModelState, TaskRecord } from './model-state.ts';
import { type BarrierRecord, NOBODY } from './resource-record.ts';

type Operated = EventOf<'operated'>;

/** An operation on a barrier. */
export function applyBarrier(
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
      // Its round may have been broken during the action: then nobody is left to be let go.
      if (barrier.acting === task.id) openRound(barrier);
      return null;
    case 'barrier.reset':
      turnOut(barrier, false);
      return null;
    case 'barrier.abort':
      turnOut(barrier, true);
      return null;
    default:
      return wrongKind(barrier, event);
  }
}

/** A task begins to wait. */
export function arrive(barrier: BarrierRecord, task: TaskRecord): void {
  const joins = barrier.acting === NOBODY;
  barrier.places.set(task.id, joins ? barrier.round : null);
  if (joins) barrier.round.arrived += 1;
  else barrier.late += 1;
}

/** A task waits no more, but does not end: who does has come nevertheless, and stands in nobody's way. */
export function leavePlace(barrier: BarrierRecord, task: TaskRecord): void {
  if (barrier.places.get(task.id) === null) {
    if (barrier.late > 0) barrier.late -= 1;
    else barrier.lateFreed -= 1;
  }
  barrier.places.delete(task.id);
}

/** A task's time is over, at once or after a wait: that breaks the barrier, unless it came during an action. */
export function breakByTimeout(barrier: BarrierRecord, task: TaskRecord): string | null {
  const place = barrier.places.get(task.id);
  if (place?.stage === 'open') return `${task.name} timed out at ${barrier.name}, where all had come`;
  if (place == null && barrier.acting !== NOBODY) return null;
  if (place?.stage !== 'broken') turnOut(barrier, true);
  return null;
}

function pass(barrier: BarrierRecord, task: TaskRecord, event: Operated): string | null {
  if (event.value !== BigInt(event.amount)) return `${task.name} passed ${barrier.name} with two indexes`;
  const { parties } = barrier.plan;
  const place = barrier.places.get(task.id);
  if (event.amount === parties - 1) return passLast(barrier, task, event);
  const wrong = place === undefined ? 'without waiting' : passAfter(barrier, place, event.amount);
  return wrong === null ? null : `${task.name} passed ${barrier.name} as number ${event.amount} ${wrong}`;
}

function passLast(barrier: BarrierRecord, task: TaskRecord, event: Operated): string | null {
  const { parties } = barrier.plan;
  const place = barrier.places.get(task.id);
  if (place != null) return `${task.name} came last to ${barrier.name}, where it waited already`;
  if (barrier.broken) return `${task.name} passed ${barrier.name}, which is broken`;
  if (barrier.acting !== NOBODY) return `${task.name} passed ${barrier.name} during its action`;
  if (place === null) leavePlace(barrier, task);
  barrier.places.delete(task.id);
  const missing = parties - 1 - barrier.round.arrived;
  if (missing > barrier.late)
    return `${task.name} passed ${barrier.name}, where ${missing - barrier.late} of ${parties} had not come`;
  barrier.late -= missing;
  barrier.lateFreed += missing;
  notePeak(barrier, parties, event);
  barrier.round.stage = 'action';
  barrier.acting = task.id;
  if (barrier.plan.hasAction !== true) openRound(barrier);
  return null;
}

/** Null, or what is wrong with it. */
function passAfter(barrier: BarrierRecord, place: Place, index: number): string | null {
  if (index < 0 || index >= barrier.plan.parties) return `of ${barrier.plan.parties}`;
  if (place === null) return barrier.lateFreed > 0 ? takeLatePlace(barrier) : 'before all had come';
  if (place.stage !== 'open') return place.stage === 'broken' ? 'of a broken round' : 'before all had come';
  if (place.taken.has(index)) return 'like another';
  place.taken.add(index);
  return null;
}

/** What is counted off here is one that was let go, not one that still waits. */
function takeLatePlace(barrier: BarrierRecord): null {
  barrier.lateFreed -= 1;
  barrier.late += 1;
  return null;
}

function openRound(barrier: BarrierRecord): void {
  barrier.round.stage = 'open';
  barrier.round = createRound();
  barrier.acting = NOBODY;
}

function turnOut(barrier: BarrierRecord, broken: boolean): void {
  barrier.round.stage = 'broken';
  barrier.round = createRound();
  barrier.acting = NOBODY;
  barrier.broken = broken;
}
