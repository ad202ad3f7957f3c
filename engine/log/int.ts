/**
 * A word of the memory that the kernel and the log share, or of a table that has a number at every place that is asked for.
 *
 * The type of an array's index does not know that something is there. This says so, and only of what may be a number. It is no
 * call in the end: the bundler puts the argument in its place.
 */
export function int(word: number | undefined): number {
  return word as number;
}
