/**
 * Steps with an `id`: who is inside of one, and how often it has begun and ended.
 */

import type { Kernel } from './kernel.ts';
import { POINT } from './memory/layout.ts';
import { wakeAwaiting } from './waiting/channel.ts';

/** A step with an `id` begins. */
export function enterPoint(k: Kernel, task: number, point: number): void {
  const at = k.layout.pointAt[point] as number;
  k.words[at + POINT.running] = (k.words[at + POINT.running] as number) + 1;
  k.words[at + POINT.begun] = (k.words[at + POINT.begun] as number) + 1;
  const inside = insideWord(k, task, point);
  k.words[inside] = (k.words[inside] as number) | (1 << (point % 31));
  wakeAwaiting(k);
}

export function leavePoint(k: Kernel, task: number, point: number): void {
  const inside = insideWord(k, task, point);
  if (((k.words[inside] as number) & (1 << (point % 31))) === 0) return;
  const at = k.layout.pointAt[point] as number;
  k.words[at + POINT.running] = (k.words[at + POINT.running] as number) - 1;
  k.words[at + POINT.ended] = (k.words[at + POINT.ended] as number) + 1;
  k.words[inside] = (k.words[inside] as number) & ~(1 << (point % 31));
  wakeAwaiting(k);
}

function insideWord(k: Kernel, task: number, point: number): number {
  return (k.layout.insideAt[task] as number) + Math.floor(point / 31);
}

/** A task that ends inside a step is inside no more; that the step ended is not said. */
export function leavePoints(k: Kernel, task: number): void {
  for (let point = 0; point < k.plan.points.length; point++) {
    const inside = insideWord(k, task, point);
    if (((k.words[inside] as number) & (1 << (point % 31))) === 0) continue;
    const at = (k.layout.pointAt[point] as number) + POINT.running;
    k.words[at] = (k.words[at] as number) - 1;
    k.words[inside] = (k.words[inside] as number) & ~(1 << (point % 31));
  }
}
