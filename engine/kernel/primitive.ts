/**
 * What the kernel must know of a kind of resource: one description a kind, in the file of the primitive. Whatever else asks
 * of which kind a resource is reads it here, so that a kind that lacks an answer does not compile.
 */
import type { AttributeOf } from '../expression/scope.ts';
import type { OperationOf as AnyOperationOf } from '../plan/operation.ts';
import type { Plan, ResourceKind, ResourceOf } from '../plan/plan.ts';
import type { Handing } from './hands.ts';
import type { Kernel } from './kernel.ts';
import type { LayoutOptions } from './memory/layout.ts';
import type { Operation } from './operation.ts';

/** Those that end a pool end tasks: they stand in `pool-end.ts`. */
export type OperationOf<K extends ResourceKind> = Exclude<
  AnyOperationOf<K>,
  'pool.close' | 'pool.terminate' | 'pool.kill'
>;

/** What the size of a resource's block depends on. */
export type Sizes = { readonly tasks: number; readonly capacity: number };

/**
 * Words of a resource's block that follow one another: plain `numbers`; `names` of tasks, each task + 1, zero for none; or
 * one word for each task (`ofTasks`), whose number is then not said.
 */
export type Words = { readonly are: 'numbers' | 'names' | 'ofTasks'; readonly count: number };

export const numbers = (count: number): Words => ({ are: 'numbers', count });
export const names = (count: number): Words => ({ are: 'names', count });
export const ofTasks = ({ tasks }: Sizes): Words => ({ are: 'ofTasks', count: tasks });

/** Words that only tell something where somebody reads an attribute, or where the scenario has a use for them. */
export type Book<K extends ResourceKind> = {
  readonly attribute: AttributeOf<K>;
  /** The first of its words, in the block, and how many they are. */
  readonly at: number;
  readonly count: (tasks: number) => number;
  /** Whether anything but the attribute needs it. */
  readonly isUsed: (resource: ResourceOf<K>, plan: Plan) => boolean;
};

/** Of what can be held, and can be given back when its holder ends. */
export type Holding = {
  readonly holds: (k: Kernel, id: number, task: number) => boolean;
  readonly giveBack: (k: Kernel, id: number, task: number) => void;
  /** How many of those who wait look again then. */
  readonly wakes: number;
};

export type Primitive<K extends ResourceKind> = {
  readonly operations: { readonly [O in OperationOf<K>]: Operation };
  /** The words of its block in core, in order. */
  readonly words: (resource: ResourceOf<K>, sizes: Sizes) => readonly Words[];
  /** Cells for items; none, where it is left out. */
  readonly capacity?: (resource: ResourceOf<K>, options: LayoutOptions) => number;
  /** How many kinds of waiters there are. */
  readonly channels: number;
  /**
   * How many lines of arrival it has where it is fair, one for each channel of those who take. None where nobody takes
   * anything from another.
   */
  readonly lines: number;
  /** Writes what does not begin as zero. */
  readonly initialize?: (words: Int32Array, at: number, resource: ResourceOf<K>) => void;
  readonly attributes: {
    readonly [A in AttributeOf<K>]: (k: Kernel, id: number, resource: ResourceOf<K>) => unknown;
  };
  /** How many wait, where that is not just all to whom an operation on it said no. */
  readonly waiting?: (k: Kernel, id: number) => number;
  /** The resource that a task to whom an operation on this one said no waits for, where that can be another. */
  readonly awaited?: (k: Kernel, id: number, task: number) => number;
  readonly holding?: Holding;
  /** How much of it is taken, or how much is in it: what `peak` measures. Where it is left out: who waits. */
  readonly size?: (k: Kernel, id: number, resource: ResourceOf<K>) => number;
  readonly books?: readonly Book<K>[];
  /** What of what tasks know it hands on. */
  readonly hands: Handing<K>;
  /** What it is that nobody has ever found taken, empty of permits, or full; nothing where that says nothing. */
  readonly contended?: (resource: ResourceOf<K>) => 'lock' | 'semaphore' | 'queue' | undefined;
};
