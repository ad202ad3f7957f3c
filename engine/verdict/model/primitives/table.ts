/**
 * The kinds of resources as the verdict knows them, one file each.
 */
import type { OperationOf } from '../../../plan/operation.ts';
import type { Resource, ResourceKind } from '../../../plan/plan.ts';
import { createWaitTimes } from '../../waits/wait-times.ts';
import { barrier } from './barrier.ts';
import { condition } from './condition.ts';
import { event } from './event.ts';
import { file } from './file.ts';
import { lock, rlock } from './lock.ts';
import type { OperationWords } from './operation-words.ts';
import { pipeEnd } from './pipe.ts';
import { pool } from './pool.ts';
import type { PrimitiveModel } from './primitive-model.ts';
import { queue } from './queue.ts';
import { NOBODY, type ResourceRecord } from './resource-record.ts';
import { rwlock } from './rwlock.ts';
import { semaphore } from './semaphore.ts';

const models: { readonly [K in ResourceKind]: PrimitiveModel<K> } = {
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

/** The description of that resource's kind, which may be asked about it, or about its record. */
export function modelOf<R extends Resource | ResourceRecord>({ kind }: R): PrimitiveModel<R['kind']> {
  return models[kind as R['kind']];
}

type Words = { readonly [O in OperationOf<ResourceKind>]: OperationWords };

/** Of all kinds. Both ends of a pipe have the same. */
export const resourceWords: Words = Object.assign({}, ...Object.values(models).map(({ words }) => words));

/** As it is before the first event; `id` is its number in the plan. */
export function createResource(plan: Resource, id: number): ResourceRecord {
  const base = {
    id,
    name: plan.name,
    enabled: plan.enabled,
    fair: plan.fair && plan.enabled,
    waiting: 0,
    holders: 0,
    peak: 0,
    peakMoment: { at: 0, task: NOBODY, step: -1 },
    waits: createWaitTimes(),
  };
  return modelOf(plan).create(base, plan);
}
