/**
 * Pools. A task that is started into a pool stands in its line until a worker takes it, first come first served; from
 * then on it belongs to the worker's process.
 */
import type { EventOf } from '../../../log/event.ts';
import type { OperationName } from '../../../plan/operation.ts';
import { quoted } from '../../show.ts';
import type { Explaining } from '../../waits/explaining.ts';
import { type ModelState, type TaskRecord, taskName } from '../model-state.ts';
import { moveTo } from '../task-moves.ts';
import { notePeak, wrongKind } from './holding-rules.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import { NOBODY, type PoolRecord } from './resource-record.ts';

type Operated = EventOf<'operated'>;

const ends: ReadonlySet<string> = new Set(['pool.close', 'pool.terminate', 'pool.kill']);

/** A worker takes a task, or no more work is taken. */
function applyPool(state: ModelState, pool: PoolRecord, worker: TaskRecord, event: Operated): string | null {
  if (ends.has(event.operation)) {
    pool.closed = true;
    state.watch.touch(pool.id);
    return null;
  }
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
function joinLine(pool: PoolRecord, task: TaskRecord): string | null {
  if (task.plan.pool !== pool.id) return `${task.name} stood in line for ${pool.name}, which is not its pool`;
  pool.line.add(task.id);
  return null;
}

/** Whether it waits for a worker. */
export function isInLine(state: ModelState, task: TaskRecord): boolean {
  const pool = task.plan.pool === undefined ? undefined : state.resources[task.plan.pool];
  return pool?.kind === 'pool' && pool.line.has(task.id);
}

/** Whether the task has a pool that takes no more work. */
export function isPoolClosed(state: ModelState, { plan }: TaskRecord): boolean {
  const pool = plan.pool === undefined ? undefined : state.resources[plan.pool];
  return pool?.kind === 'pool' && pool.closed;
}

/** A task of a pool ends, in line or taken. */
export function leavePool(state: ModelState, task: TaskRecord): void {
  const pool = task.plan.pool === undefined ? undefined : state.resources[task.plan.pool];
  if (pool?.kind !== 'pool' || task.process === NOBODY) return;
  if (pool.line.has(task.id)) return;
  pool.holders -= 1;
  state.watch.touch(pool.id);
}

function why({ absence }: Explaining, pool: PoolRecord, task: TaskRecord, operation: OperationName): string {
  if (task.plan.pool === undefined) return `no task is in line for ${quoted(pool.name)}`;
  return `no worker of ${quoted(pool.name)} is free: ${absence(task, pool, operation, 'takes tasks')}`;
}

export const pool: PrimitiveModel<'pool'> = {
  create: (base, plan) => ({ ...base, kind: 'pool', plan, line: new Set(), closed: false }),
  apply: applyPool,
  waits: {
    begin: (_state, pool, task, { step }) => (step < 0 ? joinLine(pool, task) : null),
    leave(_state, pool, task) {
      pool.line.delete(task.id);
    },
    // A worker with nothing to do is not in line.
    counts: ({ id }, { plan }) => plan.pool === id,
  },
  // A task in line waits for a worker, a worker for a task.
  isFree: (_state, { line }, { id, plan }) => line.size > 0 && !line.has(id) && plan.pool === undefined,
  endedBy: { 'pool.adopt': ['pool.adopt', 'pool.drop', 'pool.terminate', 'pool.kill'] },
  helps: () => () => true,
  why,
  attributes: { closed: (_state, { closed }) => closed },
  noun: 'task',
  limit: ({ size }) => size,
  // Who is taken comes after who takes it.
  order: ({ clocks }) => ({
    did({ operation, task, amount }) {
      if (operation === 'pool.adopt') clocks.learn(amount, clocks.publish(task));
    },
  }),
  words: {
    'pool.close': { waits: (name) => `closing ${name}`, did: (name) => `closed ${name}` },
    'pool.terminate': { waits: (name) => `terminating ${name}`, did: (name) => `terminated ${name}` },
    'pool.kill': { waits: (name) => `killing ${name}`, did: (name) => `killed ${name}` },
    'pool.adopt': { waits: (name) => `waiting for work of ${name}`, did: (name) => `took work of ${name}` },
  },
};
