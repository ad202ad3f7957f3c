/**
 * What the supervisor is to do, as the kernel tells it: a list of tasks with requests, in order of asking.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { CONTROL, WAIT } from '../memory/layout.ts';

/**
 * Bits; a task can have several at once. `kill` and `terminate` are for the process of which it is the first task; `cancel`
 * and `hurry` for what it asked for: that is told to stop, that is killed.
 */
export const REQUEST = {
  spawn: 1,
  kill: 2,
  terminate: 4,
  serve: 8,
  cancel: 16,
  feed: 32,
  hurry: 64,
} as const;

export function request(k: Kernel, task: number, bit: number): void {
  k.scheduler.request(k, task, bit);
}

export function putInList(k: Kernel, task: number, bit: number): void {
  const at = int(k.layout.waitAt[task]);
  const before = int(k.words[at + WAIT.request]);
  k.words[at + WAIT.request] = before | bit;
  k.ringBell();
  if (before !== 0) return;
  k.words[at + WAIT.externalNext] = 0;
  const tail = int(k.words[CONTROL.externalTail]);
  if (tail === 0) k.words[CONTROL.externalHead] = task + 1;
  else k.words[int(k.layout.waitAt[tail - 1]) + WAIT.externalNext] = task + 1;
  k.words[CONTROL.externalTail] = task + 1;
}

/** The oldest task with requests, and what it asks; undefined if there is none. */
export function takeRequest(k: Kernel): { readonly task: number; readonly bits: number } | undefined {
  const head = int(k.words[CONTROL.externalHead]);
  if (head === 0) return undefined;
  const at = int(k.layout.waitAt[head - 1]);
  const bits = int(k.words[at + WAIT.request]);
  k.words[at + WAIT.request] = 0;
  const next = int(k.words[at + WAIT.externalNext]);
  k.words[CONTROL.externalHead] = next;
  if (next === 0) k.words[CONTROL.externalTail] = 0;
  return { task: head - 1, bits };
}
