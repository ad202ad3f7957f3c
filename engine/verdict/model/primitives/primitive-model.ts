/**
 * What the verdict must know of a kind of resource: one description a kind, in the file of the primitive. Whatever else asks
 * of which kind a resource is reads it here, so that a kind that lacks an answer does not compile.
 *
 * It is the second opinion on each primitive, written from the language's text: nothing of the kernel's is in it.
 */
import type { AttributeOf } from '../../../expression/scope.ts';
import type { Value } from '../../../expression/values/value.ts';
import type { EventOf } from '../../../log/event.ts';
import type { OperationName, OperationOf } from '../../../plan/operation.ts';
import type { ResourceKind, ResourceOf } from '../../../plan/plan.ts';
import type { OrderContext, ResourceOrder } from '../../order/passing-order.ts';
import type { Abilities, Deed } from '../../waits/abilities.ts';
import type { Explaining } from '../../waits/explaining.ts';
import type { ModelState, TaskRecord } from '../model-state.ts';
import type { Line } from './line.ts';
import type { OperationWords } from './operation-words.ts';
import type { RecordBase, ResourceRecord } from './resource-record.ts';

export type RecordOf<K extends ResourceKind> = Extract<ResourceRecord, { readonly kind: K }>;

type Operated = EventOf<'operated'>;
type Waiting = EventOf<'waiting'>;

/** What waiting for it does to it. Each rule says what is wrong with what happened, or null. */
type WaitRules<R> = {
  /** A task begins to wait. */
  readonly begin?: (state: ModelState, record: R, task: TaskRecord, event: Waiting) => string | null;
  /** It was woken, tried again, and waits on. */
  readonly again?: (state: ModelState, record: R, task: TaskRecord, event: Waiting) => string | null;
  /** The wait is over, or the task has ended: it stands nowhere any more. */
  readonly leave?: (state: ModelState, record: R, task: TaskRecord) => void;
  /** The task has ended while it waited. */
  readonly die?: (record: R, task: TaskRecord) => void;
  /** The time of a wait is over. */
  /** It goes on though nobody has called it. */
  readonly wakeUp?: (state: ModelState, record: R, task: TaskRecord) => string | null;
  readonly timeOut?: (state: ModelState, record: R, task: TaskRecord) => string | null;
  /** Whether the wait goes on then, without a limit. */
  readonly outlastsTime?: (record: R) => boolean;
  /** The wait ends in an error. */
  readonly refuse?: (record: R, task: TaskRecord) => string | null;
  /** Whether a task may wait though it could go on, for a reason that its event does not tell. */
  readonly mayLinger?: (record: R, operation: OperationName) => boolean;
  /** The resource that a task which waits here really waits for, where that can be another. */
  readonly awaited?: (state: ModelState, record: R, task: TaskRecord) => ResourceRecord;
  /** Whether it is one of those who wait, as people count them. */
  readonly counts?: (record: R, task: TaskRecord) => boolean;
};

export type Helps = (other: TaskRecord) => boolean;

/** `does`: of one of them, and of several. */
export type Keepers = { readonly tasks: readonly number[]; readonly does: readonly [string, string] };

export type PrimitiveModel<K extends ResourceKind> = {
  /** Before the first event. */
  readonly create: (base: RecordBase, plan: ResourceOf<K>) => RecordOf<K>;
  /** Applies an operation, or says why it cannot have happened. */
  readonly apply: (
    state: ModelState,
    record: RecordOf<K>,
    task: TaskRecord,
    event: Operated,
  ) => string | null;
  readonly waits?: WaitRules<RecordOf<K>>;
  /** Its holder ended, and so much is free again (`onHolderExit: release`). */
  readonly freed?: (state: ModelState, record: RecordOf<K>, task: TaskRecord, amount: number) => void;

  /** The line in which a waiting task stands, or is about to; null where order does not count. */
  readonly line?: (state: ModelState, record: RecordOf<K>, task: TaskRecord) => Line;
  /**
   * Whether what the waiting task waits for is possible now.
   *
   * @param first whether nobody stands before it
   */
  readonly isFree: (state: ModelState, record: RecordOf<K>, task: TaskRecord, first: boolean) => boolean;
  /** Whether a task waits for what others have, not for what they could do. By default: where somebody holds it. */
  readonly isHeldUp?: (record: RecordOf<K>, task: TaskRecord) => boolean;
  /** What ends a wait in each operation, by what others do; what most often does, first. */
  readonly endedBy: Readonly<Partial<Record<OperationName, readonly Deed[]>>>;
  /** Where they do that, if not here. */
  readonly source?: (record: RecordOf<K>) => number;
  /** Tasks of which each must act before the wait can end. */
  readonly certain?: (state: ModelState, record: RecordOf<K>, task: TaskRecord) => readonly number[];
  /** Who could end the wait, where that is not just whoever may do what is in `endedBy`. */
  readonly helps?: (
    state: ModelState,
    abilities: Abilities,
    record: RecordOf<K>,
    task: TaskRecord,
  ) => Helps | undefined;
  /** What a waiting task does, as the end of a sentence; by default it `waits for` it. */
  readonly doing?: (name: string, task: TaskRecord, operation: OperationName) => string;
  /** Why a wait can never end: a sentence without its full stop. */
  readonly why: (
    explaining: Explaining,
    record: RecordOf<K>,
    task: TaskRecord,
    operation: OperationName,
  ) => string;

  readonly attributes: {
    readonly [A in AttributeOf<K>]: (state: ModelState, record: RecordOf<K>) => Value;
  };
  /** How many wait, where that is not just counted. */
  readonly waiting?: (record: RecordOf<K>) => number;
  /** What its peak counts. */
  readonly noun: string;
  /** How many can hold it, or how much fits; null where nothing limits it. */
  readonly limit: (plan: ResourceOf<K>) => number | null;
  /** How much of it is left for others while somebody holds some; nothing, where this is left out. */
  readonly left?: (record: RecordOf<K>) => number;
  /** Who keeps a waiting task from it, and by what, where that is not just by holding it. */
  readonly keepers?: (state: ModelState, record: RecordOf<K>, task: TaskRecord) => Keepers | undefined;
  /** What comes before what by way of it; null where it orders nothing. */
  readonly order: (context: OrderContext, plan: ResourceOf<K>, id: number) => ResourceOrder | null;
  /** What each of its operations is called. */
  readonly words: { readonly [O in OperationOf<K>]: OperationWords };
};
