/**
 * What a kernel on a plain array is told of its host: nobody else is there, so that nobody has to be kept out, or sleeps.
 */

/** What is not said here differs between those who step such a kernel. */
export const plainHost = {
  carrier: 0,
  gate: { enter: () => true, leave: () => {} },
  bell: () => {},
  canonical: true,
} as const;

/** Process ids as programs see them: stable, so that the same seed gives the same log. */
const FIRST_PID = 1001;

export function pidOf(process: number): number {
  return FIRST_PID + process;
}
