/**
 * What stands as a number in memory: its place in a list. A number that is in no list was never written by us.
 */

/** @throws Error for a bug in concur: the list has no such place */
export function numbered<T>(list: readonly T[], number: number): T {
  const found = list[number];
  if (found === undefined) throw new Error(`bug in concur: ${number} stands for none of ${list.join(', ')}`);
  return found;
}
