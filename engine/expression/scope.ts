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

/** The kinds of resources, each with its attributes below: what has none here cannot be declared. */
export type ResourceKind = keyof typeof resourceAttributes;

/** The attributes of a kind beside `waiting`, which all kinds have that anybody waits for. */
export type AttributeOf<K extends ResourceKind> = Exclude<keyof (typeof resourceAttributes)[K], 'waiting'>;

export const taskKinds = ['thread', 'process'] as const;

export type TaskKind = (typeof taskKinds)[number];

export type ResourceBinding = {
  readonly kind: 'resource';
  readonly resource: ResourceKind;
  readonly first: number;
  readonly count: number;
  readonly array: boolean;
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

export const resourceAttributes = {
  lock,
  rlock: { ...lock, depth: 'int' },
  semaphore: { ...waiting, holders: 'int', permits: 'int', free: 'int' },
  queue: { ...waiting, size: 'int', capacity: 'int', unfinished: 'int', closed: 'bool' },
  event: { ...waiting, set: 'bool' },
  condition: waiting,
  file: {},
  pool: { ...waiting, closed: 'bool' },
  barrier: { ...waiting, parties: 'int', broken: 'bool' },
  pipeEnd: { ...waiting, size: 'int', closed: 'bool' },
} as const satisfies Readonly<Record<string, Attributes>>;

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
      return nounOfResource(binding.resource);
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

export function nounOfResource(kind: ResourceKind): string {
  if (kind === 'pipeEnd') return 'an end of a pipe';
  return kind === 'event' || kind === 'rlock' ? `an ${kind}` : `a ${kind}`;
}
