/**
 * Where the carriers' built entry lies.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the bundle that this file is part of; for tests, which run the sources, in the build. */
export function carrierEntry(): string {
  const beside = fileURLToPath(new URL('./carrier.cjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../dist/carrier.cjs', import.meta.url));
}
