/**
 * How a scenario is called where its verdict is told.
 */

/** `toilet`, `toilet (five-stalls)`; as it was written, so not yet harmless. */
export function scenarioTitle({
  name,
  caseName,
}: {
  readonly name: string;
  readonly caseName?: string;
}): string {
  return caseName === undefined ? name : `${name} (${caseName})`;
}
