/**
 * What a step does to what, as sets of bits: so that two of them are compared with a few operations.
 *
 * Each object (a var, a resource, whether a task lives) may be read, written, taken from, given to, or awaited:
 *
 *     write   with anything       in one order or the other is not the same
 *     read    with take or give   is not the same
 *     take    with take           one may leave nothing for the other
 *     take    with give           is the same: what is given does not hinder who takes
 *     give    with give           is the same
 *     await   with all but write  is the same: what has ended stays so
 */

import { int } from '../../log/int.ts';

/** Kinds of effects, as the sets lie in memory. `any` holds all of them. */
export const EFFECT = { read: 0, write: 1, take: 2, give: 3, wait: 4, any: 5, count: 6 } as const;

export class EffectSet {
  readonly words: Int32Array;
  /** Words of each kind. */
  readonly size: number;

  constructor(objects: number) {
    this.size = (objects + 31) >> 5;
    this.words = new Int32Array(EFFECT.count * this.size);
  }

  add(kind: number, object: number): void {
    const bit = 1 << (object & 31);
    const at = object >> 5;
    for (const part of [kind, EFFECT.any])
      this.words[part * this.size + at] = int(this.words[part * this.size + at]) | bit;
  }

  /** It may do anything. */
  addAll(): void {
    this.words.fill(-1, EFFECT.write * this.size, (EFFECT.write + 1) * this.size);
    this.words.fill(-1, EFFECT.any * this.size, (EFFECT.any + 1) * this.size);
  }

  /** @returns whether that added something */
  include({ words }: EffectSet): boolean {
    let changed = 0;
    for (let index = 0; index < words.length; index++) {
      const before = int(this.words[index]);
      this.words[index] = before | int(words[index]);
      changed |= before ^ int(this.words[index]);
    }
    return changed !== 0;
  }

  has(kind: number, object: number): boolean {
    return (int(this.words[kind * this.size + (object >> 5)]) & (1 << (object & 31))) !== 0;
  }

  /** Whether it changes any of these objects. */
  changes(objects: Int32Array): boolean {
    const { words, size } = this;
    for (let at = 0; at < size; at++) {
      const changed =
        int(words[EFFECT.write * size + at]) |
        int(words[EFFECT.take * size + at]) |
        int(words[EFFECT.give * size + at]);
      if ((changed & int(objects[at])) !== 0) return true;
    }
    return false;
  }

  /**
   * Whether the order of the two may matter.
   *
   * @param seen objects of which it matters, too, that somebody finds nothing to take
   */
  conflicts(other: EffectSet, seen: Int32Array): boolean {
    const { size } = this;
    const a = this.words;
    const b = other.words;
    for (let at = 0; at < size; at++) {
      const anyA = int(a[EFFECT.any * size + at]);
      const anyB = int(b[EFFECT.any * size + at]);
      if ((anyA & anyB) === 0) continue;
      const takeA = int(a[EFFECT.take * size + at]);
      const takeB = int(b[EFFECT.take * size + at]);
      const giveA = int(a[EFFECT.give * size + at]);
      const giveB = int(b[EFFECT.give * size + at]);
      const conflict =
        (anyA & int(b[EFFECT.write * size + at])) |
        (int(a[EFFECT.write * size + at]) & anyB) |
        (int(a[EFFECT.read * size + at]) & (takeB | giveB)) |
        ((takeA | giveA) & int(b[EFFECT.read * size + at])) |
        (takeA & takeB) |
        (((takeA & giveB) | (giveA & takeB)) & int(seen[at]));
      if (conflict !== 0) return true;
    }
    return false;
  }

  /** Whether it may make possible what is not possible now. */
  enables({ words: other }: EffectSet): boolean {
    const { size, words } = this;
    for (let at = 0; at < size; at++) {
      const wanted = int(other[EFFECT.any * size + at]);
      const changed =
        int(words[EFFECT.write * size + at]) |
        int(words[EFFECT.give * size + at]) |
        (int(words[EFFECT.take * size + at]) & int(other[EFFECT.read * size + at]));
      if ((wanted & changed) !== 0) return true;
    }
    return false;
  }
}
