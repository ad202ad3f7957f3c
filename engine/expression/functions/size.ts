/**
 * How much there is in a value, as elements of a list: what it takes to go through it.
 */

/** To go through the entries of a map takes so much longer. */
const ENTRY = 4;

/** Everything that is in it, lists in lists included: so a list that grows from one step to the next is charged. */
export function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item);
  else for (const item of Object.values(value)) size += sizeOf(item) + ENTRY - 1;
  return size;
}

const sizes = new WeakMap<object, number>();

/** The same, of a value that never changes; remembered where it takes long to find out. */
export function knownSizeOf(value: object): number {
  if (Array.isArray(value) && typeof value[0] !== 'object') return value.length;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = sizeOf(value);
  sizes.set(value, size);
  return size;
}
