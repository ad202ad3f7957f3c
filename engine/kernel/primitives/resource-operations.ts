/**
 * The operations on resources, one file a primitive.
 */
import { operationNames } from '../../log/record.ts';
import type { OperationName } from '../../plan/operation.ts';
import type { Kernel } from '../kernel.ts';
import { TASK } from '../memory/layout.ts';
import type { Operation } from '../operation.ts';
import { leaveLine } from '../waiting/arrival.ts';
import { barrierOperations } from './barrier.ts';
import { conditionOperations } from './condition.ts';
import { eventOperations } from './event.ts';
import { lockOperations } from './lock.ts';
import { pipeOperations } from './pipe.ts';
import { poolOperations } from './pool.ts';
import { queueOperations } from './queue.ts';
import { semaphoreOperations } from './semaphore.ts';

export const resourceOperations = {
  ...lockOperations,
  ...semaphoreOperations,
  ...queueOperations,
  ...eventOperations,
  ...conditionOperations,
  ...barrierOperations,
  ...pipeOperations,
  ...poolOperations,
} as const satisfies Partial<Record<OperationName, Operation>>;

const byNumber: readonly (Operation | undefined)[] = operationNames.map(
  (name) => (resourceOperations as Readonly<Record<string, Operation | undefined>>)[name],
);

/** A task is ended while it waits: what it had begun with the resource is taken back. */
export function abandonWait(k: Kernel, task: number): void {
  const at = k.layout.taskAt[task] as number;
  const operation = byNumber[(k.words[at + TASK.waiting] as number) - 1];
  if (operation === undefined) return;
  const target = k.words[at + TASK.target] as number;
  operation.abandoned?.(k, task, target);
  leaveLine(k, target, task);
}
