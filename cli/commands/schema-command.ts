/**
 * `concur schema`: the JSON schema of scenarios.
 */
import { readFile } from 'node:fs/promises';
import type { Ending } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { shippedPath } from '../shipped.ts';

export async function schemaCommand(host: Host): Promise<Ending> {
  host.stdout.write(await readFile(shippedPath('schema'), 'utf8'));
  return 'passed';
}
