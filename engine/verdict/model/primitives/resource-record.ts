/**
 * What the model knows of each resource at one moment of a run. The file of each primitive writes it; everybody else only
 * reads it.
 */

import type { Value } from '../../../expression/values/value.ts';
import type {
  BarrierResource,
  ConditionResource,
  FileResource,
  PipeEndResource,
  PoolResource,
  Resource,
} from '../../../plan/plan.ts';
import type { WaitTimes } from '../../waits/wait-times.ts';
import type { ItemQueue } from './item-queue.ts';
import type { Line } from './line.ts';

/** In place of a task's or process's number. */
export const NOBODY = -1;

/** What is known of a resource of any kind. */
export type RecordBase = {
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

type LockBase = RecordBase & {
  /** NOBODY, or the task that took it last and still has it. */
  owner: number;
  readonly line: Line;
};

export type LockRecord =
  | (LockBase & { readonly kind: 'lock'; readonly plan: Resource & { readonly kind: 'lock' } })
  | (LockBase & { readonly kind: 'rlock'; readonly plan: Resource & { readonly kind: 'rlock' } });

export type RwlockRecord = RecordBase & {
  readonly kind: 'rwlock';
  readonly plan: Resource & { readonly kind: 'rwlock' };
  /** NOBODY, or the task that took it to write last. */
  writer: number;
  /** Those that read, and those that write. */
  readonly reading: Set<number>;
  readonly writing: Set<number>;
  /** Those of the preferred side that wait. */
  readonly preferred: Set<number>;
  readonly line: Line;
};

export type SemaphoreRecord = RecordBase & {
  readonly kind: 'semaphore';
  readonly plan: Resource & { readonly kind: 'semaphore' };
  free: number;
  /** How many permits all tasks hold together. */
  out: number;
  readonly line: Line;
};

export type QueueRecord = RecordBase & {
  readonly kind: 'queue';
  readonly plan: Resource & { readonly kind: 'queue' };
  readonly items: ItemQueue<Value>;
  unfinished: number;
  closed: boolean;
  /** Who waits for room, and who waits for an item. */
  readonly puts: Line;
  readonly gets: Line;
};

export type EventRecord = RecordBase & {
  readonly kind: 'event';
  readonly plan: Resource & { readonly kind: 'event' };
  set: boolean;
  /** When it was signalled last, as the number of that event; -1 before. */
  signalled: number;
};

export type ConditionRecord = RecordBase & {
  readonly kind: 'condition';
  readonly plan: ConditionResource;
  /** Who stands in line, in order of arrival. */
  readonly line: Set<number>;
  /** Why who was called out of the line, and has not got the lock back, by task. */
  readonly called: Map<number, 'notified' | 'expired' | 'awake'>;
  /** At which depth each of them had the lock. */
  readonly depths: Map<number, number>;
  /** The last notify that found nobody; `at` is -1 before. */
  readonly lost: { at: number; task: number; step: number };
};

export type BarrierRecord = RecordBase & {
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

export type PipeEndRecord = RecordBase & {
  readonly kind: 'pipeEnd';
  readonly plan: PipeEndResource;
  /** What was sent to it, and not received yet. */
  readonly inbox: ItemQueue<Value>;
  closed: boolean;
};

/** Its holders are the tasks that its workers have taken, and that have not ended. */
export type PoolRecord = RecordBase & {
  readonly kind: 'pool';
  readonly plan: PoolResource;
  /** The tasks that were started and not taken, in order. */
  readonly line: Set<number>;
  /** Whether it takes no more work. */
  closed: boolean;
};

export type FileRecord = RecordBase & { readonly kind: 'file'; readonly plan: FileResource };

export type ResourceRecord =
  | LockRecord
  | RwlockRecord
  | SemaphoreRecord
  | QueueRecord
  | EventRecord
  | ConditionRecord
  | BarrierRecord
  | PipeEndRecord
  | PoolRecord
  | FileRecord;
