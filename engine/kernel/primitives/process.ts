/**
 * The end of a process, in CPython's order, one stage at a time.
 *
 * The main program: non-daemon threads are joined, daemon children terminated, other children joined. A child process
 * looks after its children first (`multiprocessing` does that when the target returns) and then joins its threads. Then what
 * daemon threads there are end; last, when they are gone, the first task. Within a stage those that others need come last.
 */

import type { TerminationCause } from '../../log/event.ts';
import { int } from '../../log/int.ts';
import { type End, endTask } from '../end.ts';
import type { Kernel } from '../kernel.ts';
import { PROCESS, TASK } from '../memory/layout.ts';
import { endsWith, processOf } from '../memory/task-block.ts';
import { endInOrder } from '../runtime/stop-order.ts';
import { terminateOthers, terminateTask } from './task.ts';

type Stage = 'threads' | 'daemons' | 'children' | 'rest';

const MAIN: readonly Stage[] = ['threads', 'daemons', 'children', 'rest'];
const CHILD: readonly Stage[] = ['daemons', 'children', 'threads', 'rest'];

/**
 * Goes on with the end of the process whose first task this is, as far as it goes now.
 *
 * @returns true: all is done but the end of the first task itself; false: it must wait for the process's channel
 */
export function tryEndProcess(k: Kernel, first: number, step: number): boolean {
  const at = int(k.layout.taskAt[first]) + TASK.phase;
  const stages = first === 0 ? MAIN : CHILD;
  for (;;) {
    const stage = stages[int(k.words[at])];
    if (stage === undefined) return true;
    if (!tryStage(k, first, step, stage)) return false;
    k.words[at] = int(k.words[at]) + 1;
  }
}

function tryStage(k: Kernel, first: number, step: number, stage: Stage): boolean {
  const process = processOf(k, first);
  const at = int(k.layout.processAt[process]);
  switch (stage) {
    case 'threads':
      return k.words[at + PROCESS.threads] === 0;
    case 'children':
      return k.words[at + PROCESS.children] === 0;
    case 'daemons':
      return endAll(k, first, step, (task) => isDaemonChild(k, task, process));
    case 'rest':
      return endAll(k, first, step, (task) => endsWith(k, task, first));
    default:
      return stage satisfies never;
  }
}

/** A program's daemon processes are its own children that are daemons. */
function isDaemonChild(k: Kernel, task: number, process: number): boolean {
  const at = int(k.layout.taskAt[task]);
  const isChild = k.plan.tasks[task]?.process !== undefined && task !== 0;
  return isChild && k.words[at + TASK.parent] === process && k.words[at + TASK.daemon] === 1;
}

function endAll(k: Kernel, first: number, step: number, isMeant: (task: number) => boolean): boolean {
  const end = (task: number): void => {
    terminateTask(k, first, step, task, 'daemon');
    k.ring.joinNext();
  };
  return endInOrder(k, isMeant, end);
}

/**
 * Ends the first task, and with it what still runs in its process; the end of main ends everything.
 */
export function endProcess(
  k: Kernel,
  first: number,
  step: number,
  end: End,
  cause: TerminationCause = 'daemon',
): void {
  terminateOthers(k, first, step, first, cause);
  endTask(k, first, step, first, end);
}
