/**
 * Pools. A task that is started into a pool stands in its line until a worker takes it, first come first served; from
 * then on it belongs to the worker's process.
 */
import type { EventOf } from '../../log/event.ts';
import { notePeak } from './holding-rules.ts';
import { wrongKind } from './lock-rules.ts';
import { type ModelState, type TaskRecord, taskName } from './model-state.ts';
import { NOBODY, type PoolRecord } from './resource-record.ts';
import { moveTo } from './task-moves.ts';

type Operated = EventOf<'operated'>;

/** A worker takes a task. */
export function applyPool(
  state: ModelState,
  pool: PoolRecord,
  worker: TaskRecord,
  event: Operated,
): string | null {
  if (event.operation === 'pool.drop') return null;
  if (event.operation !== 'pool.adopt') return wrongKind(pool, event);
  const [first = NOBODY] = pool.line;
  const task = state.tasks[first];
  if (task === undefined) return `${worker.name} took a task from ${pool.name}, where none is in line`;
  if (first !== event.amount) {
    return `${worker.name} took ${taskName(state, event.amount)} from ${pool.name}, where ${task.name} is next`;
  }
  pool.line.delete(first);
  pool.waiting -= 1;
  pool.holders += 1;
  notePeak(pool, pool.holders, event);
  state.watch.touch(pool.id);
  task.process = worker.process;
  moveTo(state, task, 'started');
  return null;
}

/** A task that was just started stands in line. */
export function joinLine(pool: PoolRecord, task: TaskRecord): string | null {
  if (task.plan.pool !== pool.id) return `${task.name} stood in line for ${pool.name}, which is not its pool`;
  pool.line.add(task.id);
  return null;
}

/** Whether it waits for a worker. */
export function isInLine(state: ModelState, task: TaskRecord): boolean {
  const pool = task.plan.pool === undefined ? undefined : state.resources[task.plan.pool];
  return pool?.kind === 'pool' && pool.line.has(task.id);
}

/** A task of a pool ends, in line or taken. */
export function leavePool(state: ModelState, task: TaskRecord): void {
  const pool = task.plan.pool === undefined ? undefined : state.resources[task.plan.pool];
  if (pool?.kind !== 'pool' || task.process === NOBODY) return;
  if (pool.line.has(task.id)) return;
  pool.holders -= 1;
  state.watch.touch(pool.id);
}
