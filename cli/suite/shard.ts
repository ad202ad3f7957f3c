/**
 * Which cases of a suite are whose, where several machines run a part each.
 *
 * Every machine deals out the same list by itself, and comes to the same: the list is sorted, so that it does not matter in which
 * order a shell names files.
 */
import type { SuiteCase } from '../../engine/command.ts';
import { caseKey } from './case-names.ts';

/** Counted from 1. */
export type Shard = { readonly index: number; readonly count: number };

/** How long cases took, in seconds, by their keys. */
export type Durations = ReadonlyMap<string, number>;

/**
 * Of each case the number of its shard, counted from 1. Without durations by place: the first to the first, the second to the
 * second, and so on. With them the longest first, each to the shard that has least to do.
 */
export function dealOut(
  cases: readonly SuiteCase[],
  count: number,
  durations?: Durations,
): readonly number[] {
  const sorted = cases.map((_, place) => place).sort((a, b) => inOrder(cases[a], cases[b]) || a - b);
  const shardOf = new Array<number>(cases.length).fill(1);
  if (durations === undefined || durations.size === 0) {
    sorted.forEach((place, index) => {
      shardOf[place] = (index % count) + 1;
    });
    return shardOf;
  }
  const seconds = secondsOf(cases, durations);
  const loads = new Array<number>(count).fill(0);
  const longestFirst = sorted.toSorted((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0));
  for (const place of longestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    shardOf[place] = least + 1;
    loads[least] = (loads[least] ?? 0) + (seconds[place] ?? 0);
  }
  return shardOf;
}

/** One that nobody has measured may take as long as the middle one of those that were. */
function secondsOf(cases: readonly SuiteCase[], durations: Durations): readonly number[] {
  const known = [...durations.values()].toSorted((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)] ?? 1;
  return cases.map((one) => durations.get(caseKey(one)) ?? middle);
}

/** By file, as character codes sort them; within a file as it has its cases. */
function inOrder(a: SuiteCase | undefined, b: SuiteCase | undefined): number {
  const [first = '', second = ''] = [a?.file, b?.file];
  return first < second ? -1 : Number(first > second);
}
