/**
 * Which verbs each kind of resource has, and the kernel's operation for each. A new kind or verb is a line here.
 */
import type { Verb } from '../../../document/scenario.generated.ts';
import { codeEnumeration, enumeration } from '../../../expression/enumeration.ts';
import {
  type ResourceBinding,
  type ResourceKind,
  type SideKind,
  traitsOf,
} from '../../../expression/scope.ts';
import type { OperationName } from '../../operation.ts';

export type Kind = ResourceKind | SideKind | 'task';

/** What a verb does with a kind of resource: an operation of the kernel, or what the planner makes of several instructions. */
export type Deed = OperationName | 'planned';

const deedOf: Readonly<Record<Kind, Partial<Record<Verb, Deed>>>> = {
  lock: { acquire: 'lock.acquire', release: 'lock.release', with: 'lock.acquire' },
  rlock: { acquire: 'rlock.acquire', release: 'rlock.release', with: 'rlock.acquire' },
  /** It is taken by its sides. */
  rwlock: {},
  'rwlock.read': {
    acquire: 'rwlock.read.acquire',
    release: 'rwlock.read.release',
    with: 'rwlock.read.acquire',
  },
  'rwlock.write': {
    acquire: 'rwlock.write.acquire',
    release: 'rwlock.write.release',
    with: 'rwlock.write.acquire',
  },
  semaphore: { acquire: 'semaphore.acquire', release: 'semaphore.release', with: 'semaphore.acquire' },
  queue: {
    put: 'queue.put',
    get: 'queue.get',
    for: 'queue.get',
    task_done: 'queue.taskDone',
    join: 'queue.join',
    close: 'queue.close',
  },
  /** What is acquired and released is its lock. */
  condition: {
    acquire: 'planned',
    release: 'planned',
    with: 'planned',
    wait: 'condition.wait',
    notify: 'condition.notify',
  },
  barrier: { wait: 'barrier.wait', reset: 'barrier.reset', abort: 'barrier.abort' },
  pipeEnd: { send: 'pipe.send', receive: 'pipe.receive', close: 'pipe.close' },
  file: { load: 'planned', save: 'planned' },
  pool: {
    submit: 'planned',
    join: 'planned',
    close: 'pool.close',
    terminate: 'pool.terminate',
    kill: 'pool.kill',
  },
  event: { wait: 'event.wait', signal: 'event.signal', clear: 'event.clear' },
  task: { start: 'task.start', join: 'task.join', terminate: 'task.terminate', kill: 'task.kill' },
};

const kinds = Object.keys(deedOf) as readonly Kind[];

/** What is acted on: the kind, or one side of it. */
export function kindOf({ resource, side }: ResourceBinding): Kind {
  return side === undefined ? resource : (`${resource}.${side}` as Kind);
}

/** What it does, or undefined if that kind has no such verb. */
export function deedFor(kind: Kind, verb: Verb): Deed | undefined {
  return deedOf[kind][verb];
}

/** `a queue or a task` */
export function kindsWith(verb: Verb): string {
  const nouns = kinds.filter((kind) => deedOf[kind][verb] !== undefined).map(nounOfKind);
  return enumeration([...new Set(nouns)], 'or');
}

/** `a queue has put, get, …` */
export function verbsOf(kind: Kind): string {
  const verbs = Object.keys(deedOf[kind]).map((verb) => (verb === 'for' ? 'for … from' : verb));
  return `${nounOfKind(kind)} has ${codeEnumeration(verbs)}`;
}

function nounOfKind(kind: Kind): string {
  if (kind === 'task') return 'a task';
  const [resource, side] = kind.split('.') as [ResourceKind, string | undefined];
  const { noun } = traitsOf(resource);
  return side === undefined ? noun : `a side of ${noun}`;
}
