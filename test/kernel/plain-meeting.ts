/**
 * Conditions, barriers and pipes in plain objects: what the plain model says of the resources at which tasks meet.
 */
import type { BarrierResource } from '../../engine/plan/plan.ts';
import type { Value } from '../../engine/plan/value.ts';

export type Answer =
  | { readonly kind: 'yes'; readonly value: Value }
  | { readonly kind: 'no' }
  | { readonly kind: 'error'; readonly name: string; readonly message: string };

export const no: Answer = { kind: 'no' };
export const yes = (value: Value = 0n): Answer => ({ kind: 'yes', value });
export const error = (name: string, message = ''): Answer => ({ kind: 'error', name, message });

/** Who stands in line, in order of arrival; who was called out of it, and at which depth each had the lock. */
export type ConditionState = {
  line: number[];
  depths: Record<number, number>;
  called: Record<number, 'notified' | 'expired'>;
};

export function notify(state: ConditionState, count: number): Answer {
  const chosen = count < 0 ? state.line.length : count;
  for (const task of state.line.splice(0, chosen)) state.called[task] = 'notified';
  return yes();
}

/** The time of one who waits is over: if nobody called it yet, it leaves the line. */
export function expire(state: ConditionState, task: number): void {
  if (!state.line.includes(task)) return;
  state.line.splice(state.line.indexOf(task), 1);
  state.called[task] = 'expired';
}

export function leaveCondition(state: ConditionState, task: number): void {
  if (state.line.includes(task)) state.line.splice(state.line.indexOf(task), 1);
  delete state.called[task];
  delete state.depths[task];
}

/** Places of those who came: their index while they wait, or that they may go, or that they were turned out. */
export type BarrierState = {
  arrived: number;
  broken: boolean;
  places: Record<number, { index: number; may: 'wait' | 'go' | 'not' }>;
};

export function waitAtBarrier(
  state: BarrierState,
  { parties }: BarrierResource,
  task: number,
  hasAction: boolean,
): Answer {
  const place = state.places[task];
  if (place?.may === 'wait') return no;
  delete state.places[task];
  if (place?.may === 'go') return yes(BigInt(place.index));
  if (place?.may === 'not' || state.broken) return error('BrokenBarrierError');
  const index = state.arrived;
  if (index === parties) return no;
  state.arrived++;
  if (state.arrived < parties) {
    state.places[task] = { index, may: 'wait' };
    return no;
  }
  if (!hasAction) letGo(state);
  return yes(BigInt(index));
}

export function letGo(state: BarrierState): Answer {
  state.arrived = 0;
  for (const place of Object.values(state.places)) if (place.may === 'wait') place.may = 'go';
  return yes();
}

export function turnOut(state: BarrierState, broken: boolean): Answer {
  state.arrived = 0;
  state.broken = broken;
  for (const place of Object.values(state.places)) if (place.may === 'wait') place.may = 'not';
  return yes();
}

/** One whose time is over breaks it for all, unless it came during an action and has no place yet. */
export function giveUpAtBarrier(state: BarrierState, task: number): void {
  if (state.places[task] === undefined) return;
  delete state.places[task];
  turnOut(state, true);
}

export type PipeEndState = { inbox: Value[]; closed: boolean };

export function send(own: PipeEndState, peer: PipeEndState, item: Value): Answer {
  if (own.closed) return error('OSError', 'handle is closed');
  if (peer.closed) return error('BrokenPipeError', '[Errno 32] Broken pipe');
  peer.inbox.push(item);
  return yes();
}

export function receive(own: PipeEndState, peer: PipeEndState): Answer {
  if (own.closed) return error('OSError', 'handle is closed');
  const item = own.inbox.shift();
  if (item !== undefined) return yes(item);
  return peer.closed ? error('EOFError') : no;
}
