/**
 * The tasks of a process that wait for a time: a binary heap in the process's part of the wait region.
 */
import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { READY, TASK, WAIT } from '../memory/layout.ts';
import { readTime, writeTime } from '../memory/word-time.ts';

type Heap = { readonly k: Kernel; readonly ready: number; readonly cells: number };

function heapOf(k: Kernel, process: number): Heap {
  return { k, ready: int(k.layout.readyAt[process]), cells: int(k.layout.timersAt[process]) };
}

function processOf(k: Kernel, task: number): number {
  return int(k.words[int(k.layout.taskAt[task]) + TASK.process]);
}

export function deadlineOf(k: Kernel, task: number): number {
  return readTime(k.words, int(k.layout.waitAt[task]) + WAIT.deadline);
}

export function addTimer(k: Kernel, task: number, deadlineUs: number): void {
  k.scheduler.addTimer(k, task, deadlineUs);
}

export function putInHeap(k: Kernel, task: number, deadlineUs: number): void {
  const heap = heapOf(k, processOf(k, task));
  writeTime(k.words, int(k.layout.waitAt[task]) + WAIT.deadline, deadlineUs);
  const size = int(k.words[heap.ready + READY.timers]);
  k.words[heap.ready + READY.timers] = size + 1;
  place(heap, size, task);
  siftUp(heap, size);
}

export function removeTimer(k: Kernel, task: number): void {
  const heap = heapOf(k, processOf(k, task));
  const index = int(k.words[int(k.layout.waitAt[task]) + WAIT.timer]) - 1;
  const size = int(k.words[heap.ready + READY.timers]) - 1;
  k.words[heap.ready + READY.timers] = size;
  k.words[int(k.layout.waitAt[task]) + WAIT.timer] = 0;
  const last = taskAt(heap, size);
  k.words[heap.cells + size] = 0;
  if (index === size) return;
  place(heap, index, last);
  siftUp(heap, index);
  siftDown(heap, index);
}

/** The earliest deadline of a process, microseconds; Infinity if there is none. */
export function earliestDeadline(k: Kernel, process: number): number {
  const first = firstTimer(k, process);
  return first < 0 ? Number.POSITIVE_INFINITY : deadlineOf(k, first);
}

/** The task with the earliest deadline; -1 if there is none. */
export function firstTimer(k: Kernel, process: number): number {
  const heap = heapOf(k, process);
  return k.words[heap.ready + READY.timers] === 0 ? -1 : taskAt(heap, 0);
}

function taskAt(heap: Heap, index: number): number {
  return int(heap.k.words[heap.cells + index]) - 1;
}

function place(heap: Heap, index: number, task: number): void {
  heap.k.words[heap.cells + index] = task + 1;
  heap.k.words[int(heap.k.layout.waitAt[task]) + WAIT.timer] = index + 1;
}

/** Equal deadlines keep the order of task numbers, so that virtual time has one order. */
function isBefore(heap: Heap, a: number, b: number): boolean {
  const first = deadlineOf(heap.k, a);
  const second = deadlineOf(heap.k, b);
  return first < second || (first === second && a < b);
}

function siftUp(heap: Heap, start: number): void {
  let index = start;
  const task = taskAt(heap, index);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = taskAt(heap, parent);
    if (!isBefore(heap, task, above)) break;
    place(heap, index, above);
    index = parent;
  }
  place(heap, index, task);
}

function siftDown(heap: Heap, start: number): void {
  const size = int(heap.k.words[heap.ready + READY.timers]);
  let index = start;
  const task = taskAt(heap, index);
  for (;;) {
    let child = 2 * index + 1;
    if (child >= size) break;
    if (child + 1 < size && isBefore(heap, taskAt(heap, child + 1), taskAt(heap, child))) child++;
    if (!isBefore(heap, taskAt(heap, child), task)) break;
    place(heap, index, taskAt(heap, child));
    index = child;
  }
  place(heap, index, task);
}
