/**
 * Seeds for repeated runs: all from one, so that the whole series can be had again, and each of them can be had alone.
 */

/**
 * The seed of run number `index`, counted from 0; the first run has the seed itself.
 *
 * The others are far apart, and differ from each other: every step of the mixing (MurmurHash3's last one) is a bijection.
 *
 * @param seed 0 … 2^32 - 1, as is the result
 */
export function seedOfRun(seed: number, index: number): number {
  if (index === 0) return seed;
  let mixed = (seed + Math.imul(index, 0x9e3779b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
