/**
 * What a task's block says of it, and a process's books.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { STATE, TASK } from './layout.ts';

export function stateOf(k: Kernel, task: number): number {
  return int(k.words[int(k.layout.taskAt[task]) + TASK.state]);
}

export function processOf(k: Kernel, task: number): number {
  return int(k.words[int(k.layout.taskAt[task]) + TASK.process]);
}

/** Whether a task is the first of its process. */
export function isFirst(k: Kernel, task: number): boolean {
  return k.plan.tasks[task]?.process !== undefined;
}

/** Whether it was started and has not ended: it lives, or is about to be gone. */
export function isThere(k: Kernel, task: number): boolean {
  const state = stateOf(k, task);
  return state === STATE.live || state === STATE.stopping;
}

/** The first task of the process in which it runs. */
export function firstOf(k: Kernel, task: number): number {
  const process = processOf(k, task);
  return process === 0 ? 0 : k.plan.tasks.findIndex((one) => one.process === process);
}

/** Whether it ends with that first task of a process: it runs there; with main, all do. */
export function endsWith(k: Kernel, task: number, first: number): boolean {
  return task !== first && (first === 0 || processOf(k, task) === processOf(k, first));
}

export function processAt(k: Kernel, process: number): number {
  return int(k.layout.processAt[process]);
}

export function count(k: Kernel, process: number, what: number, change: number): void {
  const at = processAt(k, process) + what;
  k.words[at] = int(k.words[at]) + change;
}
