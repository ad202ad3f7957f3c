/**
 * What resources hand on of what is known of one access: a release to the next acquire, a put to the get of its item, a
 * signal to the end of a wait, all arrivals at a barrier to every departure; as the verdict orders them
 * (`verdict/order/resource-order.ts`).
 *
 * Lists say of each of their places whether it knows; how long they are, core says.
 */

import type { Kernel } from '../../kernel/kernel.ts';
import { EXHAUSTED, Exhausted } from '../../log/exhausted.ts';
import { TRUE_WORD } from '../../log/inline-value.ts';
import { int } from '../../log/int.ts';
import type { OperationName } from '../../plan/operation.ts';
import type {
  BarrierResource,
  ConditionResource,
  PipeEndResource,
  QueueResource,
  Resource,
} from '../../plan/plan.ts';
import type { Knowers } from './knowers.ts';

/** Words of a queue's block in core. */
const QUEUE = { size: 1, items: 4 } as const;
/** Of a barrier's: the place of each task. */
const PLACES = 4;
/** Permits of a semaphore that are kept apart, beyond those there are at first. */
const MORE_PERMITS = 64;
const MOST_PERMITS = 1024;

export class HandedOn {
  /** Behind the last of its words. */
  readonly end: number;
  readonly #k: Kernel;
  readonly #words: Int32Array;
  readonly #knowers: Knowers;
  readonly #closedAt: number;
  readonly #resourceAt: readonly number[];
  readonly #barriers: readonly number[];

