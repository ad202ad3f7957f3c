/**
 * The order that a run's own doings force on its tasks, whatever their speeds: a fold that keeps the tasks' clocks.
 *
 * A task's start comes before its first deed, its last deed before the end of a join; resources order as `resource-order`
 * says. An `await` comes after whatever changed something that it reads; a sleep orders nothing.
 *
 * @see Lamport, Time, clocks, and the ordering of events in a distributed system (1978)
 */
import type { Event, EventOf } from '../../log/event.ts';
import type { Plan } from '../../plan/plan.ts';
import { isEnded, isForResource, type ModelState } from '../model/model-state.ts';
import { NOBODY } from '../model/primitives/resource-record.ts';
import { createAwaitedSubjects } from './awaited-subjects.ts';
import { createResourceOrders } from './resource-order.ts';
import { createTaskClocks, type TaskClocks } from './task-clocks.ts';
import type { Clock } from './vector-clock.ts';

export type HappensBefore = {
  readonly clocks: TaskClocks;
  /** Call it for every event, before the model has seen it: who ends still holds what it held. */
  handle(event: Event): void;
};

/** Errors that tell of what another task did. */
const tellOfOthers: ReadonlySet<string> = new Set([
  'ShutDown',
  'EOFError',
  'BrokenPipeError',
  'BrokenBarrierError',
]);

export function createHappensBefore(plan: Plan, state: ModelState): HappensBefore {
  const clocks = createTaskClocks(plan.tasks.length);
  let closed: Clock = null;
  const closures = {
    add(task: number) {
      closed = clocks.join(closed, clocks.publish(task));
    },
  };
  const orders = createResourceOrders(plan, clocks, closures);
  const awaited = createAwaitedSubjects(state, clocks);
  /** By task: what it knew at its end. */
  const finals = new Array<Clock>(plan.tasks.length).fill(null);
  /** By process: what those knew that its end waits for, or takes along. */
  const within = new Array<Clock>(plan.processes).fill(null);

  return {
    clocks,
    handle(event) {
      switch (event.type) {
        case 'operated':
          operated(event);
          return;
        case 'waiting':
          if (isForResource(event.operation)) orders[event.target]?.waits?.(event);
          break;
        case 'spurious':
          orders[event.target]?.wokeUp?.(event.task);
          break;
        case 'started':
          if (event.target !== event.task) clocks.learn(event.target, clocks.publish(event.task));
          break;
        case 'ended':
          ended(event);
          break;
        case 'timedOut':
          if (event.operation === 'barrier.wait') closures.add(event.task);
          break;
        case 'raised':
          if (tellOfOthers.has(event.error.name)) clocks.learn(event.task, closed);
          return;
        default:
      }
      awaited.handle(event);
    },
  };

  function operated(event: EventOf<'operated'>): void {
    const { operation, task, target } = event;
    if (operation === 'task.join') clocks.learn(task, finals[target] ?? clocks.publish(target));
    // What is given back by an end is given back when the end is seen.
    const doer = state.tasks[task];
    if (operation.startsWith('task.') || doer === undefined || isEnded(doer)) return;
    orders[target]?.did(event);
    awaited.handle(event);
  }

  function ended({ target }: EventOf<'ended'>): void {
    const task = state.tasks[target];
    if (task === undefined) return;
    const process = state.processes[task.process];
    const isFirst = process?.first === target;
    if (isFirst) clocks.learn(target, within[task.process] ?? null);
    const last = clocks.publish(target);
    finals[target] = last;
    const outer = isFirst ? process.parent : task.process;
    if (outer !== NOBODY) within[outer] = clocks.join(within[outer] ?? null, last);
    for (let entry = task.held.first; entry !== null; entry = entry.next) {
      const isGiven = plan.resources[entry.key]?.onHolderExit === 'release';
      if (isGiven) orders[entry.key]?.give?.(target, entry.amount);
    }
  }
}
