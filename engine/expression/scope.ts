/**
 * Names: what each stands for, and which attributes it has.
 */
import type { Value, ValueMap } from './values/value.ts';

/** What a name stands for. Those of the language's own (`task`, `now`, `env`, `params`) are bindings too. */
export type Binding =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'variable'; readonly variable: number; readonly array: boolean; readonly count: number }
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'params'; readonly values: ValueMap }
  | ResourceBinding
  | PipeBinding
  | GroupBinding
  | { readonly kind: 'point'; readonly point: number }
  | { readonly kind: 'routine' }
  | { readonly kind: 'task' }
  | { readonly kind: 'now' }
  | { readonly kind: 'env' }
  /** It exists, but not here: why, in a sentence. */
  | { readonly kind: 'absent'; readonly why: string; readonly help?: string }
  /** It was reported elsewhere: nothing more is said about it. */
  | { readonly kind: 'broken' };

/** The kinds of resources, each with its traits below: what has none there cannot be declared. */
export type ResourceKind = keyof typeof resourceTraits;

/** A kind that is taken by its sides, with one of them: `rwlock.read`. */
export type SideKind = {
  [K in ResourceKind]: (typeof resourceTraits)[K] extends {
    readonly sides: readonly (infer S extends string)[];
  }
    ? `${K}.${S}`
    : never;
}[ResourceKind];

/** The attributes of a kind beside `waiting`, which all kinds have that anybody waits for. */
export type AttributeOf<K extends ResourceKind> = Exclude<
  keyof (typeof resourceTraits)[K]['attributes'],
  'waiting'
>;

export const taskKinds = ['thread', 'process'] as const;

export type TaskKind = (typeof taskKinds)[number];

export type ResourceBinding = {
  readonly kind: 'resource';
  readonly resource: ResourceKind;
  readonly first: number;
  readonly count: number;
  readonly array: boolean;
  /** Which of its sides is meant, of a kind that has some. */
  readonly side?: string;
  /** Of a condition: the lock that `acquire`, `release` and `with` mean. */
  readonly lock?: ConditionLock;
};

/** The lock of a condition; `each`: every condition of the array has one of its own, from `first` on. */
export type ConditionLock = {
  readonly resource: 'lock' | 'rlock';
  readonly first: number;
  readonly each: boolean;
};

/** A pipe is no resource, its ends are. */
export type PipeBinding = {
  readonly kind: 'pipe';
  readonly left: ResourceBinding;
  readonly right: ResourceBinding;
  readonly count: number;
  readonly array: boolean;
};

export type GroupBinding = {
  readonly kind: 'group';
  readonly group: number;
  readonly task: TaskKind;
  readonly first: number;
  readonly count: number;
  readonly array: boolean;
};

export type Scope = {
  lookup(name: string): Binding | undefined;
  /** All names that may be meant, for suggestions. */
  names(): Iterable<string>;
};

/** A type of the expression language; `dyn` is known only at run time. */
export type AttributeType = 'int' | 'bool' | 'string' | 'dyn';
export type Attributes = Readonly<Record<string, AttributeType>>;

const waiting = { waiting: 'int' } as const satisfies Attributes;
const lock = { ...waiting, held: 'bool', owner: 'dyn' } as const satisfies Attributes;

type Traits = {
  /** With its article, for messages. */
  readonly noun: string;
  readonly attributes: Attributes;
  /** It fills up or is held: `expect.peak` may bound that. */
  readonly hasPeak: boolean;
  /** The sides by which it is taken and given back, where it is not by its own name: `catalogue.read`. */
  readonly sides?: readonly string[];
};

const resourceTraits = {
  lock: { noun: 'a lock', attributes: lock, hasPeak: true },
  rlock: { noun: 'an rlock', attributes: { ...lock, depth: 'int' }, hasPeak: true },
  rwlock: {
    noun: 'a readers-writer lock',
    attributes: { ...waiting, readers: 'int', writer: 'string' },
    hasPeak: true,
    sides: ['read', 'write'],
  },
  semaphore: {
    noun: 'a semaphore',
    attributes: { ...waiting, holders: 'int', permits: 'int', free: 'int' },
    hasPeak: true,
  },
  queue: {
    noun: 'a queue',
    attributes: { ...waiting, size: 'int', capacity: 'int', unfinished: 'int', closed: 'bool' },
    hasPeak: true,
  },
  event: { noun: 'an event', attributes: { ...waiting, set: 'bool' }, hasPeak: false },
  condition: { noun: 'a condition', attributes: waiting, hasPeak: false },
  file: { noun: 'a file', attributes: {}, hasPeak: false },
  pool: { noun: 'a pool', attributes: { ...waiting, closed: 'bool' }, hasPeak: true },
  barrier: {
    noun: 'a barrier',
    attributes: { ...waiting, parties: 'int', broken: 'bool' },
    hasPeak: false,
  },
  pipeEnd: {
    noun: 'an end of a pipe',
    attributes: { ...waiting, size: 'int', closed: 'bool' },
    hasPeak: true,
  },
} as const satisfies Readonly<Record<string, Traits>>;

export const resourceKinds = Object.keys(resourceTraits) as readonly ResourceKind[];

/** What the planner must know of a kind of resource. */
export function traitsOf(kind: ResourceKind): Traits {
  return resourceTraits[kind];
}

/** How many of a task's replicas are in that state. */
export const groupAttributes: Attributes = {
  running: 'int',
  finished: 'int',
  failed: 'int',
  terminated: 'int',
  skipped: 'int',
};

export const replicaAttributes: Attributes = { state: 'string', exitCode: 'dyn' };

export const pointAttributes: Attributes = { running: 'int', begun: 'int', ended: 'int' };

export const taskAttributes: Attributes = {
  name: 'string',
  index: 'int',
  item: 'dyn',
  input: 'dyn',
  pid: 'int',
  thread: 'dyn',
  daemon: 'bool',
};

/** With its article, for messages. */
export function nounOf(binding: Binding): string {
  switch (binding.kind) {
    case 'resource':
      return traitsOf(binding.resource).noun;
    case 'pipe':
      return 'a pipe';
    case 'group':
      return 'a task';
    case 'local':
      return 'a local variable';
    case 'variable':
      return 'a var';
    case 'constant':
      return 'a parameter';
    case 'point':
      return "a step's id";
    case 'routine':
      return 'a routine';
    default:
      return "one of the language's own names";
  }
}
