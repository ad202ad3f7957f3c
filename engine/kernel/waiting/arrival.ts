/**
 * Order of arrival, for resources with `fair: true`: a line in core, `[length, task + 1 …]`, behind the resource's own
 * words. Only the first in line may take, so that nobody is overtaken. There is a line for each channel of those who take
 * (a queue has two). Wakes go to the first in line, wherever it stands in the channel.
 */

import { int } from '../../log/int.ts';
import type { Kernel } from '../kernel.ts';
import { RUN, WAIT } from '../memory/layout.ts';
import { wakeTask } from './channel.ts';
import { standInLine, stepOutOfLine } from './line.ts';

/**
 * Whether a task may take a resource that is, or is not, free. A fair resource puts it in line if not, and lets only the
 * first in line pass.
 */
export function admits(k: Kernel, resource: number, task: number, free: boolean, line = 0): boolean {
  const at = lineAt(k, resource, line);
  if (at === 0) return free;
  const { words } = k;
  const length = int(words[at]);
  if (free && (length === 0 || words[at + 1] === task + 1)) {
    if (length > 0) stepOutOfLine(k, at, task);
    return true;
  }
  if (!words.subarray(at + 1, at + 1 + length).includes(task + 1)) standInLine(k, at, task);
  return false;
}

/** The task stands in line from now on, behind all who came before; nothing where order does not count. */
export function comeTo(k: Kernel, resource: number, task: number): void {
  const at = lineAt(k, resource, 0);
  if (at !== 0) standInLine(k, at, task);
}

export function isFair(k: Kernel, resource: number): boolean {
  return k.layout.arrivalAt[resource] !== 0;
}

/** The first in line may be able to take now, and looks; nobody else could. */
export function wakeFirst(k: Kernel, resource: number, line: number): void {
  if (line >= linesOf(k, resource)) return;
  const at = lineAt(k, resource, line);
  const first = int(k.words[at + 1]) - 1;
  if (first < 0 || k.words[int(k.layout.waitAt[first]) + WAIT.state] !== RUN.parked) return;
  wakeTask(k, first, int(k.layout.resourceChannel[resource]) + line);
}

/** A task that waits no more leaves the line it stood in, if it did; another may be the first then. */
export function leaveLine(k: Kernel, resource: number, task: number): void {
  if (!isFair(k, resource)) return;
  for (let line = 0; line < linesOf(k, resource); line++) {
    if (stepOutOfLine(k, lineAt(k, resource, line), task)) wakeFirst(k, resource, line);
  }
}

function linesOf(k: Kernel, resource: number): number {
  return int(k.layout.arrivalLines[resource]);
}

function lineAt(k: Kernel, resource: number, line: number): number {
  const at = int(k.layout.arrivalAt[resource]);
  return at === 0 ? 0 : at + line * (1 + k.plan.tasks.length);
}
