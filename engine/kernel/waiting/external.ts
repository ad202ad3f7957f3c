/**
 * What the supervisor is to do, as the kernel tells it: a list of tasks with requests, in order of asking.
 */
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
  if (k.isSearch) return;
  const at = k.layout.waitAt[task] as number;
  const before = k.words[at + WAIT.request] as number;
  k.words[at + WAIT.request] = before | bit;
  k.ringBell();
  if (before !== 0) return;
  k.words[at + WAIT.externalNext] = 0;
  const tail = k.words[CONTROL.externalTail] as number;
  if (tail === 0) k.words[CONTROL.externalHead] = task + 1;
  else k.words[(k.layout.waitAt[tail - 1] as number) + WAIT.externalNext] = task + 1;
  k.words[CONTROL.externalTail] = task + 1;
}

/** The oldest task with requests, and what it asks; undefined if there is none. */
export function takeRequest(k: Kernel): { readonly task: number; readonly bits: number } | undefined {
  const head = k.words[CONTROL.externalHead] as number;
  if (head === 0) return undefined;
  const at = k.layout.waitAt[head - 1] as number;
  const bits = k.words[at + WAIT.request] as number;
  k.words[at + WAIT.request] = 0;
  const next = k.words[at + WAIT.externalNext] as number;
  k.words[CONTROL.externalHead] = next;
  if (next === 0) k.words[CONTROL.externalTail] = 0;
  return { task: head - 1, bits };
}
