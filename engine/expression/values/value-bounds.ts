/**
 * What no value of a scenario can be, wherever it comes from.
 */

/** Whether it has at most 64 bits, as integers of expressions do. */
export function fitsInteger(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** No key of a map: expressions know what a value is by what stands there. */
export const impossibleKey = 'constructor';
