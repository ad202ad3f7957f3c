/** The list if nothing in it is missing; what is missing was reported. */
export function complete<T>(list: readonly (T | undefined)[]): readonly T[] | undefined {
  const known = list.filter((item): item is T => item !== undefined);
  return known.length === list.length ? known : undefined;
}