  /**
   * @param at where its words begin
   * @param closedAt the word of what those know who closed, reset or broke something
   */
  constructor(k: Kernel, at: number, knowers: Knowers, closedAt: number) {
    const { plan, layout } = k;
    this.#k = k;
    this.#words = k.words;
    this.#knowers = knowers;
    this.#closedAt = closedAt;
    let next = at;
    this.#resourceAt = plan.resources.map((resource, id) => {
      const first = next;
      next += wordsOf(resource, layout.capacity[id] ?? 0);
      return first;
    });
    this.#barriers = plan.resources.flatMap(({ kind }, id) => (kind === 'barrier' ? [id] : []));
    this.end = next;
  }

  /** To wait for a condition is to give its lock back. */
  waits(task: number, name: OperationName, target: number): void {
    if (name === 'condition.wait') this.#publish(task, this.#lockOf(target));
  }

  /** After a step: who has come to a barrier in it. */
  follow(shadow: Int32Array, start: number): void {
    for (const barrier of this.#barriers) {
      const places = int(this.#k.layout.resourceAt[barrier]) + PLACES;
      for (let task = 0; task < this.#k.plan.tasks.length; task++) {
        if (this.#words[places + task] === 0 || shadow[places + task - start] !== 0) continue;
        this.#publish(task, int(this.#resourceAt[barrier]));
      }
    }
  }

  /** An operation happened. @param value the word that it gave */
  operated(task: number, name: OperationName, target: number, amount: number, value: number): void {
    const at = int(this.#resourceAt[target]);
    switch (name) {
      case 'lock.acquire':
      case 'rlock.acquire':
        if (this.#orders(target)) this.#learn(task, at);
        break;
      case 'lock.release':
      case 'rlock.release':
        if (this.#orders(target)) this.#publish(task, at);
        break;
      case 'rwlock.read.acquire':
      case 'rwlock.write.acquire':
        if (this.#orders(target)) this.#learn(task, at);
        if (this.#orders(target) && name === 'rwlock.write.acquire') this.#learn(task, at + 1);
        break;
      case 'rwlock.read.release':
        if (this.#orders(target)) this.#publish(task, at + 1);
        break;
      case 'rwlock.write.release':
        if (this.#orders(target)) this.#publish(task, at);
        break;
      case 'semaphore.acquire':
        if (this.#orders(target)) this.#takePermits(task, target, amount);
        break;
      case 'semaphore.release':
        if (this.#orders(target)) this.#givePermits(task, target, amount);
        break;
      case 'condition.notify':
        this.#publish(task, at);
        break;
      case 'condition.wait':
        if (this.#orders((this.#k.plan.resources[target] as ConditionResource).lock))
          this.#learn(task, this.#lockOf(target));
        if (value === TRUE_WORD) this.#learn(task, at);
        break;
      case 'event.signal':
        this.#publish(task, at);
        break;
      case 'event.wait':
        this.#learn(task, at);
        break;
      case 'barrier.wait':
      case 'barrier.release':
      case 'barrier.reset':
      case 'barrier.abort':
        this.#atBarrier(name, task, target, amount);
        break;
      case 'queue.put':
      case 'queue.get':
      case 'queue.taskDone':
      case 'queue.join':
      case 'queue.close':
        this.#atQueue(name, task, target, amount);
        break;
      case 'pipe.send':
      case 'pipe.receive':
      case 'pipe.close':
        this.#atPipe(name, task, target, amount);
        break;
      case 'pool.adopt':
        if (this.#knowers.knows(task)) this.#knowers.tell(amount);
        break;
      default:
    }
  }

  /** Where the lock of a condition says what was known to those who gave it back. */
  #lockOf(condition: number): number {
    const resource = this.#k.plan.resources[condition] as ConditionResource;
    return int(this.#resourceAt[resource.lock]);
  }

  #learn(task: number, from: number): void {
    this.#knowers.learn(task, from);
  }

  #publish(task: number, to: number): void {
    this.#knowers.publish(task, to);
  }

  /** One that is switched off keeps nobody waiting, and orders nothing. */
  #orders(id: number): boolean {
    return this.#k.plan.resources[id]?.enabled === true;
  }

  /** Those that nobody has used yet go first, then those given back longest ago. */
  #takePermits(task: number, id: number, count: number): void {
    for (let left = count; left > 0; left--) this.#takeFirst(task, id, 0, this.#sizeOf(id));
  }

  #givePermits(task: number, id: number, count: number): void {
    const free = int(this.#words[int(this.#k.layout.resourceAt[id])]);
    for (let index = free - count; index < free; index++) this.#put(task, id, 0, index, this.#sizeOf(id));
  }

  /** How much room a list has that is all that a resource has. */
  #sizeOf(id: number): number {
    return wordsOf(this.#k.plan.resources[id] as Resource, this.#k.layout.capacity[id] ?? 0);
  }

  #atBarrier(name: string, task: number, id: number, amount: number): void {
    const arrived = int(this.#resourceAt[id]);
    const opened = arrived + 1;
    if (name === 'barrier.release') this.#publish(task, opened);
    else if (name !== 'barrier.wait') this.#publish(task, this.#closedAt);
    else if (amount < (this.#k.plan.resources[id] as BarrierResource).parties - 1) this.#learn(task, opened);
    else {
      this.#learn(task, arrived);
      this.#words[opened] = this.#knowers.knows(task) ? 1 : 0;
      this.#words[arrived] = 0;
    }
  }

  /** Its items, then the room that there is, then what was known to those who said that work was done. */
  #atQueue(name: string, task: number, id: number, amount: number): void {
    const { capacity: bound, order } = this.#k.plan.resources[id] as QueueResource;
    const capacity = int(this.#k.layout.capacity[id]);
    const size = int(this.#words[int(this.#k.layout.resourceAt[id]) + QUEUE.size]);
    const first = int(this.#resourceAt[id]);
    const done = first + capacity + bound;
    switch (name) {
      case 'queue.put':
        if (bound > 0) this.#takeFirst(task, id, capacity, bound);
        this.#put(task, id, 0, order === 'priority' ? this.#placeOf(id, amount) : size - 1, capacity);
        return;
      case 'queue.get':
        if (order === 'lifo') this.#takeAt(task, first + size);
        else this.#takeFirst(task, id, 0, capacity);
        if (bound > 0) this.#put(task, id, capacity, bound - size - 1, bound);
        return;
      case 'queue.join':
        this.#learn(task, done);
        return;
      case 'queue.close':
        this.#publish(task, this.#closedAt);
        if (amount === 1) this.#words.fill(0, first, first + capacity);
        this.#publish(task, done);
        return;
      default:
        this.#publish(task, done);
    }
  }

  /** Where an item of that priority came to be that was put in just now: behind all of the same. */
  #placeOf(id: number, priority: number): number {
    const at = int(this.#k.layout.resourceAt[id]);
    const priorities = at + QUEUE.items + int(this.#k.layout.capacity[id]);
    const size = int(this.#words[at + QUEUE.size]);
    let place = size - 1;
    while (place > 0 && int(this.#words[priorities + place]) > priority) place--;
    return place;
  }

  #atPipe(name: string, task: number, id: number, amount: number): void {
    if (name === 'pipe.close') this.#publish(task, this.#closedAt);
    else if (name === 'pipe.receive') this.#takeFirst(task, id, 0, this.#sizeOf(id));
    else {
      const { peer } = this.#k.plan.resources[id] as PipeEndResource;
      this.#put(task, peer, 0, amount - 1, this.#sizeOf(peer));
    }
  }

  #takeAt(task: number, at: number): void {
    this.#learn(task, at);
    this.#words[at] = 0;
  }

  /** @param from where in the resource's words the list begins, which has room for so many */
  #takeFirst(task: number, id: number, from: number, size: number): void {
    const at = int(this.#resourceAt[id]) + from;
    this.#learn(task, at);
    this.#words.copyWithin(at, at + 1, at + size);
    this.#words[at + size - 1] = 0;
  }

  #put(task: number, id: number, from: number, index: number, size: number): void {
    if (index >= size) throw new Exhausted(EXHAUSTED.permits, id);
    const at = int(this.#resourceAt[id]) + from;
    this.#words.copyWithin(at + index + 1, at + index, at + size - 1);
    this.#words[at + index] = this.#knowers.knows(task) ? 1 : 0;
  }
}

/** How many words a resource takes. @param capacity of what holds items: how many */
function wordsOf(resource: Resource, capacity: number): number {
  switch (resource.kind) {
    case 'lock':
    case 'rlock':
    case 'condition':
    case 'event':
      return 1;
    case 'barrier':
    case 'rwlock':
      return 2;
    case 'semaphore':
      return Math.min(resource.permits + MORE_PERMITS, MOST_PERMITS);
    case 'queue':
      return capacity + resource.capacity + 1;
    case 'pipeEnd':
      return capacity;
    case 'pool':
    case 'file':
      return 0;
    default:
      return resource satisfies never;
  }
}
