/**
 * Conditions, barriers and pipes in plain objects: what the plain model says of the resources at which tasks meet.
 */

import type { Value } from '../../engine/expression/values/value.ts';
import type { BarrierResource } from '../../engine/plan/plan.ts';

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

/** @param lockLine where those called stand from now on, if the lock is fair */
export function notify(state: ConditionState, count: number, lockLine: number[] | undefined): Answer {
  for (const task of state.line.splice(0, Math.max(0, count))) {
    state.called[task] = 'notified';
    lockLine?.push(task);
  }
  return yes();
}

/** The time of one who waits is over: if nobody called it yet, it leaves the line. */
export function expire(state: ConditionState, task: number, lockLine: number[] | undefined): void {
  if (!state.line.includes(task)) return;
  lockLine?.push(task);
  state.line.splice(state.line.indexOf(task), 1);
  state.called[task] = 'expired';
}

export function leaveCondition(state: ConditionState, task: number): void {
  if (state.line.includes(task)) state.line.splice(state.line.indexOf(task), 1);
  delete state.called[task];
  delete state.depths[task];
}

/** As `threading.Barrier` in CPython; `action` is its state while the lock is held there for the action. */
export type BarrierState = {
  state: 'filling' | 'action' | 'draining' | 'resetting' | 'broken';
  count: number;
  actor: number;
  /** Those inside who live, with their index. */
  inside: Record<number, number>;
};

export function waitAtBarrier(
  barrier: BarrierState,
  { parties }: BarrierResource,
  task: number,
  hasAction: boolean,
): Answer {
  const place = barrier.inside[task];
  if (place !== undefined) {
    if (barrier.state === 'filling' || barrier.state === 'action') return no;
    const answer = barrier.state === 'draining' ? yes(BigInt(place)) : error('BrokenBarrierError');
    exit(barrier, task);
    return answer;
  }
  if (barrier.state === 'broken') return error('BrokenBarrierError');
  if (barrier.state !== 'filling') return no;
  const index = barrier.count;
  if (index + 1 < parties) {
    barrier.inside[task] = index;
    barrier.count++;
    return no;
  }
  forgetDead(barrier);
  Object.assign(barrier, { state: 'action', actor: task });
  if (!hasAction) letGo(barrier, task);
  return yes(BigInt(index));
}

function forgetDead(barrier: BarrierState): void {
  barrier.count = Object.keys(barrier.inside).length;
}

function exit(barrier: BarrierState, task: number): void {
  delete barrier.inside[task];
  barrier.count--;
  fillIfEmpty(barrier);
}

function fillIfEmpty(barrier: BarrierState): void {
  const isEmptying = barrier.state === 'draining' || barrier.state === 'resetting';
  if (barrier.count === 0 && isEmptying) barrier.state = 'filling';
}

export function letGo(barrier: BarrierState, task: number): Answer {
  if (barrier.state !== 'action' || barrier.actor !== task) return yes();
  barrier.state = 'draining';
  fillIfEmpty(barrier);
  return yes();
}

export function resetBarrier(barrier: BarrierState): Answer {
  if (barrier.state !== 'filling' && barrier.state !== 'broken') return yes();
  forgetDead(barrier);
  barrier.state = 'resetting';
  fillIfEmpty(barrier);
  return yes();
}

export function breakBarrier(barrier: BarrierState): Answer {
  forgetDead(barrier);
  barrier.state = 'broken';
  return yes();
}

/** @returns true where the task waits on: all have come, and the action is at work */
export function giveUpAtBarrier(barrier: BarrierState, task: number): boolean {
  if (barrier.state === 'action') return true;
  breakBarrier(barrier);
  exit(barrier, task);
  return false;
}

export function endAtBarrier(barrier: BarrierState, task: number): void {
  if (barrier.inside[task] === undefined) return;
  if (barrier.state === 'filling') delete barrier.inside[task];
  else exit(barrier, task);
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
