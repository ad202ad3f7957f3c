/** What a readers-writer lock means, in plain objects: the part of the plain model that is about it. */
import type { RwlockResource } from '../../engine/plan/plan.ts';
import { type Answer, error, yes } from './plain-meeting.ts';

export type RwlockState = {
  reading: number[];
  /** Several only where it is switched off; the last is who took it last. */
  writing: number[];
  /** Who waits of the side that is preferred. */
  preferred: number[];
};

export function freshRwlock(): RwlockState {
  return { reading: [], writing: [], preferred: [] };
}

export function mayTake(
  { prefer }: RwlockResource,
  { reading, writing, preferred }: RwlockState,
  task: number,
  side: string | undefined,
): boolean {
  if (writing.length > 0) return false;
  if (side === 'read') return !reading.includes(task) && (prefer !== 'writers' || preferred.length === 0);
  return reading.length === 0 && (prefer !== 'readers' || preferred.length === 0);
}

export function takeSide(state: RwlockState, task: number, side: string | undefined): void {
  const those = side === 'read' ? 'reading' : 'writing';
  state[those] = [...without(state[those], task), task];
  state.preferred = without(state.preferred, task);
}

/** Refused by what others have, not by the order of arrival. */
export function wantSide(
  { prefer }: RwlockResource,
  state: RwlockState,
  task: number,
  side: string | undefined,
): void {
  if (prefer === (side === 'read' ? 'readers' : 'writers'))
    state.preferred = [...without(state.preferred, task), task];
}

export function giveSide(
  { enabled }: RwlockResource,
  state: RwlockState,
  task: number,
  side: string | undefined,
): Answer {
  const those = side === 'read' ? 'reading' : 'writing';
  if (enabled && !state[those].includes(task))
    return error('RuntimeError', 'cannot release un-acquired lock');
  state[those] = without(state[those], task);
  return yes();
}

export function leaveRwlock(state: RwlockState, task: number): void {
  state.reading = without(state.reading, task);
  state.writing = without(state.writing, task);
}

export function without(list: readonly number[], task: number): number[] {
  return list.filter((one) => one !== task);
}
