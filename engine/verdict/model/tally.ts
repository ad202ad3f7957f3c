/**
 * How often a task has each of a few things: the permits it holds of a semaphore, the points it is inside of.
 *
 * A task has few of them at a time, so they form a list, the newest first; entries are used again, for taking and
 * giving back is the most frequent thing in a run.
 */

export type Tally = {
  key: number;
  amount: number;
  /** When and at which step the amount became more than 0. */
  sinceUs: number;
  step: number;
  next: Tally | null;
};

export type TallyList = { first: Tally | null };

export type Tallies = {
  /** True if there was none of that key before. */
  add(list: TallyList, key: number, amount: number, at: number, step: number): boolean;
  /** Takes away at most what is there. True if there was some of that key, and none is left. */
  remove(list: TallyList, key: number, amount: number): boolean;
};

/** One for each model: used entries are kept in it. */
export function createTallies(): Tallies {
  let spare: Tally | null = null;

  function fresh(): Tally {
    if (spare === null) return { key: 0, amount: 0, sinceUs: 0, step: 0, next: null };
    const entry = spare;
    spare = entry.next;
    return entry;
  }

  return {
    add(list, key, amount, at, step) {
      const present = findTally(list, key);
      if (present !== null) {
        present.amount += amount;
        return false;
      }
      const entry = fresh();
      entry.key = key;
      entry.amount = amount;
      entry.sinceUs = at;
      entry.step = step;
      entry.next = list.first;
      list.first = entry;
      return true;
    },
    remove(list, key, amount) {
      let before: Tally | null = null;
      let entry = list.first;
      while (entry !== null && entry.key !== key) {
        before = entry;
        entry = entry.next;
      }
      if (entry === null) return false;
      entry.amount -= amount;
      if (entry.amount > 0) return false;
      if (before === null) list.first = entry.next;
      else before.next = entry.next;
      entry.next = spare;
      spare = entry;
      return true;
    },
  };
}

/** The entry of that key, or null. */
export function findTally(list: TallyList, key: number): Tally | null {
  let entry = list.first;
  while (entry !== null && entry.key !== key) entry = entry.next;
  return entry;
}
