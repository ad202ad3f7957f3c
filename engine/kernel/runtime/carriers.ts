/**
 * Who may hold the kernel's mutex: carriers, numbered so that the supervisor comes first, then the threads that carry many
 * tasks, then each process after main, then the threads of calls of the user's own functions.
 */
import { int } from '../../log/int.ts';
import { asksFor } from '../../plan/asks-for.ts';
import type { Plan } from '../../plan/plan.ts';

/** Of the options of a layout. */
type Threads = { readonly threadCarriers: number };

/**
 * How many carriers each task has for its calls. A thread whose call was given up is condemned, and may be about to take the
 * mutex until it is gone: the next call has a carrier of its own, with a flag of its own.
 */
export const CALL_CARRIERS = 16;

/** Carrier 0 is the supervisor, then the thread carriers, one for each process after main, those of tasks with calls. */
export function carrierCount(plan: Plan, { threadCarriers }: Threads): number {
  return 1 + threadCarriers + plan.processes - 1 + CALL_CARRIERS * callers(plan).length;
}

/** The tasks that call functions of the user's own: each call runs on a carrier of its own. */
function callers({ tasks, programs }: Plan): readonly number[] {
  const calling = programs.map((program) => asksFor(program, 'call'));
  if (!calling.includes(true)) return [];
  return tasks.flatMap(({ program }, task) => (calling[program] === true ? [task] : []));
}

/** By task, the first carrier of its calls; -1 where it calls nothing. */
export function layCallCarriers(plan: Plan, { threadCarriers }: Threads): Int32Array {
  const carriers = new Int32Array(plan.tasks.length).fill(-1);
  const first = threadCarriers + plan.processes;
  callers(plan).forEach((task, index) => {
    carriers[task] = first + CALL_CARRIERS * index;
  });
  return carriers;
}

/** The carriers of a task's calls; none where it calls nothing. */
export function callCarriers(
  { callCarrierOf }: { readonly callCarrierOf: Int32Array },
  task: number,
): readonly number[] {
  const first = int(callCarrierOf[task]);
  return first < 0 ? [] : Array.from({ length: CALL_CARRIERS }, (_, index) => first + index);
}

/** The carrier of a process other than main. */
export function processCarrier({ threadCarriers }: Threads, process: number): number {
  return threadCarriers + process;
}
