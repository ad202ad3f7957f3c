/**
 * Steps with an `id`: who is inside of one, and how often it has begun and ended.
 */

import { int } from '../log/int.ts';
import type { Kernel } from './kernel.ts';
import { POINT } from './memory/layout.ts';
import { wakeAwaiting } from './waiting/channel.ts';

/** A step with an `id` begins. */
export function enterPoint(k: Kernel, task: number, point: number): void {
  const at = int(k.layout.pointAt[point]);
  k.words[at + POINT.running] = int(k.words[at + POINT.running]) + 1;
  k.words[at + POINT.begun] = int(k.words[at + POINT.begun]) + 1;
  const inside = insideWord(k, task, point);
  k.words[inside] = int(k.words[inside]) | (1 << (point % 31));
  wakeAwaiting(k);
}

export function leavePoint(k: Kernel, task: number, point: number): void {
  const inside = insideWord(k, task, point);
  if ((int(k.words[inside]) & (1 << (point % 31))) === 0) return;
  const at = int(k.layout.pointAt[point]);
  k.words[at + POINT.running] = int(k.words[at + POINT.running]) - 1;
  k.words[at + POINT.ended] = int(k.words[at + POINT.ended]) + 1;
  k.words[inside] = int(k.words[inside]) & ~(1 << (point % 31));
  wakeAwaiting(k);
}

function insideWord(k: Kernel, task: number, point: number): number {
  return int(k.layout.insideAt[task]) + Math.floor(point / 31);
}

/** A task that ends inside a step is inside no more; that the step ended is not said. */
export function leavePoints(k: Kernel, task: number): void {
  for (let point = 0; point < k.plan.points.length; point++) {
    const inside = insideWord(k, task, point);
    if ((int(k.words[inside]) & (1 << (point % 31))) === 0) continue;
    const at = int(k.layout.pointAt[point]) + POINT.running;
    k.words[at] = int(k.words[at]) - 1;
    k.words[inside] = int(k.words[inside]) & ~(1 << (point % 31));
  }
}
