/**
 * What resources hand on of what is known of one access: the words in which they keep it, behind core, so that they are
 * undone with a step. What is done with them stands with each primitive (`kernel/hands.ts`).
 */
import type { Handing, Hands, HandsOn, List } from '../../kernel/hands.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { primitiveOf } from '../../kernel/primitives/table.ts';
import { EXHAUSTED, Exhausted } from '../../log/exhausted.ts';
import { int } from '../../log/int.ts';
import type { OperationName } from '../../plan/operation.ts';
import type { Resource, ResourceKind } from '../../plan/plan.ts';
import type { Knowers } from './knowers.ts';

export class HandedOn implements Hands {
  readonly k: Kernel;
  /** Behind the last of its words. */
  readonly end: number;
  readonly #words: Int32Array;
  readonly #knowers: Knowers;
  readonly #endsAt: number;
  readonly #resourceAt: readonly number[];
  readonly #sizes: readonly number[];
  readonly #handings: readonly Handing<ResourceKind>[];
  /** Those of whom core says only after a step what has come of it. */
  readonly #followed: readonly number[];

  /**
   * @param at where its words begin
   * @param endsAt the word of what those know who closed, reset or broke something
   */
  constructor(k: Kernel, at: number, knowers: Knowers, endsAt: number) {
    const { plan, layout } = k;
    this.k = k;
    this.#words = k.words;
    this.#knowers = knowers;
    this.#endsAt = endsAt;
    this.#handings = plan.resources.map(handingOf);
    this.#sizes = plan.resources.map(
      (resource, id) => this.#handings[id]?.words(resource as never, layout.capacity[id] ?? 0) ?? 0,
    );
    let next = at;
    this.#resourceAt = this.#sizes.map((size) => {
      const first = next;
      next += size;
      return first;
    });
    this.#followed = this.#handings.flatMap(({ follow }, id) => (follow === undefined ? [] : [id]));
    this.end = next;
  }

  /** A task begins to wait for a resource, or goes on waiting. */
  waits(task: number, resource: number): void {
    this.#handings[resource]?.waits?.(this, task, resource);
  }

  timedOut(task: number, resource: number): void {
    this.#handings[resource]?.timedOut?.(this, task, resource);
  }

  /** After a step. */
  follow(shadow: Int32Array, start: number): void {
    for (const resource of this.#followed) this.#handings[resource]?.follow?.(this, resource, shadow, start);
  }

  /** An operation happened. @param value the word that it gave */
  operated(task: number, name: OperationName, resource: number, amount: number, value: number): void {
    const by: Readonly<Partial<Record<OperationName, HandsOn | null>>> = this.#handings[resource]?.by ?? {};
    by[name]?.(this, task, resource, amount, value);
  }

  learn(task: number, resource: number, word: number): void {
    this.#knowers.learn(task, this.#at(resource) + word);
  }

  publish(task: number, resource: number, word: number): void {
    this.#knowers.publish(task, this.#at(resource) + word);
  }

  forget(resource: number, word: number, count: number): void {
    const at = this.#at(resource) + word;
    this.#words.fill(0, at, at + count);
  }

  tell(task: number, other: number): void {
    if (this.#knowers.knows(task)) this.#knowers.tell(other);
  }

  publishEnd(task: number): void {
    this.#knowers.publish(task, this.#endsAt);
  }

  takeFirst(task: number, resource: number, first: number, room: number): void {
    const at = this.#at(resource) + first;
    this.#knowers.learn(task, at);
    this.#words.copyWithin(at, at + 1, at + room);
    this.#words[at + room - 1] = 0;
  }

  takeAt(task: number, resource: number, place: number): void {
    const at = this.#at(resource) + place;
    this.#knowers.learn(task, at);
    this.#words[at] = 0;
  }

  insert(task: number, resource: number, list: List, index: number): void {
    if (index >= list.room) throw new Exhausted(EXHAUSTED.permits, resource);
    const at = this.#at(resource) + list.first;
    this.#words.copyWithin(at + index + 1, at + index, at + list.room - 1);
    this.#words[at + index] = this.#knowers.knows(task) ? 1 : 0;
  }

  orders(resource: number): boolean {
    return this.k.plan.resources[resource]?.enabled === true;
  }

  sizeOf(resource: number): number {
    return int(this.#sizes[resource]);
  }

  #at(resource: number): number {
    return int(this.#resourceAt[resource]);
  }
}

function handingOf(resource: Resource): Handing<ResourceKind> {
  // Each is asked only about resources of its own kind.
  return primitiveOf(resource).hands as Handing<ResourceKind>;
}
