/**
 * What the model knows of each resource at one moment of a run. The rules (`*-rules.ts`) write it, one file a primitive;
 * everybody else only reads it.
 */

import type { Value } from '../../expression/values/value.ts';
import type {
  BarrierResource,
  ConditionResource,
  FileResource,
  PipeEndResource,
  PoolResource,
  Resource,
} from '../../plan/plan.ts';
import { createWaitTimes, type WaitTimes } from '../waits/wait-times.ts';
import { createItemQueue, type ItemQueue } from './item-queue.ts';
import type { Line } from './line.ts';

/** In place of a task's or process's number. */
export const NOBODY = -1;

type ResourceBase = {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly fair: boolean;
  /** How many tasks wait for it. */
  waiting: number;
  /** How many tasks hold it. */
  holders: number;
  /** Most holders, most permits held, or the deepest queue, and when that was first so. */
  peak: number;
  readonly peakMoment: { at: number; task: number; step: number };
  readonly waits: WaitTimes;
};

export type LockRecord = ResourceBase & {
  readonly kind: 'lock' | 'rlock';
  readonly plan: Resource & { readonly kind: 'lock' | 'rlock' };
  /** NOBODY, or the task that took it last and still has it. */
  owner: number;
  readonly line: Line;
};

export type SemaphoreRecord = ResourceBase & {
  readonly kind: 'semaphore';
  readonly plan: Resource & { readonly kind: 'semaphore' };
  free: number;
  /** How many permits all tasks hold together. */
  out: number;
  readonly line: Line;
};

export type QueueRecord = ResourceBase & {
  readonly kind: 'queue';
  readonly plan: Resource & { readonly kind: 'queue' };
  readonly items: ItemQueue<Value>;
  unfinished: number;
  closed: boolean;
  /** Who waits for room, and who waits for an item. */
  readonly puts: Line;
  readonly gets: Line;
};

export type EventRecord = ResourceBase & {
  readonly kind: 'event';
  readonly plan: Resource & { readonly kind: 'event' };
  set: boolean;
  /** When it was signalled last, as the number of that event; -1 before. */
  signalled: number;
};

export type ConditionRecord = ResourceBase & {
  readonly kind: 'condition';
  readonly plan: ConditionResource;
  /** Who stands in line, in order of arrival. */
  readonly line: Set<number>;
  /** Why who was called out of the line, and has not got the lock back, by task. */
  readonly called: Map<number, 'notified' | 'expired'>;
  /** At which depth each of them had the lock. */
  readonly depths: Map<number, number>;
  /** The last notify that found nobody; `at` is -1 before. */
  readonly lost: { at: number; task: number; step: number };
};

export type BarrierRecord = ResourceBase & {
  readonly kind: 'barrier';
  readonly plan: BarrierResource;
  stage: 'filling' | 'acting' | 'draining' | 'resetting' | 'broken';
  /** The index of those inside. */
  readonly inside: Map<number, number>;
  /** How many came and ended since, while it fills. */
  dead: number;
  /** NOBODY, or who came last and does the action now. */
  acting: number;
};

export type PipeEndRecord = ResourceBase & {
  readonly kind: 'pipeEnd';
  readonly plan: PipeEndResource;
  /** What was sent to it, and not received yet. */
  readonly inbox: ItemQueue<Value>;
  closed: boolean;
};

/** Its holders are the tasks that its workers have taken, and that have not ended. */
export type PoolRecord = ResourceBase & {
  readonly kind: 'pool';
  readonly plan: PoolResource;
  /** The tasks that were started and not taken, in order. */
  readonly line: Set<number>;
};

export type FileRecord = ResourceBase & { readonly kind: 'file'; readonly plan: FileResource };

export type ResourceRecord =
  | LockRecord
  | SemaphoreRecord
  | QueueRecord
  | EventRecord
  | ConditionRecord
  | BarrierRecord
  | PipeEndRecord
  | PoolRecord
  | FileRecord;

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
  switch (plan.kind) {
    case 'lock':
    case 'rlock':
      return { ...base, kind: plan.kind, plan, owner: NOBODY, line: arrivals(base) };
    case 'semaphore':
      return { ...base, kind: plan.kind, plan, free: plan.permits, out: 0, line: arrivals(base) };
    case 'queue': {
      const items = createItemQueue<Value>(plan.order);
      return {
        ...base,
        kind: plan.kind,
        plan,
        items,
        unfinished: 0,
        closed: false,
        puts: arrivals(base),
        gets: arrivals(base),
      };
    }
    case 'event':
      return { ...base, kind: plan.kind, plan, set: plan.set, signalled: -1 };
    case 'condition':
      return { ...base, kind: plan.kind, plan, ...createLine() };
    case 'barrier':
      return { ...base, kind: plan.kind, plan, ...createPlaces() };
    case 'pipeEnd':
      return { ...base, kind: plan.kind, plan, inbox: createItemQueue('fifo'), closed: false };
    case 'pool':
      return { ...base, kind: plan.kind, plan, line: new Set() };
    case 'file':
      return { ...base, kind: plan.kind, plan };
  }
}

function arrivals({ fair }: { readonly fair: boolean }): Line {
  return fair ? new Set() : null;
}

function createLine(): Pick<ConditionRecord, 'line' | 'called' | 'depths' | 'lost'> {
  return {
    line: new Set(),
    called: new Map(),
    depths: new Map(),
    lost: { at: -1, task: NOBODY, step: -1 },
  };
}

function createPlaces(): Pick<BarrierRecord, 'stage' | 'inside' | 'dead' | 'acting'> {
  return { stage: 'filling', inside: new Map(), dead: 0, acting: NOBODY };
}
