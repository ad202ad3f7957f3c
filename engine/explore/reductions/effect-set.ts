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
      this.words[part * this.size + at] = (this.words[part * this.size + at] as number) | bit;
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
      const before = this.words[index] as number;
      this.words[index] = before | (words[index] as number);
      changed |= before ^ (this.words[index] as number);
    }
    return changed !== 0;
  }

  has(kind: number, object: number): boolean {
    return ((this.words[kind * this.size + (object >> 5)] as number) & (1 << (object & 31))) !== 0;
  }

  /** Whether it changes any of these objects. */
  changes(objects: Int32Array): boolean {
    const { words, size } = this;
    for (let at = 0; at < size; at++) {
      const changed =
        (words[EFFECT.write * size + at] as number) |
        (words[EFFECT.take * size + at] as number) |
        (words[EFFECT.give * size + at] as number);
      if ((changed & (objects[at] as number)) !== 0) return true;
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
      const anyA = a[EFFECT.any * size + at] as number;
      const anyB = b[EFFECT.any * size + at] as number;
      if ((anyA & anyB) === 0) continue;
      const takeA = a[EFFECT.take * size + at] as number;
      const takeB = b[EFFECT.take * size + at] as number;
      const giveA = a[EFFECT.give * size + at] as number;
      const giveB = b[EFFECT.give * size + at] as number;
      const conflict =
        (anyA & (b[EFFECT.write * size + at] as number)) |
        ((a[EFFECT.write * size + at] as number) & anyB) |
        ((a[EFFECT.read * size + at] as number) & (takeB | giveB)) |
        ((takeA | giveA) & (b[EFFECT.read * size + at] as number)) |
        (takeA & takeB) |
        (((takeA & giveB) | (giveA & takeB)) & (seen[at] as number));
      if (conflict !== 0) return true;
    }
    return false;
  }

  /** Whether it may make possible what is not possible now. */
  enables({ words: other }: EffectSet): boolean {
    const { size, words } = this;
    for (let at = 0; at < size; at++) {
      const wanted = other[EFFECT.any * size + at] as number;
      const changed =
        (words[EFFECT.write * size + at] as number) |
        (words[EFFECT.give * size + at] as number) |
        ((words[EFFECT.take * size + at] as number) & (other[EFFECT.read * size + at] as number));
      if ((wanted & changed) !== 0) return true;
    }
    return false;
  }
}
