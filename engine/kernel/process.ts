/**
 * The end of a process, in CPython's order, one stage at a time.
 *
 * The main program: non-daemon threads are joined, daemon children terminated, other children joined. A child process
 * looks after its children first (`multiprocessing` does that when the target returns) and then joins its threads. Last,
 * the first task ends, and what daemon threads there are go with it.
 */
import type { TerminationCause } from '../log/event.ts';
import type { Kernel } from './kernel.ts';
import { PROCESS, STATE, TASK } from './layout.ts';
import { type End, endTask, processOf, stateOf, terminateOthers, terminateTask } from './task.ts';

type Stage = 'threads' | 'daemons' | 'children';

const MAIN: readonly Stage[] = ['threads', 'daemons', 'children'];
const CHILD: readonly Stage[] = ['daemons', 'children', 'threads'];

/**
 * Goes on with the end of the process whose first task this is, as far as it goes now.
 *
 * @returns true: all is done but the end of the first task itself; false: it must wait for the process's channel
 */
export function tryEndProcess(k: Kernel, first: number, step: number): boolean {
  const at = (k.layout.taskAt[first] as number) + TASK.phase;
  const stages = first === 0 ? MAIN : CHILD;
  for (;;) {
    const stage = stages[k.words[at] as number];
    if (stage === undefined) return true;
    if (!tryStage(k, first, step, stage)) return false;
    k.words[at] = (k.words[at] as number) + 1;
  }
}

function tryStage(k: Kernel, first: number, step: number, stage: Stage): boolean {
  const process = processOf(k, first);
  const at = k.layout.processAt[process] as number;
  switch (stage) {
    case 'threads':
      return k.words[at + PROCESS.threads] === 0;
    case 'children':
      return k.words[at + PROCESS.children] === 0;
    case 'daemons':
      terminateDaemons(k, first, step, process);
      return true;
    default:
      return stage satisfies never;
  }
}

/** A program's daemon processes are its own children that are daemons. */
function terminateDaemons(k: Kernel, first: number, step: number, process: number): void {
  forLive(k, (task) => {
    const at = k.layout.taskAt[task] as number;
    const isChild = k.plan.tasks[task]?.process !== undefined && task !== 0;
    if (!isChild || k.words[at + TASK.parent] !== process || k.words[at + TASK.daemon] === 0) return;
    terminateTask(k, first, step, task, 'daemon');
    k.ring.joinNext();
  });
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

function forLive(k: Kernel, visit: (task: number) => void): void {
  for (let task = 0; task < k.plan.tasks.length; task++) if (stateOf(k, task) === STATE.live) visit(task);
}
