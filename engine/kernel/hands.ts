/**
 * What resources hand on of what tasks know, for searches that look for races: a release to the next acquire, a put to the
 * get of its item, a signal to the end of a wait. A search asks about one access at a time, so a word that is set says that
 * it is known there.
 *
 * Each primitive has some such words, numbered from 0, and says in its own file what its operations do with them. It is
 * what the verdict's clocks say (`verdict/order`), written a second time.
 */
import type { OperationOf } from '../plan/operation.ts';
import type { ResourceKind, ResourceOf } from '../plan/plan.ts';
import type { Kernel } from './kernel.ts';

/** By which primitives read and write their words. Lists say of each of their places whether it knows; core says how long they are. */
export type Hands = {
  /** Core as it is after the operation. */
  readonly k: Kernel;
  /** What is known in that word of the resource, the task knows from now on. */
  learn(task: number, resource: number, word: number): void;
  /** What the task knows is known in that word from now on. */
  publish(task: number, resource: number, word: number): void;
  /** Nothing is known any more in so many words. */
  forget(resource: number, word: number, count: number): void;
  /** What one task knows the other knows from now on. */
  tell(task: number, other: number): void;
  /** The task closed, reset or broke something: whoever fails by that comes after it. */
  publishEnd(task: number): void;
  /** The first place of a list goes to the task, and the others move up. @param room how many places the list has */
  takeFirst(task: number, resource: number, first: number, room: number): void;
  /** A place of a list goes to the task; nothing moves. */
  takeAt(task: number, resource: number, place: number): void;
  /** What the task knows gets a place in a list, before what stood at `index`. */
  insert(task: number, resource: number, list: List, index: number): void;
  /** Whether it makes tasks wait: one that is switched off orders nothing. */
  orders(resource: number): boolean;
  /** How many words the resource has. */
  sizeOf(resource: number): number;
};

/** Words of a resource, of which a part is in use: from `first` on there is room for so many. */
export type List = { readonly first: number; readonly room: number };

/** What an operation hands on once it has happened. @param value the word that it gave */
export type HandsOn = (hands: Hands, task: number, resource: number, amount: number, value: number) => void;

export type Handing<K extends ResourceKind> = {
  /** How many words it takes. */
  readonly words: (resource: ResourceOf<K>, capacity: number) => number;
  /** By operation; null: it hands on nothing. */
  readonly by: { readonly [O in OperationOf<K>]: HandsOn | null };
  /** A task begins to wait, or goes on waiting. */
  readonly waits?: (hands: Hands, task: number, resource: number) => void;
  /** The time of a wait is over. */
  readonly timedOut?: (hands: Hands, task: number, resource: number) => void;
  /** After a step. @param before words as they were before it, from `start` on */
  readonly follow?: (hands: Hands, resource: number, before: Int32Array, start: number) => void;
};

/** The task learns what is known in these words. */
export function learns(...words: readonly number[]): HandsOn {
  return (hands, task, resource) => {
    if (!hands.orders(resource)) return;
    for (const word of words) hands.learn(task, resource, word);
  };
}

/** What the task knows is known in that word. */
export function publishes(word: number): HandsOn {
  return (hands, task, resource) => {
    if (hands.orders(resource)) hands.publish(task, resource, word);
  };
}
