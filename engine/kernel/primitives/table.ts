/**
 * The kinds of resources, one file each, and their operations.
 */
import { int } from '../../log/int.ts';
import { operationNames } from '../../log/record.ts';
import type { Resource, ResourceKind } from '../../plan/plan.ts';
import type { Kernel } from '../kernel.ts';
import { TASK } from '../memory/layout.ts';
import type { Operation } from '../operation.ts';
import type { OperationOf, Primitive } from '../primitive.ts';
import { leaveLine } from '../waiting/arrival.ts';
import { barrier } from './barrier.ts';
import { condition } from './condition.ts';
import { event } from './event.ts';
import { file } from './file.ts';
import { lock, rlock } from './lock.ts';
import { pipeEnd } from './pipe.ts';
import { pool } from './pool.ts';
import { queue } from './queue.ts';
import { rwlock } from './rwlock.ts';
import { semaphore } from './semaphore.ts';

const primitives: { readonly [K in ResourceKind]: Primitive<K> } = {
  lock,
  rlock,
  rwlock,
  semaphore,
  queue,
  event,
  condition,
  barrier,
  pipeEnd,
  pool,
  file,
};

/** The description of that resource's kind, which may be asked about it. */
export function primitiveOf<R extends Resource>({ kind }: R): Primitive<R['kind']> {
  return primitives[kind as R['kind']];
}

type Operations = { readonly [O in OperationOf<ResourceKind>]: Operation };

/** Of all kinds. Both ends of a pipe have the same. */
export const resourceOperations: Operations = Object.assign(
  {},
  ...Object.values(primitives).map(({ operations }) => operations),
);

const byNumber: readonly (Operation | undefined)[] = operationNames.map(
  (name) => (resourceOperations as Readonly<Record<string, Operation | undefined>>)[name],
);

/** A task is ended while it waits: what it had begun with the resource is taken back. */
export function abandonWait(k: Kernel, task: number): void {
  const at = int(k.layout.taskAt[task]);
  const operation = byNumber[int(k.words[at + TASK.waiting]) - 1];
  if (operation === undefined) return;
  const target = int(k.words[at + TASK.target]);
  operation.abandoned?.(k, task, target);
  leaveLine(k, target, task);
}
